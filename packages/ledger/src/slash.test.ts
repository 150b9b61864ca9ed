import { describe, expect, test } from 'vitest';
import { settleClaims } from './settle-claims.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, eventsOf } from './test-chain.ts';
import { setProofParams } from './test-session.ts';
import {
  addApplication,
  addClaim,
  addSupplier,
  eventNames,
  eventsNamed,
  moduleBalance,
  setMinimumStakes,
  smallTown,
} from './test-settlement.ts';

describe('slashing', () => {
  const failing = (claims: number, penaltyUpokt: bigint, minimumUpokt: bigint): State => {
    const state = smallTown();
    setProofParams(state, { proofRequestProbability: 1, proofMissingPenalty: upoktCoin(penaltyUpokt) });
    setMinimumStakes(state, minimumUpokt);
    for (let index = 0; index < claims; index += 1) {
      addApplication(state, `app${index}`, 1_000_000n);
      addClaim(state, 10n, { application: `app${index}` });
    }
    settleClaims(state);
    return state;
  };

  test('takes no more than there is, and begins unbonding once', () => {
    const state = failing(3, 2_000_000n, 1n);
    expect(eventNames(state).slice(3)).toEqual([
      'SupplierUnbondingBegin',
      'SupplierSlashed',
      'SupplierSlashed',
      'SupplierSlashed',
    ]);
    const slashes = eventsNamed(state, 'SupplierSlashed');
    expect(slashes.map((data) => data['proof_missing_penalty'])).toEqual(['1000000upokt', '0upokt', '0upokt']);
    expect(slashes.map((data) => data['supplier_stake_after_slash'])).toEqual(['0upokt', '0upokt', '0upokt']);
    expect(moduleBalance(state, 'supplier')).toBe(0n);
  });

  test('below the minimum ends the services with the session, and puts the supplier among those who unbond', () => {
    const state = failing(1, 1n, 1_000_000n);
    const operator = addressNamed('supplier');
    expect(state.suppliers.get(operator)).toMatchObject({ unstakeSessionEndHeight: 20n });
    expect([...state.suppliers.unbonding()].map(({ operatorAddress }) => operatorAddress)).toEqual([operator]);
    expect([...state.suppliers.configsOf(operator)].map(({ deactivationHeight }) => deactivationHeight)).toEqual([21n]);
    expect(eventsNamed(state, 'SupplierUnbondingBegin')).toMatchObject([
      {
        reason: 'SUPPLIER_UNBONDING_REASON_BELOW_MIN_STAKE',
        session_end_height: '20',
        unbonding_end_height: '20',
        supplier: { services: [{ service_id: 'svc' }], service_config_history: [], stake: { amount: '999999' } },
      },
    ]);
  });

  test('does not open again what had ended, and leaves a running unbonding alone', () => {
    const state = smallTown();
    addSupplier(state, 'leaving', 10n, { services: ['svc', 'old'], deactivationHeight: 11n });
    const leaving = state.suppliers.get(addressNamed('leaving'))!;
    state.suppliers.put({ ...leaving, unstakeSessionEndHeight: 10n });
    setProofParams(state, { proofRequestProbability: 1, proofMissingPenalty: upoktCoin(5n) });
    setMinimumStakes(state, 100n);
    addClaim(state, 10n, { supplier: 'leaving' });
    settleClaims(state);
    expect(state.suppliers.get(addressNamed('leaving'))).toMatchObject({
      unstakeSessionEndHeight: 10n,
      stake: { amount: '5' },
    });
    expect(
      [...state.suppliers.configsOf(addressNamed('leaving'))].map(({ deactivationHeight }) => deactivationHeight),
    ).toEqual([11n, 11n]);
    expect(eventsNamed(state, 'SupplierUnbondingBegin')).toEqual([]);
  });

  test('a penalty of zero moves nothing', () => {
    const state = failing(1, 0n, 1n);
    expect(eventsNamed(state, 'SupplierSlashed')).toMatchObject([{ proof_missing_penalty: '0upokt' }]);
    expect(eventsOf(state).some(({ type }) => type === 'burn')).toBe(false);
  });
});
