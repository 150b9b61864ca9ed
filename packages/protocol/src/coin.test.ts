import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountOf,
  coin,
  coinsProblem,
  formatCoin,
  formatCoins,
  isDenomination,
  parseCoin,
  parseCoins,
} from './coin.ts';
import { isFault } from './fault.ts';
import { CoinSchema } from './gen/cosmos/base/v1beta1/coin_pb.ts';

const AMOUNT = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const DENOMINATION = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9/:._-]{2,20}$/);

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code;
  }
  return 'accepted';
}

describe('a coin', () => {
  it('is read back from its text', () => {
    fc.assert(
      fc.property(AMOUNT, DENOMINATION, (amount, denom) => {
        const read = parseCoin(formatCoin(coin(amount, denom)));
        expect([amountOf(read), read.denom]).toEqual([amount, denom]);
      }),
    );
    expect(formatCoin(coin(975n))).toBe('975upokt');
  });

  it('has one text', () => {
    const texts = [
      '',
      'upokt',
      '5',
      '-5upokt',
      '+5upokt',
      '05upokt',
      '5 upokt',
      '5up',
      '5u!okt',
      '1.5upokt',
      '5upokt\n',
    ];
    for (const text of texts)
      expect(
        codeOf(() => parseCoin(text)),
        text,
      ).toBe('COIN_TEXT_INVALID');
    expect(codeOf(() => parseCoin(`${2n ** 256n}upokt`))).toBe('COIN_TEXT_INVALID');
    expect(codeOf(() => parseCoin(`${2n ** 256n - 1n}upokt`))).toBe('accepted');
  });

  it('has an amount of plain digits, or none at all', () => {
    for (const amount of ['', '-1', '+1', '01', '1.0', '0x1', ' 1', `${2n ** 256n}`]) {
      expect(
        codeOf(() => amountOf(create(CoinSchema, { denom: 'upokt', amount }))),
        amount,
      ).toBe('AMOUNT_INVALID');
    }
    expect(amountOf(create(CoinSchema, { denom: 'upokt', amount: '0' }))).toBe(0n);
  });

  it('has a denomination of 3 to 128 characters', () => {
    expect(['abc', 'ibc/27394FB0', `a${'b'.repeat(127)}`].every(isDenomination)).toBe(true);
    expect(['', 'ab', '1bc', 'a b', `a${'b'.repeat(128)}`, 'abç'].some(isDenomination)).toBe(false);
  });
});

describe('a list of coins', () => {
  it('has a text', () => {
    expect(formatCoins([])).toBe('');
    expect(parseCoins('')).toEqual([]);
    expect(formatCoins(parseCoins('1aaa,2bbb'))).toBe('1aaa,2bbb');
    expect(codeOf(() => parseCoins('1aaa,'))).toBe('COIN_TEXT_INVALID');
  });

  it('is refused in the documented order', () => {
    const given = (...coins: [denom: string, amount: string][]): string | undefined =>
      coinsProblem(coins.map(([denom, amount]) => create(CoinSchema, { denom, amount })));
    expect(given()).toBeUndefined();
    expect(given(['aaa', '1'], ['bbb', '2'])).toBeUndefined();
    expect(given(['!', ''])).toBe('invalid denom: !');
    expect(given(['upokt', '-1'])).toBe('coin upokt has no readable amount');
    expect(given(['upokt', '0'])).toBe('coin 0upokt amount is not positive');
    expect(given(['bbb', '1'], ['aaa', '0'])).toBe('coin 0aaa amount is not positive');
    expect(given(['aaa', '1'], ['aaa', '1'])).toBe('duplicate denomination aaa');
    expect(given(['bbb', '1'], ['aaa', '1'])).toBe('denomination aaa is not sorted');
  });
});
