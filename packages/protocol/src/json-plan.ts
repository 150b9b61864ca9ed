/**
 * Printers for the fields of a message in the chain's JSON, compiled once from its schema.
 *
 * A block that settles thousands of claims prints hundreds of thousands of fields; what a field is like is looked up once
 * for all of them. A field that is absent from what is printed has the text of its zero, so the bare fields of a message
 * print like the message.
 *
 * Source: cosmos/gogoproto `jsonpb/jsonpb.go` (OrigName, EmitDefaults); Go's `encoding/json`.
 */
import { create, ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import {
  AnySchema,
  DurationSchema,
  TimestampSchema,
  type Any,
  type Duration,
  type Timestamp,
} from '@bufbuild/protobuf/wkt';
import { unpackAny } from './any.ts';
import { compareBytes, EMPTY, toBase64, utf8 } from './bytes.ts';
import { decimalFromWire } from './decimal-text.ts';
import { Fault } from './fault.ts';
import { isAlwaysWritten, numericTextOf } from './field-traits.ts';
import { formatDuration, formatTimestamp } from './time-text.ts';

/** A message as its fields, by local name. */
type Fields = Readonly<Record<string, unknown>>;
type Choice = { readonly case: string | undefined; readonly value?: unknown };

type PrintValue = (value: unknown) => string;

export type FieldPrinter = {
  readonly field: DescField;
  /** Undefined for an unchosen member of a choice. */
  readonly print: (message: Fields) => string | undefined;
};

const PRINTERS = new WeakMap<DescMessage, readonly FieldPrinter[]>();

/** One for each field, in the schema's order. */
export function fieldPrinters(schema: DescMessage): readonly FieldPrinter[] {
  const known = PRINTERS.get(schema);
  if (known !== undefined) return known;
  const printers = schema.fields.map((field) => ({ field, print: fieldPrinter(field) }));
  PRINTERS.set(schema, printers);
  return printers;
}

/** The text of a message. */
export function printMessage(schema: DescMessage, message: unknown): string {
  switch (schema.typeName) {
    case AnySchema.typeName:
      return anyText(message as Any);
    case TimestampSchema.typeName:
      return `"${formatTimestamp(message as Timestamp)}"`;
    case DurationSchema.typeName:
      return `"${formatDuration(message as Duration)}"`;
    default:
      return `{${members(schema, message as Fields)}}`;
  }
}

function anyText(any: Any): string {
  const { schema, message } = unpackAny(any);
  const inside = members(schema, message as unknown as Fields);
  return `{"@type":${goJsonString(any.typeUrl)}${inside === '' ? '' : `,${inside}`}}`;
}

function members(schema: DescMessage, message: Fields): string {
  let text = '';
  for (const { field, print } of fieldPrinters(schema)) {
    const value = print(message);
    if (value !== undefined) text += `${text === '' ? '' : ','}"${field.name}":${value}`;
  }
  return text;
}

function fieldPrinter(field: DescField): FieldPrinter['print'] {
  const name = field.localName;
  if (field.oneof !== undefined) {
    const choiceName = field.oneof.localName;
    const print = valuePrinter(field);
    return (message) => {
      const choice = message[choiceName] as Choice | undefined;
      return choice?.case === name ? print(choice.value) : undefined;
    };
  }
  switch (field.fieldKind) {
    case 'list': {
      const print = valuePrinter(field);
      return (message) => `[${((message[name] ?? []) as readonly unknown[]).map(print).join(',')}]`;
    }
    case 'map': {
      const print = mapPrinter(field);
      return (message) => print((message[name] ?? {}) as Fields);
    }
    case 'message': {
      const print = valuePrinter(field);
      const absent = isAlwaysWritten(field) ? () => print(create(field.message)) : () => 'null';
      return (message) => (message[name] === undefined ? absent() : print(message[name]));
    }
    case 'scalar': {
      const print = scalarFieldPrinter(field);
      return (message) => print(message[name]);
    }
    default: {
      const print = valuePrinter(field);
      return (message) => print(message[name] ?? 0);
    }
  }
}

/** Keys are always strings, in byte order; those that are integers in order of size. */
function mapPrinter(field: DescField & { fieldKind: 'map' }): (entries: Fields) => string {
  const isText = field.mapKey === ScalarType.STRING;
  const print = valuePrinter(field);
  return (entries) => {
    const keys = Object.keys(entries);
    if (!isText) keys.sort((a, b) => Number(BigInt(a) - BigInt(b)));
    // Plain texts sort as their bytes do.
    else if (keys.every((key) => PLAIN.test(key))) keys.sort();
    else keys.sort((a, b) => compareBytes(utf8(a), utf8(b)));
    return `{${keys.map((key) => `${goJsonString(key)}:${print(entries[key])}`).join(',')}}`;
  };
}

function scalarFieldPrinter(field: DescField & { fieldKind: 'scalar' }): PrintValue {
  const print = valuePrinter(field);
  const kind = numericTextOf(field);
  if (kind !== undefined) {
    const number = kind === 'decimal' ? decimalFromWire : (text: string) => text;
    const empty = isAlwaysWritten(field) ? goJsonString(number('0')) : 'null';
    return (value = '') => (value === '' ? empty : goJsonString(number(value as string)));
  }
  switch (field.scalar) {
    case ScalarType.BYTES:
      return (value = EMPTY) => ((value as Uint8Array).length === 0 ? 'null' : print(value));
    case ScalarType.STRING:
      return (value = '') => print(value);
    case ScalarType.BOOL:
      return (value = false) => print(value);
    default:
      return (value = 0) => print(value);
  }
}

/** Prints one value of a field: itself, an item of its list, a value of its map. */
function valuePrinter(field: DescField): PrintValue {
  const { message: schema } = field;
  if (schema !== undefined) return (value) => printMessage(schema, value);
  if (field.enum !== undefined) {
    const { value: names } = field.enum;
    return (value) => {
      const name = names[value as number]?.name;
      return name === undefined ? String(value) : goJsonString(name);
    };
  }
  switch (field.scalar) {
    case ScalarType.STRING:
      return (value) => goJsonString(value as string);
    case ScalarType.BYTES:
      return (value) => `"${toBase64(value as Uint8Array)}"`;
    case ScalarType.BOOL:
    case ScalarType.INT32:
    case ScalarType.UINT32:
      return String;
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return (value) => `"${String(value)}"`;
    case ScalarType.DOUBLE:
      return (value) => doubleText(value as number);
    default:
      return () => {
        throw new Fault('JSON_KIND_UNSUPPORTED', `${field.toString()} has a type that is not printed`);
      };
  }
}

/** Go and JavaScript agree on the shortest digits and on when to write an exponent; they differ on minus zero. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return `"${value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN'}"`;
  return Object.is(value, -0) ? '-0' : String(value);
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
