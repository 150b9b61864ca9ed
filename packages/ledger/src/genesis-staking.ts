/**
 * Validators and their delegations in a genesis document: they share the proposer's part of rewards and are fixed here.
 *
 * Their numbers are read at every settlement, so texts that are no numbers are refused now and not then.
 *
 * Source: cosmos/cosmos-sdk `x/staking/types/genesis.go`.
 */
import type { DescMessage, JsonValue, MessageShape } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { toChainJson } from '@decai/protocol/chain-json';
import {
  DelegationSchema,
  ParamsSchema as StakingParamsSchema,
  ValidatorSchema,
  type Validator,
} from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { defaultAppState } from './default-app-state.ts';
import { invalidGenesis, objectOf } from './genesis.ts';
import { invalidRecord } from './genesis-record.ts';
import type { State } from './state.ts';
import { ONE_DEC } from './validator-rewards.ts';

/** Reads a record by its schema. @throws GENESIS_INVALID */
type RecordReader = <Desc extends DescMessage>(name: string, schema: Desc, json: JsonValue) => MessageShape<Desc>;

/** As many digits as 256 bits hold; tokens are an integer, and shares and rates are integers scaled by 10^18. */
const NUMBER = /^[0-9]{1,77}$/;

/** No rule looks at them; wallets do, for the denomination above all. */
const DEFAULT_PARAMS = objectOf(defaultAppState()['staking'] ?? {}, 'staking')['params']!;

/** @throws GENESIS_INVALID */
export function readStaking(state: State, json: JsonValue, read: RecordReader): void {
  const { params = DEFAULT_PARAMS, validators = [], delegations = [] } = objectOf(json, 'app_state.staking');
  state.params.staking.setLive(read('app_state.staking.params', StakingParamsSchema, params));
  for (const item of listOf(validators, 'app_state.staking.validators')) {
    const validator = read('app_state.staking.validators', ValidatorSchema, item);
    const { operatorAddress } = validator;
    const problem = validatorProblem(validator);
    if (problem !== undefined) throw invalidRecord('app_state.staking.validators:', operatorAddress, problem);
    if (state.validators.get(operatorAddress) !== undefined) {
      throw invalidRecord('app_state.staking.validators:', operatorAddress, 'twice');
    }
    state.validators.put(validator);
  }
  const seen = new Set<string>();
  for (const item of listOf(delegations, 'app_state.staking.delegations')) {
    const delegation = read('app_state.staking.delegations', DelegationSchema, item);
    const { delegatorAddress, validatorAddress, shares } = delegation;
    const name = `${delegatorAddress} to ${validatorAddress}`;
    const problem = addressProblem(delegatorAddress) ?? numberProblem('shares', shares);
    if (problem !== undefined) throw invalidRecord('app_state.staking.delegations:', name, problem);
    if (state.validators.get(validatorAddress) === undefined) {
      throw invalidRecord('app_state.staking.delegations:', name, `no validator ${validatorAddress}`);
    }
    if (seen.has(name)) throw invalidRecord('app_state.staking.delegations:', name, 'twice');
    seen.add(name);
    state.validators.putDelegation(delegation);
  }
}

/** Validators and delegations of a state as a genesis document has them. */
export function writeStaking(state: State): JsonValue {
  const { params, validators } = state;
  return {
    params: toChainJson(StakingParamsSchema, params.staking.live()),
    validators: Array.from(validators.entries(), ([, validator]) => toChainJson(ValidatorSchema, validator)),
    delegations: Array.from(validators.delegations(), (delegation) => toChainJson(DelegationSchema, delegation)),
  };
}

function validatorProblem({ operatorAddress, tokens, delegatorShares, commission }: Validator): string | undefined {
  const rate = commission?.commissionRates?.rate;
  return (
    addressProblem(operatorAddress, 'poktvaloper') ??
    numberProblem('tokens', tokens) ??
    numberProblem('delegator shares', delegatorShares) ??
    (rate === undefined ? undefined : rateProblem(rate))
  );
}

function numberProblem(name: string, text: string): string | undefined {
  return NUMBER.test(text) ? undefined : `${name} are no number: '${text}'`;
}

function rateProblem(rate: string): string | undefined {
  return NUMBER.test(rate) && BigInt(rate) <= ONE_DEC ? undefined : 'the commission rate is no number from 0 to 1';
}

function listOf(value: JsonValue, name: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw invalidGenesis(`${name} is a list`);
  return value;
}
