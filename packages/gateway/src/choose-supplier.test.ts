import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Candidate, chooseSupplier, SupplierBook } from './choose-supplier.ts';

const candidates: Candidate[] = ['a', 'b', 'c'].map((supplier) => ({ supplier, url: `http://${supplier}` }));
const none = new Set<string>();

function choose(
  book: SupplierBook,
  sessionId: string,
  among: readonly Candidate[],
  excluded: ReadonlySet<string>,
  random: () => number,
): Candidate | undefined {
  return chooseSupplier(book, { serviceId: 'svc', sessionId, candidates: among, excluded, nowMs: 0, random });
}

/** Numbers from 0 up to 1 that repeat from run to run. */
function dice(seed = 1): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function shares(book: SupplierBook, rolls = 3_000): Record<string, number> {
  const random = dice();
  const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
  for (let i = 0; i < rolls; i += 1) counts[choose(book, 's1', candidates, none, random)!.supplier]! += 1 / rolls;
  return counts;
}

test('strangers share the traffic', () => {
  for (const share of Object.values(shares(new SupplierBook()))) expect(share).toBeCloseTo(1 / 3, 1);
});

test('who fails gets less, and is left out below the minimum as long as somebody is better', () => {
  const book = new SupplierBook();
  for (let i = 0; i < 3; i += 1) {
    book.begin('svc', 'a');
    book.end('svc', 'a', 's1', 'truncated', 0);
  }
  expect(shares(book).a).toBe(0);
  expect(choose(book, 's1', candidates, new Set(['b', 'c']), dice())?.supplier).toBe('a');
});

test('who is fast and idle is preferred', () => {
  const book = new SupplierBook();
  for (const [supplier, ms] of [
    ['a', 100],
    ['b', 2_000],
    ['c', 2_000],
  ] as const) {
    book.begin('svc', supplier);
    book.end('svc', supplier, 's1', 'ok', 0, ms);
  }
  expect(shares(book).a).toBeGreaterThan(0.6);
  for (let i = 0; i < 60; i += 1) book.begin('svc', 'a');
  expect(shares(book).a).toBeLessThan(0.1);
});

test('a used-up budget rests a supplier for that session only', () => {
  const book = new SupplierBook();
  for (const { supplier } of candidates) {
    book.begin('svc', supplier);
    book.end('svc', supplier, 's1', 'over_service', 0);
  }
  expect(choose(book, 's1', candidates, none, dice())).toBeUndefined();
  expect(book.allExhausted('svc', 's1', candidates)).toBe(true);
  expect(choose(book, 's2', candidates, none, dice())).toBeDefined();
  expect(book.allExhausted('svc', 's2', candidates)).toBe(false);
});

test('fraud is out, even when nobody else is left', () => {
  const book = new SupplierBook();
  book.begin('svc', 'a');
  book.end('svc', 'a', 's1', 'fraud', 0);
  expect(choose(book, 's2', [candidates[0]!], none, dice())).toBeUndefined();
  expect(book.scoreOf('svc', 'a', 0)).toBe(0);
});

test('never chooses whom it was told to leave out', () => {
  fc.assert(
    fc.property(fc.subarray(['a', 'b', 'c']), fc.integer({ min: 1, max: 1_000 }), (excluded, seed) => {
      const chosen = choose(new SupplierBook(), 's', candidates, new Set(excluded), dice(seed));
      expect(chosen === undefined).toBe(excluded.length === 3);
      if (chosen !== undefined) expect(excluded).not.toContain(chosen.supplier);
    }),
  );
});
