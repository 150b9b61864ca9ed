/**
 * A method of the RPC: the names of its parameters, and what it answers.
 */
import type { LedgerNode } from '../ledger-node.ts';
import type { Json } from './block-json.ts';
import { internalError } from './rpc-error.ts';
import type { RpcParams } from './rpc-params.ts';

export type RpcMethod = {
  /** Names of the parameters in order. */
  readonly params: readonly string[];
  readonly answer: (node: LedgerNode, params: RpcParams) => Json;
};

const PER_PAGE = 30;
const PER_PAGE_MAX = 100;

/** What `page` and `per_page` choose of a list. @throws RPC's refusal of a page that is not there. */
export function onPage<T>(all: readonly T[], params: RpcParams): readonly T[] {
  const perPage = pageLength(params.integer('per_page'));
  const page = params.integer('page') ?? 1;
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  if (page < 1 || page > pages) throw internalError(`page should be within [1, ${pages}] range, given ${page}`);
  return all.slice((page - 1) * perPage, page * perPage);
}

/** Thirty unless given, and at most a hundred. */
export function pageLength(given: number | undefined): number {
  return given === undefined || given < 1 ? PER_PAGE : Math.min(given, PER_PAGE_MAX);
}

/** Ascending unless `order_by` says otherwise. */
export function isDescending(params: RpcParams): boolean {
  const order = params.text('order_by') ?? 'asc';
  if (order === 'asc' || order === 'desc') return order === 'desc';
  throw internalError('expected order_by to be either `asc` or `desc` or empty');
}
