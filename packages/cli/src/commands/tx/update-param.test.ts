import { expect, it } from 'vitest';
import { paramChange } from '@decai/ledger/param-change';
import { paramValue } from './update-param.ts';

const shares = '{"dao":0.03,"proposer":0.04,"supplier":0.85,"source_owner":0.08,"application":0}';

it.each([
  ['shared', 'compute_units_to_tokens_multiplier', '145990', 145_990n],
  ['shared', 'compute_units_to_tokens_multiplier', '18446744073709551615', 2n ** 64n - 1n],
  ['proof', 'proof_request_probability', '0.25', 0.25],
  ['tokenomics', 'mint_ratio', '1', 1],
  ['tokenomics', 'global_inflation_per_claim', '1e-6', 1e-6],
  ['proof', 'proof_missing_penalty', '2.5pokt', { denom: 'upokt', amount: '2500000' }],
  ['tokenomics', 'mint_allocation_percentages', shares, { dao: 0.03, supplier: 0.85, sourceOwner: 0.08 }],
  ['tokenomics', 'dao_reward_address', 'pokt1dr5jtqaaz4wk8wevl33e7vkxsjlphljnjhyq2l', /^pokt1dr5/],
])('%s %s is set to what is written as %s', (module, name, text, value) => {
  const { message } = paramChange(module, name, paramValue(text));
  const { value: set } = (message as unknown as { asType: { value: unknown } }).asType;
  if (value instanceof RegExp) expect(set).toMatch(value);
  else if (typeof value === 'object') expect(set).toMatchObject(value);
  else expect(set).toBe(value);
});

it('shares that are no JSON are refused', () => {
  expect(() => paramValue('{dao: 1}')).toThrow('the value is not JSON');
});
