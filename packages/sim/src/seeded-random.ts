/**
 * Random numbers that a seed decides: xoshiro128**, started through splitmix32.
 *
 * Forks are independent streams, so that a role which asks once more does not change what every other role is given.
 * Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2019), section 5.
 */
import { sha256 } from '@decai/protocol/hash';
import { utf8 } from '@decai/protocol/bytes';

export type SeededRandom = {
  /** From 0 up to 1. */
  number(): number;
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number;
  chance(probability: number): boolean;
  bytes(length: number): Uint8Array;
  /** A stream of its own, decided by this stream's seed and the name alone. */
  fork(name: string): SeededRandom;
};

export function seededRandom(seed: string): SeededRandom {
  const start = new DataView(sha256(utf8(seed)).slice().buffer);
  const state = Uint32Array.from([0, 4, 8, 12], (offset) => start.getUint32(offset));
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(state[1]!, 5), 7), 9) >>> 0;
    const shifted = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= shifted;
    state[3] = rotate(state[3]!, 11);
    return result;
  };
  const number = (): number => next() / 2 ** 32;
  return {
    number,
    whole: (min, max) => min + Math.floor(number() * (max - min + 1)),
    chance: (probability) => number() < probability,
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
    fork: (name) => seededRandom(`${seed}/${name}`),
  };
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
