import { Query } from '@decai/protocol/gen/cosmos/staking/v1beta1/query_pb';
import { describe, expect, it } from 'vitest';
import { ALICE, answer, OWNER, refusal, VALIDATOR } from './test-queries.ts';

const { method } = Query;
const bothNames = { delegatorAddr: OWNER, validatorAddr: VALIDATOR };

describe('a delegator', () => {
  it('is shown the validators that he delegates to', () => {
    const { validators, pagination } = answer(method.delegatorValidators, { delegatorAddr: OWNER });
    expect([validators.map(({ operatorAddress }) => operatorAddress), pagination?.total]).toEqual([[VALIDATOR], 1n]);
    expect(answer(method.delegatorValidators, { delegatorAddr: VALIDATOR }).validators).toEqual([]);
    expect(answer(method.delegatorValidator, bothNames).validator?.operatorAddress).toBe(VALIDATOR);
    expect(refusal(method.delegatorValidator, { ...bothNames, delegatorAddr: VALIDATOR })).toEqual([
      'sdk',
      6,
      expect.stringContaining('no delegation for (address, validator) tuple'),
    ]);
  });

  it('has nothing on its way back, and nothing between two validators', () => {
    const nothing = { pagination: { total: 0n, nextKey: new Uint8Array(0) } };
    expect(answer(method.delegatorUnbondingDelegations, { delegatorAddr: ALICE.address })).toMatchObject({
      ...nothing,
      unbondingResponses: [],
    });
    expect(answer(method.validatorUnbondingDelegations, { validatorAddr: VALIDATOR })).toMatchObject(nothing);
    expect(answer(method.redelegations, { delegatorAddr: ALICE.address })).toMatchObject({
      ...nothing,
      redelegationResponses: [],
    });
    expect(refusal(method.unbondingDelegation, bothNames)).toEqual(['sdk', 22, expect.stringContaining('not found')]);
  });

  const nameless: [name: string, asked: () => [string, number, string], what: string][] = [
    ['delegatorValidators', () => refusal(method.delegatorValidators, {}), 'delegator'],
    ['delegatorValidator', () => refusal(method.delegatorValidator, {}), 'delegator'],
    ['delegatorValidator', () => refusal(method.delegatorValidator, { delegatorAddr: OWNER }), 'validator'],
    ['delegatorUnbondingDelegations', () => refusal(method.delegatorUnbondingDelegations, {}), 'delegator'],
    ['validatorUnbondingDelegations', () => refusal(method.validatorUnbondingDelegations, {}), 'validator'],
    ['unbondingDelegation', () => refusal(method.unbondingDelegation, {}), 'delegator'],
    ['unbondingDelegation', () => refusal(method.unbondingDelegation, { delegatorAddr: OWNER }), 'validator'],
  ];
  it.each(nameless)('is named to %s', (_name, asked, what) => {
    expect(asked()).toEqual(['sdk', 18, expect.stringContaining(`${what} address cannot be empty`)]);
  });

  it('or the page is refused', () => {
    const pagination = { key: Uint8Array.of(1), offset: 1n };
    expect(refusal(method.redelegations, { pagination })[1]).toBe(6);
  });
});
