/**
 * The order in which what may be wrong with a claim or a proof is looked at: of several flaws the first one decides.
 */
import { create } from '@bufbuild/protobuf';
import { describe, test } from 'vitest';
import { utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import {
  MsgCreateClaimSchema,
  MsgSubmitProofSchema,
  type MsgSubmitProof,
} from '@decai/protocol/gen/pocket/proof/tx_pb';
import type { Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { RelaySchema, type Relay } from '@decai/protocol/gen/pocket/service/relay_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import { relayHash } from '@decai/protocol/relay';
import { encodeRoot } from '@decai/protocol/root';
import { textKey } from './collection.ts';
import { createClaim } from './create-claim.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { atHeight } from './test-chain.ts';
import { expectOrder, type Scene } from './test-refusals.ts';
import {
  APPLICATION,
  claimMessage,
  HEIGHTS,
  relay,
  SERVICE_ID,
  sessionHeader,
  sessionState,
  setProofParams,
  STRANGER,
  SUPPLIER,
  trieOf,
} from './test-session.ts';

type Headed = { readonly message: { sessionHeader?: SessionHeader | undefined } };

/** Another value in the session header. */
const header =
  (fields: Partial<SessionHeader>) =>
  ({ message }: Headed): unknown =>
    Object.assign(message.sessionHeader!, fields);

/** What is wrong with the form of a header. */
const FORM = [
  ({ message }: Headed): unknown => delete message.sessionHeader,
  header({ applicationAddress: 'x' }),
  header({ sessionId: '' }),
  header({ serviceId: 'bad id' }),
  header({ sessionStartBlockHeight: 0n }),
  header({ sessionEndBlockHeight: 11n }),
] as const;

/** What is wrong with the session that a header speaks of, from the first thing that is looked at. */
const SESSION = [
  ['session', 1101, header({ sessionStartBlockHeight: 1000n, sessionEndBlockHeight: 1009n })],
  ['session', 1102, ({ state }: { state: State }) => state.applications.delete(APPLICATION.address)],
  [
    'session',
    1109,
    ({ state }: { state: State }) => {
      const application = state.applications.get(APPLICATION.address)!;
      state.applications.put({ ...application, unstakeSessionEndHeight: 10n });
    },
  ],
  ['session', 1103, header({ serviceId: 'other' })],
  ['session', 1104, ({ state }: { state: State }) => state.suppliers.delete(SUPPLIER.address)],
  ['proof', 1116, header({ sessionId: 'another' })],
] as const;

const root = (sum: bigint, count: bigint): Uint8Array => encodeRoot({ digest: new Uint8Array(32).fill(1), sum, count });

test('claiming', () => {
  const state = sessionState(HEIGHTS.claimOpen);
  const honest = { supplierOperatorAddress: SUPPLIER.address, sessionHeader: sessionHeader(state) };
  expectOrder(state, MsgCreateClaimSchema, { ...honest, rootHash: root(300n, 3n) }, [
    ['proof', 1101, ({ message }) => (message.supplierOperatorAddress = 'x')],
    ['proof', 1115, ...FORM],
    [
      'proof',
      1104,
      ({ message }) => (message.rootHash = new Uint8Array(47)),
      ({ message }) => (message.rootHash = root(300n, 0n)),
      ({ message }) => (message.rootHash = root(0n, 3n)),
    ],
    ...SESSION,
    ['proof', 1102, ({ message }) => (message.supplierOperatorAddress = STRANGER.address)],
    ['proof', 1118, header({ sessionStartBlockHeight: 12n })],
    ['proof', 1117, header({ sessionEndBlockHeight: 19n }), header({ sessionEndBlockHeight: 30n })],
    [
      'proof',
      1121,
      (scene) => (scene.state = atHeight(scene.state, HEIGHTS.claimOpen - 1)),
      (scene) => (scene.state = atHeight(scene.state, HEIGHTS.claimClose + 1)),
    ],
    ['proof', 1125, ({ state: { store } }) => store.delete(`service/Service/id/${textKey(SERVICE_ID)}`)],
    ['proof', 1126, ({ message }) => (message.rootHash = root(301n, 3n))],
  ]);
});

describe('proving', () => {
  const before = sessionState(HEIGHTS.claimOpen);
  const session = sessionHeader(before);
  const bytes = relay(session);
  createClaim(before, claimMessage(session, trieOf([bytes]).root()));
  const state = atHeight(before, HEIGHTS.proofOpen);
  const shown = (leaf: Uint8Array): Uint8Array => encodeClosestProof(trieOf([leaf]).proveClosest(new Uint8Array(32)));
  type Spoiled = Scene<typeof MsgSubmitProofSchema>;

  /** The relay that a message shows, with its flaws so far. */
  const leaves = new WeakMap<MsgSubmitProof, Relay>();
  const leafOf = (message: MsgSubmitProof): Relay => leaves.get(message) ?? decode(RelaySchema, bytes);
  const spoilRelay =
    (spoil: (leaf: Relay) => unknown) =>
    ({ message }: Spoiled): void => {
      const leaf = structuredClone(leafOf(message));
      spoil(leaf);
      leaves.set(message, leaf);
      message.proof = shown(encode(RelaySchema, leaf));
    };
  const spoilClaim =
    (spoil: (claim: Claim) => unknown) =>
    ({ state: { claims } }: Spoiled): void => {
      const claim = structuredClone(claims.get(session.sessionId, SUPPLIER.address)!);
      spoil(claim);
      claims.put(claim);
    };

  test('is refused for the first flaw', () =>
    expectOrder(
      state,
      MsgSubmitProofSchema,
      { supplierOperatorAddress: SUPPLIER.address, sessionHeader: session, proof: shown(bytes) },
      [
        ['sdk', 7, ({ message }) => (message.supplierOperatorAddress = 'x')],
        ['proof', 1115, ...FORM],
        ['proof', 1108, ({ message }) => (message.proof = new Uint8Array(0))],
        ...SESSION,
        ['proof', 1102, ({ message }) => (message.supplierOperatorAddress = STRANGER.address)],
        ['proof', 1118, header({ sessionStartBlockHeight: 12n })],
        ['proof', 1117, header({ sessionEndBlockHeight: 19n }), header({ sessionEndBlockHeight: 30n })],
        [
          'proof',
          1122,
          (scene) => (scene.state = atHeight(scene.state, HEIGHTS.proofOpen - 1)),
          (scene) => (scene.state = atHeight(scene.state, HEIGHTS.proofClose + 1)),
        ],
        ['proof', 1108, ({ message }) => (message.proof = utf8('no proof'))],
        ['proof', 1109, ({ message }) => (message.proof = shown(utf8('no relay')))],
        [
          'service',
          1111,
          spoilRelay((leaf) => delete leaf.req),
          spoilRelay(({ req }) => (req!.meta!.signature = new Uint8Array(0))),
          spoilRelay(({ req }) => (req!.meta!.supplierOperatorAddress = '')),
          spoilRelay(({ req }) => (req!.meta!.sessionHeader!.sessionId = '')),
        ],
        ['proof', 1123, spoilRelay(({ req }) => (req!.meta!.supplierOperatorAddress = STRANGER.address))],
        [
          'service',
          1110,
          spoilRelay((leaf) => delete leaf.res),
          spoilRelay(({ res }) => (res!.meta!.supplierOperatorSignature = new Uint8Array(0))),
        ],
        [
          'proof',
          1109,
          spoilRelay(({ req }) => (req!.meta!.sessionHeader!.sessionEndBlockHeight = 21n)),
          spoilRelay(({ req }) => (req!.meta!.sessionHeader!.serviceId = 'other')),
          spoilRelay(({ res }) => (res!.meta!.sessionHeader!.applicationAddress = STRANGER.address)),
        ],
        [
          'proof',
          1130,
          ({ state: { services }, message }) => {
            const target = { serviceId: SERVICE_ID, targetHash: relayHash(encode(RelaySchema, leafOf(message))) };
            services.difficultyHistory.put(textKey(SERVICE_ID), 1, create(RelayMiningDifficultySchema, target));
          },
        ],
        ['proof', 1106, ({ state: { claims } }) => claims.delete(session.sessionId, SUPPLIER.address)],
        ['proof', 1118, spoilClaim(({ sessionHeader: held }) => (held!.sessionStartBlockHeight = 12n))],
        ['proof', 1117, spoilClaim(({ sessionHeader: held }) => (held!.sessionEndBlockHeight = 19n))],
        ['proof', 1101, spoilClaim(({ sessionHeader: held }) => (held!.applicationAddress = STRANGER.address))],
        ['proof', 1103, spoilClaim(({ sessionHeader: held }) => (held!.serviceId = 'other'))],
        ['proof', 1127, (scene) => setProofParams(scene.state, { proofSubmissionFee: upoktCoin(1_000_000n) })],
        ['proof', 1129, (scene) => setProofParams(scene.state, { proofRequestProbability: 0 })],
      ],
    ));
});
