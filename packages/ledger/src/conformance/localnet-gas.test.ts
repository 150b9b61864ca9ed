/** What recorded transactions used of gas, and what they use here. */
import { fromBase64, fromHex } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { committedLines, committedVectors } from '@decai/protocol/testing/committed-vectors';
import { parseTimestamp } from '@decai/protocol/time-text';
import { decodeTransaction } from '@decai/protocol/transaction';
import { expect, test } from 'vitest';
import { parseGenesis } from '../genesis.ts';
import { Ledger } from '../ledger.ts';
import { State } from '../state.ts';
import { Store } from '../store.ts';
import { ledgerGenesis } from './localnet-genesis.ts';
import { isGiven, writeGiven, writeValidators } from './localnet-given.ts';
import type { LocalnetRun } from './localnet-run.ts';

const run = {
  genesis: committedVectors('localnet/run-a/genesis.json'),
  blocks: committedLines('localnet/run-a/blocks.jsonl'),
  state: committedLines('localnet/run-a/state.jsonl'),
} as unknown as LocalnetRun;

/** What differs between the gas used here and there, by type of message and whether the transaction failed. */
function gasDifferences(): Map<string, { readonly failed: boolean; readonly theirs: number; readonly ours: number }[]> {
  const disk = createMemoryStore();
  const ledger = new Ledger(disk, { relaxes: () => true });
  const genesis = parseGenesis(ledgerGenesis(run));
  disk.write(ledger.initChain(genesis).writes);
  const rows = new Map<string, { failed: boolean; theirs: number; ours: number }[]>();
  for (const { height, block, block_id: id, results: recorded } of run.blocks) {
    const { seconds, nanos } = parseTimestamp(block.header.time);
    const timeNs = seconds * 1_000_000_000n + BigInt(nanos);
    const transactions = block.data.txs.map(fromBase64);
    const { results, writes } = ledger.finalizeBlock({
      height,
      timeNs,
      hash: fromHex(id.hash.toLowerCase()),
      transactions,
    });
    disk.write(writes);
    for (const [index, { code, gas_used: used }] of (recorded.txs_results ?? []).entries()) {
      const types = isGiven(block.data.txs[index]!) ? [] : typesIn(transactions[index]!);
      if (types.length !== 1) continue;
      const row = { failed: code !== 0, theirs: Number(used), ours: Number(results[index]!.gasUsed) };
      rows.set(types[0]!, [...(rows.get(types[0]!) ?? []), row]);
    }
    const { chainId, profile } = genesis;
    const given = new State(new Store(disk), { chainId, profile, height, timeNs, hash: new Uint8Array(32) });
    writeGiven(given, { height, block, block_id: id, results: recorded });
    writeValidators(
      given,
      run.genesis,
      run.state.find((one) => one.height === height),
    );
    disk.write(given.store.writes());
  }
  return rows;
}

/** Types of the messages in a transaction; of one that cannot be read, none. */
function typesIn(bytes: Uint8Array): string[] {
  try {
    return decodeTransaction(bytes).messages.map(({ typeUrl }) => typeUrl);
  } catch (thrown) {
    if (isFault(thrown)) return [];
    throw thrown;
  }
}

const rows = gasDifferences();

test.each([
  '/cosmos.bank.v1beta1.MsgSend',
  '/pocket.gateway.MsgStakeGateway',
  '/pocket.gateway.MsgUnstakeGateway',
  '/pocket.gateway.MsgUpdateGatewayMetadata',
  '/pocket.service.MsgTransferService',
  ...['application', 'proof', 'service', 'session', 'shared', 'supplier', 'tokenomics'].map(
    (module) => `/pocket.${module}.MsgUpdateParams`,
  ),
])('%s uses the same gas, whether it fails or not', (type) => {
  const found = rows.get(type)!;
  expect(found.filter(({ theirs, ours }) => theirs !== ours)).toEqual([]);
});

test('what fails before its message reads anything of another module uses the same gas', () => {
  const failed = ['/cosmos.authz.v1beta1.MsgExec', '/pocket.application.MsgUnstakeApplication'];
  for (const type of failed) {
    const found = rows.get(type)!.filter((row) => row.failed);
    expect(found.length).toBeGreaterThan(2);
    expect(found.filter(({ theirs, ours }) => theirs !== ours)).toEqual([]);
  }
});

test('messages whose records have other indexes here use up to a tenth less on average, and no claim or proof more', () => {
  for (const type of ['/pocket.proof.MsgCreateClaim', '/pocket.proof.MsgSubmitProof']) {
    const found = rows.get(type)!.filter(({ failed }) => !failed);
    const [theirs, ours] = (['theirs', 'ours'] as const).map((whose) =>
      found.reduce((sum, row) => sum + row[whose], 0),
    );
    expect(found.length).toBeGreaterThan(200);
    expect(ours! / theirs!).toBeGreaterThan(0.85);
    expect(found.every((row) => row.ours <= row.theirs)).toBe(true);
  }
});
