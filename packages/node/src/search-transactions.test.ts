/** A search says what a look at every transaction would say, whichever conditions the index answers. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createLedgerClient } from '@decai/client/ledger-client';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { sequencerKey } from './block/sequencer-key.ts';
import { EmbeddedChain } from './embedded/embedded-chain.ts';
import { matchesEvents, type Condition } from './event-query.ts';
import { inProcessTransport } from './in-process-transport.ts';
import type { LedgerNode } from './ledger-node.ts';
import { searchTransactions, transactionEvents, transactionsIn, type FoundTransaction } from './search-transactions.ts';
import { alice, bob, proposerKey, testGenesis, testKey } from './testing/test-genesis.ts';
import { signedSend } from './testing/test-transactions.ts';

let chain: EmbeddedChain;
let all: FoundTransaction[];
let attributes: [key: string, value: string][];

beforeAll(async () => {
  chain = await EmbeddedChain.open({
    store: createMemoryStore(),
    genesis: testGenesis(),
    sequencer: sequencerKey(proposerKey),
  });
  const ledger = createLedgerClient(inProcessTransport(chain));
  const send = async (to: string, amount: bigint, ahead: bigint): Promise<void> => {
    const { accountNumber, sequence } = (await ledger.account(alice.address))!;
    chain.admit(signedSend({ key: alice, accountNumber, sequence: sequence + ahead }, to, amount));
  };
  for (const count of [1, 0, 3, 0, 0, 2, 1]) {
    // One in every block with more than one fails: nobody has so much.
    for (let ahead = 0; ahead < count; ahead += 1) {
      await send([bob.address, testKey('carol').address][ahead % 2]!, ahead === 1 ? 10n ** 15n : 5n, BigInt(ahead));
    }
    await chain.produceBlock(Date.parse('2030-06-01T00:00:00Z'));
  }
  all = Array.from({ length: chain.latestHeight() }, (_, index) => index + 1).flatMap((height) =>
    transactionsIn(chain.blocks.block(height)!, height),
  );
  attributes = all.flatMap((one) =>
    [...transactionEvents(one)].flatMap(([key, values]) => values.map((value): [string, string] => [key, value])),
  );
});

const place = ({ height, index }: { height: number; index: number }): string => `${height}/${index}`;

function naive(conditions: readonly Condition[]): string[] {
  return all.filter((one) => matchesEvents(conditions, transactionEvents(one))).map(place);
}

test('any conditions find what they find among all', () => {
  expect(all).toHaveLength(7);
  const known = fc.nat().map((at) => attributes[at % attributes.length]!);
  const condition = fc.oneof(
    { weight: 4, arbitrary: known.map(([key, value]): Condition => ({ key, operator: '=', value })) },
    fc
      .tuple(fc.constantFrom('=', '<', '<=', '>', '>=', 'CONTAINS', 'EXISTS'), fc.integer({ min: -1, max: 9 }))
      .map(
        ([operator, height]) =>
          ({ key: 'tx.height', operator, value: operator === 'EXISTS' ? '' : `${height}` }) as Condition,
      ),
    known.map(([key, value]): Condition => ({ key, operator: 'CONTAINS', value: value.slice(1, 4) })),
    known.map(([key]): Condition => ({ key, operator: 'EXISTS', value: '' })),
    fc.constantFrom<Condition>(
      { key: 'tm.event', operator: '=', value: 'Tx' },
      { key: 'tm.event', operator: '=', value: 'NewBlock' },
      { key: 'transfer.recipient', operator: '=', value: 'nobody' },
    ),
  );
  fc.assert(
    fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), (conditions) => {
      expect(searchTransactions(chain, conditions).map(place)).toEqual(naive(conditions));
    }),
    { numRuns: 400 },
  );
});

test('a search that would have to read or list too much is refused', () => {
  const many = (count: number): LedgerNode =>
    ({
      firstHeight: 1,
      latestHeight: () => count,
      blocks: {
        ...chain.blocks,
        *placesBetween() {
          for (let height = 1; height <= count; height += 1) yield { height, index: 0 };
        },
      },
    }) as unknown as LedgerNode;
  const refused = expect.objectContaining({ code: 'QUERY_TOO_BROAD' });
  expect(() => searchTransactions(many(5_001), [{ key: 'a.b', operator: 'EXISTS', value: '' }])).toThrow(refused);
  expect(() => searchTransactions(many(200_001), [{ key: 'tx.height', operator: '>', value: '0' }])).toThrow(refused);
  expect(searchTransactions(many(200_000), [{ key: 'tx.height', operator: '>', value: '0' }])).toHaveLength(200_000);
});
