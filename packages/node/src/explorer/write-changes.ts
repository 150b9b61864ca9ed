/**
 * Puts what a block changed into the tables, a piece at a time, so that whoever drives it can let others run in between.
 *
 * Expects an open transaction. Sums are added up here and not by the engine, whose integers end at 2⁶³.
 */
import type { SqlDatabase, SqlRow, SqlValue } from '@decai/protocol/sql-database';
import type { BlockChanges, Cells, EarningChange, RowChange, TallyChange } from './block-changes.ts';
import { KEYS, type ExplorerTables } from './explorer-tables.ts';
import { TALLY_FIELDS } from './tally.ts';

/** Statements between two pauses: about a millisecond of work. */
const STATEMENTS_PER_PIECE = 100;

/** Yields after each piece. @throws as `SqlDatabase.run`. */
export function* writeChanges(database: SqlDatabase, changes: BlockChanges): Generator<void, void> {
  let statements = 0;
  for (const write of writesOf(database, changes)) {
    write();
    if ((statements += 1) % STATEMENTS_PER_PIECE === 0) yield;
  }
}

function* writesOf(database: SqlDatabase, changes: BlockChanges): Generator<() => void, void> {
  for (const change of changes.rows) yield () => writeRow(database, change);
  for (const change of changes.tallies) yield () => writeTally(database, change);
  for (const change of changes.earnings) yield () => writeEarning(database, change);
}

function writeRow(database: SqlDatabase, change: RowChange): void {
  if (change.kind === 'put') putRow(database, change.table, change.row, change.first);
  else removeRows(database, change.table, change.row);
}

/** Inserts a row, or changes the one with the same key. */
export function putRow(database: SqlDatabase, table: keyof ExplorerTables, row: Cells, first: Cells = {}): void {
  const firsts = Object.keys(first);
  const columns = Object.keys(row);
  const sql = putStatement(table, firsts, columns);
  database.run(sql, [...Object.values(first), ...Object.values(row)].map(kept));
}

/** Texts by table and columns: there are a few dozen, and each is used thousands of times. */
const PUT_STATEMENTS = new Map<string, string>();

function putStatement(table: keyof ExplorerTables, firsts: readonly string[], columns: readonly string[]): string {
  const name = `${table}/${firsts.join()}/${columns.join()}`;
  const known = PUT_STATEMENTS.get(name);
  if (known !== undefined) return known;
  const keys: readonly string[] = KEYS[table];
  const all = [...firsts, ...columns];
  const changed = columns.filter((column) => !keys.includes(column));
  const sets = changed.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ');
  const action = sets === '' ? 'NOTHING' : `UPDATE SET ${sets}`;
  const otherwise = keys.length === 0 ? '' : ` ON CONFLICT (${list(keys)}) DO ${action}`;
  const places = all.map(() => '?').join(', ');
  const sql = `INSERT INTO ${quoted(table)} (${list(all)}) VALUES (${places})${otherwise}`;
  PUT_STATEMENTS.set(name, sql);
  return sql;
}

function removeRows(database: SqlDatabase, table: keyof ExplorerTables, row: Cells): void {
  const conditions = Object.keys(row).map((column) => `${quoted(column)} = ?`);
  database.run(`DELETE FROM ${quoted(table)} WHERE ${conditions.join(' AND ')}`, Object.values(row).map(kept));
}

function writeTally(database: SqlDatabase, { scope, subject, sessionEndHeight, add }: TallyChange): void {
  const key = { scope, subject, sessionEndHeight };
  const before = rowWith(database, 'tallies', key);
  const sums = TALLY_FIELDS.map((field): [string, string] => [field, added(before?.[field], add[field] ?? 0n)]);
  putRow(database, 'tallies', { ...key, ...Object.fromEntries(sums) });
}

function writeEarning(database: SqlDatabase, change: EarningChange): void {
  const { scope, subject, recipient, role, paidUpokt, payments } = change;
  const key = { scope, subject, recipient, role };
  const before = rowWith(database, 'earnings', key);
  putRow(database, 'earnings', {
    ...key,
    paidUpokt: added(before?.['paidUpokt'], paidUpokt),
    payments: added(before?.['payments'], payments),
  });
}

function rowWith(database: SqlDatabase, table: keyof ExplorerTables, key: Cells): SqlRow | undefined {
  const conditions = Object.keys(key).map((column) => `${quoted(column)} = ?`);
  const sql = `SELECT * FROM ${quoted(table)} WHERE ${conditions.join(' AND ')}`;
  return database.all(sql, Object.values(key).map(kept))[0];
}

function added(before: SqlValue | undefined, more: bigint): string {
  return `${BigInt(before ?? 0) + more}`;
}

/** What strangers wrote may hold what no database keeps; it must not be able to stop the index. */
function kept(value: SqlValue): SqlValue {
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd').toWellFormed() : value;
}

function list(columns: readonly string[]): string {
  return columns.map(quoted).join(', ');
}

function quoted(name: string): string {
  return `"${name}"`;
}
