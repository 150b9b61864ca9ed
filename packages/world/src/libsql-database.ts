/**
 * SqlDatabase on libsql: a file in write-ahead mode, which other programs may read while this one writes.
 *
 * The binding has traps that are closed here, before it sees anything: a parameter of a type that it does not know ends the
 * process, a text is cut at its first NUL, lone surrogates are replaced, integers above 2⁵³ are rounded, and a statement goes
 * on working after its database was closed.
 *
 * Source: tursodatabase/libsql-js `index.js`; sqlite.org `wal.html`, `pragma.html`.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { Fault } from '@decai/protocol/fault';
import type { OpenDatabaseOptions, SqlDatabase, SqlRow, SqlValue } from '@decai/protocol/sql-database';

/** How long a statement waits for another writer. Everything else in this process waits with it: patience is the caller's. */
const BUSY_MS = 5;
/** Prepared statements that are kept. Texts of statements are few; an endless supply of them would be a slip. */
const STATEMENTS_MAX = 500;

/**
 * Opens or creates the database in the file at `path`.
 *
 * A commit survives the death of this process; a power cut may take back the last ones, whole.
 *
 * @throws as `SqlDatabase.run`.
 */
export function openLibsqlDatabase(path: string, { fresh = false }: OpenDatabaseOptions = {}): SqlDatabase {
  return translated(() => {
    mkdirSync(dirname(path), { recursive: true });
    if (fresh) for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
    const connection = new Database(path, { timeout: BUSY_MS });
    try {
      connection.pragma('journal_mode = WAL');
      connection.pragma('synchronous = NORMAL');
      return libsqlDatabase(connection);
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
  });
}

/** A database on a connection that is open. */
export function libsqlDatabase(connection: Database.Database): SqlDatabase {
  const statements = new Map<string, Database.Statement>();
  let closed = false;

  const prepare = (sql: string): Database.Statement => {
    if (closed) throw new Fault('DATABASE_CLOSED', 'the database is closed');
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size === STATEMENTS_MAX) statements.clear();
    const statement = connection.prepare(sql).safeIntegers(true);
    statements.set(sql, statement);
    return statement;
  };

  return {
    run(sql, parameters = []) {
      translated(() => void prepare(sql).run(parameters.map(checkedParameter)));
    },
    all(sql, parameters = []) {
      return translated(() => prepare(sql).all(parameters.map(checkedParameter)).map(exactRow));
    },
    close() {
      if (closed) return;
      closed = true;
      statements.clear();
      connection.close();
    },
  };
}

function checkedParameter(value: SqlValue): SqlValue {
  if (value === null || Number.isSafeInteger(value)) return value;
  if (typeof value === 'string' && !value.includes('\0') && value.isWellFormed()) return value;
  throw new Fault('DATABASE_VALUE_INVALID', 'a value is null, a safe integer, or well-formed text without NUL', {
    type: typeof value,
  });
}

function exactRow(row: unknown): SqlRow {
  return Object.fromEntries(
    Object.entries(row as Record<string, unknown>).map(([column, value]) => [column, exactValue(column, value)]),
  );
}

function exactValue(column: string, value: unknown): SqlValue {
  if (value === null || typeof value === 'string') return value;
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new Fault('DATABASE_VALUE_INVALID', 'a column holds what is no text and no safe integer', { column });
}

/** The engine's errors as faults. Their texts name tables and columns, never values. */
function translated<T>(act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    throw thrown instanceof Fault ? thrown : faultOf(thrown as { readonly code?: string; readonly message: string });
  }
}

function faultOf(cause: { readonly code?: string; readonly message: string }): Fault {
  const { code = '', message } = cause;
  if (code.startsWith('SQLITE_BUSY')) {
    return new Fault('DATABASE_BUSY', 'another process writes to the database', {}, cause);
  }
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new Fault('DATABASE_BROKEN', 'the file is no database, or a damaged one', {}, cause);
  }
  return new Fault('DATABASE_FAILED', `the database failed: ${message}`, {}, cause);
}
