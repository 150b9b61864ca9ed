import { describe, expect, it } from 'vitest';
import { LruCache } from './lru-cache.ts';

const key = (byte: number): Uint8Array => Uint8Array.of(byte, 0, 255);

describe('LruCache', () => {
  it('makes a value once and forgets the one not asked for the longest', () => {
    const cache = new LruCache<number>(2);
    const made: number[] = [];
    const get = (byte: number): number =>
      cache.getOrMake(key(byte), () => {
        made.push(byte);
        return byte;
      });
    expect([get(1), get(2), get(1), get(3), get(1), get(2)]).toEqual([1, 2, 1, 3, 1, 2]);
    expect(made).toEqual([1, 2, 3, 2]);
    expect(cache.size).toBe(2);
    expect([cache.has(key(1)), cache.has(key(2)), cache.has(key(3))]).toEqual([true, true, false]);
  });

  it('keeps nothing when making fails', () => {
    const cache = new LruCache<number>(1);
    expect(() =>
      cache.getOrMake(key(1), () => {
        throw new RangeError('no');
      }),
    ).toThrowError(RangeError);
    expect(cache.size).toBe(0);
    expect(cache.getOrMake(key(1), () => 5)).toBe(5);
  });

  it('refuses to hold nothing', () => {
    expect(() => new LruCache(0)).toThrowError(expect.objectContaining({ code: 'CACHE_CAPACITY' }));
  });
});
