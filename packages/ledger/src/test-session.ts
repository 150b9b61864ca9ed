/**
 * One session of the default parameters for tests, blocks 11 to 20, with an application, its gateway and a supplier in it; and
 * honest relays, claims and proofs of that session, to be spoiled by whoever needs them spoiled.
 */
import { create } from '@bufbuild/protobuf';
import { utf8 } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { BaseAccountSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import {
  MsgCreateClaimSchema,
  MsgSubmitProofSchema,
  type MsgCreateClaim,
  type MsgSubmitProof,
} from '@decai/protocol/gen/pocket/proof/tx_pb';
import type { Params as ProofParams } from '@decai/protocol/gen/pocket/proof/params_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { ServiceConfigUpdateSchema, SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { sha256 } from '@decai/protocol/hash';
import type { Key } from '@decai/protocol/keys';
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
import { SECP256K1_KEY_TYPE } from './account.ts';
import { moduleNamed } from './module-account.ts';
import { hydrateSession } from './session.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, atHeight, emptyState, endow, hashOf, keyNamed } from './test-chain.ts';

export const SERVICE_ID = 'svc';
export const UNITS_PER_RELAY = 100n;
/** Of the application, and of the supplier. */
export const STAKE_UPOKT = 1_000_000_000n;

/** Heights of the one session, under the default parameters. */
export const HEIGHTS = {
  start: 11,
  end: 20,
  claimOpen: 22,
  claimClose: 26,
  proofSeed: 25,
  proofOpen: 26,
  proofClose: 30,
} as const;

export const APPLICATION: Key = keyNamed('application');
export const GATEWAY: Key = keyNamed('gateway');
export const SUPPLIER: Key = keyNamed('supplier');
export const STRANGER: Key = keyNamed('stranger');
export const SOURCE: string = addressNamed('source');
export const SUPPLIER_OWNER: string = addressNamed('supplier owner');

/** The state as it is at a height, with nothing claimed. Every proof is asked for. */
export function sessionState(presentHeight: number): State {
  const state = emptyState(1);
  foundSession(state);
  for (const height of [1, HEIGHTS.start, HEIGHTS.proofSeed]) state.blockHashes.put(height, hashOf(height));
  return atHeight(state, presentHeight);
}

/** Everybody who takes part, with keys, coins and stakes, and the coins that the stakes stand for. */
export function foundSession(state: State): void {
  for (const key of [APPLICATION, GATEWAY, SUPPLIER, STRANGER]) {
    endow(state, key.address, 1_000_000n);
    givePublicKey(state, key.address, key.publicKey);
  }
  state.services.put(
    create(ServiceSchema, {
      id: SERVICE_ID,
      name: 'service',
      computeUnitsPerRelay: UNITS_PER_RELAY,
      ownerAddress: SOURCE,
    }),
  );
  state.applications.put(
    create(ApplicationSchema, {
      address: APPLICATION.address,
      stake: upoktCoin(STAKE_UPOKT),
      serviceConfigs: [{ serviceId: SERVICE_ID }],
      delegateeGatewayAddresses: [GATEWAY.address],
    }),
  );
  state.delegations?.open(APPLICATION.address, GATEWAY.address, 1);
  addSupplier(state, SUPPLIER.address);
  for (const module of ['application', 'supplier'] as const) endow(state, moduleNamed(module).address, STAKE_UPOKT);
  setProofParams(state, { proofRequestProbability: 1 });
}

export function addSupplier(state: State, operatorAddress: string): void {
  const stake = upoktCoin(STAKE_UPOKT);
  state.suppliers.put(create(SupplierSchema, { ownerAddress: SUPPLIER_OWNER, operatorAddress, stake }));
  state.suppliers.putConfig(
    create(ServiceConfigUpdateSchema, {
      operatorAddress,
      service: { serviceId: SERVICE_ID, revShare: [{ address: SUPPLIER_OWNER, revSharePercentage: 100n }] },
      activationHeight: 1n,
    }),
  );
}

export function givePublicKey(
  state: State,
  address: string,
  key: Uint8Array | undefined,
  typeUrl: string = SECP256K1_KEY_TYPE,
): void {
  const { accountNumber } = state.accounts.ensure(address);
  const pubKey =
    key === undefined ? {} : { pubKey: { typeUrl, value: encode(PubKeySchema, create(PubKeySchema, { key })) } };
  state.accounts.put(create(BaseAccountSchema, { address, accountNumber, ...pubKey }));
}

/** Replaces some of the proof parameters. */
export function setProofParams(state: State, changed: Partial<ProofParams>): void {
  state.params.proof.setLive({ ...state.params.proof.live(), ...changed });
}

/** The header of the one session, as the ledger draws it. */
export function sessionHeader(state: State): SessionHeader {
  const query = { applicationAddress: APPLICATION.address, serviceId: SERVICE_ID, blockHeight: HEIGHTS.start };
  const session = hydrateSession(state, query);
  if (!session.ok) throw new Error(session.message);
  return session.value.header;
}

export type RelayParts = {
  /** Sets relays apart. */
  readonly payload?: string;
  /** Named in the request. */
  readonly supplierOperatorAddress?: string;
  readonly requestHeader?: SessionHeader;
  readonly responseHeader?: SessionHeader;
  /** Who signs for the application, in a ring with its key. */
  readonly gateway?: Key;
  readonly supplier?: Key;
};

/** The bytes of a relay as they become a leaf, signed by gateway and supplier. */
export function relay(header: SessionHeader, parts: RelayParts = {}): Uint8Array {
  const {
    payload = 'relay',
    supplierOperatorAddress = SUPPLIER.address,
    gateway = GATEWAY,
    supplier = SUPPLIER,
  } = parts;
  const request = newRelayRequest(parts.requestHeader ?? header, supplierOperatorAddress, utf8(`question ${payload}`));
  const { ring, signerIndex } = gatewayRing(APPLICATION.publicKey, gateway.publicKey);
  const signature = signRing({
    message: requestHash(request),
    ring: [...ring],
    signerIndex,
    privateKey: gateway.privateKey,
    randomBytes: steadyBytes(payload),
  });
  request.meta!.signature = signature;
  const response = newRelayResponse(parts.responseHeader ?? header, utf8(`answer ${payload}`));
  response.meta!.supplierOperatorSignature = signResponseHash(responseHash(response), supplier.privateKey);
  return relayBytes(request, response);
}

/** Relays of the session in a trie, each with the service's weight. */
export function trieOf(relays: readonly Uint8Array[], weight: bigint = UNITS_PER_RELAY): SumTrie {
  const trie = new SumTrie();
  for (const bytes of relays) trie.update(relayHash(bytes), bytes, weight);
  return trie;
}

/** A trie of so many honest relays. */
export function honestTrie(header: SessionHeader, relays: number): SumTrie {
  return trieOf(Array.from({ length: relays }, (_, index) => relay(header, { payload: String(index) })));
}

export function claimMessage(
  header: SessionHeader,
  rootHash: Uint8Array,
  operator: string = SUPPLIER.address,
): MsgCreateClaim {
  return create(MsgCreateClaimSchema, { supplierOperatorAddress: operator, sessionHeader: header, rootHash });
}

/** The proof that the session's lot asks for. */
export function proofMessage(state: State, header: SessionHeader, trie: SumTrie): MsgSubmitProof {
  const path = proofPath(state.blockHashes.at(HEIGHTS.proofSeed), header.sessionId);
  return submission(header, encodeClosestProof(trie.proveClosest(path)));
}

export function submission(
  header: SessionHeader,
  proof: Uint8Array,
  operator: string = SUPPLIER.address,
): MsgSubmitProof {
  return create(MsgSubmitProofSchema, { supplierOperatorAddress: operator, sessionHeader: header, proof });
}

/** Bytes for ring signatures, the same for the same seed. */
function steadyBytes(seed: string): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    count += 1;
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
      sha256(utf8(`${seed}/${count}/${index}`)),
    );
    return new Uint8Array(Buffer.concat(blocks)).subarray(0, length);
  };
}
