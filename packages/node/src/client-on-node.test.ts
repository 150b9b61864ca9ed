/** The client's parts over a real chain: in the process and over sockets, the same behaviour. */
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createLedgerClient,
  createRpcTransport,
  createTransactionSender,
  openNetworkView,
  type LedgerTransport,
} from '@decai/client';
import { coin } from '@decai/protocol/coin';
import type { TypedMessage } from '@decai/protocol/any';
import { MsgStakeApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgAddServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { MsgStakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { startNode, type RunningNode } from './start-node.ts';
import { alice, bob, proposerKey, testGenesis, testKey } from './testing/test-genesis.ts';
import { sendMessage } from './testing/test-transactions.ts';
import { testWorld } from './testing/test-world.ts';

const world = testWorld();
let running: RunningNode;
let transports: Record<string, LedgerTransport>;

beforeAll(async () => {
  running = await startNode({
    world,
    genesis: testGenesis(),
    proposerKey,
    blockTimeMs: 20,
    rpc: { host: '127.0.0.1', port: 0 },
  });
  transports = { 'in the process': running.transport, 'over sockets': createRpcTransport(world, { url: running.url }) };
});

afterAll(async () => {
  await running.close();
  await world.close();
});

function sender(transport: LedgerTransport, key = alice, patienceBlocks = 50) {
  return createTransactionSender({ world, ledger: createLedgerClient(transport), key, pollMs: 10, patienceBlocks });
}

describe.each(['in the process', 'over sockets'])('a sender %s', (name) => {
  test('sends several at once, two messages in one, and hears what a block and a check refuse', async () => {
    const transport = transports[name]!;
    const to = testKey(`receiver ${name}`).address;
    const send = sender(transport);
    const outcomes = await Promise.all([
      send.send([sendMessage(alice, to, 1n)]),
      send.send([sendMessage(alice, to, 2n), sendMessage(alice, to, 3n)]),
      send.send([sendMessage(alice, to, 10n ** 15n)]),
      send.send([sendMessage(alice, to, 4n)], { gas: 'simulate' }),
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false, true]);
    expect(outcomes[2]).toMatchObject({ refusal: { stage: 'block', code: 5, codespace: 'sdk' } });
    expect(await createLedgerClient(transport).balance(to)).toBe(10n);
    const refused = await send.send([sendMessage(bob, to, 1n)]);
    expect(refused).toMatchObject({ ok: false, refusal: { stage: 'check' } });
    expect(await send.send([sendMessage(alice, to, 1n)])).toMatchObject({ ok: true });
    // Another sender of the same account has moved the sequence on.
    await sender(transport).send([sendMessage(alice, to, 1n)]);
    expect(await send.send([sendMessage(alice, to, 1n)])).toMatchObject({ ok: true });
  });
});

describe('a network view', () => {
  test('follows the blocks, and finds the session of an application with its supplier', async () => {
    const of = (schema: TypedMessage['schema'], message: TypedMessage['message']): TypedMessage => ({
      schema,
      message,
    });
    const service = create(ServiceSchema, {
      id: 'tiny',
      name: 'Tiny',
      computeUnitsPerRelay: 7n,
      ownerAddress: alice.address,
    });
    const added = await sender(running.transport).send([
      of(MsgAddServiceSchema, create(MsgAddServiceSchema, { ownerAddress: alice.address, service })),
    ]);
    expect(added).toMatchObject({ ok: true });
    const staked = await sender(running.transport, bob).send([
      of(
        MsgStakeApplicationSchema,
        create(MsgStakeApplicationSchema, {
          address: bob.address,
          stake: coin(5_000_000n),
          services: [{ serviceId: 'tiny' }],
        }),
      ),
    ]);
    expect(staked).toMatchObject({ ok: true });
    const supplying = await sender(running.transport).send([
      of(
        MsgStakeSupplierSchema,
        create(MsgStakeSupplierSchema, {
          signer: alice.address,
          ownerAddress: alice.address,
          operatorAddress: alice.address,
          stake: coin(5_000_000n),
          services: [
            {
              serviceId: 'tiny',
              endpoints: [{ url: 'http://supplier.example', rpcType: 4 }],
              revShare: [{ address: alice.address, revSharePercentage: 100n }],
            },
          ],
        }),
      ),
    ]);
    expect(supplying).toMatchObject({ ok: true });

    const view = openNetworkView({ world, transport: transports['over sockets']! });
    const heard: number[] = [];
    view.blocks.onBlock(({ height }) => heard.push(height));
    const { height } = (await view.blocks.until(1)) ?? {};
    // A supplier serves from the next session on.
    const next = (await view.clock.spanAt(height)).endHeight + 1;
    await view.blocks.until(next);
    const session = await view.currentSession(bob.address, 'tiny');
    expect(session.suppliers).toMatchObject([
      { operatorAddress: alice.address, endpoint: { url: 'http://supplier.example', rpcType: 4 } },
    ]);
    expect(await view.ledger.computeUnitsPerRelay('tiny', session.startHeight)).toBe(7n);
    expect(await view.keys.publicKeyOf(bob.address)).toEqual(bob.publicKey);
    expect(await view.rings.expectedRing(bob.address, session.endHeight)).toMatchObject({ ok: true });
    await expect(view.currentSession(alice.address, 'tiny')).rejects.toMatchObject({ code: 'LEDGER_QUERY_REFUSED' });
    await view.stop();
    const first = heard[0]!;
    expect(heard).toEqual(heard.map((_, index) => first + index));
  });
});
