/**
 * Checks settlement vectors: whole blocks, with what every claim is worth, the operations that are queued, the batches that
 * are executed, all events in order, and the records, balances and difficulties that are left.
 */
import { create } from '@bufbuild/protobuf';
import { fromHex, toHex } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import type { CaseVerdict, VectorChecker } from '@decai/protocol/conformance';
import {
  ClaimProofStatus,
  ClaimSchema,
  ProofRequirementReason,
  type Claim,
} from '@decai/protocol/gen/pocket/proof/types_pb';
import { SessionHeaderSchema, type SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { sha256 } from '@decai/protocol/hash';
import { priceClaim } from '../claim-price.ts';
import { claimRequirement } from '../claim-requirement.ts';
import { UPOKT } from '../coins.ts';
import { settleClaims, settledRelays } from '../settle-claims.ts';
import { State } from '../state.ts';
import type { StricterRule } from '../stricter-rule.ts';
import { updateDifficulty } from '../update-difficulty.ts';
import { compareCase } from './first-difference.ts';
import { underRule } from './known-stricter.ts';
import { read } from './vector-state.ts';
import type { ClaimInput, SettlementCase } from './settlement-case.ts';
import { comparable, eventsOf, recordsOf, settledOperations } from './settlement-outcome.ts';
import { buildState } from './settlement-state.ts';

export const settlementChecker: VectorChecker = {
  format: 'settlement',

  recognises(document) {
    const cases = (document as { cases?: unknown } | null)?.cases;
    const first = Array.isArray(cases) ? (cases[0] as Partial<SettlementCase> | undefined) : undefined;
    return (
      first?.input?.tokenomicsParams !== undefined && Array.isArray(first.input.claims) && Array.isArray(first.priced)
    );
  },

  *check(document) {
    for (const item of (document as { cases: SettlementCase[] }).cases) yield checkCase(item);
  },
};

function checkCase({ name, input, priced, result }: SettlementCase): CaseVerdict {
  const encodings = input.claims.map(({ bytes, hash }) => ({ bytes, hash }));
  const relaxed = new Set<StricterRule>();
  const verdict = compareCase(name, { encodings, priced, result: comparable(result) }, () => {
    const headers = input.sessions.map((header) => read(SessionHeaderSchema, header));
    const claims = input.claims.map((claim) => claimOf(claim, headers));
    const state = followingDraws(buildState(input, claims), relaxed);
    const named = (claim: Claim): unknown => nameOf(claim, headers);
    return {
      encodings: claims.map((claim, index) => encodingOf(claim, input.claims[index]!)),
      priced: priced.map(({ claim: [session, supplier] }) => {
        const claim = claims.find(
          (one) => one.sessionHeader === headers[session] && one.supplierOperatorAddress === supplier,
        )!;
        return { ...pricedOf(state, claim), claim: named(claim) };
      }),
      result: settle(state, named),
    };
  });
  return { ...verdict, name: underRule(name, ...relaxed) };
}

/** The same state, in which a claim whose proof has failed is drawn as the vectors draw it; the rest of the block compares. */
function followingDraws({ store, block }: State, relaxed: Set<StricterRule>): State {
  const rule = 'REQUIREMENT_WITHOUT_STATUS';
  return new State(store, { ...block, relaxes: (asked) => asked === rule && relaxed.add(rule).has(rule) });
}

function claimOf({ session, supplier, rootHash, status }: ClaimInput, headers: readonly SessionHeader[]): Claim {
  return create(ClaimSchema, {
    supplierOperatorAddress: supplier,
    sessionHeader: headers[session]!,
    rootHash: fromHex(rootHash),
    proofValidationStatus: ClaimProofStatus[status],
  });
}

function nameOf(claim: Claim, headers: readonly SessionHeader[]): readonly [session: number, supplier: string] {
  const id = claim.sessionHeader?.sessionId;
  return [headers.findIndex(({ sessionId }) => sessionId === id), claim.supplierOperatorAddress];
}

function encodingOf(claim: Claim, expected: ClaimInput): { bytes: string | undefined; hash: string | undefined } {
  const bytes = encode(ClaimSchema, claim);
  return {
    bytes: expected.bytes === undefined ? undefined : toHex(bytes),
    hash: expected.hash === undefined ? undefined : toHex(sha256(bytes)),
  };
}

function pricedOf(state: State, claim: Claim): Record<string, unknown> {
  const { claimedUpokt, estimatedComputeUnits, estimatedRelays } = priceClaim(
    state,
    claim.sessionHeader!,
    claim.rootHash,
  );
  const requirement = claimRequirement(state, claim, claimedUpokt);
  const proofRequirement = Object.entries(ProofRequirementReason).find(([, value]) => value === requirement)![0];
  return { claimed: claimedUpokt, estimatedComputeUnits, estimatedRelays, proofRequirement };
}

function settle(state: State, named: (claim: Claim) => unknown): unknown {
  const supplyBefore = state.bank.supply(UPOKT);
  const settlement = settleClaims(state);
  updateDifficulty(state, settledRelays(settlement));
  return {
    numSettled: settlement.settled.length,
    numExpired: settlement.expired.length,
    numDiscarded: settlement.discarded.length,
    settled: settledOperations(settlement, named),
    expired: settlement.expired.map(({ claim }) => named(claim)),
    slashOperations: settlement.slashes.map(({ type, sender, recipient, amountUpokt }) => [
      type === 'burn' ? 'burn' : 'moduleToModule',
      sender,
      recipient,
      `${amountUpokt}${UPOKT}`,
    ]),
    ...eventsOf(state),
    ...recordsOf(state),
    supplyBefore,
    supplyAfter: state.bank.supply(UPOKT),
  };
}
