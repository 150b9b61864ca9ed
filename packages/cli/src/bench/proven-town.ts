/**
 * A town whose claims all come due at the end of one block, each with a real proof: relays signed by rings and by
 * suppliers, and tries as deep as those of a few thousand relays.
 */
import { create } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { toHex, utf8 } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { ClaimSchema, ProofSchema, type Claim, type Proof } from '@decai/protocol/gen/pocket/proof/types_pb';
import { SessionHeaderSchema, type SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { ServiceConfigUpdateSchema, SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { sha256 } from '@decai/protocol/hash';
import type { Key } from '@decai/protocol/keys';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import { proofPath } from '@decai/protocol/proof-path';
import {
  newRelayRequest,
  newRelayResponse,
  relayBytes,
  relayHash,
  requestHash,
  responseHash,
} from '@decai/protocol/relay';
import { signRing } from '@decai/protocol/ring';
import { gatewayRing } from '@decai/protocol/ring-members';
import { signResponseHash } from '@decai/protocol/signature';
import { SumTrie } from '@decai/protocol/sum-trie';
import { bitAt } from '@decai/protocol/trie-node';
import { SECP256K1_KEY_TYPE } from '@decai/ledger/account';
import { putLastBlock } from '@decai/ledger/chain-record';
import { moduleNamed } from '@decai/ledger/module-account';
import { upoktCoin } from '@decai/ledger/stake';
import { State } from '@decai/ledger/state';
import { sealState } from '@decai/ledger/state-root';
import { Store } from '@decai/ledger/store';
import { addressNamed, CHAIN_ID, endow, hashOf, keyNamed, TestChain } from '@decai/ledger/test-chain';
import { setProofParams } from '@decai/ledger/test-session';
import { addValidator, DAO, setMinimumStakes, setShares, setTokenomics } from '@decai/ledger/test-settlement';

/** The claims of sessions that end at 10 are due at the end of this block; their proofs come in the one before. */
export const DUE_HEIGHT = 20;
const SESSION = { start: 1n, end: 10n, proofSeed: 15 };

const PER_SESSION = 20;
const SUPPLIERS = 100;
const SERVICES = 10;
const UNITS_PER_RELAY = 1_000n;
const STAKE_UPOKT = 1_000_000_000n;

/** Levels of a trie of a few thousand relays. */
const LEVELS = 12;

export type ProvenClaim = { readonly claim: Claim; readonly proof: Proof };

const gateway = keyNamed('gateway');
const supplierKeys = range(SUPPLIERS).map((index) => keyNamed(`supplier ${index}`));
const applicationKey = (session: number): Key => keyNamed(`application ${session}`);
const serviceName = (session: number): string => `service-${session % SERVICES}`;

/** So many claims, twenty a session, and the proof of each. */
export function provenClaims(count: number): ProvenClaim[] {
  let application = applicationKey(0);
  return range(count).map((index) => {
    const session = Math.floor(index / PER_SESSION);
    if (index % PER_SESSION === 0) application = applicationKey(session);
    const supplier = supplierKeys[(7 * session + index) % SUPPLIERS]!;
    const sessionHeader = create(SessionHeaderSchema, {
      applicationAddress: application.address,
      serviceId: serviceName(session),
      sessionId: toHex(sha256(utf8(`session ${session}`))),
      sessionStartBlockHeight: SESSION.start,
      sessionEndBlockHeight: SESSION.end,
    });
    const path = proofPath(hashOf(SESSION.proofSeed), sessionHeader.sessionId);
    const trie = trieAround(path, signedRelay(sessionHeader, application, supplier));
    const keyed = { supplierOperatorAddress: supplier.address, sessionHeader };
    return {
      claim: create(ClaimSchema, { ...keyed, rootHash: trie.root() }),
      proof: create(ProofSchema, { ...keyed, closestMerkleProof: encodeClosestProof(trie.proveClosest(path)) }),
    };
  });
}

function signedRelay(header: SessionHeader, application: Key, supplier: Key): Uint8Array {
  const request = newRelayRequest(header, supplier.address, utf8('{"prompt":"how much does a block cost?"}'));
  const message = requestHash(request);
  request.meta!.signature = signRing({
    message,
    ...gatewayRing(application.publicKey, gateway.publicKey),
    privateKey: gateway.privateKey,
    randomBytes: (length) => sha256(message).subarray(0, length),
  });
  const response = newRelayResponse(header, utf8('{"text":"less than a second"}'));
  response.meta!.supplierOperatorSignature = signResponseHash(responseHash(response), supplier.privateKey);
  return relayBytes(request, response);
}

/** A trie in which the relay is the leaf nearest to the path: others stand beside its way wherever the path goes along. */
function trieAround(path: Uint8Array, relay: Uint8Array): SumTrie {
  const key = relayHash(relay);
  const place = sha256(key);
  const trie = new SumTrie();
  trie.update(key, relay, UNITS_PER_RELAY);
  for (const level of range(LEVELS)) {
    if (bitAt(path, level) !== bitAt(place, level)) continue;
    const beside = neighbours().get(turning(level, leadingBits(place, level) ^ 1));
    if (beside !== undefined) trie.update(beside, key, UNITS_PER_RELAY);
  }
  return trie;
}

/** The first bits of a place, down to a level and with it. */
function leadingBits(place: Uint8Array, level: number): number {
  return ((place[0]! << 8) | place[1]!) >> (15 - level);
}

/** The names of all nodes of the first levels, each level's in a range of its own. */
function turning(level: number, bits: number): number {
  return (2 << level) + bits;
}

let known: Map<number, Uint8Array> | undefined;

/** By node: a key whose place in a trie lies below it. */
function neighbours(): ReadonlyMap<number, Uint8Array> {
  if (known !== undefined) return known;
  known = new Map();
  for (const index of range(2 ** (LEVELS + 2))) {
    const key = sha256(utf8(`neighbour ${index}`));
    const place = sha256(key);
    for (const level of range(LEVELS)) known.set(turning(level, leadingBits(place, level)), key);
  }
  return known;
}

/** A store with a chain before the block whose end verifies the proofs: they wait, and the claims are due one block later. */
export function provenTown(proven: readonly ProvenClaim[]): KeyValueStore {
  const { disk } = new TestChain();
  const store = new Store(disk);
  const height = DUE_HEIGHT - 2;
  const timeNs = BigInt(height) * 1_000_000_000n;
  found(new State(store, { chainId: CHAIN_ID, profile: 'pocket', height, timeNs, hash: hashOf(height) }), proven);
  putLastBlock(store, { height, timeNs, appHash: sealState(store) });
  disk.write(store.writes());
  return disk;
}

function found(state: State, proven: readonly ProvenClaim[]): void {
  setProofParams(state, { proofRequestProbability: 1 });
  setTokenomics(state, { daoRewardAddress: DAO, globalInflationPerClaim: 0 });
  setShares(state, { supplier: 0.79, dao: 0.1, proposer: 0.05, sourceOwner: 0.05, application: 0.01 });
  setMinimumStakes(state, 1n);
  state.blockHashes.put(SESSION.proofSeed, hashOf(SESSION.proofSeed));
  for (const index of range(SERVICES)) {
    const id = serviceName(index);
    const ownerAddress = addressNamed(`source of ${id}`);
    state.services.put(create(ServiceSchema, { id, computeUnitsPerRelay: UNITS_PER_RELAY, ownerAddress }));
  }
  for (const index of range(5)) addValidator(state, `validator-${index}`, 1_000n);
  giveKey(state, gateway);
  for (const key of supplierKeys) addSupplier(state, key);
  for (const session of range(Math.ceil(proven.length / PER_SESSION))) addApplication(state, session);
  for (const { claim, proof } of proven) {
    state.claims.put(claim);
    state.proofs.put(proof);
  }
}

function addSupplier(state: State, { address, publicKey }: Key): void {
  giveKey(state, { address, publicKey });
  const ownerAddress = addressNamed(`owner of ${address}`);
  state.suppliers.put(
    create(SupplierSchema, { operatorAddress: address, ownerAddress, stake: upoktCoin(STAKE_UPOKT) }),
  );
  endow(state, moduleNamed('supplier').address, STAKE_UPOKT);
  const revShare = [
    { address: ownerAddress, revSharePercentage: 60n },
    { address: addressNamed(`partner of ${address}`), revSharePercentage: 30n },
    { address: addressNamed(`helper of ${address}`), revSharePercentage: 10n },
  ];
  for (const index of range(SERVICES)) {
    const service = { serviceId: serviceName(index), revShare };
    state.suppliers.putConfig(
      create(ServiceConfigUpdateSchema, { operatorAddress: address, service, activationHeight: 1n }),
    );
  }
}

function addApplication(state: State, session: number): void {
  const key = applicationKey(session);
  giveKey(state, key);
  state.applications.put(
    create(ApplicationSchema, {
      address: key.address,
      stake: upoktCoin(STAKE_UPOKT),
      serviceConfigs: [{ serviceId: serviceName(session) }],
      delegateeGatewayAddresses: [gateway.address],
    }),
  );
  endow(state, moduleNamed('application').address, STAKE_UPOKT);
}

function giveKey(state: State, { address, publicKey }: Pick<Key, 'address' | 'publicKey'>): void {
  const value = encode(PubKeySchema, create(PubKeySchema, { key: publicKey }));
  state.accounts.put({
    ...state.accounts.ensure(address),
    pubKey: create(AnySchema, { typeUrl: SECP256K1_KEY_TYPE, value }),
  });
}

function range(length: number): number[] {
  return Array.from({ length }, (_unused, index) => index);
}
