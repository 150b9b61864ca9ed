import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { MsgStakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { RPCType, ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { describe, expect, it } from 'vitest';
import { BLOCK_ORDER } from './block-order.ts';
import { Ledger } from './ledger.ts';
import { keyBytes } from './store.ts';
import { emptyGenesis, endow, hashOf, keyNamed, sent, TestChain } from './test-chain.ts';

const ALICE = keyNamed('alice');
const OPERATOR = keyNamed('operator');

const prepare = (state: Parameters<ConstructorParameters<typeof TestChain>[0] & object>[0]): void => {
  for (const { address } of [ALICE, OPERATOR]) endow(state, address, 10_000_000n);
  state.services.put(create(ServiceSchema, { id: 'svc', computeUnitsPerRelay: 1n, ownerAddress: ALICE.address }));
};

const stakeSupplier = (town: TestChain): Uint8Array =>
  town.sign(OPERATOR, [
    sent(MsgStakeSupplierSchema, {
      signer: OPERATOR.address,
      ownerAddress: OPERATOR.address,
      operatorAddress: OPERATOR.address,
      stake: coin(2_000_000n),
      services: [
        {
          serviceId: 'svc',
          endpoints: [{ url: 'http://h', rpcType: RPCType.REST }],
          revShare: [{ address: OPERATOR.address, revSharePercentage: 100n }],
        },
      ],
    }),
  ]);

describe('Ledger', () => {
  it('gives the same results, events, writes and hash for the same blocks', () => {
    const [first, second] = [new TestChain(prepare), new TestChain(prepare)];
    for (let height = 1; height <= 12; height += 1) {
      const transactions = height === 3 ? [stakeSupplier(first)] : [];
      expect(first.block(...transactions)).toEqual(second.block(...transactions));
    }
    expect(first.ledger.lastBlock).toEqual(second.ledger.lastBlock);
  });

  it('goes on where it stood when it is opened again on the same disk', () => {
    const town = new TestChain(prepare);
    town.blocksTo(4);
    const reopened = new Ledger(town.disk);
    expect(reopened.lastBlock).toEqual(town.ledger.lastBlock);
    const block = { height: 5, timeNs: 5_000_000_000n, hash: hashOf(5), transactions: [] };
    expect(reopened.finalizeBlock(block)).toEqual(town.ledger.finalizeBlock(block));
  });

  it('has another hash as soon as one write differs', () => {
    const [first, second] = [new TestChain(prepare), new TestChain(prepare)];
    const { accountNumber } = first.state().accounts.get(ALICE.address)!;
    expect(accountNumber).toBe(second.state().accounts.get(ALICE.address)!.accountNumber);
    const pay = (amount: bigint) =>
      sent(MsgSendSchema, { fromAddress: ALICE.address, toAddress: OPERATOR.address, amount: [coin(amount)] });
    const one = first.block(first.sign(ALICE, [pay(1n)]));
    const two = second.block(second.sign(ALICE, [pay(2n)]));
    expect(one.appHash).not.toEqual(two.appHash);
    expect(first.block().appHash).not.toEqual(second.block().appHash);
  });

  it('names the phase in the events of a block, and in no event of a transaction', () => {
    const town = new TestChain(prepare);
    const { results } = town.block(stakeSupplier(town));
    expect(results[0]).toMatchObject({ code: 0 });
    expect(results[0]!.events.some(({ attributes }) => attributes.some(({ key }) => key === 'mode'))).toBe(false);
    town.blocksTo(10);
    expect(town.block().events).toEqual([
      {
        type: 'pocket.supplier.EventSupplierServiceConfigActivated',
        attributes: [
          { key: 'activation_height', value: '"11"' },
          { key: 'operator_address', value: `"${OPERATOR.address}"` },
          { key: 'service_id', value: '"svc"' },
          { key: 'mode', value: 'BeginBlock' },
        ],
      },
    ]);
  });

  it('keeps the hash of each block under its own height', () => {
    const town = new TestChain();
    town.blocksTo(2);
    const { blockHashes } = town.state();
    expect([0, 1, 2, 3].map((height) => blockHashes.at(height))).toEqual([
      new Uint8Array(0),
      hashOf(1),
      hashOf(2),
      new Uint8Array(0),
    ]);
  });

  it('takes no block but the next one, and none from before the last', () => {
    const town = new TestChain();
    town.blocksTo(2);
    const block = (height: number, timeNs: bigint) => () =>
      town.ledger.finalizeBlock({ height, timeNs, hash: hashOf(height), transactions: [] });
    for (const attempt of [block(2, 9n ** 12n), block(4, 9n ** 12n), block(3, 1_999_999_999n)]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'BLOCK_OUT_OF_ORDER' }));
    }
    expect(block(3, 2_000_000_000n)).not.toThrow();
  });

  it('does nothing before genesis', () => {
    const ledger = new Ledger(createMemoryStore());
    expect([ledger.chain, ledger.lastBlock]).toEqual([undefined, undefined]);
    for (const attempt of [
      () => ledger.checkTx(new Uint8Array(0)),
      () => ledger.finalizeBlock({ height: 1, timeNs: 0n, hash: hashOf(1), transactions: [] }),
      () => ledger.query({ path: '/pocket.shared.Query/Params', data: new Uint8Array(0) }),
    ]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'NO_CHAIN' }));
    }
  });

  it('writes keys in ascending order and leaves the disk to its caller', () => {
    const disk = createMemoryStore();
    const { writes } = new Ledger(disk).initChain(emptyGenesis());
    expect([...disk.range({})]).toEqual([]);
    const keys = writes.map(({ key }) => Buffer.from(key).toString('latin1'));
    expect(keys).toEqual([...keys].sort());
    expect(keys.every((key) => keyBytes(key).length === key.length)).toBe(true);
  });
});

describe('the order of a block', () => {
  const before = (earlier: string, later: string): boolean => {
    const names = BLOCK_ORDER.map(({ run }) => run.name);
    return names.includes(earlier) && names.indexOf(earlier) < names.indexOf(later);
  };

  it('has a reason in every line', () => {
    for (const { why } of BLOCK_ORDER) expect(why.length).toBeGreaterThan(10);
  });

  it('validates proofs before it settles, settles before anybody leaves, and changes parameters last', () => {
    expect(before('recordBlockHash', 'validateProofs')).toBe(true);
    expect(before('validateProofs', 'settle')).toBe(true);
    for (const release of ['releaseGateways', 'releaseApplications', 'releaseSuppliers']) {
      expect(before('settle', release)).toBe(true);
    }
    expect(before('detachGateways', 'pruneUndelegations')).toBe(true);
    expect(before('releaseApplications', 'completeTransfers')).toBe(true);
    expect(BLOCK_ORDER.at(-1)!.run.name).toBe('promoteParams');
  });
});
