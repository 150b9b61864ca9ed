import { describe, expect, test } from 'vitest';
import { fromHex, toHex, utf8 } from './bytes.ts';
import { goFloat64, goVarint, seededFloat64 } from './go-random.ts';
import { sha256 } from './hash.ts';

test.each([
  ['', -69766194n, 0.25352049889175265],
  ['a', 18884069n, 0.3499896343139782],
  ['b', 31n, 0.33567270092352297],
  ['c', 23n, 0.8120965248489755],
  ['pocket', 49n, 0.34600930630578897],
  ['shannon', 35n, 0.5356250568251544],
  ['claim-0', -7483n, 0.6904359800796821],
  ['claim-3', 1002972n, 0.0647390121880314],
])('the lot of %j', (text, seed, float) => {
  expect(goVarint(sha256(utf8(text)))).toBe(seed);
  expect(seededFloat64(utf8(text))).toBe(float);
});

test('seeds that are equal modulo 2^31 − 1 give one float', () => {
  expect(goFloat64(1n)).toBe(0.6046602879796196);
  expect(goFloat64(2147483648n)).toBe(goFloat64(1n));
  expect(goFloat64(0n)).toBe(0.9451961492941164);
  expect(goFloat64(2147483647n)).toBe(goFloat64(0n));
  expect(goFloat64(89482311n)).toBe(goFloat64(0n));
});

describe('a varint', () => {
  test.each([
    ['00', 0n],
    ['01', -1n],
    ['02', 1n],
    ['8001', 64n],
    ['ffffffffffffffffff01', -(2n ** 63n)],
    ['feffffffffffffffff01', 2n ** 63n - 1n],
  ])('%s is %i', (hex, value) => {
    expect(goVarint(fromHex(hex))).toBe(value);
  });

  test('that does not end or does not fit reads as zero', () => {
    for (const hex of ['', '80', 'ff'.repeat(9), 'ffffffffffffffffff02', 'ff'.repeat(11)]) {
      expect(goVarint(fromHex(hex)), hex).toBe(0n);
    }
  });
});

/**
 * Go's table is the state of its own recurrence, `word[n] = word[n−607] + word[n−273]` modulo 2^64, after 7.8·10^12
 * steps from a state seeded with 1. A jump over that many steps multiplies by `x^steps` modulo `x^607 − x^334 − 1`.
 * Polynomials are packed into one bigint, so that one multiplication convolves all their coefficients.
 */
describe('the table', () => {
  const LENGTH = 607;
  const LAG = 334;
  const SLOT_BITS = 144n;
  const U64 = 2n ** 64n - 1n;

  const pack = (words: readonly bigint[]): bigint =>
    BigInt(
      `0x${words
        .toReversed()
        .map((word) => word.toString(16).padStart(Number(SLOT_BITS) / 4, '0'))
        .join('')}`,
    );
  const unpack = (packed: bigint): bigint[] => {
    const digits = Number(SLOT_BITS) / 4;
    const text = packed.toString(16);
    const words: bigint[] = [];
    for (let end = text.length; end > 0; end -= digits) {
      words.push(BigInt(`0x${text.slice(Math.max(0, end - digits), end)}`) & U64);
    }
    return words;
  };
  const reduced = (words: bigint[]): bigint[] => {
    for (let power = words.length - 1; power >= LENGTH; power--) {
      const word = words[power]!;
      words[power - LENGTH] = (words[power - LENGTH]! + word) & U64;
      words[power - LENGTH + LAG] = (words[power - LENGTH + LAG]! + word) & U64;
    }
    return words.slice(0, LENGTH);
  };
  const multiplied = (a: readonly bigint[], b: readonly bigint[]): bigint[] => reduced(unpack(pack(a) * pack(b)));

  function seededState(seed: bigint): bigint[] {
    let number = seed;
    const next = (): bigint => (number = (number * 48271n) % (2n ** 31n - 1n));
    for (let discarded = 0; discarded < 20; discarded++) next();
    return Array.from({ length: LENGTH }, () => (next() << 20n) ^ (next() << 10n) ^ next());
  }

  test('that Go mixes into a seed yields our four constants', () => {
    // Go walks its state downward: output n is state[333 − n] + state[606 − n] and replaces the former. Read as a
    // sequence, oldest first, the state is therefore state[333], state[332], … state[0], state[606], … state[334].
    const order = Array.from({ length: LENGTH }, (_, n) => (LAG - 1 - n + LENGTH) % LENGTH);
    const state = seededState(1n);
    const sequence = order.map((index) => state[index]!);

    let power: bigint[] = [1n];
    for (const bit of 7_800_000_000_000n.toString(2)) {
      power = multiplied(power, power);
      if (bit === '1') power = reduced([0n, ...power]);
    }
    // sequence[steps + j] is the inner product of x^(steps + j) with the sequence.
    const jumped: bigint[] = [];
    for (let j = 0; j < LENGTH; j++) {
      jumped.push(power.reduce((sum, factor, index) => (sum + factor * sequence[index]!) & U64, 0n));
      power = reduced([0n, ...power]);
    }
    const table: bigint[] = [];
    // 7.8·10^12 is no multiple of 607, so the place that is written next has moved.
    const shift = Number(7_800_000_000_000n % BigInt(LENGTH));
    order.forEach((_, n) => (table[(((LAG - 1 - n - shift) % LENGTH) + LENGTH) % LENGTH] = jumped[n]!));

    const bytes = new Uint8Array(8 * LENGTH);
    table.forEach((word, index) => new DataView(bytes.buffer).setBigUint64(8 * index, word, true));
    expect(toHex(sha256(bytes))).toBe('1928503b93a563e491119a5889baba73d1605b90b63634c14a408805797a7c7b');
    expect([table[332], table[333], table[605], table[606]]).toEqual([
      4287360518296753003n,
      13813372221700659651n,
      9103922860780351547n,
      4152330101494654406n,
    ]);
  });
});
