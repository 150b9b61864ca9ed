/** Questions to the explorer's tables, written by Kysely and answered at once: it only makes the text here. */
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Compilable } from 'kysely';
import type { SqlDatabase, SqlValue } from '@decai/protocol/sql-database';
import type { ExplorerTables } from './explorer-tables.ts';

/** Begins a query. It is never executed by itself: see `rowsOf`. */
export const from: Kysely<ExplorerTables> = new Kysely<ExplorerTables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** All rows of a query. @throws as `SqlDatabase.all`. */
export function rowsOf<Row>(database: SqlDatabase, query: Compilable<Row>): readonly Row[] {
  const { sql, parameters } = query.compile();
  return database.all(sql, parameters as readonly SqlValue[]) as readonly Row[];
}
