/** A chain that goes on from an export of another is the same chain: same records, same root, same blocks from there on. */
import type { JsonValue } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64 } from '@decai/protocol/bytes';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { exportGenesis, type GenesisDocument } from './export-genesis.ts';
import { parseGenesis } from './genesis.ts';
import { RECORDS_MODULE } from './genesis-records.ts';
import { INDEX_PREFIX } from './indexed-collection.ts';
import { Ledger } from './ledger.ts';
import { recordsOf } from './state-root.ts';
import { keyText, prefixEnd, Store } from './store.ts';
import { addressNamed, endow, TestChain } from './test-chain.ts';
import { Batch, found, move, rules } from './test-moves.ts';

function imported(document: GenesisDocument): { ledger: Ledger; store: Store } {
  const disk = createMemoryStore();
  const ledger = new Ledger(disk);
  disk.write(ledger.initChain(parseGenesis(document)).writes);
  return { ledger, store: new Store(disk) };
}

const indexesOf = (store: Store) => [...store.range({ start: INDEX_PREFIX, end: prefixEnd(INDEX_PREFIX) })];

function records(document: GenesisDocument): { key: string; value: string | null }[] {
  const part = (document['app_state'] as Record<string, Record<string, JsonValue>>)[RECORDS_MODULE];
  return (part?.['records'] ?? []) as { key: string; value: string | null }[];
}

/** What the form of Shannon's modules has no place for. */
const LEFT_TO_RECORDS = ['session/BlockHash/height/', 'service/RelayMiningDifficulty/history/', 'auth/next_number'];

describe('an export', () => {
  test('at any block of any chain, imported, has the same records, indexes and root, and goes on alike', () => {
    fc.assert(
      fc.property(
        rules,
        fc.array(fc.array(move, { maxLength: 4 }), { minLength: 1, maxLength: 40 }),
        fc.array(fc.array(move, { maxLength: 4 }), { minLength: 3, maxLength: 8 }),
        (drawn, before, after) => {
          const { chain, opening } = found(drawn);
          for (const moves of [opening, ...before]) {
            const batch = new Batch(chain);
            for (const each of moves) batch.move(each);
            chain.block(...batch.transactions);
          }
          const document = exportGenesis(chain.disk);
          for (const { key } of records(document)) {
            const text = keyText(fromBase64(key));
            expect(
              LEFT_TO_RECORDS.some((prefix) => text.startsWith(prefix)),
              text,
            ).toBe(true);
          }
          const other = imported(JSON.parse(JSON.stringify(document)) as GenesisDocument);
          expect(other.ledger.lastBlock).toEqual(chain.ledger.lastBlock);
          expect([...recordsOf(other.store)]).toEqual([...recordsOf(new Store(chain.disk))]);
          expect(indexesOf(other.store)).toEqual(indexesOf(new Store(chain.disk)));
          const disk = createMemoryStore();
          disk.write(new Ledger(disk).initChain(parseGenesis(document)).writes);
          const twin = new TestChain(undefined, undefined, disk);
          for (const moves of after) {
            const batch = new Batch(chain);
            for (const each of moves) batch.move(each);
            const [one, two] = [chain.block(...batch.transactions), twin.block(...batch.transactions)];
            expect(two.appHash).toEqual(one.appHash);
            expect(two.results).toEqual(one.results);
            expect(two.events).toEqual(one.events);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of an export is the export', () => {
    const chain = new TestChain((state) => endow(state, addressNamed('rich'), 5n));
    for (let count = 0; count < 25; count += 1) chain.block();
    const document = exportGenesis(chain.disk);
    const disk = createMemoryStore();
    disk.write(new Ledger(disk).initChain(parseGenesis(document)).writes);
    expect(exportGenesis(disk)).toEqual(document);
  });

  test('needs a chain', () => {
    expect(() => exportGenesis(createMemoryStore())).toThrow(expect.objectContaining({ code: 'NO_CHAIN' }));
  });

  test('is refused when it was tampered with, or says less than it needs', () => {
    const chain = new TestChain((state) => endow(state, addressNamed('rich'), 5n));
    for (let count = 0; count < 3; count += 1) chain.block();
    const document = exportGenesis(chain.disk);
    const appState = document['app_state'] as Record<string, JsonValue>;
    const refused = (change: Record<string, JsonValue>): string => {
      try {
        imported({ ...document, ...change });
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'GENESIS_INVALID' });
        return (thrown as Error).message;
      }
      return 'taken';
    };
    const withRecords = (...list: JsonValue[]) =>
      refused({ app_state: { ...appState, [RECORDS_MODULE]: { records: list } } });
    expect(refused({})).toBe('taken');
    expect(refused({ app_hash: 'ab'.repeat(32) })).toContain('app_hash is abab');
    expect(refused({ app_hash: 'short' })).toContain('32 bytes');
    expect(refused({ app_hash: null })).toContain('app_hash must say');
    expect(withRecords()).toContain('the state has');
    expect(withRecords({ key: 'AAAA', value: 5 })).toContain('a value is base64');
    expect(withRecords({ key: '!', value: null })).toContain('a key is base64');
    expect(withRecords({ key: Buffer.from('trie/').toString('base64'), value: null })).toContain('a key of no record');
    expect(withRecords({ key: '', value: null })).toContain('a key of no record');
    expect(withRecords('text')).toContain('is an object');
    expect(refused({ app_state: { ...appState, [RECORDS_MODULE]: {} } })).toContain('is a list');
  });
});
