/**
 * SQL databases in memory, on the real engine: what a role of a test or of the simulator has instead of files.
 *
 * Who opens a database again finds what was committed, and nothing of a transaction that was under way. An earlier handle is
 * dead by then.
 */
import Database from 'libsql';
import { Fault } from '@decai/protocol/fault';
import type { OpenDatabaseOptions, SqlDatabase } from '@decai/protocol/sql-database';
import { libsqlDatabase } from './libsql-database.ts';

export type MemoryDatabases = {
  openDatabase(this: void, name: string, options?: OpenDatabaseOptions): SqlDatabase;
  /** The end of a process: every handle is dead, and what it had not committed is gone. */
  crash(): void;
};

type Volume = { readonly connection: Database.Database; readonly database: SqlDatabase; life: number };

export function createMemoryDatabases(): MemoryDatabases {
  const volumes = new Map<string, Volume>();

  const volumeNamed = (name: string): Volume => {
    const known = volumes.get(name);
    if (known !== undefined) return known;
    const connection = new Database(':memory:');
    const volume: Volume = { connection, database: libsqlDatabase(connection), life: 0 };
    volumes.set(name, volume);
    return volume;
  };

  return {
    openDatabase(name, { fresh = false } = {}) {
      const old = volumes.get(name);
      if (old !== undefined) end(old);
      if (fresh) volumes.delete(name);
      return handle(volumeNamed(name));
    },
    crash() {
      for (const volume of volumes.values()) end(volume);
    },
  };
}

function end(volume: Volume): void {
  volume.life += 1;
  if (volume.connection.inTransaction) volume.database.run('ROLLBACK');
}

function handle(volume: Volume): SqlDatabase {
  const { life } = volume;
  const open = (): SqlDatabase => {
    if (volume.life === life) return volume.database;
    throw new Fault('DATABASE_CLOSED', 'the database is closed');
  };
  return {
    run: (sql, parameters) => open().run(sql, parameters),
    all: (sql, parameters) => open().all(sql, parameters),
    close() {
      if (volume.life === life) end(volume);
    },
  };
}
