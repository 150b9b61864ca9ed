/** An unmodified CosmJS, made for Cosmos chains, against our RPC. */
import { DirectSecp256k1Wallet, type OfflineDirectSigner } from '@cosmjs/proto-signing';
import { assertIsDeliverTxSuccess, GasPrice, SigningStargateClient, StargateClient } from '@cosmjs/stargate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNode, type RunningNode } from '../start-node.ts';
import { alice, bob, CHAIN_ID, proposerKey, testGenesis, testKey } from '../testing/test-genesis.ts';
import { testWorld } from '../testing/test-world.ts';

const world = testWorld();
let running: RunningNode;
let wallet: OfflineDirectSigner;

beforeAll(async () => {
  running = await startNode({
    world,
    genesis: testGenesis(),
    proposerKey,
    blockTimeMs: 20,
    rpc: { host: '127.0.0.1', port: 0 },
  });
  wallet = await DirectSecp256k1Wallet.fromKey(alice.privateKey, 'pokt');
  while (running.node.latestHeight() < 2) await world.sleep(5);
});

afterAll(async () => {
  await running.close();
  await world.close();
});

describe('StargateClient', () => {
  test('connects, and reads chain, blocks, accounts and balances', async () => {
    const client = await StargateClient.connect(running.url);
    expect(await client.getChainId()).toBe(CHAIN_ID);
    const height = await client.getHeight();
    expect(height).toBeGreaterThan(1);
    const block = await client.getBlock(2);
    expect(block.header).toMatchObject({ height: 2, chainId: CHAIN_ID });
    expect((await client.getBlock()).header.height).toBeGreaterThanOrEqual(height);
    expect(await client.getBalance(bob.address, 'upokt')).toEqual({ denom: 'upokt', amount: '1000000000' });
    expect(await client.getAllBalances(bob.address)).toEqual([{ denom: 'upokt', amount: '1000000000' }]);
    expect(await client.getBalance(bob.address, 'nothing')).toEqual({ denom: 'nothing', amount: '0' });
    expect(await client.getAccount(alice.address)).toMatchObject({ address: alice.address, pubkey: null, sequence: 0 });
    expect(await client.getAccount(testKey('nobody').address)).toBeNull();
    expect(await client.getTx('0'.repeat(64))).toBeNull();
    client.disconnect();
  });
});

describe('SigningStargateClient', () => {
  test('sends tokens, counts the gas by itself, and finds its transaction', async () => {
    const client = await SigningStargateClient.connectWithSigner(running.url, wallet, {
      gasPrice: GasPrice.fromString('0.001upokt'),
      broadcastPollIntervalMs: 20,
    });
    const amount = [{ denom: 'upokt', amount: '1234' }];
    const sent = await client.sendTokens(alice.address, bob.address, amount, 'auto', 'from CosmJS');
    assertIsDeliverTxSuccess(sent);
    expect(await client.getBalance(bob.address, 'upokt')).toEqual({ denom: 'upokt', amount: '1000001234' });
    const found = (await client.getTx(sent.transactionHash))!;
    expect(found).toMatchObject({ height: sent.height, code: 0, hash: sent.transactionHash });
    expect(found.events.map(({ type }) => type)).toContain('transfer');
    const searched = await client.searchTx([{ key: 'transfer.recipient', value: bob.address }]);
    expect(searched.map(({ hash }) => hash)).toEqual([sent.transactionHash]);
    expect(await client.searchTx(`tx.height=${sent.height}`)).toHaveLength(1);
    expect(await client.getSequence(alice.address)).toMatchObject({ sequence: 1 });
    client.disconnect();
  });

  test('hears why a transaction failed in its block, and why one was not taken', async () => {
    const client = await SigningStargateClient.connectWithSigner(running.url, wallet, { broadcastPollIntervalMs: 20 });
    const fee = { amount: [], gas: '400000' };
    const tooMuch = [{ denom: 'upokt', amount: `${10n ** 15n}` }];
    const failed = await client.sendTokens(alice.address, bob.address, tooMuch, fee);
    expect(failed.code).not.toBe(0);
    expect(failed.rawLog).toContain('insufficient funds');
    const stranger = await DirectSecp256k1Wallet.fromKey(testKey('stranger').privateKey, 'pokt');
    const other = await SigningStargateClient.connectWithSigner(running.url, stranger);
    await expect(other.sendTokens(testKey('stranger').address, bob.address, tooMuch, fee)).rejects.toThrow(
      /does not exist/,
    );
    for (const open of [client, other]) open.disconnect();
  });
});
