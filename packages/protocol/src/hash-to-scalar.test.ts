import { describe, expect, it } from 'vitest';
import { toBigInt, toHex, utf8 } from './bytes.ts';
import { GROUP_ORDER } from './group.ts';
import { sha3_512 } from './hash.ts';
import { alignLeft, hashToScalar } from './hash-to-scalar.ts';

describe('hashToScalar', () => {
  it('is the hash modulo the order where that fills 32 bytes, and the hash shifted where it does not', () => {
    let short = 0;
    for (let i = 0; i < 2_000; i += 1) {
      const message = utf8(`relay-msg-${i}`);
      const hash = toBigInt(sha3_512(message)) % GROUP_ORDER;
      const isShort = hash < 2n ** 248n;
      if (isShort) short += 1;
      expect(toBigInt(hashToScalar(message))).toBe(isShort ? hash * 256n : hash);
    }
    expect(short).toBeGreaterThan(0);
  });

  it('shifts by whole bytes, and reduces what passes the order', () => {
    expect(toHex(alignLeft(0n))).toBe('00'.repeat(32));
    expect(toHex(alignLeft(1n))).toBe(`01${'00'.repeat(31)}`);
    expect(toHex(alignLeft(0xabcn))).toBe(`0abc${'00'.repeat(30)}`);
    expect(toHex(alignLeft(2n ** 248n))).toBe(`01${'00'.repeat(31)}`);
    expect(toBigInt(alignLeft(2n ** 248n - 1n))).toBe(2n ** 256n - 256n - GROUP_ORDER);
  });
});
