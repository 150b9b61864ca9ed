import { describe, expect, test } from 'vitest';
import { transactionHash } from '@decai/protocol/transaction';
import { Mempool, MEMPOOL_LIMITS, type CheckResult } from './mempool.ts';

const PASSED: CheckResult = { code: 0, codespace: '', log: '', gasWanted: 10n };
const REFUSED: CheckResult = { code: 5, codespace: 'sdk', log: 'no', gasWanted: 0n };

const bytes = (first: number, length = 10): Uint8Array => new Uint8Array(length).fill(first);

function mempool(limits = {}, check: (bytes: Uint8Array, recheck: boolean) => CheckResult = () => PASSED): Mempool {
  return new Mempool(check, { ...MEMPOOL_LIMITS, ...limits });
}

function refusalOf(pool: Mempool, transaction: Uint8Array): string | undefined {
  const admission = pool.admit(transaction);
  return admission.checked ? undefined : admission.refusal.code;
}

describe('Mempool', () => {
  test('takes what passes, gives it out in order, and counts its bytes', () => {
    const pool = mempool();
    for (const n of [3, 1, 2]) pool.admit(bytes(n));
    expect(pool.reap(1000, -1n)).toEqual([bytes(3), bytes(1), bytes(2)]);
    expect([pool.size, pool.bytes]).toEqual([3, 30]);
  });

  test('what does not pass is told and not taken, and may be tried again', () => {
    const pool = mempool({}, () => REFUSED);
    for (let n = 0; n < 2; n += 1) {
      expect(pool.admit(bytes(1))).toEqual({ checked: true, hash: transactionHash(bytes(1)), result: REFUSED });
    }
    expect(pool.size).toBe(0);
  });

  test('refuses without a check, in this order: too large, no place, seen before', () => {
    let checks = 0;
    const pool = mempool({ transactionsMax: 2, transactionBytesMax: 20, bytesMax: 25 }, () => {
      checks += 1;
      return PASSED;
    });
    expect(refusalOf(pool, bytes(1, 21))).toBe('MEMPOOL_TX_TOO_LARGE');
    pool.admit(bytes(1));
    expect(refusalOf(pool, bytes(1))).toBe('MEMPOOL_TX_SEEN');
    expect(refusalOf(pool, bytes(2, 16))).toBe('MEMPOOL_FULL');
    pool.admit(bytes(2));
    expect(refusalOf(pool, bytes(3, 1))).toBe('MEMPOOL_FULL');
    expect(checks).toBe(2);
  });

  test('a block takes from the front what fits in bytes and gas', () => {
    const pool = mempool();
    for (const n of [1, 2, 3]) pool.admit(bytes(n));
    // Ten bytes are twelve in a block.
    expect(pool.reap(24, -1n)).toHaveLength(2);
    expect(pool.reap(23, -1n)).toHaveLength(1);
    expect(pool.reap(1000, 29n)).toHaveLength(2);
    expect(pool.reap(1000, 0n)).toHaveLength(0);
    expect(pool.reap(5000, -1n)).toHaveLength(3);
    const large = mempool();
    large.admit(bytes(1, 300));
    expect([large.reap(302, -1n).length, large.reap(303, -1n).length]).toEqual([0, 1]);
  });

  test('a block takes out what it has, remembers it, and has the rest checked again', () => {
    const rechecked: number[] = [];
    const pool = mempool({}, ([first], recheck) => {
      if (recheck) rechecked.push(first!);
      return recheck && first === 2 ? REFUSED : PASSED;
    });
    for (const n of [1, 2, 3]) pool.admit(bytes(n));
    pool.update([bytes(1), bytes(9)]);
    expect(rechecked).toEqual([2, 3]);
    expect([pool.reap(1000, -1n), pool.bytes]).toEqual([[bytes(3)], 10]);
    // The included ones are known, also the one that came with the block; the dropped one may come again.
    expect([bytes(1), bytes(9), bytes(2)].map((transaction) => refusalOf(pool, transaction))).toEqual([
      'MEMPOOL_TX_SEEN',
      'MEMPOOL_TX_SEEN',
      undefined,
    ]);
  });

  test('the cache forgets what is oldest', () => {
    const pool = mempool({ cacheMax: 2 });
    for (const n of [1, 2, 3]) pool.update([bytes(n)]);
    expect([2, 3, 1].map((n) => refusalOf(pool, bytes(n)))).toEqual(['MEMPOOL_TX_SEEN', 'MEMPOOL_TX_SEEN', undefined]);
  });
});
