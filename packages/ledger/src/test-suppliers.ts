/**
 * A supplier for tests, staked and moved by the messages themselves.
 */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import {
  RPCType,
  ServiceSchema,
  SupplierServiceConfigSchema,
  type SupplierServiceConfig,
} from '@decai/protocol/gen/pocket/shared/service_pb';
import type { Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import {
  MsgStakeSupplierSchema,
  type MsgStakeSupplier,
  MsgUnstakeSupplierSchema,
} from '@decai/protocol/gen/pocket/supplier/tx_pb';
import type { Profile } from './chain-record.ts';
import { moduleNamed } from './module-account.ts';
import type { Verdict } from './refusal.ts';
import { stakeSupplier } from './stake-supplier.ts';
import type { State } from './state.ts';
import { addressNamed, emptyState, endow } from './test-chain.ts';
import { unstakeSupplier } from './unstake-supplier.ts';

export const OWNER: string = addressNamed('owner');
export const OPERATOR: string = addressNamed('operator');
export const STRANGER: string = addressNamed('stranger');
export const MODULE: string = moduleNamed('supplier').address;

type ConfigFields = MessageInitShape<typeof SupplierServiceConfigSchema>;
export type Fields = MessageInitShape<typeof MsgStakeSupplierSchema>;

export function config(serviceId: string, fields: ConfigFields = {}): SupplierServiceConfig {
  return create(SupplierServiceConfigSchema, {
    serviceId,
    endpoints: [{ url: 'http://localhost:8081', rpcType: RPCType.JSON_RPC }],
    revShare: [{ address: OWNER, revSharePercentage: 100n }],
    ...fields,
  });
}

export function stakeMessage(fields: Fields = {}): MsgStakeSupplier {
  return create(MsgStakeSupplierSchema, {
    signer: OPERATOR,
    ownerAddress: OWNER,
    operatorAddress: OPERATOR,
    stake: coin(1_000_000n),
    services: [config('svcId')],
    ...fields,
  });
}

export function town(profile: Profile = 'pocket'): State {
  const state = emptyState(1, undefined, profile);
  for (const id of ['svcId', 'svcId2']) {
    state.services.put(create(ServiceSchema, { id, computeUnitsPerRelay: 1n, ownerAddress: OWNER }));
  }
  for (const address of [OWNER, OPERATOR, STRANGER]) endow(state, address, 10_000_000n);
  return state;
}

export const stake = (state: State, fields: Fields = {}): Verdict => stakeSupplier(state, stakeMessage(fields));
export const unstake = (state: State, signer: string = OWNER, operatorAddress: string = OPERATOR): Verdict =>
  unstakeSupplier(state, create(MsgUnstakeSupplierSchema, { signer, operatorAddress }));
export const supplier = (state: State): Supplier => state.suppliers.get(OPERATOR)!;
/** Service, activation and deactivation height of every configuration that is kept. */
export const history = (state: State): unknown[] =>
  [...state.suppliers.configsOf(OPERATOR)].map(({ service, activationHeight, deactivationHeight }) => [
    service?.serviceId,
    Number(activationHeight),
    Number(deactivationHeight),
  ]);
export const servicesAt = (state: State, height: number): string[] =>
  state.suppliers.hydrate(supplier(state), height).services.map(({ serviceId }) => serviceId);
