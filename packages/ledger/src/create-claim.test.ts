import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { encodeRoot } from '@decai/protocol/root';
import type { MsgCreateClaim } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { textKey } from './collection.ts';
import { checkCreateClaim, createClaim } from './create-claim.ts';
import type { State } from './state.ts';
import { atHeight, eventsOf } from './test-chain.ts';
import {
  addSupplier,
  APPLICATION,
  claimMessage,
  HEIGHTS,
  SERVICE_ID,
  sessionHeader,
  sessionState,
  STRANGER,
  SUPPLIER,
} from './test-session.ts';

function rootOf(count: bigint, sum: bigint): Uint8Array {
  return encodeRoot({ digest: new Uint8Array(32).fill(7), sum, count });
}

function honest(state: State): MsgCreateClaim {
  return claimMessage(sessionHeader(state), rootOf(3n, 300n));
}

describe('the message alone', () => {
  const header = sessionHeader(sessionState(HEIGHTS.claimOpen));
  const good = claimMessage(header, rootOf(3n, 300n));

  test('a good one passes', () => {
    expect(checkCreateClaim(good)).toBeUndefined();
  });

  // Each keeps the flaws of those before it, and is looked at before them.
  const flaws: [string, number, (message: MsgCreateClaim) => void][] = [
    ['no work', 1104, (message) => void (message.rootHash = rootOf(3n, 0n))],
    ['no relays', 1104, (message) => void (message.rootHash = rootOf(0n, 0n))],
    ['a root of 47 bytes', 1104, (message) => void (message.rootHash = new Uint8Array(47))],
    ['a root of 49 bytes', 1104, (message) => void (message.rootHash = new Uint8Array(49))],
    ['an end not after the start', 1115, ({ sessionHeader }) => void (sessionHeader!.sessionEndBlockHeight = 11n)],
    ['a start below 1', 1115, ({ sessionHeader }) => void (sessionHeader!.sessionStartBlockHeight = 0n)],
    ['a malformed service', 1115, ({ sessionHeader }) => void (sessionHeader!.serviceId = 'a b')],
    ['no session id', 1115, ({ sessionHeader }) => void (sessionHeader!.sessionId = '')],
    ['a malformed application', 1115, ({ sessionHeader }) => void (sessionHeader!.applicationAddress = 'app')],
    ['no header', 1115, (message) => void delete message.sessionHeader],
    ['a malformed operator', 1101, (message) => void (message.supplierOperatorAddress = 'pokt1abc')],
  ];
  const message = structuredClone(good);
  test.each(flaws)('refuses %s', (_what, code, spoil) => {
    spoil(message);
    expect(checkCreateClaim(message)).toMatchObject({ ok: false, codespace: 'proof', code });
  });
});

describe('the claim', () => {
  test('is stored as it came, pending, with an event', () => {
    const state = sessionState(HEIGHTS.claimOpen);
    const message = honest(state);
    expect(createClaim(state, message)).toEqual({ ok: true });
    expect(state.claims.get(message.sessionHeader!.sessionId, SUPPLIER.address)).toMatchObject({
      supplierOperatorAddress: SUPPLIER.address,
      sessionHeader: message.sessionHeader,
      rootHash: message.rootHash,
      proofValidationStatus: ClaimProofStatus.PENDING_VALIDATION,
    });
    expect(eventsOf(state)).toEqual([
      {
        type: 'pocket.proof.EventClaimCreated',
        data: {
          application_address: APPLICATION.address,
          claim_proof_status_int: 0,
          claimed_upokt: '12600upokt',
          num_claimed_compute_units: '300',
          num_estimated_compute_units: '300',
          num_estimated_relays: '3',
          num_relays: '3',
          service_id: SERVICE_ID,
          session_end_block_height: '20',
          supplier_operator_address: SUPPLIER.address,
        },
      },
    ]);
  });

  test('is taken in the first and in the last block of its window, and not beside them', () => {
    const codeAt = (height: number): number => {
      const state = sessionState(height);
      const verdict = createClaim(state, honest(state));
      return verdict.ok ? 0 : verdict.code;
    };
    expect([21, 22, 26, 27].map(codeAt)).toEqual([1121, 0, 0, 1121]);
  });

  test('replaces an earlier one and is pending anew', () => {
    const state = sessionState(HEIGHTS.claimOpen);
    const message = honest(state);
    createClaim(state, message);
    const { sessionId } = message.sessionHeader!;
    const stored = state.claims.get(sessionId, SUPPLIER.address)!;
    state.claims.put({ ...stored, proofValidationStatus: ClaimProofStatus.INVALID });
    expect(createClaim(state, claimMessage(message.sessionHeader!, rootOf(4n, 400n)))).toEqual({ ok: true });
    expect(state.claims.get(sessionId, SUPPLIER.address)).toMatchObject({
      rootHash: rootOf(4n, 400n),
      proofValidationStatus: ClaimProofStatus.PENDING_VALIDATION,
    });
    expect(eventsOf(state).map(({ type }) => type)).toEqual([
      'pocket.proof.EventClaimCreated',
      'pocket.proof.EventClaimUpdated',
    ]);
  });

  test('counts units at the price of the session’s start', () => {
    const state = sessionState(HEIGHTS.claimOpen);
    const price = (effectiveHeight: number, units: bigint): void => {
      const update = { serviceId: SERVICE_ID, effectiveHeight: BigInt(effectiveHeight), computeUnitsPerRelay: units };
      state.services.unitsHistory.put(
        textKey(SERVICE_ID),
        effectiveHeight,
        create(ServiceComputeUnitsPerRelayUpdateSchema, update),
      );
    };
    price(1, 2n);
    price(21, 5n);
    const header = sessionHeader(state);
    expect(createClaim(state, claimMessage(header, rootOf(3n, 15n)))).toMatchObject({ ok: false, code: 1126 });
    expect(createClaim(state, claimMessage(header, rootOf(3n, 6n)))).toEqual({ ok: true });
  });

  test('does not let the product of count and units wrap around', () => {
    const state = sessionState(HEIGHTS.claimOpen);
    // 2^62 relays of 100 units are 0 modulo 2^64.
    expect(createClaim(state, claimMessage(sessionHeader(state), rootOf(2n ** 62n + 1n, 100n)))).toMatchObject({
      code: 1126,
    });
  });
});

describe('refusals, each looked for before those above it', () => {
  const state = sessionState(HEIGHTS.claimOpen);
  const message = honest(state);
  let now = state;
  addSupplier(state, STRANGER.address);
  state.suppliers.delete(STRANGER.address);

  const flaws: [string, string, number, string, () => void][] = [
    [
      'a sum that is not count times units',
      'proof',
      1126,
      'InvalidArgument',
      () => void (message.rootHash = rootOf(3n, 301n)),
    ],
    [
      'a service that is gone',
      'proof',
      1125,
      'NotFound',
      () => state.store.delete(`service/Service/id/${textKey(SERVICE_ID)}`),
    ],
    [
      'a height after the window',
      'proof',
      1121,
      'FailedPrecondition',
      () => void (now = atHeight(state, HEIGHTS.claimClose + 1)),
    ],
    ['another end', 'proof', 1117, 'InvalidArgument', () => void (message.sessionHeader!.sessionEndBlockHeight = 19n)],
    [
      'another start in the session',
      'proof',
      1118,
      'InvalidArgument',
      () => void (message.sessionHeader!.sessionStartBlockHeight = 12n),
    ],
    [
      'an operator that was not drawn',
      'proof',
      1102,
      'InvalidArgument',
      () => void (message.supplierOperatorAddress = STRANGER.address),
    ],
    ['another session id', 'proof', 1116, 'InvalidArgument', () => void (message.sessionHeader!.sessionId = 'other')],
    ['a session without suppliers', 'session', 1104, 'InvalidArgument', () => state.suppliers.delete(SUPPLIER.address)],
    ['another service', 'session', 1103, 'InvalidArgument', () => void (message.sessionHeader!.serviceId = 'other')],
    [
      'an application that is gone',
      'session',
      1102,
      'InvalidArgument',
      () => state.applications.delete(APPLICATION.address),
    ],
    [
      'a start to come',
      'session',
      1101,
      'InvalidArgument',
      () => void (message.sessionHeader!.sessionStartBlockHeight = 28n),
    ],
  ];
  test.each(flaws)('%s', (_what, codespace, code, grpc, spoil) => {
    spoil();
    const mark = now.journal.mark();
    expect(createClaim(now, message)).toMatchObject({ ok: false, codespace, code, grpc });
    expect(now.journal.since(mark)).toEqual([]);
    expect([...now.claims.entries()]).toEqual([]);
  });
});
