/**
 * The state that claim and proof vectors are about, and how a case changes it.
 */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { fromHex } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { BaseAccountSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { ParamsSchema as ProofParamsSchema } from '@decai/protocol/gen/pocket/proof/params_pb';
import { ClaimSchema } from '@decai/protocol/gen/pocket/proof/types_pb';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { ParamsSchema as ServiceParamsSchema } from '@decai/protocol/gen/pocket/service/params_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { ParamsSchema as SessionParamsSchema } from '@decai/protocol/gen/pocket/session/params_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { SECP256K1_KEY_TYPE } from '../account.ts';
import { textKey } from '../collection.ts';
import { UPOKT, upokt } from '../coins.ts';
import type { State } from '../state.ts';
import type { Store } from '../store.ts';
import { emptyStore, read, setBlockHashes, setSharedParams, stateAt } from './vector-state.ts';
import type { Change, Json, Setting } from './claims-proofs-document.ts';
import { mustAccept } from './comparable-refusal.ts';

/** The setting of a file at a height; `store` where blocks at several heights are to see one state. */
export function buildState(setting: Setting, height: number, store: Store = emptyStore()): State {
  const state = stateAt(height, store);
  setSharedParams(state, setting.sharedParams);
  state.params.session.setLive(read(SessionParamsSchema, setting.sessionParams));
  state.params.service.setLive(read(ServiceParamsSchema, setting.serviceParams));
  setProofParams(state, {}, setting);
  setBlockHashes(state, setting.blockHashes);
  for (const service of setting.services) state.services.put(read(ServiceSchema, service));
  for (const application of setting.applications) state.applications.put(read(ApplicationSchema, application));
  for (const json of setting.suppliers) {
    const supplier = read(SupplierSchema, json);
    state.suppliers.put(supplier);
    for (const config of supplier.serviceConfigHistory) state.suppliers.putConfig(config);
  }
  for (const account of setting.accounts) {
    addAccount(state, account.address, fromHex(account.public));
    state.bank.endow(account.address, upokt(BigInt(account.balance)));
  }
  return state;
}

function addAccount(state: State, address: string, publicKey: Uint8Array | undefined): void {
  const { accountNumber } = state.accounts.ensure(address);
  const value = publicKey === undefined ? undefined : encode(PubKeySchema, create(PubKeySchema, { key: publicKey }));
  const pubKey = value === undefined ? {} : { pubKey: { typeUrl: SECP256K1_KEY_TYPE, value } };
  state.accounts.put(create(BaseAccountSchema, { address, accountNumber, ...pubKey }));
}

/** The setting's parameters with some replaced; coins as texts such as `43upokt`. */
export function setProofParams(
  state: State,
  changed: NonNullable<Change['proofParams']>,
  { proofParams }: Setting,
): void {
  const replaced = Object.entries(changed).map(([name, value]) => [
    name,
    typeof value === 'string' ? coinJson(value) : value,
  ]);
  const json = { ...(proofParams as Json), ...(Object.fromEntries(replaced) as Json) };
  state.params.proof.setLive(read(ProofParamsSchema, json));
}

function coinJson(text: string): JsonValue {
  const [, amount = '', denom = ''] = /^([0-9]+)([a-z]+)$/.exec(text) ?? [];
  return { amount, denom };
}

/** What a case has different from the setting. */
export function applyChanges(
  state: State,
  changes: readonly Change[] | undefined,
  header: SessionHeader,
  setting: Setting,
  supplier = '',
): void {
  for (const change of changes ?? []) {
    for (const [name, value] of Object.entries(change)) {
      if (!Object.hasOwn(CHANGES, name)) throw new Error(`change of unknown kind: ${name}`);
      CHANGES[name as keyof typeof CHANGES](value as never, { state, header, setting, supplier });
    }
  }
}

type Changing = {
  readonly state: State;
  readonly header: SessionHeader;
  readonly setting: Setting;
  readonly supplier: string;
};

const CHANGES: {
  readonly [Name in keyof Required<Change>]: (value: Required<Change>[Name], changing: Changing) => void;
} = {
  removeService: (id, { state }) => state.store.delete(`service/Service/id/${textKey(id)}`),
  removeApplication: (address, { state }) => state.applications.delete(address),
  computeUnitsHistory: (history, { state, header: { serviceId } }) => {
    for (const { effectiveHeight, computeUnitsPerRelay } of history) {
      const units = {
        serviceId,
        effectiveHeight: BigInt(effectiveHeight),
        computeUnitsPerRelay: BigInt(computeUnitsPerRelay),
      };
      const update = create(ServiceComputeUnitsPerRelayUpdateSchema, units);
      state.services.unitsHistory.put(textKey(serviceId), effectiveHeight, update);
    }
  },
  existingClaim: (bytes, { state }) => state.claims.put(decode(ClaimSchema, fromHex(bytes))),
  applicationUnstakeSessionEndHeight: (height, { state, header }) => {
    const application = state.applications.get(header.applicationAddress)!;
    state.applications.put({ ...application, unstakeSessionEndHeight: BigInt(height) });
  },
  difficulty: ({ effectiveHeight, targetHash }, { state, header: { serviceId } }) => {
    const target = { serviceId, blockHeight: BigInt(effectiveHeight), targetHash: fromHex(targetHash) };
    state.services.difficultyHistory.put(
      textKey(serviceId),
      effectiveHeight,
      create(RelayMiningDifficultySchema, target),
    );
  },
  proofParams: (params, { state, setting }) => setProofParams(state, params, setting),
  balance: ([address, amount], { state }) => {
    const present = state.bank.balance(address, UPOKT);
    if (present > 0n) mustAccept(state.bank.send(address, state.accounts.ensure('elsewhere').address, upokt(present)));
    state.bank.endow(address, upokt(BigInt(amount)));
    state.journal.take();
  },
  noPublicKey: (address, { state }) => addAccount(state, address, undefined),
  delegatees: (gateways, { state, header }) => {
    const application = state.applications.get(header.applicationAddress)!;
    state.applications.put({ ...application, delegateeGatewayAddresses: [...gateways] });
  },
  pendingUndelegations: (archive, { state, header }) => {
    const application = state.applications.get(header.applicationAddress)!;
    const pendingUndelegations = Object.entries(archive).map(([height, gateways]) => [
      height,
      { gatewayAddresses: [...gateways] },
    ]);
    const { pendingUndelegations: lists } = create(ApplicationSchema, {
      pendingUndelegations: Object.fromEntries(pendingUndelegations),
    });
    state.applications.put({ ...application, pendingUndelegations: lists });
  },
  claimHeader: ([start, end], { state, header, supplier }) => {
    const claim = state.claims.get(header.sessionId, supplier)!;
    const heights = { sessionStartBlockHeight: BigInt(start), sessionEndBlockHeight: BigInt(end) };
    state.claims.put({ ...claim, sessionHeader: { ...claim.sessionHeader!, ...heights } });
  },
};
