import { expect, test } from 'vitest';
import { parseAmount } from './amount-text.ts';

test.each([
  ['975upokt', '975'],
  ['975', '975'],
  ['5pokt', '5000000'],
  ['2.5POKT', '2500000'],
  ['0.000001pokt', '1'],
  [' 0 ', '0'],
])('%s is %s uPOKT', (text, amount) => {
  expect(parseAmount(text)).toMatchObject({ denom: 'upokt', amount });
});

test.each(['', 'pokt', '-1', '1.5', '1.5upokt', '0.0000001pokt', '1e6', '5 pokt', '5btc', `${'9'.repeat(31)}`])(
  '"%s" is no amount',
  (text) => {
    expect(() => parseAmount(text)).toThrow('is no amount');
  },
);
