import { describe, expect, test } from 'vitest';
import { estimateGas, feeFor } from './transaction-fee.ts';

describe('gas and fees', () => {
  test('are rounded up, and prices are plain decimal text', () => {
    expect([feeFor(100n, '0'), feeFor(100n, '1'), feeFor(100n, '0.001'), feeFor(1000n, '0.001')]).toEqual([
      0n,
      100n,
      1n,
      1n,
    ]);
    for (const price of ['', '-1', '1e3', '.5', '1upokt']) {
      expect(() => feeFor(1n, price)).toThrow(expect.objectContaining({ code: 'GAS_PRICE_INVALID' }));
    }
  });

  test('the estimate covers what transactions of the network were seen to use', () => {
    // Bytes, messages and gas used of a send, a stake, a claim, two proofs and one proof, on the Go chain.
    const seen = [
      [333, 1, 81_390],
      [356, 1, 178_415],
      [415, 1, 86_993],
      [4599, 2, 341_975],
      [2641, 1, 208_282],
    ] as const;
    for (const [bytes, messages, used] of seen) expect(estimateGas(bytes, messages)).toBeGreaterThan(BigInt(used));
  });
});
