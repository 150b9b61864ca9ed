/** What a block means for the tables, without a chain: amounts of any size, texts of any kind, messages inside messages. */
import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { packAny } from '@decai/protocol/any';
import { coin } from '@decai/protocol/coin';
import { encode } from '@decai/protocol/codec';
import { MsgExecSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import { TxBodySchema, AuthInfoSchema, TxRawSchema } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { EventApplicationUnbondingEndSchema } from '@decai/protocol/gen/pocket/application/event_pb';
import { EventClaimCreatedSchema } from '@decai/protocol/gen/pocket/proof/event_pb';
import { MsgCreateClaimSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { MsgAddServiceSchema, MsgTransferServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import {
  EventSupplierUnbondingBeginSchema,
  EventSupplierUnbondingEndSchema,
} from '@decai/protocol/gen/pocket/supplier/event_pb';
import { MsgStakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import {
  ClaimExpirationReason,
  EventClaimDiscardedSchema,
  EventClaimExpiredSchema,
  EventClaimSettledSchema,
  EventSettlementBatchSchema,
} from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { SettlementOpReason as Reason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import { typedEvent, type ChainEvent } from '@decai/protocol/typed-event';
import {
  EventSchema,
  ExecTxResultSchema,
  ResponseFinalizeBlockSchema,
} from '@decai/protocol/gen/tendermint/abci/types_pb';
import { BlockSchema } from '@decai/protocol/gen/tendermint/types/block_pb';
import { BlockIDSchema, CommitSchema } from '@decai/protocol/gen/tendermint/types/types_pb';
import { expect, test } from 'vitest';
import type { StoredBlock } from '../embedded/block-store.ts';
import { explored, type Explored } from '../testing/explored.ts';
import { alice, bob, testGenesis } from '../testing/test-genesis.ts';

type Sent = {
  readonly messages?: readonly ReturnType<typeof packAny>[];
  readonly events?: readonly ChainEvent[];
  readonly code?: number;
};

const U64_MAX = 2n ** 64n - 1n;
const WORK = {
  serviceId: 'tiny',
  applicationAddress: bob.address,
  supplierOperatorAddress: alice.address,
  sessionEndBlockHeight: 8n,
} as const;
const VOLUME = {
  numRelays: U64_MAX,
  numEstimatedRelays: U64_MAX,
  numClaimedComputeUnits: U64_MAX,
  numEstimatedComputeUnits: U64_MAX,
  claimedUpokt: `${U64_MAX}upokt`,
} as const;

function event<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): ChainEvent {
  return typedEvent(schema, create(schema, fields));
}

function blockOf(height: number, sent: readonly Sent[], events: readonly ChainEvent[]): StoredBlock {
  const stored = (one: ChainEvent) =>
    create(EventSchema, { type: one.type, attributes: one.attributes.map((two) => ({ ...two })) });
  const txs = sent.map(({ messages = [] }) =>
    encode(
      TxRawSchema,
      create(TxRawSchema, {
        bodyBytes: encode(TxBodySchema, create(TxBodySchema, { messages: [...messages] })),
        authInfoBytes: encode(AuthInfoSchema, create(AuthInfoSchema, { fee: {} })),
      }),
    ),
  );
  const time = { $typeName: 'google.protobuf.Timestamp', seconds: 1_900_000_000n, nanos: 0 } as const;
  return {
    block: create(BlockSchema, { header: { height: BigInt(height), time }, data: { txs } }),
    commit: create(CommitSchema, { blockId: create(BlockIDSchema, { hash: new Uint8Array(32).fill(height) }) }),
    results: create(ResponseFinalizeBlockSchema, {
      events: events.map(stored),
      txResults: sent.map(({ code = 0, events: raised = [] }) =>
        create(ExecTxResultSchema, { code, events: raised.map(stored) }),
      ),
    }),
  };
}

function indexed(
  ...blocks: readonly (readonly [sent: readonly Sent[], events: readonly ChainEvent[]])[]
): Promise<Explored> {
  const stored = blocks.map(([sent, events], index) => blockOf(index + 1, sent, events));
  return explored({
    chainId: 'decai-test-1',
    genesis: testGenesis() as never,
    latestHeight: () => stored.length,
    blocks: { block: (height) => stored[height - 1], stateAt: () => undefined, earliestStateHeight: () => 1 },
  });
}

const settled = (settledUpokt: bigint): ChainEvent =>
  event(EventClaimSettledSchema, {
    ...WORK,
    ...VOLUME,
    sessionId: 'ab',
    settledUpokt: `${settledUpokt}upokt`,
    mintedUpokt: '9upokt',
    rewardDistributionDetailed: [
      {
        recipientAddress: alice.address,
        opReason: Reason.TLM_RELAY_BURN_EQUALS_MINT_SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION,
        amount: `${U64_MAX}upokt`,
      },
      {
        recipientAddress: alice.address,
        opReason: Reason.TLM_GLOBAL_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION,
        amount: '9007199254740993upokt',
      },
    ],
  });

test('sums of any size are exact', async () => {
  const { ask, list } = await indexed(
    [[], [settled(U64_MAX)]],
    [[], [settled(9_007_199_254_740_993n)]],
    [[], [settled(1n)]],
  );
  const expected = {
    claimsSettled: '3',
    settledUpokt: `${U64_MAX + 9_007_199_254_740_993n + 1n}`,
    settledRelays: `${3n * U64_MAX}`,
  };
  expect((await ask('/totals')).json.totals).toMatchObject(expected);
  for (const path of ['/services/tiny', `/suppliers/${alice.address}`, `/applications/${bob.address}`, '/totals']) {
    expect(await list(`${path}/sessions`)).toMatchObject([{ sessionEndHeight: 8, ...expected }]);
  }
  expect((await ask(`/accounts/${alice.address}`)).json).toMatchObject({
    paidUpokt: `${3n * (U64_MAX + 9_007_199_254_740_993n)}`,
    earnings: [
      { role: 'source', paidUpokt: `${3n * 9_007_199_254_740_993n}`, payments: '3' },
      { role: 'supplier', paidUpokt: `${3n * U64_MAX}`, payments: '3' },
    ],
  });
  const [claim] = await list('/claims');
  expect(claim).toMatchObject({ relays: `${U64_MAX}`, claimedUpokt: `${U64_MAX}`, price: { upoktPerClaim: '1' } });
});

test('validators are paid by the block, and only they', async () => {
  const batch = (opReason: Reason, opType: string): ChainEvent =>
    event(EventSettlementBatchSchema, { recipient: bob.address, opReason, opType, totalAmount: '7upokt' });
  const { ask, list } = await indexed([
    [],
    [
      batch(Reason.TLM_RELAY_BURN_EQUALS_MINT_VALIDATOR_REWARD_DISTRIBUTION, 'mod_to_acct'),
      batch(Reason.TLM_GLOBAL_MINT_VALIDATOR_REWARD_DISTRIBUTION, 'mod_to_acct'),
      batch(Reason.TLM_GLOBAL_MINT_DELEGATOR_REWARD_DISTRIBUTION, 'mod_to_acct'),
      batch(Reason.TLM_RELAY_BURN_EQUALS_MINT_SOURCE_OWNER_REWARD_DISTRIBUTION, 'mod_to_acct'),
      batch(Reason.TLM_RELAY_BURN_EQUALS_MINT_VALIDATOR_REWARD_DISTRIBUTION, 'mint'),
    ],
  ]);
  expect((await ask(`/accounts/${bob.address}`)).json).toMatchObject({
    paidUpokt: '21',
    earnings: [
      { role: 'delegator', paidUpokt: '7', payments: '1' },
      { role: 'validator', paidUpokt: '14', payments: '2' },
    ],
  });
  expect(await list(`/accounts/${bob.address}/earnings`)).toEqual([]);
});

test('texts that no database keeps are kept as near as can be', async () => {
  const service = { id: 'tiny', name: 'nul \0 and more', computeUnitsPerRelay: 1n, ownerAddress: bob.address };
  const { list } = await indexed([
    [{ messages: [packAny(MsgAddServiceSchema, create(MsgAddServiceSchema, { ownerAddress: bob.address, service }))] }],
    [event(EventClaimDiscardedSchema, { ...WORK, error: `\0${'x'.repeat(5_000)}` })],
  ]);
  expect((await list('/services'))[0]).toMatchObject({ name: 'nul \ufffd and more', addedHeight: 1 });
  expect((await list('/claims'))[0]).toMatchObject({
    status: 'discarded',
    endReason: `\ufffd${'x'.repeat(499)}`,
    relays: null,
  });
});

test('messages count when their transaction succeeded, also inside an authorized execution', async () => {
  const header = {
    applicationAddress: bob.address,
    serviceId: 'tiny',
    sessionId: 'cd',
    sessionStartBlockHeight: 5n,
    sessionEndBlockHeight: 8n,
  };
  const claim = packAny(
    MsgCreateClaimSchema,
    create(MsgCreateClaimSchema, {
      supplierOperatorAddress: alice.address,
      sessionHeader: header,
      rootHash: new Uint8Array(48),
    }),
  );
  const service = (id: string) =>
    packAny(
      MsgAddServiceSchema,
      create(MsgAddServiceSchema, {
        ownerAddress: bob.address,
        service: { id, name: id, computeUnitsPerRelay: 3n, ownerAddress: bob.address },
      }),
    );
  const exec = (msgs: ReturnType<typeof packAny>[]) =>
    packAny(MsgExecSchema, create(MsgExecSchema, { grantee: alice.address, msgs }));
  const transfer = packAny(
    MsgTransferServiceSchema,
    create(MsgTransferServiceSchema, { ownerAddress: bob.address, serviceId: 'tiny', newOwnerAddress: alice.address }),
  );
  const created = event(EventClaimCreatedSchema, { ...WORK, ...VOLUME });
  const { ask, list } = await indexed(
    [
      [
        { messages: [service('tiny')] },
        { messages: [service('failed')], code: 5 },
        { messages: [exec([claim])], events: [created] },
      ],
      [],
    ],
    [[{ messages: [exec([transfer])] }], []],
  );
  expect(
    (await list('/services')).map(({ serviceId, ownerAddress, addedHeight }) => [serviceId, ownerAddress, addedHeight]),
  ).toEqual([['tiny', alice.address, 1]]);
  expect((await ask('/sessions/cd')).json).toMatchObject({
    sessionStartHeight: 5,
    claims: [{ status: 'pending', createdHeight: 1 }],
  });
  expect((await ask('/blocks/1')).json).toMatchObject({ transactions: 3, failedTransactions: 1, claimsCreated: '1' });
});

test('an expired claim keeps its reason, and actors that leave are counted no more', async () => {
  const stake = packAny(
    MsgStakeSupplierSchema,
    create(MsgStakeSupplierSchema, {
      signer: alice.address,
      ownerAddress: bob.address,
      operatorAddress: alice.address,
      stake: coin(50n),
      services: [{ serviceId: 'tiny' }, { serviceId: 'small' }],
    }),
  );
  const restake = packAny(
    MsgStakeSupplierSchema,
    create(MsgStakeSupplierSchema, {
      signer: alice.address,
      ownerAddress: bob.address,
      operatorAddress: alice.address,
    }),
  );
  const leaving = { supplier: { operatorAddress: alice.address, ownerAddress: bob.address } };
  const expired = event(EventClaimExpiredSchema, {
    ...WORK,
    ...VOLUME,
    expirationReason: ClaimExpirationReason.PROOF_MISSING,
  });
  const gone = event(EventApplicationUnbondingEndSchema, {
    application: { address: bob.address, serviceConfigs: [{ serviceId: 'tiny' }] },
  });
  const { ask, list } = await indexed(
    [[{ messages: [stake] }], [expired]],
    [[{ messages: [restake] }], [event(EventSupplierUnbondingBeginSchema, leaving), gone]],
  );
  expect((await list('/claims'))[0]).toMatchObject({ status: 'expired', endReason: 'PROOF_MISSING', endedHeight: 1 });
  const unbonding = (await ask(`/suppliers/${alice.address}`)).json;
  expect(unbonding).toMatchObject({
    status: 'unbonding',
    stakeUpokt: '50',
    services: ['small', 'tiny'],
    sinceHeight: 1,
  });
  expect((await ask('/totals')).json).toMatchObject({ suppliersStaked: 0, applicationsStaked: 0 });
  const after = await indexed([[{ messages: [stake] }], []], [[], [event(EventSupplierUnbondingEndSchema, leaving)]]);
  expect((await after.ask(`/suppliers/${alice.address}`)).json).toMatchObject({
    status: 'unstaked',
    stakeUpokt: '0',
    services: [],
  });
});
