/** An account of two of three, made, funded, used and read by an unmodified CosmJS. */
import {
  createMultisigThresholdPubkey,
  encodeSecp256k1Pubkey,
  pubkeyToAddress,
  Secp256k1Wallet,
  type MultisigThresholdPubkey,
} from '@cosmjs/amino';
import {
  type Account,
  assertIsDeliverTxSuccess,
  BroadcastTxError,
  makeMultisignedTxBytes,
  SigningStargateClient,
  StargateClient,
} from '@cosmjs/stargate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNode, type RunningNode } from '../start-node.ts';
import { alice, bob, CHAIN_ID, proposerKey, testGenesis, testKey } from '../testing/test-genesis.ts';
import { testWorld } from '../testing/test-world.ts';

const FEE = { amount: [{ denom: 'upokt', amount: '7' }], gas: '400000' };
const MEMBERS = ['one', 'two', 'three'].map((name) => testKey(`member ${name}`));
const RULE: MultisigThresholdPubkey = createMultisigThresholdPubkey(
  MEMBERS.map(({ publicKey }) => encodeSecp256k1Pubkey(publicKey)),
  2,
);
const ADDRESS = pubkeyToAddress(RULE, 'pokt');

const world = testWorld();
let running: RunningNode;
let client: StargateClient;

beforeAll(async () => {
  running = await startNode({
    world,
    genesis: testGenesis(),
    proposerKey,
    blockTimeMs: 20,
    rpc: { host: '127.0.0.1', port: 0 },
  });
  while (running.node.latestHeight() < 2) await world.sleep(5);
  client = await StargateClient.connect(running.url);
  const wallet = await Secp256k1Wallet.fromKey(alice.privateKey, 'pokt');
  const funder = await SigningStargateClient.connectWithSigner(running.url, wallet, { broadcastPollIntervalMs: 20 });
  const amount = [{ denom: 'upokt', amount: '1000' }];
  assertIsDeliverTxSuccess(await funder.sendTokens(alice.address, ADDRESS, amount, { amount: [], gas: '400000' }));
  funder.disconnect();
});

afterAll(async () => {
  client.disconnect();
  await running.close();
  await world.close();
});

/** What a member signs at home, with nothing but the account's number and sequence. */
async function signedBy(
  key: (typeof MEMBERS)[number],
  account: Pick<Account, 'accountNumber' | 'sequence'>,
): Promise<{ address: string; bodyBytes: Uint8Array; signature: Uint8Array }> {
  const offline = await SigningStargateClient.offline(await Secp256k1Wallet.fromKey(key.privateKey, 'pokt'));
  const message = {
    typeUrl: '/cosmos.bank.v1beta1.MsgSend',
    value: { fromAddress: ADDRESS, toAddress: bob.address, amount: [{ denom: 'upokt', amount: '100' }] },
  };
  const signer = { ...account, chainId: CHAIN_ID };
  const { bodyBytes, signatures } = await offline.sign(key.address, [message], FEE, 'of two of three', signer);
  return { address: key.address, bodyBytes, signature: signatures[0]! };
}

/** The bytes that are sent once these members have signed; `changed` stands between their signatures and the list. */
async function payment(
  members: readonly (typeof MEMBERS)[number][],
  changed: (signatures: Map<string, Uint8Array>) => Map<string, Uint8Array> = (signatures) => signatures,
): Promise<Uint8Array> {
  const account = (await client.getAccount(ADDRESS))!;
  const signed = await Promise.all(members.map((member) => signedBy(member, account)));
  const signatures = new Map(signed.map(({ address, signature }) => [address, signature]));
  return makeMultisignedTxBytes(RULE, account.sequence, FEE, signed[0]!.bodyBytes, changed(signatures));
}

describe('an account of two of three', () => {
  const [one, two, three] = MEMBERS as [(typeof MEMBERS)[0], (typeof MEMBERS)[0], (typeof MEMBERS)[0]];

  test('is sent coins before it has a key, and spends them when two have signed, or all', async () => {
    expect(await client.getAccount(ADDRESS)).toMatchObject({ address: ADDRESS, pubkey: null, sequence: 0 });
    const found = await client.broadcastTx(await payment([three, one]), 10_000, 20);
    assertIsDeliverTxSuccess(found);
    assertIsDeliverTxSuccess(await client.broadcastTx(await payment(MEMBERS), 10_000, 20));
    expect(await client.getAccount(ADDRESS)).toMatchObject({ pubkey: RULE, sequence: 2 });
    expect(await client.getBalance(ADDRESS, 'upokt')).toEqual({ denom: 'upokt', amount: String(1000 - 2 * 107) });
    const searched = await client.searchTx([{ key: 'message.sender', value: ADDRESS }]);
    expect(searched.map(({ hash }) => hash)).toContain(found.transactionHash);
  });

  const refused: [what: string, bytes: () => Promise<Uint8Array>][] = [
    ['one signature', () => payment([two])],
    ["a stranger's in the place of a member's", () => payment([one, two], withStranger(two.address))],
    ["one member's twice", () => payment([one, two], twice(one.address, two.address))],
    ["two in each other's place", () => payment([one, two], swapped(one.address, two.address))],
  ];
  test.each(refused)('is refused %s', async (_what, bytes) => {
    await expect(client.broadcastTx(await bytes())).rejects.toThrow(
      expect.objectContaining({
        code: 4,
        codespace: 'sdk',
        log: expect.stringContaining('signature verification failed'),
      }),
    );
    await expect(client.broadcastTx(await bytes())).rejects.toBeInstanceOf(BroadcastTxError);
  });
});

type Change = (signatures: Map<string, Uint8Array>) => Map<string, Uint8Array>;

function withStranger(address: string): Change {
  return (signatures) => signatures.set(address, new Uint8Array(64).fill(1));
}

function twice(from: string, to: string): Change {
  return (signatures) => signatures.set(to, signatures.get(from)!);
}

function swapped(first: string, second: string): Change {
  return (signatures) => {
    const [one, other] = [signatures.get(first)!, signatures.get(second)!];
    return signatures.set(first, other).set(second, one);
  };
}
