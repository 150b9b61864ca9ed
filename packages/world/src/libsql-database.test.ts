import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SqlDatabase } from '@decai/protocol/sql-database';
import { afterAll, describe, expect, test } from 'vitest';
import { openLibsqlDatabase } from './libsql-database.ts';
import { createMemoryDatabases } from './memory-databases.ts';

const root = mkdtempSync(join(tmpdir(), 'decai-sql-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let files = 0;
const nextFile = (): string => join(root, 'made', `${(files += 1)}.sqlite`);
const code = (wanted: string): unknown => expect.objectContaining({ code: wanted });

describe.each([
  ['in a file', () => openLibsqlDatabase(nextFile())],
  ['in memory', () => createMemoryDatabases().openDatabase('x')],
])('a database %s', (_where, open: () => SqlDatabase) => {
  test('gives back what it was given', () => {
    const database = open();
    database.run('CREATE TABLE t (id INTEGER PRIMARY KEY, amount TEXT, height INTEGER)');
    for (const amount of ['9007199254740993', 'ünï ✓', '', null]) {
      database.run('INSERT INTO t (amount, height) VALUES (?, ?)', [amount, Number.MAX_SAFE_INTEGER]);
    }
    expect(database.all('SELECT * FROM t WHERE id <= ? ORDER BY id LIMIT ?', [3, 2])).toEqual([
      { id: 1, amount: '9007199254740993', height: 9007199254740991 },
      { id: 2, amount: 'ünï ✓', height: 9007199254740991 },
    ]);
    expect(database.all('SELECT amount, count(*) AS many FROM t WHERE amount IS NULL GROUP BY amount')).toEqual([
      { amount: null, many: 1 },
    ]);
    database.close();
  });

  test('refuses what would come back changed, and what would end the process', () => {
    const database = open();
    database.run('CREATE TABLE t (v)');
    const odd: unknown[] = [2 ** 53, 0.5, NaN, 'a\0b', '\ud800', true, undefined, 1n, new Uint8Array(1), {}];
    for (const value of odd) {
      expect(() => database.run('INSERT INTO t VALUES (?)', [value as string])).toThrow(code('DATABASE_VALUE_INVALID'));
    }
    expect(database.all('SELECT * FROM t')).toEqual([]);
    expect(() => database.all('SELECT 9007199254740993 AS big')).toThrow(code('DATABASE_VALUE_INVALID'));
    expect(() => database.all('SELECT 0.5 AS half')).toThrow(code('DATABASE_VALUE_INVALID'));
    expect(() => database.run('INSERT INTO nowhere VALUES (1)')).toThrow(code('DATABASE_FAILED'));
    database.close();
    database.close();
    expect(() => database.all('SELECT * FROM t')).toThrow(code('DATABASE_CLOSED'));
  });
});

describe('a database in a file', () => {
  test('keeps what was committed, until it is opened afresh', () => {
    const path = nextFile();
    const first = openLibsqlDatabase(path);
    first.run('CREATE TABLE t (v)');
    first.run('BEGIN');
    first.run('INSERT INTO t VALUES (?)', ['lost']);
    first.close();
    const second = openLibsqlDatabase(path);
    expect(second.all('SELECT * FROM t')).toEqual([]);
    expect(second.all('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    second.close();
    const fresh = openLibsqlDatabase(path, { fresh: true });
    expect(fresh.all('SELECT name FROM sqlite_master')).toEqual([]);
    fresh.close();
  });

  test('may be read by others while it is written, and written by one at a time', () => {
    const path = nextFile();
    const [writer, other] = [openLibsqlDatabase(path), openLibsqlDatabase(path)];
    writer.run('CREATE TABLE t (v)');
    writer.run('BEGIN IMMEDIATE');
    writer.run('INSERT INTO t VALUES (1)');
    expect(other.all('SELECT * FROM t')).toEqual([]);
    expect(() => other.run('BEGIN IMMEDIATE')).toThrow(code('DATABASE_BUSY'));
    writer.run('COMMIT');
    expect(other.all('SELECT * FROM t')).toEqual([{ v: 1 }]);
    writer.close();
    other.close();
  });

  test('that is none is a fault, unless it is opened afresh', () => {
    const path = join(root, 'garbage.sqlite');
    writeFileSync(path, 'this is a letter, not a database. '.repeat(40));
    expect(() => openLibsqlDatabase(path)).toThrow(code('DATABASE_BROKEN'));
    openLibsqlDatabase(path, { fresh: true }).close();
    openLibsqlDatabase(path).close();
    expect(() => openLibsqlDatabase(join(path, 'below'))).toThrow(code('DATABASE_FAILED'));
  });
});

test('in memory, a crash takes what was not committed, and every handle', () => {
  const databases = createMemoryDatabases();
  const before = databases.openDatabase('x');
  before.run('CREATE TABLE t (v)');
  before.run('BEGIN');
  before.run('INSERT INTO t VALUES (1)');
  databases.crash();
  expect(() => before.run('COMMIT')).toThrow(code('DATABASE_CLOSED'));
  before.close();
  const after = databases.openDatabase('x');
  expect(after.all('SELECT * FROM t')).toEqual([]);
  expect(() => databases.openDatabase('x', { fresh: true }).all('SELECT * FROM t')).toThrow(code('DATABASE_FAILED'));
  expect(() => after.run('BEGIN')).toThrow(code('DATABASE_CLOSED'));
});
