/**
 * Validators and their delegations, as genesis lists them: they share the proposer's part of every reward.
 *
 * Tokens and shares are decimal texts as on the wire: tokens in upokt, shares and rates scaled by 10^18.
 *
 * Source: cosmos/cosmos-sdk `x/staking/keeper`.
 */
import {
  BondStatus,
  DelegationSchema,
  ValidatorSchema,
  type Delegation,
  type Validator,
} from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { CollectionShape, textKey, type Collection, type CollectionRange } from './collection.ts';
import { messageValue } from './message-value.ts';
import type { Store } from './store.ts';

const VALIDATORS = new CollectionShape('staking/validator/', messageValue(ValidatorSchema));
const DELEGATIONS = new CollectionShape('staking/delegation/', messageValue(DelegationSchema));

export class ValidatorRecords {
  private readonly validators: Collection<Validator>;
  private readonly delegationsByKey: Collection<Delegation>;

  constructor(store: Store) {
    this.validators = VALIDATORS.in(store);
    this.delegationsByKey = DELEGATIONS.in(store);
  }

  get(operatorAddress: string): Validator | undefined {
    return this.validators.get(textKey(operatorAddress));
  }

  put(validator: Validator): void {
    this.validators.put(textKey(validator.operatorAddress), validator);
  }

  putDelegation(delegation: Delegation): void {
    this.delegationsByKey.put(textKey(delegation.validatorAddress, delegation.delegatorAddress), delegation);
  }

  /** All with their key suffixes, by operator address. */
  entries(range?: CollectionRange): Iterable<readonly [suffix: string, validator: Validator]> {
    return this.validators.entries(range);
  }

  /** Those that are bonded, by operator address. */
  *bonded(): Generator<Validator> {
    for (const [, validator] of this.entries()) if (validator.status === BondStatus.BONDED) yield validator;
  }

  deleteDelegation({ validatorAddress, delegatorAddress }: Delegation): void {
    this.delegationsByKey.delete(textKey(validatorAddress, delegatorAddress));
  }

  /** What one account has delegated to a validator. */
  delegation(delegatorAddress: string, operatorAddress: string): Delegation | undefined {
    return this.delegationsByKey.get(textKey(operatorAddress, delegatorAddress));
  }

  /** All delegations, by validator, then delegator. */
  delegations(): Iterable<Delegation> {
    return this.delegationsByKey.values();
  }

  /** Delegations to a validator, its own among them, by delegator address. */
  delegationsTo(operatorAddress: string): Iterable<Delegation> {
    return this.delegationsByKey.values({ under: textKey(operatorAddress) });
  }
}
