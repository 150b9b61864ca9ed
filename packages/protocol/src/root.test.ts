import { expect, test } from 'vitest';
import { fromHex, toHex } from './bytes.ts';
import { decodeRoot, encodeRoot } from './root.ts';

const BYTES = fromHex(
  `7c91c6952de813a1b380070361628d2198c7d9a3647d0db0c49ad44d07fbf2fb${'0000000000000006'}${'0000000000000003'}`,
);

test('the sum stands before the count', () => {
  const root = decodeRoot(BYTES);
  expect(toHex(root.digest)).toBe('7c91c6952de813a1b380070361628d2198c7d9a3647d0db0c49ad44d07fbf2fb');
  expect([root.sum, root.count]).toEqual([6n, 3n]);
});

test('encoding is the inverse of decoding, up to the largest sum', () => {
  expect(toHex(encodeRoot(decodeRoot(BYTES)))).toBe(toHex(BYTES));
  const largest = { digest: BYTES.subarray(0, 32), sum: 2n ** 64n - 1n, count: 2n ** 64n - 2n };
  expect(decodeRoot(encodeRoot(largest))).toEqual(largest);
});

test('any other length is a fault', () => {
  for (const length of [0, 47, 49]) {
    expect(() => decodeRoot(new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'ROOT_LENGTH' }));
  }
  expect(() => encodeRoot({ digest: new Uint8Array(31), sum: 0n, count: 0n })).toThrow(
    expect.objectContaining({ code: 'ROOT_LENGTH', details: { expected: 32, actual: 31 } }),
  );
});
