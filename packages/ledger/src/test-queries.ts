/**
 * A town with something of everything in it, and its answers to queries.
 */
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { withPrefix } from '@decai/protocol/address';
import { decode, encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { BondStatus, DelegationSchema, ValidatorSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { GatewaySchema } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { ClaimSchema } from '@decai/protocol/gen/pocket/proof/types_pb';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { ServiceConfigUpdateSchema, SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { expect } from 'vitest';
import { textKey } from './collection.ts';
import type { QueryAnswer } from './query.ts';
import { addressNamed, endow, keyNamed, TestChain } from './test-chain.ts';
import type { Key } from '@decai/protocol/keys';

export const ALICE: Key = keyNamed('alice');
export const APPS: readonly string[] = ['1', '2', '3', '4', '5'].map((name) => addressNamed(`app ${name}`)).sort();
export const GATEWAY: string = addressNamed('gateway of queries');
export const OPERATORS: readonly string[] = ['1', '2'].map((name) => addressNamed(`operator ${name}`)).sort();
export const OWNER: string = addressNamed('owner');
export const VALIDATOR: string = withPrefix(OWNER, 'pokt', 'poktvaloper');
export const SESSION: string = 'ab'.repeat(32);
export const HEIGHT: number = 15;

export const town: TestChain = new TestChain((state) => {
  endow(state, ALICE.address, 1_000_000n);
  state.bank.endow(ALICE.address, [coin(7n, 'mact')]);
  for (const [index, address] of APPS.entries()) {
    const delegateeGatewayAddresses = index % 2 === 0 ? [GATEWAY] : [];
    const fields = { address, stake: coin(5n), serviceConfigs: [{ serviceId: 'svc' }], delegateeGatewayAddresses };
    state.applications.put(create(ApplicationSchema, fields));
  }
  state.gateways.put(
    create(GatewaySchema, { address: GATEWAY, stake: coin(100n), metadata: { card: Uint8Array.of(1) } }),
  );
  const metadata = { card: Uint8Array.of(2) };
  state.services.put(create(ServiceSchema, { id: 'svc', computeUnitsPerRelay: 3n, ownerAddress: OWNER, metadata }));
  for (const operatorAddress of OPERATORS) {
    state.suppliers.put(create(SupplierSchema, { operatorAddress, ownerAddress: OWNER, stake: coin(9n) }));
    for (const activationHeight of [1n, 11n]) {
      const service = { serviceId: 'svc', revShare: [{ address: OWNER, revSharePercentage: 100n }] };
      const deactivationHeight = activationHeight === 1n ? 11n : 0n;
      state.suppliers.putConfig(
        create(ServiceConfigUpdateSchema, { operatorAddress, service, activationHeight, deactivationHeight }),
      );
    }
  }
  const units = { serviceId: 'svc', effectiveHeight: 11n, computeUnitsPerRelay: 30n };
  state.services.unitsHistory.put(textKey('svc'), 11, create(ServiceComputeUnitsPerRelayUpdateSchema, units));
  const difficulty = { serviceId: 'svc', blockHeight: 11n, numRelaysEma: 12n, targetHash: new Uint8Array(32).fill(9) };
  state.services.difficultyHistory.put(textKey('svc'), 11, create(RelayMiningDifficultySchema, difficulty));
  state.services.newestDifficulties.put(textKey('svc'), create(RelayMiningDifficultySchema, difficulty));
  state.validators.put(
    create(ValidatorSchema, {
      operatorAddress: VALIDATOR,
      status: BondStatus.BONDED,
      tokens: '5',
      delegatorShares: String(7n * 10n ** 18n),
    }),
  );
  for (const delegatorAddress of [OWNER, ALICE.address]) {
    const shares = String((delegatorAddress === OWNER ? 3n : 4n) * 10n ** 18n);
    state.validators.putDelegation(create(DelegationSchema, { delegatorAddress, validatorAddress: VALIDATOR, shares }));
  }
});
town.blocksTo(HEIGHT);
town.patch((state) => {
  for (const supplierOperatorAddress of OPERATORS) {
    const sessionHeader = {
      sessionId: SESSION,
      serviceId: 'svc',
      sessionStartBlockHeight: 11n,
      sessionEndBlockHeight: 20n,
    };
    state.claims.put(create(ClaimSchema, { supplierOperatorAddress, sessionHeader, rootHash: new Uint8Array(48) }));
  }
});

export function ask<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
  request: MessageInitShape<Input>,
  height = 0,
): QueryAnswer {
  const path = `/${method.parent.typeName}/${method.name}`;
  return town.ledger.query({ path, data: encode(method.input, create(method.input, request)), height });
}

export function answer<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
  request: MessageInitShape<Input> = {} as MessageInitShape<Input>,
): MessageShape<Output> {
  const { code, log, value, height } = ask(method, request);
  expect([code, log, height]).toEqual([0, '', HEIGHT]);
  return decode(method.output, value);
}

export const refusal = (...asked: Parameters<typeof ask>): [codespace: string, code: number, log: string] => {
  const { code, codespace, log } = ask(...asked);
  return [codespace, code, log];
};
