/**
 * The explorer's database and how far it has come: of which chain it tells, and up to which block.
 *
 * It is worth nothing that the blocks do not say, so whatever is wrong with it (another chain, another schema, a damaged file)
 * has one cure: it is dropped and built anew.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { toHex, utf8 } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import { sha256 } from '@decai/protocol/hash';
import type { SqlDatabase } from '@decai/protocol/sql-database';
import type { World } from '@decai/protocol/world';
import { CREATE_TABLES, EXPLORER_SCHEMA_VERSION } from './explorer-tables.ts';
import { from, rowsOf } from './explorer-query.ts';
import type { FirstDocument } from './first-document.ts';
import { recordGenesis } from './record-genesis.ts';
import { putRow, writeChanges } from './write-changes.ts';

export type Progress = {
  readonly schemaVersion: number;
  readonly chainId: string;
  /** SHA-256 of the genesis document, hexadecimal. */
  readonly genesisHash: string;
  /** The last block that is in the tables; one before the first while there is none. */
  readonly height: number;
  /** Its hash, hexadecimal; empty while there is none. */
  readonly blockHash: string;
  readonly supplyUpokt: bigint;
  /** Blocks that the node did not have any more when they were to be read. */
  readonly missingBlocks: number;
};

const NAME = 'explorer';

/** The database, or an empty one in the place of a file that is none. @throws as `SqlDatabase.run`. */
export function openExplorerDatabase(world: Pick<World, 'openDatabase'>, fresh = false): SqlDatabase {
  if (fresh) return world.openDatabase(NAME, { fresh });
  try {
    return world.openDatabase(NAME);
  } catch (thrown) {
    if (isFault(thrown, 'DATABASE_BROKEN')) return world.openDatabase(NAME, { fresh: true });
    throw thrown;
  }
}

/** Undefined when the tables are not there or were made by another version. */
export function readProgress(database: SqlDatabase): Progress | undefined {
  if (database.all(`SELECT name FROM sqlite_master WHERE name = 'progress'`).length === 0) return undefined;
  const values = new Map(
    rowsOf(database, from.selectFrom('progress').selectAll()).map(({ name, value }) => [name, value]),
  );
  if (values.get('schemaVersion') !== `${EXPLORER_SCHEMA_VERSION}`) return undefined;
  const text = (name: keyof Progress): string => values.get(name) ?? '';
  return {
    schemaVersion: EXPLORER_SCHEMA_VERSION,
    chainId: text('chainId'),
    genesisHash: text('genesisHash'),
    height: Number(text('height')),
    blockHash: text('blockHash'),
    supplyUpokt: BigInt(text('supplyUpokt')),
    missingBlocks: Number(text('missingBlocks')),
  };
}

export function writeProgress(database: SqlDatabase, progress: Partial<Progress>): void {
  for (const [name, value] of Object.entries(progress)) putRow(database, 'progress', { name, value: `${value}` });
}

/** Drops everything and begins anew; `genesis` is the chain's, whatever the first document is. */
export function beginTables(
  database: SqlDatabase,
  genesis: JsonValue,
  { document, missingBlocks }: FirstDocument,
): Progress {
  const { chainId, changes, supplyUpokt } = recordGenesis(document);
  const progress: Progress = {
    schemaVersion: EXPLORER_SCHEMA_VERSION,
    chainId,
    genesisHash: genesisHash(genesis),
    height: changes.height,
    blockHash: '',
    supplyUpokt,
    missingBlocks,
  };
  inTransaction(database, () => {
    dropTables(database);
    for (const sql of CREATE_TABLES) database.run(sql);
    for (const _ of writeChanges(database, changes));
    writeProgress(database, progress);
  });
  return progress;
}

export function genesisHash(genesis: JsonValue): string {
  return toHex(sha256(utf8(JSON.stringify(genesis))));
}

function dropTables(database: SqlDatabase): void {
  const tables = database.all(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`);
  for (const { name } of tables) database.run(`DROP TABLE "${String(name).replaceAll('"', '""')}"`);
}

function inTransaction(database: SqlDatabase, act: () => void): void {
  database.run('BEGIN IMMEDIATE');
  try {
    act();
    database.run('COMMIT');
  } catch (thrown) {
    rollBack(database);
    throw thrown;
  }
}

/** Takes back what was begun; an engine that has already done so is not asked again. */
export function rollBack(database: SqlDatabase): void {
  try {
    database.run('ROLLBACK');
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
  }
}
