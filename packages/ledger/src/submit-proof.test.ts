import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import type { MsgSubmitProof } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { ClaimProofStatus, type Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { RelaySchema, type Relay } from '@decai/protocol/gen/pocket/service/relay_pb';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import { relayHash } from '@decai/protocol/relay';
import { textKey } from './collection.ts';
import { UPOKT } from './coins.ts';
import { createClaim } from './create-claim.ts';
import { moduleNamed } from './module-account.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { checkSubmitProof, submitProof } from './submit-proof.ts';
import { atHeight, eventsOf } from './test-chain.ts';
import {
  addSupplier,
  APPLICATION,
  claimMessage,
  HEIGHTS,
  honestTrie,
  proofMessage,
  relay,
  SERVICE_ID,
  sessionHeader,
  sessionState,
  setProofParams,
  STRANGER,
  SUPPLIER,
  trieOf,
} from './test-session.ts';

/** The state in the first block of the proof window, with a claim of three relays and the proof that is asked for. */
function claimed(): { state: State; message: MsgSubmitProof } {
  const before = sessionState(HEIGHTS.claimOpen);
  const header = sessionHeader(before);
  const trie = honestTrie(header, 3);
  createClaim(before, claimMessage(header, trie.root()));
  const state = atHeight(before, HEIGHTS.proofOpen);
  return { state, message: proofMessage(state, header, trie) };
}

describe('the message alone', () => {
  const { message } = claimed();
  const flaws: [string, string, number, () => void][] = [
    ['no proof', 'proof', 1108, () => void (message.proof = new Uint8Array())],
    ['no session id', 'proof', 1115, () => void (message.sessionHeader!.sessionId = '')],
    ['no header', 'proof', 1115, () => void delete message.sessionHeader],
    ['a malformed operator', 'sdk', 7, () => void (message.supplierOperatorAddress = 'pokt1abc')],
  ];

  test('a good one passes', () => {
    expect(checkSubmitProof(structuredClone(message))).toBeUndefined();
  });

  test.each(flaws)('refuses %s', (_what, codespace, code, spoil) => {
    spoil();
    expect(checkSubmitProof(message)).toMatchObject({ ok: false, codespace, code });
  });
});

describe('the proof', () => {
  test('waits with the session’s own header, and its fee is taken', () => {
    const { state, message } = claimed();
    setProofParams(state, { proofSubmissionFee: upoktCoin(7n) });
    expect(submitProof(state, message)).toEqual({ ok: true });
    const { sessionId } = message.sessionHeader!;
    expect(state.proofs.get(sessionId, SUPPLIER.address)).toMatchObject({
      supplierOperatorAddress: SUPPLIER.address,
      sessionHeader: message.sessionHeader,
      closestMerkleProof: message.proof,
    });
    expect(state.bank.balance(SUPPLIER.address, UPOKT)).toBe(999_993n);
    expect(state.bank.balance(moduleNamed('proof').address, UPOKT)).toBe(7n);
    const own = eventsOf(state).filter(({ type }) => type.startsWith('pocket.'));
    expect(own).toEqual([
      {
        type: 'pocket.proof.EventProofSubmitted',
        data: expect.objectContaining({ num_relays: '3', claimed_upokt: '12600upokt', claim_proof_status_int: 0 }),
      },
    ]);
  });

  test('is taken in the first and in the last block of its window, and not beside them', () => {
    const codeAt = (height: number): number => {
      const { state, message } = claimed();
      const verdict = submitProof(atHeight(state, height), message);
      return verdict.ok ? 0 : verdict.code;
    };
    expect([25, 26, 30, 31].map(codeAt)).toEqual([1122, 0, 0, 1122]);
  });

  test('replaces an earlier one of the block', () => {
    const { state, message } = claimed();
    submitProof(state, message);
    expect(submitProof(state, message)).toEqual({ ok: true });
    expect(eventsOf(state).map(({ type }) => type)).toEqual([
      'pocket.proof.EventProofSubmitted',
      'pocket.proof.EventProofUpdated',
    ]);
    expect([...state.proofs.entries()]).toHaveLength(1);
  });

  test('may come again for a claim whose proof has failed; its event does not tell of that', () => {
    const { state, message } = claimed();
    const claim = state.claims.get(message.sessionHeader!.sessionId, SUPPLIER.address)!;
    state.claims.put({ ...claim, proofValidationStatus: ClaimProofStatus.INVALID });
    expect(submitProof(state, message)).toEqual({ ok: true });
    expect(eventsOf(state)[0]!.data['claim_proof_status_int']).toBe(0);
  });

  test('asks for some coins even where it costs nothing', () => {
    const { state, message } = claimed();
    state.bank.send(SUPPLIER.address, STRANGER.address, [coin(999_999n)]);
    expect(submitProof(state, message)).toEqual({ ok: true });
    state.bank.send(SUPPLIER.address, STRANGER.address, [coin(1n)]);
    expect(submitProof(state, message)).toMatchObject({ ok: false, code: 1127 });
  });

  test.each([
    ['cut', (proof: Uint8Array) => proof.subarray(0, -1)],
    ['cut in half', (proof: Uint8Array) => proof.subarray(0, proof.length / 2)],
    ['no gob', () => utf8('invalid_proof')],
  ])('is refused when its bytes are %s', (_what, spoil) => {
    const { state, message } = claimed();
    message.proof = spoil(message.proof);
    expect(submitProof(state, message)).toMatchObject({
      ok: false,
      codespace: 'proof',
      code: 1108,
      grpc: 'FailedPrecondition',
    });
  });
});

describe('refusals, each looked for before those above it', () => {
  const { state, message } = claimed();
  const header = structuredClone(message.sessionHeader!);
  const { sessionId } = header;
  let now = state;

  /** The one relay that is shown, with all flaws so far. */
  let leaf: Relay = decode(RelaySchema, relay(header));
  const show = (bytes: Uint8Array): void => {
    message.proof = encodeClosestProof(trieOf([bytes]).proveClosest(new Uint8Array(32)));
  };
  const spoilRelay = (spoil: (relay: Relay) => void) => (): void => {
    leaf = structuredClone(leaf);
    spoil(leaf);
    show(encode(RelaySchema, leaf));
  };
  const spoilClaim = (spoil: (claim: Claim) => void) => (): void => {
    const claim = structuredClone(state.claims.get(sessionId, SUPPLIER.address)!);
    spoil(claim);
    state.claims.put(claim);
  };

  const flaws: [string, string, number, () => void][] = [
    ['no proof asked for', 'proof', 1129, () => setProofParams(state, { proofRequestProbability: 0 })],
    [
      'a balance equal to the fee',
      'proof',
      1127,
      () => setProofParams(state, { proofSubmissionFee: upoktCoin(1_000_000n) }),
    ],
    [
      'a claim on another service',
      'proof',
      1103,
      spoilClaim(({ sessionHeader }) => void (sessionHeader!.serviceId = 'other')),
    ],
    [
      'a claim of another application',
      'proof',
      1101,
      spoilClaim(({ sessionHeader }) => void (sessionHeader!.applicationAddress = STRANGER.address)),
    ],
    [
      'a claim with another end',
      'proof',
      1117,
      spoilClaim(({ sessionHeader }) => void (sessionHeader!.sessionEndBlockHeight = 19n)),
    ],
    [
      'a claim with another start',
      'proof',
      1118,
      spoilClaim(({ sessionHeader }) => void (sessionHeader!.sessionStartBlockHeight = 12n)),
    ],
    ['no claim', 'proof', 1106, () => state.claims.delete(sessionId, SUPPLIER.address)],
    [
      'a relay that does not count',
      'proof',
      1130,
      () => {
        show(encode(RelaySchema, leaf));
        const difficulty = { serviceId: SERVICE_ID, targetHash: relayHash(encode(RelaySchema, leaf)) };
        state.services.difficultyHistory.put(textKey(SERVICE_ID), 1, create(RelayMiningDifficultySchema, difficulty));
      },
    ],
    [
      'a response of another session',
      'proof',
      1109,
      spoilRelay(({ res }) => void (res!.meta!.sessionHeader!.sessionId = 'other')),
    ],
    [
      'a request of another session',
      'proof',
      1109,
      spoilRelay(({ req }) => void (req!.meta!.sessionHeader!.sessionEndBlockHeight = 21n)),
    ],
    [
      'a response without signature',
      'service',
      1110,
      spoilRelay(({ res }) => void (res!.meta!.supplierOperatorSignature = new Uint8Array())),
    ],
    ['no response', 'service', 1110, spoilRelay((relay) => void delete relay.res)],
    [
      'a request for another supplier',
      'proof',
      1123,
      spoilRelay(({ req }) => void (req!.meta!.supplierOperatorAddress = STRANGER.address)),
    ],
    [
      'a request without supplier',
      'service',
      1111,
      spoilRelay(({ req }) => void (req!.meta!.supplierOperatorAddress = '')),
    ],
    [
      'a request without signature',
      'service',
      1111,
      spoilRelay(({ req }) => void (req!.meta!.signature = new Uint8Array())),
    ],
    ['no request', 'service', 1111, spoilRelay((relay) => void delete relay.req)],
    ['a leaf that is no relay', 'proof', 1109, () => show(utf8('no relay'))],
    [
      'a proof of nothing',
      'proof',
      1109,
      () => void (message.proof = encodeClosestProof(trieOf([]).proveClosest(new Uint8Array(32)))),
    ],
    ['bytes that are no proof', 'proof', 1108, () => void (message.proof = utf8('no proof'))],
    ['a height after the window', 'proof', 1122, () => void (now = atHeight(state, HEIGHTS.proofClose + 1))],
    ['another end', 'proof', 1117, () => void (message.sessionHeader!.sessionEndBlockHeight = 19n)],
    ['another start in the session', 'proof', 1118, () => void (message.sessionHeader!.sessionStartBlockHeight = 12n)],
    [
      'an operator that was not drawn',
      'proof',
      1102,
      () => {
        addSupplier(state, STRANGER.address);
        state.suppliers.delete(STRANGER.address);
        message.supplierOperatorAddress = STRANGER.address;
      },
    ],
    ['another session id', 'proof', 1116, () => void (message.sessionHeader!.sessionId = 'other')],
    ['an application that is gone', 'session', 1102, () => state.applications.delete(APPLICATION.address)],
  ];
  test.each(flaws)('%s', (_what, codespace, code, spoil) => {
    spoil();
    const verdict = now.atomically(() => submitProof(now, message));
    expect(verdict).toMatchObject({ ok: false, codespace, code, grpc: 'FailedPrecondition' });
    expect([...now.proofs.entries()]).toEqual([]);
    expect(now.bank.balance(SUPPLIER.address, UPOKT)).toBe(1_000_000n);
  });
});
