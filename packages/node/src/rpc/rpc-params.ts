/**
 * Parameters of a call, however they came: by name or by place in JSON-RPC, or in the query of a URL.
 *
 * Integers may be numbers or decimal text. Bytes are base64 in JSON, `0x…` or a quoted text in a URL; the data of
 * `abci_query` and hashes of blocks are hexadecimal in JSON. Texts in a URL stand in double quotes.
 *
 * Source: cometbft/cometbft v0.38 `rpc/jsonrpc/server/http_uri_handler.go`, `http_json_handler.go`.
 */
import { EMPTY, fromBase64, fromHex, utf8 } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import { invalidParams } from './rpc-error.ts';

export type RpcParams = {
  /** The text, or undefined when it is absent. */
  text(name: string): string | undefined;
  integer(name: string): number | undefined;
  boolean(name: string): boolean;
  /** Base64 in JSON. */
  bytes(name: string): Uint8Array;
  /** Hexadecimal in JSON. */
  hexBytes(name: string): Uint8Array;
};

/** @param names of the method's parameters in order, for callers who give a list. */
export function jsonParams(params: unknown, names: readonly string[]): RpcParams {
  const values = byName(params, names);
  return readers(values, 'json');
}

export function urlParams(query: URLSearchParams): RpcParams {
  return readers(Object.fromEntries(query), 'url');
}

function byName(params: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (params === undefined || params === null) return {};
  if (Array.isArray(params)) {
    if (params.length > names.length) {
      throw invalidParams(`expected ${names.length} parameters (${names.join(', ')}), got ${params.length}`);
    }
    return Object.fromEntries(params.map((value, index) => [names[index]!, value]));
  }
  if (typeof params === 'object') return params as Readonly<Record<string, unknown>>;
  throw invalidParams('params is an object or a list');
}

function readers(values: Readonly<Record<string, unknown>>, source: 'json' | 'url'): RpcParams {
  const get = (name: string): unknown => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === null || value === '' ? undefined : value;
  };
  const decoded = (name: string, decode: (text: string) => Uint8Array, form: string): Uint8Array => {
    const value = get(name);
    if (value === undefined) return EMPTY;
    if (typeof value !== 'string') throw invalidParams(`${name} is ${form}`);
    try {
      if (source === 'json') return decode(value);
      return value.startsWith('0x') ? fromHex(value.slice(2)) : utf8(unquote(name, value));
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown;
      throw invalidParams(`${name} is ${form}`);
    }
  };
  return {
    text(name) {
      const value = get(name);
      if (value === undefined) return undefined;
      if (typeof value !== 'string') throw invalidParams(`${name} is a text`);
      if (source === 'json') return value;
      return value.startsWith('0x')
        ? Buffer.from(decoded(name, fromHex, 'a text')).toString('utf8')
        : unquote(name, value);
    },
    integer(name) {
      const value = get(name);
      if (value === undefined) return undefined;
      const text = typeof value === 'string' ? value.replace(/^"(.*)"$/, '$1') : value;
      const number = typeof text === 'string' && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
      if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw invalidParams(`${name} is an integer`);
      return number;
    },
    boolean(name) {
      const value = get(name);
      if (value === undefined || value === false || value === 'false') return false;
      if (value === true || value === 'true') return true;
      throw invalidParams(`${name} is true or false`);
    },
    bytes: (name) => decoded(name, fromBase64, 'base64'),
    hexBytes: (name) => decoded(name, fromHex, 'hexadecimal'),
  };
}

function unquote(name: string, value: string): string {
  const inner = /^"(.*)"$/s.exec(value)?.[1];
  if (inner === undefined) throw invalidParams(`${name} stands in double quotes`);
  return inner.replaceAll('\\"', '"');
}
