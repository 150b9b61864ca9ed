/**
 * The first float of Go's seeded generator, which decides by lot whether a claim must be proven.
 *
 * Go's generator is an additive lagged Fibonacci over 607 words. Its first output adds two words of the seeded state,
 * so only those two are computed; the four constants are their share of the table that Go mixes into the seed. (The
 * test derives that table from its definition.)
 * Source: Go `math/rand/rng.go`; pokt-network/poktroll `pkg/crypto/rand/float.go`.
 */
import { Fault } from './fault.ts';
import { sha256 } from './hash.ts';

const LEHMER_MODULUS = 2n ** 31n - 1n;
const LEHMER_FACTOR = 48271n;
/** Steps of the seeding generator that are thrown away before the first word. */
const LEHMER_DISCARDED = 20;
/** What Go seeds with instead of a zero. */
const LEHMER_ZERO_SEED = 89482311n;

/** State words that the first and the second output add, with the constants mixed into them. */
const OUTPUTS = [
  [stateWord(333, 13813372221700659651n), stateWord(606, 4152330101494654406n)],
  [stateWord(332, 4287360518296753003n), stateWord(605, 9103922860780351547n)],
] as const;

/** The lot of a claim: a double in [0, 1) that depends on the SHA-256 of `bytes` alone. */
export function seededFloat64(bytes: Uint8Array): number {
  return goFloat64(goVarint(sha256(bytes)));
}

/** What `rand.New(rand.NewSource(seed)).Float64()` returns first. The seed is a signed 64-bit integer. */
export function goFloat64(seed: bigint): number {
  const lehmerSeed = ((seed % LEHMER_MODULUS) + LEHMER_MODULUS) % LEHMER_MODULUS || LEHMER_ZERO_SEED;
  for (const [feed, tap] of OUTPUTS) {
    const word = feed(lehmerSeed) + tap(lehmerSeed);
    const float = Number(BigInt.asUintN(63, word)) / 2 ** 63;
    // Rounding can reach 1, about once in 2^54 seeds; Go then takes the next output.
    if (float < 1) return float;
  }
  throw new Fault('GO_RANDOM_EXHAUSTED', 'two outputs in a row rounded to one', { seed });
}

/**
 * The signed varint at the start of `bytes`, as Go's `binary.Varint` reads it: groups of seven bits, lowest first, and
 * the sign in the lowest bit. 0 when it does not end within the bytes or does not fit 64 bits.
 */
export function goVarint(bytes: Uint8Array): bigint {
  let unsigned = 0n;
  for (const [index, byte] of bytes.subarray(0, 10).entries()) {
    unsigned |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte >= 0x80) continue;
    if (unsigned >= 2n ** 64n) return 0n;
    return BigInt.asIntN(64, (unsigned >> 1n) ^ -(unsigned & 1n));
  }
  return 0n;
}

/** Word `index` of the state that Go seeds: three Lehmer numbers, interleaved, and mixed with the table. */
function stateWord(index: number, mix: bigint): (lehmerSeed: bigint) => bigint {
  const leap = lehmerLeap(LEHMER_DISCARDED + 1 + 3 * index);
  return (lehmerSeed) => {
    const first = (lehmerSeed * leap) % LEHMER_MODULUS;
    const second = (first * LEHMER_FACTOR) % LEHMER_MODULUS;
    const third = (second * LEHMER_FACTOR) % LEHMER_MODULUS;
    return BigInt.asUintN(64, (first << 40n) ^ (second << 20n) ^ third ^ mix);
  };
}

/** What leads from a seed to the number so many steps later: `48271^steps` modulo 2^31 − 1. */
function lehmerLeap(steps: number): bigint {
  let leap = 1n;
  for (let step = 0; step < steps; step += 1) leap = (leap * LEHMER_FACTOR) % LEHMER_MODULUS;
  return leap;
}
