/**
 * The explorer over HTTP: GET below `/explorer/v1`, answered in JSON from the tables.
 *
 * Every answer says up to which block the tables have come: `indexedHeight`. Nothing that is sent is a fault; a refusal is an `error` with a stable
 * code and a sentence.
 */
import { utf8 } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import type { HttpAnswer, HttpHandler } from '@decai/protocol/http';
import type { Json } from '../rpc/block-json.ts';
import type { FaultListener } from '../rpc/serve-rpc.ts';
import { EXPLORER_REFUSALS, refused, type ExplorerOutcome, type ExplorerRefusal } from './explorer-refusal.ts';
import {
  FILTERS,
  LIMIT_DEFAULT,
  LIMIT_MAX,
  type Asked,
  type ExplorerRoute,
  type FilterName,
  type JsonObject,
} from './explorer-route.ts';
import { EXPLORER_ROUTES } from './explorer-routes.ts';
import type { Indexer } from './follow-blocks.ts';

export type ExplorerDoor = {
  readonly indexer: Pick<Indexer, 'read'>;
  /** Of the chain, which may be ahead of the tables. */
  readonly latestHeight: () => number;
};

export const EXPLORER_ROOT = '/explorer/v1';

const URL_LENGTH_MAX = 2_048;
const HEADERS = {
  'content-type': 'application/json',
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, OPTIONS',
} as const;

/**
 * Refuses, in this order: a method other than GET; a path without a route; a query parameter that the route does not take,
 * given twice or malformed; tables that cannot be read now; what the tables do not have.
 */
export function serveExplorer(door: ExplorerDoor, onFault: FaultListener = () => undefined): HttpHandler {
  return async ({ method, url }) => {
    if (method === 'OPTIONS') return { status: 204, headers: HEADERS, body: new Uint8Array(0) };
    if (method !== 'GET' && method !== 'HEAD')
      return reply(refused('EXPLORER_METHOD_NOT_ALLOWED', 'the explorer is read with GET'));
    const found = routeOf(url);
    if (!found.ok) return reply(found);
    const { route, fields, search } = found.value;
    const parameters = parametersOf(route, search);
    if (!parameters.ok) return reply(parameters);
    try {
      return await door.indexer.read((database, progress) => {
        const outcome = route.answer({ database, progress, fields, ...parameters.value });
        if (!outcome.ok) return reply(outcome);
        const behind = route === INDEX ? { chainHeight: door.latestHeight() } : {};
        return reply({ ok: true, value: { indexedHeight: progress.height, ...behind, ...outcome.value } });
      });
    } catch (thrown) {
      if (isFault(thrown, 'EXPLORER_UNAVAILABLE')) return reply(refused('EXPLORER_UNAVAILABLE', thrown.message));
      onFault(`explorer ${route.path}`, thrown);
      return reply(refused('EXPLORER_FAILED', 'the explorer failed; its log says how'));
    }
  };
}

/** The explorer's own page: what can be asked. */
const INDEX: ExplorerRoute = {
  path: '',
  summary: 'This list.',
  answer: ({ progress }) => ({
    ok: true,
    value: {
      chainId: progress.chainId,
      missingBlocks: progress.missingBlocks,
      routes: [INDEX, ...EXPLORER_ROUTES].map(routeJson),
    },
  }),
};

const ROUTES = [INDEX, ...EXPLORER_ROUTES].map((route) => ({ route, words: wordsOf(route.path) }));

function routeJson(route: ExplorerRoute): JsonObject {
  return { path: `${EXPLORER_ROOT}${route.path}`, summary: route.summary, parameters: [...parameterNames(route)] };
}

function parameterNames({ filters = [], pages }: ExplorerRoute): readonly string[] {
  if (pages === undefined) return filters;
  return [...filters, 'limit', 'cursor', ...(pages === 'by time' ? ['order'] : [])];
}

type Found = { readonly route: ExplorerRoute; readonly fields: Asked['fields']; readonly search: URLSearchParams };

function routeOf(url: string): ExplorerOutcome<Found> {
  const unknown = refused('EXPLORER_ROUTE_UNKNOWN', `no such route; ${EXPLORER_ROOT} lists them`);
  if (url.length > URL_LENGTH_MAX || !URL.canParse(url, 'http://node')) return unknown;
  const { pathname, searchParams: search } = new URL(url, 'http://node');
  const words = unescaped(pathname.replace(/\/$/, ''));
  const root = wordsOf(EXPLORER_ROOT);
  if (words === undefined || root.some((word, index) => words[index] !== word)) return unknown;
  for (const { route, words: template } of ROUTES) {
    const fields = matched(template, words.slice(root.length));
    if (fields !== undefined) return { ok: true, value: { route, fields, search } };
  }
  return unknown;
}

function wordsOf(path: string): readonly string[] {
  return path === '' ? [] : path.slice(1).split('/');
}

/** Undefined for a path whose escapes are broken, or that holds what no row can. */
function unescaped(path: string): readonly string[] | undefined {
  try {
    const words = wordsOf(path).map(decodeURIComponent);
    return words.some((word) => word.includes('\0')) ? undefined : words;
  } catch {
    return undefined;
  }
}

function matched(template: readonly string[], words: readonly string[]): Asked['fields'] | undefined {
  if (template.length !== words.length) return undefined;
  const fields: Record<string, string> = {};
  for (const [index, word] of template.entries()) {
    const given = words[index]!;
    if (!word.startsWith('{')) {
      if (word !== given) return undefined;
    } else {
      fields[word.slice(1, -1)] = given;
    }
  }
  return fields;
}

type Parameters = Pick<Asked, 'query' | 'limit' | 'cursor' | 'ascending'>;

function parametersOf(route: ExplorerRoute, search: URLSearchParams): ExplorerOutcome<Parameters> {
  const names = parameterNames(route);
  const query: Record<string, string> = {};
  const seen = new Set<string>();
  for (const [name, value] of search) {
    if (!names.includes(name)) return invalid(`${route.path} takes ${names.join(', ') || 'no parameters'}`);
    if (seen.has(name)) return invalid(`${name} is given twice`);
    seen.add(name);
    const pattern = FILTERS[name as FilterName] ?? PAGE_PARAMETERS[name]!;
    if (!pattern.test(value) || value.includes('\0')) return invalid(`${name} is malformed`);
    query[name] = value;
  }
  const { limit = `${LIMIT_DEFAULT}`, cursor, order, ...filters } = query;
  const count = Number(limit);
  if (count < 1 || count > LIMIT_MAX) return invalid(`limit is from 1 to ${LIMIT_MAX}`);
  // Names are read from a to z, what happened from the newest.
  const ascending = order === undefined ? route.pages !== 'by time' : order === 'asc';
  return { ok: true, value: { query: filters, limit: count, cursor, ascending } };
}

const PAGE_PARAMETERS: Readonly<Record<string, RegExp>> = {
  limit: /^[0-9]{1,4}$/,
  cursor: /^.{1,400}$/su,
  order: /^(?:asc|desc)$/,
};

function invalid(message: string): ExplorerRefusal {
  return refused('EXPLORER_PARAMETER_INVALID', message);
}

function reply(outcome: ExplorerOutcome<JsonObject>): HttpAnswer {
  if (outcome.ok) return answer(200, outcome.value);
  const { code, message } = outcome;
  return answer(EXPLORER_REFUSALS[code].status, { error: { code, message } });
}

function answer(status: number, document: Json): HttpAnswer {
  return { status, headers: HEADERS, body: utf8(JSON.stringify(document)) };
}
