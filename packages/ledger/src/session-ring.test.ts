import { create } from '@bufbuild/protobuf';
import { MsgUnstakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { describe, expect, it } from 'vitest';
import { completeTransfers } from './complete-transfers.ts';
import { DelegationIntervals } from './delegation-intervals.ts';
import { detachGateways } from './detach-gateways.ts';
import { pruneUndelegations } from './prune-undelegations.ts';
import { sessionRing } from './session-ring.ts';
import type { State } from './state.ts';
import { APP, delegate, G1, G2, G3, town, transfer, undelegate } from './test-applications.ts';
import { addressNamed, atHeight, endow, keyNamed } from './test-chain.ts';
import { givePublicKey } from './test-session.ts';
import { unstakeGateway } from './unstake-gateway.ts';

const NAMES: readonly (readonly [name: string, address: string])[] = [
  ['app', APP],
  ['one', G1],
  ['two', G2],
  ['three', G3],
];

/** The town with keys on the ledger, but for those left out. */
function ringTown(profile: 'pocket' | 'decai' = 'decai', keyless: readonly string[] = []): State {
  const state = town(profile);
  for (const [name, address] of NAMES) {
    if (!keyless.includes(name)) givePublicKey(state, address, keyNamed(name).publicKey);
  }
  return state;
}

/** The names of those whose keys are in the ring of the session that ends at a height; or why there is none. */
function ring(state: State, endHeight: number, address: string = APP): string[] | string {
  const found = sessionRing(state, address, endHeight);
  if (!found.ok) return found.message;
  const named = new Map(NAMES.map(([name]) => [Buffer.from(keyNamed(name).publicKey).toString('hex'), name]));
  return found.value.map((key) => named.get(Buffer.from(key).toString('hex')) ?? 'placeholder').sort();
}

describe('the ring of a session, where sessions are pinned', () => {
  it('has a gateway from the session in which it was delegated to, and none before', () => {
    const state = atHeight(ringTown(), 15);
    expect(delegate(state, G1)).toEqual({ ok: true });
    expect([10, 20, 30].map((end) => ring(state, end))).toEqual([['app'], ['app', 'one'], ['app', 'one']]);
  });

  it('has one that was taken back through the session in which it was', () => {
    const state = ringTown();
    delegate(state, G1);
    undelegate(atHeight(state, 15), G1);
    const rings = () => [10, 20, 30].map((end) => ring(state, end));
    expect(rings()).toEqual([['app', 'one'], ['app', 'one'], ['app']]);
    delegate(atHeight(state, 25), G1);
    expect(rings()).toEqual([
      ['app', 'one'],
      ['app', 'one'],
      ['app', 'one'],
    ]);
  });

  it('leaves out the sessions between two delegations, although the record forgets the first', () => {
    const state = ringTown();
    delegate(state, G1);
    undelegate(atHeight(state, 5), G1);
    delegate(atHeight(state, 25), G1);
    expect([10, 20, 30].map((end) => ring(state, end))).toEqual([['app', 'one'], ['app'], ['app', 'one']]);
  });

  it('has a gateway that left the network through the session in which it was removed', () => {
    const state = ringTown();
    delegate(state, G1);
    unstakeGateway(state, create(MsgUnstakeGatewaySchema, { address: G1 }));
    detachGateways(atHeight(state, 11));
    expect([10, 20, 30].map((end) => ring(state, end))).toEqual([['app', 'one'], ['app', 'one'], ['app']]);
  });

  it('is not spoiled by a gateway without a key', () => {
    const state = ringTown('decai', ['two']);
    delegate(state, G1);
    delegate(state, G2);
    expect(ring(state, 10)).toEqual(['app', 'one']);
    const shannons = ringTown('pocket', ['two']);
    delegate(shannons, G2);
    expect(ring(shannons, 10)).toContain('error getting ring');
  });

  it('has no stranger: where nobody was delegated to, the application alone', () => {
    expect(ring(ringTown(), 10)).toEqual(['app']);
    expect(ring(ringTown('pocket'), 10)).toEqual(['app', 'placeholder']);
    expect(ring(ringTown('decai', ['app']), 10)).toContain('error getting ring');
    expect(ring(ringTown(), 10, addressNamed('nobody'))).toContain('application not found');
  });

  it('moves with an application that is transferred, from then on', () => {
    const state = ringTown();
    delegate(state, G1);
    const destination = addressNamed('destination');
    endow(state, destination, 1n);
    givePublicKey(state, destination, keyNamed('three').publicKey);
    transfer(state, destination);
    completeTransfers(atHeight(state, 20));
    expect(ring(state, 20, destination)).toEqual(['one', 'three']);
    expect(state.delegations!.gatewaysOf(destination, 19)).toEqual([]);
    expect(state.delegations!.gatewaysOf(APP, 10)).toEqual([]);
  });
});

it('under Shannon’s rules a gateway that came later is in the rings of the past, and nothing is kept of when it came', () => {
  const state = atHeight(ringTown('pocket'), 25);
  delegate(state, G1);
  expect([10, 20, 30].map((end) => ring(state, end))).toEqual([
    ['app', 'one'],
    ['app', 'one'],
    ['app', 'one'],
  ]);
  expect(new DelegationIntervals(state.store).gatewaysOf(APP, 30)).toEqual([]);
});

describe('delegations that have ended', () => {
  it('are kept until every session in which they counted is settled, whatever windows have become since', () => {
    const state = ringTown();
    delegate(state, G1);
    undelegate(state, G1);
    // Sessions up to this height settle 40 blocks after their end, later ones after 10.
    const live = state.params.shared.live();
    state.params.shared.setLive({ ...live, proofWindowCloseOffsetBlocks: 34n });
    state.params.shared.history.put('', 11, live);
    for (const height of [20, 49]) {
      pruneUndelegations(atHeight(state, height));
      expect(ring(state, 10), `at ${height}`).toEqual(['app', 'one']);
    }
    pruneUndelegations(atHeight(state, 50));
    expect(ring(state, 10)).toEqual(['app']);
    expect(state.applications.get(APP)!.pendingUndelegations).toEqual({});
  });

  it('are found by their end again after the indexes are written anew', () => {
    const state = ringTown();
    delegate(state, G1);
    undelegate(state, G1);
    state.delegations!.reindex();
    pruneUndelegations(atHeight(state, 30));
    expect(ring(state, 10)).toEqual(['app']);
  });
});
