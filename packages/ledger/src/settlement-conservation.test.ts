import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { settleClaims } from './settle-claims.ts';
import { amountUpoktOf, upoktCoin } from './stake.ts';
import { setProofParams } from './test-session.ts';
import {
  addApplication,
  addClaim,
  addService,
  addSupplier,
  addValidator,
  moduleBalance,
  setShares,
  settlementState,
  setTokenomics,
} from './test-settlement.ts';

describe('conservation', () => {
  const percentages = (cuts: number[]): Parameters<typeof setShares>[1] => {
    const [a, b, c, d] = cuts.sort((x, y) => x - y) as [number, number, number, number];
    const part = (from: number, to: number): number => Number(((to - from) / 100).toFixed(2));
    return {
      supplier: part(0, a),
      proposer: part(a, b),
      sourceOwner: part(b, c),
      application: part(c, d),
      dao: part(d, 100),
    };
  };
  const block = fc.record({
    mintRatio: fc.constantFrom(1, 0.975, 0.5, 0.0001),
    inflation: fc.constantFrom(0, 0.000001, 0.1, 1),
    multiplier: fc.constantFrom(0n, 1n, 3n, 100n),
    shares: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 4, maxLength: 4 }).map(percentages),
    probability: fc.constantFrom(0, 0.5, 1),
    penalty: fc.bigInt(0n, 2_000_000n),
    validators: fc.array(fc.bigInt(1n, 1_000_000n), { maxLength: 3 }),
    applications: fc.array(fc.record({ stake: fc.bigInt(0n, 3_000_000n), limit: fc.constantFrom(0n, 100_000n) }), {
      minLength: 1,
      maxLength: 3,
    }),
    suppliers: fc.array(
      fc.record({
        stake: fc.bigInt(0n, 3_000_000n),
        shares: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 3 }),
        ended: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    claims: fc.array(
      fc.record({
        application: fc.nat(3),
        supplier: fc.nat(3),
        relays: fc.bigInt(1n, 2_000_000n),
        status: fc.constantFrom(0, 1, 2),
        isFalse: fc.boolean(),
      }),
      { maxLength: 9 },
    ),
  });

  test('whatever the block, coins are where stakes, balances and events say they are', () => {
    fc.assert(
      fc.property(block, (drawn) => {
        const state = settlementState();
        addService(state, 'svc');
        setTokenomics(state, {
          mintRatio: drawn.mintRatio,
          globalInflationPerClaim: drawn.inflation,
          overservicingBonusMultiplier: drawn.multiplier,
        });
        setShares(state, drawn.shares);
        setProofParams(state, {
          proofRequestProbability: drawn.probability,
          proofMissingPenalty: upoktCoin(drawn.penalty),
        });
        for (const [index, tokens] of drawn.validators.entries()) addValidator(state, `v${index}`, tokens);
        for (const [index, { stake, limit }] of drawn.applications.entries()) {
          addApplication(state, `app${index}`, stake, limit === 0n ? {} : { perSessionSpendLimit: upoktCoin(limit) });
        }
        for (const [index, { stake, shares, ended }] of drawn.suppliers.entries()) {
          const revShare = shares.map((percentage, recipient) => [`r${recipient}`, percentage] as const);
          addSupplier(state, `supplier${index}`, stake, { revShare, ...(ended && { deactivationHeight: 11n }) });
        }
        for (const { application, supplier, relays, status, isFalse } of drawn.claims) {
          addClaim(state, relays, {
            application: `app${application}`,
            supplier: `supplier${supplier}`,
            status: status as ClaimProofStatus,
            ...(isFalse && { sum: relays + 1n }),
          });
        }

        const before = { supply: state.bank.supply(UPOKT), claims: [...state.claims.entries()].length };
        const { settled, expired, discarded, batches, slashes, validatorOperations } = settleClaims(state);
        expect(settled.length + expired.length + discarded.length).toBe(before.claims);
        expect([...state.claims.entries()]).toEqual([]);

        const change = [...batches, ...slashes].reduce((sum, { type, amountUpokt }) => {
          return type === 'mint' ? sum + amountUpokt : type === 'burn' ? sum - amountUpokt : sum;
        }, 0n);
        expect(state.bank.supply(UPOKT)).toBe(before.supply + change);
        let held = 0n;
        for (const { address } of state.accounts.records.values()) held += state.bank.balance(address, UPOKT);
        const modules = (['application', 'supplier'] as const).filter(
          (name) => state.accounts.get(moduleNamed(name).address) === undefined,
        );
        for (const name of modules) held += moduleBalance(state, name);
        expect(held).toBe(state.bank.supply(UPOKT));

        const stakes = [...state.applications.entries()].reduce((sum, [, { stake }]) => sum + amountUpoktOf(stake), 0n);
        if (discarded.length === 0) expect(moduleBalance(state, 'application')).toBe(stakes);
        else expect(moduleBalance(state, 'application') >= stakes).toBe(true);
        const supplierStakes = [...state.suppliers.entries()].reduce(
          (sum, [, { stake }]) => sum + amountUpoktOf(stake),
          0n,
        );
        expect(moduleBalance(state, 'supplier')).toBe(supplierStakes);
        const owed = settled.reduce(
          (sum, { validatorUpokt }) => sum + validatorUpokt.ofMint + validatorUpokt.ofInflation,
          0n,
        );
        const paid = validatorOperations.reduce((sum, { amountUpokt }) => sum + amountUpokt, 0n);
        expect(paid).toBe(drawn.validators.length > 0 ? owed : 0n);
        expect(moduleBalance(state, 'tokenomics')).toBe(owed - paid);
      }),
      { numRuns: 150 },
    );
  });
});
