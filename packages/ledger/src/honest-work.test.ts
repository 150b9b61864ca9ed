/**
 * The promise of pinned sessions: work that was valid when it was served can be claimed in the windows of its session, can be
 * proven when a proof is asked for, and is paid by the terms on which its session began, whatever anybody does meanwhile; and
 * who forgets a proof is slashed by those terms. After every block the supply is the sum of all balances and has moved by mint
 * and burn alone.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChainEvent } from '@decai/protocol/typed-event';
import type { State } from './state.ts';
import { GOVERNOR } from './test-governance.ts';
import { claimOf, expectedSettlement, isProofAsked, proofOf, serve, type Work } from './test-honest-work.ts';
import { balancesOf, Batch, conservedBlock } from './test-moves.ts';
import { decree, ParamModel, type Decree } from './test-param-model.ts';
import {
  APPLICATIONS,
  chosen,
  foundPinnedNetwork,
  KINDS,
  partyMove,
  performed,
  SERVICES,
  type PartyMove,
} from './test-pinned-network.ts';

/** Work, and when its supplier does what is left to do. */
type Errand = {
  readonly work: Work;
  readonly claimHeight: number;
  readonly proofHeight: number;
  /** Whether its supplier forgets the proof. */
  readonly isForgotten: boolean;
  isAsked: boolean;
};

/** Where in a window somebody acts, from its first block to its last. */
const place = fc.constantFrom(0, 0.5, 1);
const within = (first: number, last: number, at: number): number => first + Math.floor((last - first) * at);

const request = fc.record({
  application: fc.nat(2),
  service: fc.nat(1),
  /** Which of those who may serve it, and which of those who may sign it. */
  supplier: fc.nat(2),
  signer: fc.nat(2),
  claimPlace: place,
  proofPlace: place,
  forgets: fc.nat(9).map((drawn) => drawn === 0),
});

type Request = typeof request extends fc.Arbitrary<infer R> ? R : never;

type Happening = {
  readonly decrees: readonly Decree[];
  readonly moves: readonly PartyMove[];
  readonly requests: readonly Request[];
};

const happening: fc.Arbitrary<Happening> = fc.record({
  decrees: fc.array(decree, { maxLength: 2 }),
  moves: fc.array(partyMove, { maxLength: 2 }),
  requests: fc.array(request, { maxLength: 4 }),
});

class Seen {
  readonly moves = new Set<string>();
  served = 0;
  proven = 0;
  settled = 0;
  slashed = 0;
  changed = 0;
  refused = 0;
}

class HonestNetwork {
  readonly errands = new Map<string, Errand>();
  private readonly chain = foundPinnedNetwork();
  private readonly model = new ParamModel(this.chain.state());
  private readonly seen: Seen;
  private supply = balancesOf(this.chain);

  constructor(seen: Seen) {
    this.seen = seen;
    this.model.end(this.chain.height);
  }

  /** One block, with everything that must be true of it. */
  block({ decrees, moves, requests }: Happening): void {
    const before = this.chain.state();
    const batch = new Batch(this.chain);
    const after = [
      ...this.sendDue(batch, before),
      ...decrees.map((each) => this.decree(batch, each)),
      ...moves.map((each) => this.move(batch, each)),
    ];
    const { supply, results, events } = conservedBlock(this.chain, this.supply, batch.transactions);
    this.supply = supply;
    for (const [index, { code, log }] of results.entries()) after[index]!(code, log);
    this.model.end(this.chain.height);
    this.model.expectHeld(this.chain.state());
    this.expectSettled(events);
    for (const each of requests) this.serve(each);
  }

  /** Claims whose moment has come, and the proofs that are asked for. */
  private *sendDue(batch: Batch, before: State): Generator<(code: number, log: string) => void> {
    const height = before.height + 1;
    for (const errand of this.errands.values()) {
      const { work, claimHeight, proofHeight } = errand;
      if (height === claimHeight) {
        batch.add(work.supplier, claimOf(work));
        yield (code, log) => expect(code, `claim at ${height}: ${log}`).toBe(0);
      }
      if (height === proofHeight && isProofAsked(before, work)) {
        errand.isAsked = true;
        if (errand.isForgotten) continue;
        batch.add(work.supplier, proofOf(work));
        yield (code, log) => expect(code, `proof at ${height}: ${log}`).toBe(0);
      }
    }
  }

  private decree(batch: Batch, each: Decree): (code: number) => void {
    batch.add(GOVERNOR, this.model.message(each));
    return (code) => {
      if (code === 0) this.model.accept(each);
      this.seen[code === 0 ? 'changed' : 'refused'] += 1;
    };
  }

  private move(batch: Batch, each: PartyMove): (code: number) => void {
    batch.add(...performed(each));
    return (code) => void (code === 0 && this.seen.moves.add(each.kind));
  }

  /** Whatever was to settle by now has settled, in its own block and by its own terms. */
  private expectSettled(events: readonly ChainEvent[]): void {
    const { height } = this.chain;
    const slashes = events.filter(({ type }) => type.endsWith('.EventSupplierSlashed'));
    for (const event of events) {
      const { type } = event;
      if (!/EventClaim(Settled|Expired|Discarded)$/.test(type)) continue;
      const fields = fieldsOf(event);
      const parties = ['application_address', 'service_id', 'supplier_operator_address', 'session_end_block_height'];
      const name = parties.map((each) => String(fields[each])).join('/');
      const why = `${type} of ${name}: ${String(fields['error'] ?? '')}`;
      const { work, isAsked, isForgotten } = this.errands.get(name)!;
      expect(type, why).toMatch(isAsked && isForgotten ? /Expired$/ : /Settled$/);
      expect(height, why).toBe(work.windows.proofClose);
      this.errands.delete(name);
      if (isAsked && isForgotten) {
        expectSlashed(work, slashes.shift()!);
        this.seen.slashed += 1;
        continue;
      }
      const { settledUpokt, rewards } = expectedSettlement(this.chain.state(), work);
      expect(fields['settled_upokt'], why).toBe(settledUpokt);
      expect(fields['reward_distribution'], why).toEqual(rewards);
      this.seen.settled += 1;
      if (isAsked) this.seen.proven += 1;
    }
    for (const [name, { work }] of this.errands) expect(work.windows.proofClose, name).toBeGreaterThan(height);
  }

  private serve(drawn: Request): void {
    const { model, errands } = this;
    const state = this.chain.state();
    // The next block opens another session: this one is over for whoever has not been served.
    if (state.height < model.startHeight) return;
    const application = chosen(APPLICATIONS, drawn.application);
    const serves = (at: number) => serve(state, chosen(SERVICES, at), application, drawn, model.current);
    const work = serves(drawn.service) ?? serves(drawn.service + 1);
    if (work === undefined) return;
    expect(Number(work.header.sessionEndBlockHeight)).toBe(model.endHeight);
    const name = [application.address, work.header.serviceId, work.supplier.address, model.endHeight].join('/');
    if (errands.has(name)) return;
    const { claimOpen, claimClose, proofOpen, proofClose } = work.windows;
    const claimHeight = within(claimOpen, claimClose, drawn.claimPlace);
    const proofHeight = within(Math.max(proofOpen, claimHeight + 1), proofClose, drawn.proofPlace);
    errands.set(name, { work, claimHeight, proofHeight, isForgotten: drawn.forgets, isAsked: false });
    this.seen.served += 1;
  }
}

/** Typed events carry JSON, but for the phase of the block. */
function fieldsOf({ attributes }: ChainEvent): Readonly<Record<string, unknown>> {
  const typed = attributes.filter(({ key }) => key !== 'mode');
  return Object.fromEntries(typed.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
}

/** The penalty is that of the session, as far as the stake goes. Slashes come in the order in which claims expire. */
function expectSlashed({ supplier, sets }: Work, event: ChainEvent): void {
  const fields = fieldsOf(event);
  expect(fields['supplier_operator_address']).toBe(supplier.address);
  const { amount } = sets.proof['proofMissingPenalty'] as { readonly amount: string };
  if (fields['supplier_stake_after_slash'] !== '0upokt') expect(fields['proof_missing_penalty']).toBe(`${amount}upokt`);
}

test('whatever happens between serving and settlement, honest work is claimed, proven and paid by the terms of its session', () => {
  const seen = new Seen();
  fc.assert(
    fc.property(fc.array(happening, { minLength: 60, maxLength: 90 }), (blocks) => {
      const network = new HonestNetwork(seen);
      for (const each of blocks) network.block(each);
      // Nothing more is drawn; what is still open has its windows before it.
      for (let waited = 0; network.errands.size > 0; waited += 1) {
        expect(waited).toBeLessThan(100);
        network.block({ decrees: [], moves: [], requests: [] });
      }
    }),
    // One seed: what must have been seen below would otherwise be a matter of luck. Smaller cases are slow to find.
    { numRuns: 12, seed: 5, endOnFailure: true },
  );
  expect(seen.settled + seen.slashed).toBe(seen.served);
  expect(seen.slashed).toBeGreaterThan(10);
  expect(seen.settled).toBeGreaterThan(250);
  expect(seen.proven).toBeGreaterThan(100);
  expect(Math.min(seen.changed, seen.refused)).toBeGreaterThan(50);
  expect([...seen.moves].sort()).toEqual([...KINDS].sort());
});
