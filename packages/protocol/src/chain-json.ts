/**
 * Messages as the chain prints them in JSON: in REST answers, in genesis and in the attributes of events.
 *
 * Names and order of the fields are those of the schema's text. Nothing is left out except an unchosen member of a choice:
 * zero is printed, an absent message or empty bytes are `null`. Integers of 64 bits are quoted, bytes are base64,
 * enums are names, and the characters that HTML gives a meaning are escaped, as Go does it. No white space.
 *
 * Source: cosmos/gogoproto `jsonpb/jsonpb.go` (OrigName, EmitDefaults); Go's `encoding/json`.
 */
import {
  create,
  ScalarType,
  type DescField,
  type DescMessage,
  type JsonValue,
  type MessageShape,
} from '@bufbuild/protobuf';
import {
  AnySchema,
  DurationSchema,
  TimestampSchema,
  type Any,
  type Duration,
  type Timestamp,
} from '@bufbuild/protobuf/wkt';
import { unpackAny } from './any.ts';
import { compareBytes, toBase64, utf8 } from './bytes.ts';
import { decimalFromWire } from './decimal-text.ts';
import { Fault } from './fault.ts';
import { isAlwaysWritten, numericTextOf } from './field-traits.ts';
import { formatDuration, formatTimestamp } from './time-text.ts';

/** A message as its fields, by local name. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * The JSON text of a message.
 *
 * @throws ANY_TYPE_UNKNOWN or a wire fault for an Any whose content cannot be read.
 */
export function chainJsonText<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): string {
  return messageText(schema, message);
}

/** The same as a value; every call makes a new one. */
export function toChainJson<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): JsonValue {
  return JSON.parse(chainJsonText(schema, message)) as JsonValue;
}

/** The JSON text of each field of a message, in the schema's order; unchosen members of a choice are not there. */
export function fieldTexts(schema: DescMessage, message: unknown): [field: DescField, text: string][] {
  const fields = message as Fields;
  const texts: [DescField, string][] = [];
  for (const field of schema.fields) {
    const text = fieldText(field, fields);
    if (text !== undefined) texts.push([field, text]);
  }
  return texts;
}

/** A JSON string as Go prints it. */
export function goJsonString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, unicodeEscape);
}

/** What stands in JSON as it is, in Go's and in ours: most texts of a ledger are addresses and amounts. */
const PLAIN = /^[ !#-%'-;=?-[\]-~]*$/;

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function messageText(schema: DescMessage, message: unknown): string {
  switch (schema.typeName) {
    case AnySchema.typeName:
      return anyText(message as Any);
    case TimestampSchema.typeName:
      return `"${formatTimestamp(message as Timestamp)}"`;
    case DurationSchema.typeName:
      return `"${formatDuration(message as Duration)}"`;
    default:
      return `{${members(schema, message).join(',')}}`;
  }
}

function members(schema: DescMessage, message: unknown): string[] {
  const fields = message as Fields;
  const members: string[] = [];
  for (const field of schema.fields) {
    const text = fieldText(field, fields);
    if (text !== undefined) members.push(`"${field.name}":${text}`);
  }
  return members;
}

function anyText(any: Any): string {
  const { schema, message } = unpackAny(any);
  return `{${[`"@type":${goJsonString(any.typeUrl)}`, ...members(schema, message)].join(',')}}`;
}

function fieldText(field: DescField, fields: Fields): string | undefined {
  if (field.oneof !== undefined) {
    const choice = fields[field.oneof.localName] as { case: string | undefined; value?: unknown };
    return choice.case === field.localName ? valueText(field, choice.value) : undefined;
  }
  const value = fields[field.localName];
  switch (field.fieldKind) {
    case 'list':
      return `[${(value as readonly unknown[]).map((item) => valueText(field, item)).join(',')}]`;
    case 'map':
      return mapText(field, value as Fields);
    case 'message':
      if (value !== undefined) return valueText(field, value);
      return isAlwaysWritten(field) ? messageText(field.message, create(field.message)) : 'null';
    case 'scalar':
      if (field.scalar === ScalarType.BYTES && (value as Uint8Array).length === 0) return 'null';
      return numericText(field, value) ?? valueText(field, value);
    default:
      return valueText(field, value);
  }
}

/** Keys are always strings, in byte order; those that are integers in order of size. */
function mapText(field: DescField & { fieldKind: 'map' }, entries: Fields): string {
  const isText = field.mapKey === ScalarType.STRING;
  const keys = Object.keys(entries);
  if (!isText) keys.sort((a, b) => Number(BigInt(a) - BigInt(b)));
  // Plain texts sort as their bytes do.
  else if (keys.every((key) => PLAIN.test(key))) keys.sort();
  else keys.sort((a, b) => compareBytes(utf8(a), utf8(b)));
  return `{${keys.map((key) => `${goJsonString(key)}:${valueText(field, entries[key])}`).join(',')}}`;
}

function numericText(field: DescField, value: unknown): string | undefined {
  const kind = numericTextOf(field);
  if (kind === undefined) return undefined;
  if (value === '' && !isAlwaysWritten(field)) return 'null';
  const text = (value as string) || '0';
  return goJsonString(kind === 'decimal' ? decimalFromWire(text) : text);
}

function valueText(field: DescField, value: unknown): string {
  if (field.message !== undefined) return messageText(field.message, value);
  if (field.enum !== undefined) {
    const name = field.enum.value[value as number]?.name;
    return name === undefined ? String(value) : goJsonString(name);
  }
  switch (field.scalar) {
    case ScalarType.STRING:
      return goJsonString(value as string);
    case ScalarType.BYTES:
      return `"${toBase64(value as Uint8Array)}"`;
    case ScalarType.BOOL:
    case ScalarType.INT32:
    case ScalarType.UINT32:
      return String(value);
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return `"${String(value)}"`;
    case ScalarType.DOUBLE:
      return doubleText(value as number);
    default:
      throw new Fault('JSON_KIND_UNSUPPORTED', `${field.toString()} has a type that is not printed`);
  }
}

/** Go and JavaScript agree on the shortest digits and on when to write an exponent; they differ on minus zero. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return `"${value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN'}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}
