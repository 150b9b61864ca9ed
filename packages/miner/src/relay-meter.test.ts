import fc from 'fast-check';
import { expect, test } from 'vitest';
import { budgetUpokt, RelayMeter, type BudgetTerms, type Reservation } from './relay-meter.ts';

/** One compute unit costs one uPOKT; the budget is 100. */
const TERMS: BudgetTerms = {
  applicationStakeUpokt: 1_000n,
  suppliers: 5n,
  pendingSessions: 2n,
  computeUnitsToTokensMultiplier: 1_000_000n,
  computeUnitCostGranularity: 1_000_000n,
};

test('the stake is shared by suppliers and by sessions that are not settled yet', () => {
  expect(budgetUpokt(TERMS)).toBe(100n);
  expect(budgetUpokt({ ...TERMS, pendingSessions: 3n })).toBe(66n);
  expect(budgetUpokt({ ...TERMS, applicationStakeUpokt: 999n, suppliers: 10n })).toBe(49n);
});

test('the last relay that fits is served, the next is not', () => {
  const meter = new RelayMeter(TERMS);
  expect(meter.reserve(60n)?.paid).toBe(true);
  expect(meter.reserve(41n)).toBeUndefined();
  expect(meter.reserve(40n)?.paid).toBe(true);
  expect(meter.reserve(1n)).toBeUndefined();
});

test('what is released can be spent again, what is settled cannot', () => {
  const meter = new RelayMeter(TERMS);
  meter.reserve(100n)!.release();
  meter.reserve(100n)!.settle(70n);
  expect(meter.consumed).toBe(70n);
  expect(meter.reserve(31n)).toBeUndefined();
  expect(meter.reserve(30n)).toBeDefined();
});

test('a relay that costs less than one uPOKT is limited too', () => {
  const meter = new RelayMeter({ ...TERMS, computeUnitsToTokensMultiplier: 500_000n });
  const served = Array.from({ length: 300 }, () => meter.reserve(1n)).filter(
    (reservation) => reservation !== undefined,
  );
  expect(served.length).toBe(200);
});

test('what was charged before a restart counts', () => {
  expect(new RelayMeter(TERMS, 'off', 100n).reserve(1n)).toBeUndefined();
});

test('service beyond the budget is counted and bounded', () => {
  const meter = new RelayMeter(TERMS, 2, 100n);
  const first = meter.reserve(1n);
  expect(first?.paid).toBe(false);
  expect(meter.reserve(1n)).toBeDefined();
  expect(meter.reserve(1n)).toBeUndefined();
  first!.release();
  expect(meter.unpaidRelays).toBe(1);
  expect(meter.reserve(1n)).toBeDefined();
  expect(new RelayMeter(TERMS, 'unlimited', 100n).reserve(1_000n)?.paid).toBe(false);
});

test('whatever is reserved ends exactly once, and never more than the budget is charged', () => {
  const step = fc.record({
    units: fc.bigInt(1n, 40n),
    action: fc.constantFrom('settle', 'release', 'keep'),
    twice: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const meter = new RelayMeter(TERMS);
      const open: { reservation: Reservation; units: bigint }[] = [];
      let charged = 0n;
      for (const { units, action, twice } of steps) {
        const reservation = meter.reserve(units);
        if (reservation === undefined) continue;
        if (action === 'keep') {
          open.push({ reservation, units });
          continue;
        }
        if (action === 'settle') {
          reservation.settle(units);
          charged += units;
        } else reservation.release();
        if (twice) reservation.settle(units);
      }
      expect(meter.reserved).toBe(open.reduce((sum, { units }) => sum + units, 0n));
      expect(meter.consumed).toBe(charged);
      expect(meter.consumed + meter.reserved <= 100n).toBe(true);
      for (const { reservation } of open) reservation.release();
      expect(meter.reserved).toBe(0n);
    }),
  );
});
