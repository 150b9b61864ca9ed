import { describe, expect, test } from 'vitest';
import { SettlementOpReason as Reason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { batchOperations, payOut } from './pay-out.ts';
import { OperationList, type SettlementOperation } from './settlement-operation.ts';
import { addressNamed, emptyState, eventsOf } from './test-chain.ts';
import { rewardClaim, rewardRules } from './token-logic.ts';

const share = (supplier: number, proposer: number, sourceOwner: number) => ({
  supplier,
  proposer,
  sourceOwner,
  application: 0,
});
const MAINNET = rewardRules({
  daoRewardAddress: 'dao',
  mintRatio: 0.975,
  mintEqualsBurnClaimDistribution: share(0.79, 0.14, 0.025),
  globalInflationPerClaim: 0.000001,
  mintAllocationPercentages: share(0.8, 0, 0.1),
});

function operationsOf(settlement: bigint, name: string, revShare: [string, bigint][]): readonly SettlementOperation[] {
  const reward = rewardClaim(
    settlement,
    {
      applicationAddress: `app of ${name}`,
      supplierOperatorAddress: `operator of ${name}`,
      supplierOwnerAddress: `owner of ${name}`,
      serviceId: name,
      sourceOwnerAddress: `source of ${name}`,
      revenueShares: revShare.map(([address, revSharePercentage]) => ({ address, revSharePercentage })),
    },
    MAINNET,
  );
  if (!reward.ok) throw new Error(reward.message);
  return reward.value.operations;
}

describe('batches', () => {
  test('of a block with two claims, in the order of execution', () => {
    const first = operationsOf(6_090_702n, 'a', [
      ['own1', 60n],
      ['op1', 40n],
    ]);
    const second = operationsOf(1_234_567n, 'b', [['own2', 100n]]);
    const lines = batchOperations([...first, ...second]).map(
      ({ type, sender, recipient, reason, amountUpokt, count }) =>
        `${type} ${sender}|${recipient}|${reason} ${amountUpokt} of ${count}`,
    );
    expect(lines).toEqual([
      'mint tokenomics||19 7142136 of 2',
      'mint tokenomics||3 9 of 2',
      'mod_to_mod application|tokenomics|14 9 of 2',
      'mod_to_mod tokenomics|supplier|14 6 of 2',
      'mod_to_mod tokenomics|supplier|4 5642286 of 2',
      'mod_to_acct supplier|op1|4 1876544 of 1',
      'mod_to_acct supplier|op1|7 2 of 1',
      'mod_to_acct supplier|own1|4 2814818 of 1',
      'mod_to_acct supplier|own1|7 3 of 1',
      'mod_to_acct supplier|own2|4 950924 of 1',
      'mod_to_acct supplier|own2|7 1 of 1',
      'mod_to_acct tokenomics|dao|10 9 of 2',
      'mod_to_acct tokenomics|dao|15 321400 of 2',
      'mod_to_acct tokenomics|dao|5 3 of 2',
      'mod_to_acct tokenomics|source of a|17 148460 of 1',
      'mod_to_acct tokenomics|source of b|17 30092 of 1',
      'burn application||2 7325269 of 2',
    ]);
  });

  test('keep apart what differs in recipient or reason', () => {
    const list = new OperationList();
    list.toAccount('tokenomics', 'a', 1n, Reason.TLM_GLOBAL_MINT_DAO_REWARD_DISTRIBUTION);
    list.toAccount('tokenomics', 'a', 2n, Reason.TLM_RELAY_BURN_EQUALS_MINT_DAO_REWARD_DISTRIBUTION);
    list.toAccount('tokenomics', 'b', 3n, Reason.TLM_GLOBAL_MINT_DAO_REWARD_DISTRIBUTION);
    for (let index = 0; index < 10; index += 1) list.mint('tokenomics', 100n, Reason.TLM_GLOBAL_MINT_INFLATION);
    expect(batchOperations(list.operations).map(({ amountUpokt, count }) => [amountUpokt, count])).toEqual([
      [1_000n, 10],
      [2n, 1],
      [1n, 1],
      [3n, 1],
    ]);
  });

  test('nothing is queued for zero, and nothing moves without a reason', () => {
    const list = new OperationList();
    list.burn('application', 0n, Reason.TLM_RELAY_BURN_EQUALS_MINT_APPLICATION_STAKE_BURN);
    expect(list.operations).toEqual([]);
    for (const queue of [
      () => list.mint('tokenomics', 1n, Reason.UNSPECIFIED),
      () => list.burn('tokenomics', 1n, Reason.UNSPECIFIED),
      () => list.toModule('tokenomics', 'supplier', 1n, Reason.UNSPECIFIED),
      () => list.toAccount('tokenomics', 'a', 1n, Reason.UNSPECIFIED),
    ]) {
      list.operations.length = 0;
      queue();
      expect(() => batchOperations(list.operations)).toThrow(
        expect.objectContaining({ code: 'OPERATION_UNSPECIFIED' }),
      );
    }
  });
});

describe('paying out', () => {
  test('mints first, burns last, and tells of each batch', () => {
    const state = emptyState();
    const account = addressNamed('account');
    const list = new OperationList();
    list.burn('supplier', 30n, Reason.UNSPECIFIED_TLM_SUPPLIER_SLASH_STAKE_BURN);
    list.toAccount('tokenomics', account, 70n, Reason.TLM_GLOBAL_MINT_DAO_REWARD_DISTRIBUTION);
    list.toModule('tokenomics', 'supplier', 30n, Reason.TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_MODULE_TRANSFER);
    list.mint('tokenomics', 100n, Reason.TLM_GLOBAL_MINT_INFLATION);
    payOut(state, batchOperations(list.operations), 10n);
    expect(state.bank.balance(account, UPOKT)).toBe(70n);
    expect(state.bank.supply(UPOKT)).toBe(70n);
    expect(
      eventsOf(state)
        .filter(({ type }) => type.endsWith('EventSettlementBatch'))
        .map(({ data }) => data),
    ).toEqual([
      { ...batch('mint', 'tokenomics', '', '100upokt'), op_reason: 'TLM_GLOBAL_MINT_INFLATION' },
      {
        ...batch('mod_to_mod', 'tokenomics', 'supplier', '30upokt'),
        op_reason: 'TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_MODULE_TRANSFER',
      },
      {
        ...batch('mod_to_acct', 'tokenomics', account, '70upokt'),
        op_reason: 'TLM_GLOBAL_MINT_DAO_REWARD_DISTRIBUTION',
      },
      { ...batch('burn', 'supplier', '', '30upokt'), op_reason: 'UNSPECIFIED_TLM_SUPPLIER_SLASH_STAKE_BURN' },
    ]);
  });

  test('what the bank refuses stops the block', () => {
    const state = emptyState();
    const broke = new OperationList();
    broke.toAccount('tokenomics', addressNamed('account'), 1n, Reason.TLM_GLOBAL_MINT_DAO_REWARD_DISTRIBUTION);
    expect(() => payOut(state, batchOperations(broke.operations), 10n)).toThrow(
      expect.objectContaining({ code: 'PAYOUT_REFUSED' }),
    );
    const blocked = new OperationList();
    blocked.mint('tokenomics', 1n, Reason.TLM_GLOBAL_MINT_INFLATION);
    blocked.toAccount('tokenomics', moduleNamed('mint').address, 1n, Reason.TLM_GLOBAL_MINT_DAO_REWARD_DISTRIBUTION);
    expect(() => payOut(state, batchOperations(blocked.operations), 10n)).toThrow(
      expect.objectContaining({
        code: 'PAYOUT_REFUSED',
        details: expect.objectContaining({ type: 'mod_to_acct', amountUpokt: 1n }),
      }),
    );
  });
});

function batch(type: string, sender: string, recipient: string, total: string): Record<string, unknown> {
  return {
    op_type: type,
    sender_module: sender,
    recipient,
    total_amount: total,
    num_claims: 1,
    session_end_block_height: '10',
  };
}
