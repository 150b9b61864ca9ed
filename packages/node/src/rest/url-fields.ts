/**
 * Fields of a request that stand in a URL: in its path, and in its query as `pagination.limit=2`.
 *
 * Parameters that no field has are left alone, as browsers and proxies add some; of a field given twice the first counts,
 * unless it is a list. Fields of the path cannot be given again. Integers are decimal, bytes base64 of either alphabet.
 *
 * Source: grpc-ecosystem/grpc-gateway v1 `runtime/query.go`, `runtime/convert.go`; Go `strconv`, `net/url` (texts).
 */
import { create, ScalarType, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { fromBase64 } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import { restRefusal, type RestOutcome, type RestRefusal } from './grpc-status.ts';
import type { PathFields } from './rest-route.ts';

type Fields = Record<string, unknown>;

/** A request message from a path and a query. Refuses what does not fit its field (InvalidArgument), the path first. */
export function requestFromUrl(schema: DescMessage, path: PathFields, query: string): RestOutcome<Message> {
  const message = create(schema);
  for (const [name, text] of Object.entries(path)) {
    const outcome = setField(schema, message as unknown as Fields, [name], text);
    if (!outcome.ok) {
      return restRefusal('InvalidArgument', `type mismatch, parameter: ${name}, error: ${outcome.message}`);
    }
  }
  const parameters = parseQuery(query);
  if (!parameters.ok) return parameters;
  const given = new Set<string>();
  for (const [key, text] of parameters.value) {
    const names = key.split('.');
    if (Object.hasOwn(path, names[0]!)) continue;
    const outcome = setField(schema, message as unknown as Fields, names, text, given);
    if (!outcome.ok) return outcome;
  }
  return { ok: true, value: message };
}

/** What stands for itself in a URL; undefined for an escape that is none. */
export function unescapeUrl(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function parseQuery(query: string): RestOutcome<[key: string, text: string][]> {
  const parameters: [string, string][] = [];
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const [rawKey, rawText] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    const key = unescapeUrl(rawKey.replaceAll('+', ' '));
    const text = unescapeUrl(rawText.replaceAll('+', ' '));
    if (key === undefined || text === undefined) return restRefusal('InvalidArgument', 'invalid URL escape');
    parameters.push([key, text]);
  }
  return { ok: true, value: parameters };
}

/** @param given the fields, or choices of fields, that have their value already. */
function setField(
  schema: DescMessage,
  message: Fields,
  names: readonly string[],
  text: string,
  given: Set<string> = new Set(),
): RestOutcome<undefined> {
  let [owner, fields] = [schema, message];
  for (const [depth, name] of names.entries()) {
    const field = owner.fields.find((candidate) => candidate.name === name || candidate.jsonName === name);
    if (field === undefined) return DONE;
    if (depth < names.length - 1) {
      if (field.fieldKind !== 'message') return nested(names, depth);
      fields = (fields[field.localName] ??= create(field.message)) as Fields;
      owner = field.message;
      continue;
    }
    const slot = field.oneof?.localName ?? field.localName;
    const where = [...names.slice(0, -1), slot].join('.');
    const isList = field.fieldKind === 'list';
    if (!isList && given.has(where)) return DONE;
    given.add(where);
    const parsed = parseText(field, text);
    if (!parsed.ok) return parsed;
    const { value } = parsed;
    if (isList) (fields[slot] as unknown[]).push(value);
    else fields[slot] = field.oneof === undefined ? value : { case: field.localName, value };
  }
  return DONE;
}

const DONE = { ok: true, value: undefined } as const;

function nested(names: readonly string[], depth: number): RestRefusal {
  const owner = names.slice(0, depth + 1).join('.');
  return restRefusal('InvalidArgument', `unexpected nested field ${names[depth + 1]} in ${owner}`);
}

function parseText(field: DescField, text: string): RestOutcome<unknown> {
  if (field.message !== undefined || field.fieldKind === 'map') {
    return restRefusal('InvalidArgument', `${field.name} has fields of its own`);
  }
  if (field.enum !== undefined) {
    const found = field.enum.values.find(({ name, number }) => name === text || `${number}` === text);
    if (found === undefined) return restRefusal('InvalidArgument', `${JSON.stringify(text)} is not a valid value`);
    return { ok: true, value: found.number };
  }
  switch (field.scalar) {
    case ScalarType.STRING:
      return { ok: true, value: text };
    case ScalarType.BOOL:
      if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return { ok: true, value: true };
      if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return { ok: true, value: false };
      return unparsed('ParseBool', text, 'invalid syntax');
    case ScalarType.BYTES:
      return parseBytes(text);
    case ScalarType.INT64:
      return parseInteger(text, 'ParseInt', -(2n ** 63n), 2n ** 63n - 1n);
    case ScalarType.UINT64:
      return parseInteger(text, 'ParseUint', 0n, 2n ** 64n - 1n);
    default:
      return restRefusal('InvalidArgument', `${field.name} cannot be given in a URL`);
  }
}

function parseBytes(text: string): RestOutcome<Uint8Array> {
  try {
    return { ok: true, value: fromBase64(text.replaceAll('-', '+').replaceAll('_', '/')) };
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return restRefusal('InvalidArgument', 'illegal base64 data');
  }
}

function parseInteger(text: string, by: string, min: bigint, max: bigint): RestOutcome<bigint> {
  if (!(min < 0n ? /^[+-]?[0-9]+$/ : /^[0-9]+$/).test(text)) return unparsed(by, text, 'invalid syntax');
  const isShort = text.length <= 64;
  const value = isShort ? BigInt(text.replace(/^\+/, '')) : undefined;
  if (value === undefined || value < min || value > max) return unparsed(by, text, 'value out of range');
  return { ok: true, value };
}

function unparsed(by: string, text: string, why: string): RestRefusal {
  return restRefusal('InvalidArgument', `strconv.${by}: parsing ${JSON.stringify(text)}: ${why}`);
}
