import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLedgerClient } from '@decai/client/ledger-client';
import { equalBytes, toHex, utf8 } from '@decai/protocol/bytes';
import { createMemoryDisk, createMemoryStore } from '@decai/protocol/memory-store';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { transactionHash } from '@decai/protocol/transaction';
import { headerHash } from '../block/header-hash.ts';
import { precommitSignBytes, sequencerKey, verifySequencer } from '../block/sequencer-key.ts';
import { inProcessTransport } from '../in-process-transport.ts';
import { alice, bob, CHAIN_ID, proposerKey, testGenesis, testKey } from '../testing/test-genesis.ts';
import { signedSend } from '../testing/test-transactions.ts';
import { EmbeddedChain } from './embedded-chain.ts';

const sequencer = sequencerKey(proposerKey);
const START = Date.parse('2030-06-01T00:00:00Z');

function open(store: KeyValueStore = createMemoryStore(), genesis = testGenesis()): Promise<EmbeddedChain> {
  return EmbeddedChain.open({ store, genesis, sequencer });
}

/** Signs as alice, with the account number and sequence that the ledger knows. */
async function sendFromAlice(chain: EmbeddedChain, to: string, amount: bigint, ahead = 0n): Promise<Uint8Array> {
  const ledger = createLedgerClient(inProcessTransport(chain));
  const { accountNumber, sequence } = (await ledger.account(alice.address))!;
  return signedSend({ key: alice, accountNumber, sequence: sequence + ahead }, to, amount);
}

const balance = (chain: EmbeddedChain, address: string): Promise<bigint> =>
  createLedgerClient(inProcessTransport(chain)).balance(address);

describe('EmbeddedChain', () => {
  test('does not go on with a store of another version', async () => {
    const store = createMemoryStore();
    await open(store);
    store.write([{ key: utf8('f'), value: utf8('1') }]);
    await expect(open(store)).rejects.toMatchObject({ code: 'STORE_OUTDATED' });
    store.write([{ key: utf8('f'), value: null }]);
    await expect(open(store)).rejects.toMatchObject({ code: 'STORE_OUTDATED' });
  });

  test('blocks hang together, are signed, and carry the hash of the state before them', async () => {
    const chain = await open();
    for (let n = 0; n < 4; n += 1) await chain.produceBlock(START + n * 1000);
    for (let height = 1; height <= 4; height += 1) {
      const { block, commit } = chain.blocks.block(height)!;
      const header = block.header!;
      const { hash } = commit.blockId!;
      expect(toHex(hash)).toBe(toHex(headerHash(header)));
      expect(chain.blocks.heightOf(hash)).toBe(height);
      const signed = precommitSignBytes({
        height: header.height,
        blockId: commit.blockId!,
        time: commit.signatures[0]!.timestamp!,
        chainId: CHAIN_ID,
      });
      expect(verifySequencer(sequencer.publicKey, signed, commit.signatures[0]!.signature)).toBe(true);
      const before = chain.blocks.block(height - 1);
      expect(toHex(header.lastBlockId!.hash)).toBe(before === undefined ? '' : toHex(before.commit.blockId!.hash));
      if (before !== undefined) expect(toHex(header.appHash)).toBe(toHex(before.results.appHash));
    }
  });

  test('the first block has the time of genesis, and time never goes back', async () => {
    const chain = await open();
    const times: string[] = [];
    for (const now of [START, START, START - 10_000, START + 5]) {
      const { block } = await chain.produceBlock(now);
      times.push(`${block.header!.time!.seconds}.${`${block.header!.time!.nanos}`.padStart(9, '0')}`);
    }
    const genesis = Date.parse('2030-01-01T00:00:00Z') / 1000;
    const start = START / 1000;
    expect(times).toEqual([`${genesis}.500000000`, `${start}.000000000`, `${start}.001000000`, `${start}.005000000`]);
  });

  test('transactions that wait are in the next block, in order, and found by hash and by attribute', async () => {
    const chain = await open();
    await chain.produceBlock(START);
    const [first, second] = [
      await sendFromAlice(chain, bob.address, 5n),
      await sendFromAlice(chain, bob.address, 7n, 1n),
    ];
    expect(chain.admit(first)).toMatchObject({ checked: true, result: { code: 0 } });
    expect(chain.admit(second)).toMatchObject({ checked: true, result: { code: 0 } });
    expect(await balance(chain, bob.address)).toBe(1_000_000_000n);
    const { block, results } = await chain.produceBlock(START + 1);
    expect(block.data!.txs).toEqual([first, second]);
    expect(results.txResults.map(({ code }) => code)).toEqual([0, 0]);
    expect(await balance(chain, bob.address)).toBe(1_000_000_012n);
    expect(chain.blocks.placeOf(transactionHash(second))).toEqual({ height: 2, index: 1 });
    expect([...chain.blocks.placesByAttribute('message.sender', alice.address)]).toEqual([
      { height: 2, index: 0 },
      { height: 2, index: 1 },
    ]);
    expect([...chain.blocks.placesByAttribute('transfer.amount', '7upokt')]).toEqual([{ height: 2, index: 1 }]);
    expect(chain.waiting.count).toBe(0);
  });

  test('what no longer passes after a block is dropped, and the rest waits on', async () => {
    const chain = await open(
      undefined,
      testGenesis({ consensus: { params: { block: { max_bytes: '2500', max_gas: '-1' } } } }),
    );
    await chain.produceBlock(START);
    const [first, second] = [
      await sendFromAlice(chain, bob.address, 1n),
      await sendFromAlice(chain, bob.address, 2n, 1n),
    ];
    for (const bytes of [first, second]) expect(chain.admit(bytes)).toMatchObject({ result: { code: 0 } });
    // A block of 2500 bytes has place for one of them.
    expect((await chain.produceBlock(START + 1)).block.data!.txs).toEqual([first]);
    expect(chain.waiting.transactions()).toEqual([second]);
    expect((await chain.produceBlock(START + 2)).block.data!.txs).toEqual([second]);
  });

  test('another genesis, none at all, and one that is none are refused', async () => {
    const store = createMemoryStore();
    await expect(EmbeddedChain.open({ store, sequencer })).rejects.toMatchObject({ code: 'GENESIS_MISSING' });
    await expect(open(store, {})).rejects.toMatchObject({ code: 'GENESIS_INVALID' });
    await open(store);
    await expect(open(store, testGenesis({ chain_id: 'other' }))).rejects.toMatchObject({ code: 'GENESIS_MISMATCH' });
    const again = await EmbeddedChain.open({ store, sequencer });
    expect(again.chainId).toBe(CHAIN_ID);
  });

  test('nothing is seen of a block before it is on the disk', async () => {
    const store = createMemoryStore();
    let release: () => void = () => undefined;
    let held: Promise<void> = Promise.resolve();
    const slow: KeyValueStore = { ...store, flush: async () => void (await held, await store.flush()) };
    const chain = await open(slow);
    const transport = inProcessTransport(chain);
    const heard: number[] = [];
    chain.onBlock((height) => heard.push(height));
    held = new Promise((resolve) => (release = resolve));
    const producing = chain.produceBlock(START);
    let answered = false;
    const status = transport.status().then((answer) => {
      answered = true;
      return answer;
    });
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    expect([answered, heard]).toEqual([false, []]);
    release();
    await producing;
    expect((await status).latestHeight).toBe(1);
    expect(heard).toEqual([1]);
  });

  test('a disk that fails halts the chain for good, and says so', async () => {
    const store = createMemoryStore();
    let broken = false;
    const failing: KeyValueStore = {
      ...store,
      flush: async () => {
        if (broken) throw new Error('no space left');
        await store.flush();
      },
    };
    const chain = await open(failing);
    await chain.produceBlock(START);
    broken = true;
    await expect(chain.produceBlock(START + 1)).rejects.toMatchObject({ code: 'CHAIN_HALTED' });
    broken = false;
    await expect(chain.produceBlock(START + 2)).rejects.toMatchObject({ code: 'CHAIN_HALTED' });
    expect(chain.failure).toMatchObject({ code: 'CHAIN_HALTED' });
    await expect(inProcessTransport(chain).status()).rejects.toThrow();
  });

  test('a power cut at any moment loses no block that anybody heard of, and blocks and state stay one', async () => {
    const step = fc.record({
      transactions: fc.nat({ max: 2 }),
      /** Turns of the event loop between beginning a block and the cut; none: no cut. */
      cutAfter: fc.option(fc.nat({ max: 6 }), { freq: 2 }),
      survivors: fc.nat({ max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const disk = createMemoryDisk();
        let chain = await open(disk.openStore('node'));
        const heard = new Map<number, string>();
        const listen = (): void =>
          void chain.onBlock((height, { commit }) => heard.set(height, toHex(commit.blockId!.hash)));
        listen();
        let now = START;
        let sent = 0n;
        for (const { transactions, cutAfter, survivors } of steps) {
          for (let n = 0n; n < BigInt(transactions); n += 1n)
            chain.admit(await sendFromAlice(chain, bob.address, 1n, n));
          const producing = chain.produceBlock((now += 1000)).then(
            () => true,
            () => false,
          );
          if (cutAfter === null) {
            expect(await producing).toBe(true);
          } else {
            for (let turn = 0; turn < cutAfter; turn += 1) await Promise.resolve();
            disk.crash((unflushed) => Math.min(survivors, unflushed));
            await producing;
            chain = await open(disk.openStore('node'));
            listen();
          }
          const latest = chain.latestHeight();
          expect(Math.max(0, ...heard.keys())).toBeLessThanOrEqual(latest);
          for (const [height, hash] of heard)
            expect(toHex(chain.blocks.block(height)!.commit.blockId!.hash)).toBe(hash);
          sent = 0n;
          for (let height = 1; height <= latest; height += 1) {
            sent += BigInt(chain.blocks.block(height)!.block.data?.txs.length ?? 0);
          }
          // The state is that of the last block, neither more nor less.
          expect(await balance(chain, bob.address)).toBe(1_000_000_000n + sent);
          const before = chain.blocks.block(latest)?.results.appHash;
          const next = (await chain.produceBlock((now += 1000))).block.header!.appHash;
          if (before !== undefined) expect(equalBytes(before, next)).toBe(true);
        }
        await chain.close();
      }),
      { numRuns: 12 },
    );
  });

  test('two chains given the same transactions at the same times agree in every hash', async () => {
    const [one, two] = [await open(), await open()];
    for (let n = 0; n < 3; n += 1) {
      const bytes = await sendFromAlice(one, testKey(`${n}`).address, 3n);
      one.admit(bytes);
      two.admit(bytes);
      const [first, second] = [await one.produceBlock(START + n), await two.produceBlock(START + n)];
      expect(toHex(first.commit.blockId!.hash)).toBe(toHex(second.commit.blockId!.hash));
      expect(toHex(first.results.appHash)).toBe(toHex(second.results.appHash));
    }
  });
});
