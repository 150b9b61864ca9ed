/**
 * A route of the explorer is data: its path, what it says of itself, what may be asked with it, and how it is answered.
 *
 * The list of routes, the checks of what is sent and the document are made from the same value.
 */
import type { SqlDatabase } from '@decai/protocol/sql-database';
import type { Json } from '../rpc/block-json.ts';
import type { Progress } from './explorer-database.ts';
import type { ExplorerOutcome } from './explorer-refusal.ts';

export type JsonObject = { readonly [name: string]: Json };

/** What was asked, checked. */
export type Asked = {
  readonly database: SqlDatabase;
  readonly progress: Progress;
  /** Fields of the path, unescaped. */
  readonly fields: Readonly<Record<string, string>>;
  /** Filters and heights that were given; heights are digits. */
  readonly query: Readonly<Record<string, string>>;
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly ascending: boolean;
};

export type ExplorerRoute = {
  /** Below `/explorer/v1`; `{name}` is a field. */
  readonly path: string;
  readonly summary: string;
  /** Names of query parameters besides those of pages. */
  readonly filters?: readonly FilterName[];
  /** A list: takes `limit`, `cursor` and, if it is in an order of time, `order`. */
  readonly pages?: 'by name' | 'by time';
  readonly answer: (asked: Asked) => ExplorerOutcome<JsonObject>;
};

export type FilterName =
  'service' | 'supplier' | 'application' | 'source' | 'session' | 'status' | 'proof' | 'from' | 'to';

const ADDRESS = /^[a-z0-9]{1,90}$/;
const HEIGHT = /^[0-9]{1,15}$/;

/** The texts that each filter takes. */
export const FILTERS: Readonly<Record<FilterName, RegExp>> = {
  service: /^.{1,64}$/su,
  supplier: ADDRESS,
  application: ADDRESS,
  source: ADDRESS,
  session: /^[0-9a-f]{1,64}$/,
  status: /^(?:pending|settled|expired|discarded)$/,
  proof: /^(?:none|submitted|valid|invalid)$/,
  from: HEIGHT,
  to: HEIGHT,
};

export const LIMIT_DEFAULT = 50;
export const LIMIT_MAX = 200;

export function answered(value: JsonObject): ExplorerOutcome<JsonObject> {
  return { ok: true, value };
}
