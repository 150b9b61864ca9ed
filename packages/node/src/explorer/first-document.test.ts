/** An explorer beside a node that began with a snapshot tells what the first node's explorer tells of the same blocks. */
import { create } from '@bufbuild/protobuf';
import { createLedgerClient } from '@decai/client/ledger-client';
import { MsgAddServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { signMessage } from '@decai/protocol/signature';
import { signTransaction } from '@decai/protocol/sign-transaction';
import { expect, test } from 'vitest';
import { sequencerKey } from '../block/sequencer-key.ts';
import { restoreSnapshot, takeSnapshot } from '../embedded/chain-snapshot.ts';
import { EmbeddedChain } from '../embedded/embedded-chain.ts';
import { inProcessTransport } from '../in-process-transport.ts';
import { explored, type Explored } from '../testing/explored.ts';
import { alice, CHAIN_ID, proposerKey, testGenesis } from '../testing/test-genesis.ts';
import { firstDocument } from './first-document.ts';
import type { IndexedChain } from './follow-blocks.ts';

const genesis = testGenesis();
const sequencer = sequencerKey(proposerKey);
const SNAPSHOT_HEIGHT = 6;

function indexedChain(chain: EmbeddedChain): IndexedChain {
  const { chainId, blocks } = chain;
  return { chainId, genesis: chain.genesis, blocks, latestHeight: () => chain.latestHeight() };
}

async function addService(chain: EmbeddedChain, id: string): Promise<void> {
  const { accountNumber, sequence } = (await createLedgerClient(inProcessTransport(chain)).account(alice.address))!;
  const service = { id, name: id, computeUnitsPerRelay: 7n, ownerAddress: alice.address };
  const message = create(MsgAddServiceSchema, { ownerAddress: alice.address, service });
  const { bytes } = signTransaction(
    {
      messages: [{ schema: MsgAddServiceSchema, message }],
      signers: [{ publicKey: alice.publicKey, sequence }],
      fee: [],
      gasLimit: 400_000n,
      memo: '',
    },
    { chainId: CHAIN_ID, accountNumber },
    (text) => signMessage(text, alice.privateKey),
  );
  expect(chain.admit(bytes)).toMatchObject({ result: { code: 0 } });
  await chain.produceBlock(0);
}

test('tables begin with the state of the snapshot, and go on alike', async () => {
  const first = await EmbeddedChain.open({ store: createMemoryStore(), genesis, sequencer });
  await first.produceBlock(0);
  await addService(first, 'early');
  while (first.latestHeight() < SNAPSHOT_HEIGHT) await first.produceBlock(0);
  const store = createMemoryStore();
  const appHash = first.blocks.block(SNAPSHOT_HEIGHT)!.results.appHash;
  await restoreSnapshot(store, genesis, takeSnapshot(first.blocks), appHash);
  const second = await EmbeddedChain.open({ store, genesis, sequencer });
  for (const chain of [first, second]) {
    await addService(chain, 'late');
    await chain.produceBlock(0);
  }

  expect(firstDocument(indexedChain(first))).toEqual({ document: genesis, missingBlocks: 0 });
  const [whole, part] = [await explored(indexedChain(first)), await explored(indexedChain(second))];
  expect((await part.ask('')).json).toMatchObject({ indexedHeight: 8, missingBlocks: SNAPSHOT_HEIGHT });
  expect((await part.ask('/totals')).text).toBe((await whole.ask('/totals')).text);
  expect((await part.ask('/services/late')).text).toBe((await whole.ask('/services/late')).text);
  const early = async ({ ask }: Explored): Promise<any> => (await ask('/services/early')).json;
  expect(await early(whole)).toMatchObject({ addedHeight: 2, ownerAddress: alice.address });
  expect(await early(part)).toEqual({ ...(await early(whole)), addedHeight: SNAPSHOT_HEIGHT });
  expect(await part.list('/blocks')).toEqual(await whole.list(`/blocks?from=${SNAPSHOT_HEIGHT + 1}`));
  await first.close();
  await second.close();
});
