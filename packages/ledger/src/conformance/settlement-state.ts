/**
 * The state that a settlement vector begins with.
 */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { withPrefix } from '@decai/protocol/address';
import { fromHex } from '@decai/protocol/bytes';
import { decimalToWire } from '@decai/protocol/decimal-text';
import { BondStatus, DelegationSchema, ValidatorSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { ParamsSchema as ApplicationParamsSchema } from '@decai/protocol/gen/pocket/application/params_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { ParamsSchema as ProofParamsSchema } from '@decai/protocol/gen/pocket/proof/params_pb';
import type { Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { ParamsSchema as ServiceParamsSchema } from '@decai/protocol/gen/pocket/service/params_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { ParamsSchema as SupplierParamsSchema } from '@decai/protocol/gen/pocket/supplier/params_pb';
import { ParamsSchema as TokenomicsParamsSchema } from '@decai/protocol/gen/pocket/tokenomics/params_pb';
import { textKey } from '../collection.ts';
import { upokt } from '../coins.ts';
import { moduleNamed } from '../module-account.ts';
import { amountUpoktOf } from '../stake.ts';
import type { State } from '../state.ts';
import { read, setBlockHashes, setSharedParams, stateAt } from './vector-state.ts';
import type { ServiceInput, SettlementInput, ValidatorInput } from './settlement-case.ts';

/** Parameters, actors, their escrow and the claims that are due, at the block's height. */
export function buildState(input: SettlementInput, claims: readonly Claim[]): State {
  const state = stateAt(input.height);
  const { params } = state;
  setSharedParams(state, input.sharedParams, input.sharedParamsHistory);
  params.application.setLive(read(ApplicationParamsSchema, input.applicationParams));
  params.proof.setLive(read(ProofParamsSchema, input.proofParams));
  params.service.setLive(read(ServiceParamsSchema, input.serviceParams));
  params.supplier.setLive(read(SupplierParamsSchema, input.supplierParams));
  params.tokenomics.setLive(read(TokenomicsParamsSchema, input.tokenomicsParams));
  setBlockHashes(state, input.blockHashes);
  for (const service of input.services) addService(state, service);
  for (const json of input.applications) {
    const application = read(ApplicationSchema, json);
    state.applications.put(application);
    state.bank.endow(moduleNamed('application').address, upokt(amountUpoktOf(application.stake)));
  }
  for (const { service_config_history: history, ...json } of input.suppliers) {
    const supplier = read(SupplierSchema, json as JsonValue);
    const { serviceConfigHistory } = read(SupplierSchema, { service_config_history: history as JsonValue });
    state.suppliers.put(supplier);
    for (const config of serviceConfigHistory)
      state.suppliers.putConfig({ ...config, operatorAddress: supplier.operatorAddress });
    state.bank.endow(moduleNamed('supplier').address, upokt(amountUpoktOf(supplier.stake)));
  }
  for (const validator of input.validators) addValidator(state, validator);
  for (const claim of claims) state.claims.put(claim);
  return state;
}

function addService(state: State, { service: json, difficulty, computeUnitsHistory = [] }: ServiceInput): void {
  const service = read(ServiceSchema, json);
  const serviceId = service.id;
  state.services.put(service);
  for (const { effectiveHeight, computeUnitsPerRelay } of computeUnitsHistory) {
    const update = {
      serviceId,
      effectiveHeight: BigInt(effectiveHeight),
      computeUnitsPerRelay: BigInt(computeUnitsPerRelay),
    };
    state.services.unitsHistory.put(
      textKey(serviceId),
      effectiveHeight,
      create(ServiceComputeUnitsPerRelayUpdateSchema, update),
    );
  }
  if (difficulty === undefined) return;
  const record = create(RelayMiningDifficultySchema, {
    serviceId,
    blockHeight: BigInt(difficulty.effectiveHeight),
    numRelaysEma: BigInt(difficulty.numRelaysEma),
    targetHash: fromHex(difficulty.targetHash),
  });
  state.services.newestDifficulties.put(textKey(serviceId), record);
  state.services.difficultyHistory.put(textKey(serviceId), difficulty.effectiveHeight, record);
}

function addValidator(state: State, input: ValidatorInput): void {
  const { operatorAddress, accountAddress, tokens, commissionRate, delegatorShares, delegations } = input;
  if (withPrefix(operatorAddress, 'poktvaloper', 'pokt') !== accountAddress)
    throw new Error(`${accountAddress} is not ${operatorAddress}`);
  state.validators.put(
    create(ValidatorSchema, {
      operatorAddress,
      status: BondStatus.BONDED,
      tokens,
      delegatorShares: decimalToWire(delegatorShares),
      commission: { commissionRates: { rate: decimalToWire(commissionRate) } },
    }),
  );
  for (const { delegator, shares } of delegations) {
    const delegation = {
      delegatorAddress: delegator,
      validatorAddress: operatorAddress,
      shares: decimalToWire(shares),
    };
    state.validators.putDelegation(create(DelegationSchema, delegation));
  }
}
