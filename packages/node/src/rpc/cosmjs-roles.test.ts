/** Everybody who has a role on the ledger, made by an unmodified CosmJS: accounts, stakes, delegation, amino JSON. */
import { Secp256k1HdWallet, type OfflineAminoSigner } from '@cosmjs/amino';
import {
  DirectSecp256k1HdWallet,
  DirectSecp256k1Wallet,
  Registry,
  type GeneratedType,
  type OfflineSigner,
} from '@cosmjs/proto-signing';
import { assertIsDeliverTxSuccess, defaultRegistryTypes, SigningStargateClient } from '@cosmjs/stargate';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import { createLedgerClient } from '@decai/client/ledger-client';
import { decode, encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import {
  MsgDelegateToGatewaySchema,
  MsgStakeApplicationSchema,
  MsgUndelegateFromGatewaySchema,
} from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgStakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { MsgAddServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { MsgStakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNode, type RunningNode } from '../start-node.ts';
import { alice, proposerKey, testGenesis } from '../testing/test-genesis.ts';
import { testWorld } from '../testing/test-world.ts';

const FEE = { amount: [], gas: '2000000' };
const PREFIX = { prefix: 'pokt' };
const MESSAGES = [
  MsgDelegateToGatewaySchema,
  MsgUndelegateFromGatewaySchema,
  MsgStakeApplicationSchema,
  MsgStakeGatewaySchema,
  MsgAddServiceSchema,
  MsgStakeSupplierSchema,
];

const world = testWorld();
let running: RunningNode;

beforeAll(async () => {
  running = await startNode({
    world,
    genesis: testGenesis(),
    proposerKey,
    blockTimeMs: 20,
    rpc: { host: '127.0.0.1', port: 0 },
  });
  while (running.node.latestHeight() < 2) await world.sleep(5);
});

afterAll(async () => {
  await running.close();
  await world.close();
});

/** What CosmJS asks of a type that it does not know itself. */
function typeOf(schema: DescMessage): GeneratedType {
  return {
    encode: (message: unknown) => ({ finish: () => encode(schema, message as never) }),
    decode: (bytes: Uint8Array) => decode(schema, bytes),
    fromPartial: (message: unknown) => message,
  } as unknown as GeneratedType;
}

function message<Schema extends DescMessage>(schema: Schema, fields: MessageInitShape<Schema>) {
  return { typeUrl: `/${schema.typeName}`, value: create(schema, fields) };
}

async function signing(signer: OfflineSigner): Promise<{ client: SigningStargateClient; address: string }> {
  const registry = new Registry([
    ...defaultRegistryTypes,
    ...MESSAGES.map((schema) => [`/${schema.typeName}`, typeOf(schema)] as [string, GeneratedType]),
  ]);
  const client = await SigningStargateClient.connectWithSigner(running.url, signer, {
    registry,
    broadcastPollIntervalMs: 20,
  });
  const [account] = await signer.getAccounts();
  return { client, address: account!.address };
}

async function funded(signer: OfflineSigner) {
  const faucet = await signing(await DirectSecp256k1Wallet.fromKey(alice.privateKey, 'pokt'));
  const { client, address } = await signing(signer);
  const amount = [{ denom: 'upokt', amount: '50000000' }];
  assertIsDeliverTxSuccess(await faucet.client.sendTokens(faucet.address, address, amount, FEE));
  faucet.client.disconnect();
  return { client, address };
}

test('makes accounts, publishes a service, stakes every role, delegates and takes it back', async () => {
  const newcomer = async () => await funded(await DirectSecp256k1HdWallet.generate(12, PREFIX));
  const [gateway, application, supplier] = [await newcomer(), await newcomer(), await newcomer()];
  const send = async ({ client, address }: typeof gateway, ...messages: ReturnType<typeof message>[]) => {
    const result = await client.signAndBroadcast(address, messages, FEE);
    assertIsDeliverTxSuccess(result);
    return result;
  };
  const stake = coin(10_000_000n);
  const service = { id: 'cosmjs', name: 'CosmJS', computeUnitsPerRelay: 3n, ownerAddress: supplier.address };
  await send(gateway, message(MsgStakeGatewaySchema, { address: gateway.address, stake }));
  await send(supplier, message(MsgAddServiceSchema, { ownerAddress: supplier.address, service }));
  await send(
    supplier,
    message(MsgStakeSupplierSchema, {
      signer: supplier.address,
      ownerAddress: supplier.address,
      operatorAddress: supplier.address,
      stake,
      services: [
        {
          serviceId: 'cosmjs',
          endpoints: [{ url: 'http://supplier.example', rpcType: 4 }],
          revShare: [{ address: supplier.address, revSharePercentage: 100n }],
        },
      ],
    }),
  );
  const staked = await send(
    application,
    message(MsgStakeApplicationSchema, { address: application.address, stake, services: [{ serviceId: 'cosmjs' }] }),
    message(MsgDelegateToGatewaySchema, { appAddress: application.address, gatewayAddress: gateway.address }),
  );
  const ledger = createLedgerClient(running.transport);
  expect(await ledger.application(application.address)).toMatchObject({
    stake: { amount: '10000000' },
    delegateeGatewayAddresses: [gateway.address],
  });
  expect(await ledger.supplier(supplier.address)).toMatchObject({ stake: { amount: '10000000' } });
  expect(await application.client.getBalance(application.address, 'upokt')).toMatchObject({ amount: '40000000' });
  const search = [{ key: 'message.sender', value: application.address }];
  expect((await application.client.searchTx(search)).map(({ hash }) => hash)).toContain(staked.transactionHash);
  const delegation = { appAddress: application.address, gatewayAddress: gateway.address };
  await send(application, message(MsgUndelegateFromGatewaySchema, delegation));
  expect((await ledger.application(application.address))?.delegateeGatewayAddresses).toEqual([]);
  for (const { client } of [gateway, application, supplier]) client.disconnect();
});

test('signs as hardware wallets do: amino JSON', async () => {
  const wallet: OfflineAminoSigner = await Secp256k1HdWallet.generate(12, PREFIX);
  const { client, address } = await funded(wallet);
  const amount = [{ denom: 'upokt', amount: '7' }];
  assertIsDeliverTxSuccess(await client.sendTokens(address, alice.address, amount, FEE, 'by <amino> & JSON'));
  expect(await client.getBalance(address, 'upokt')).toMatchObject({ amount: '49999993' });
  client.disconnect();
});
