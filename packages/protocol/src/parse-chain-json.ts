/**
 * Messages out of the chain's JSON: what `chain-json.ts` prints, and what people write in genesis files and REST requests.
 *
 * Fields may have the schema's name or the lower camel case one; integers of 64 bits may be numbers while they are exact;
 * enums may be numbers. Whatever the schema does not know is refused: a misspelt parameter must not become a zero.
 *
 * Source: cosmos/gogoproto `jsonpb/jsonpb.go`.
 */
import {
  create,
  ScalarType,
  type DescField,
  type DescMessage,
  type JsonValue,
  type MessageShape,
} from '@bufbuild/protobuf';
import { AnySchema, DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import { packAny, schemaOf } from './any.ts';
import { fromBase64 } from './bytes.ts';
import { decimalToWire } from './decimal-text.ts';
import { Fault } from './fault.ts';
import { numericTextOf } from './field-traits.ts';
import { parseDuration, parseTimestamp } from './time-text.ts';

export type ChainJsonFaultCode = 'JSON_FIELD_UNKNOWN' | 'JSON_FIELD_TWICE' | 'JSON_VALUE_INVALID' | 'JSON_TOO_DEEP';

type JsonObject = { readonly [name: string]: JsonValue };
type Fields = Record<string, unknown>;

const DEPTH_MAX = 100;

/**
 * The message that a JSON value describes. `null` and absence are the same.
 *
 * @throws a Fault with a `ChainJsonFaultCode`; TIME_INVALID, DECIMAL_INVALID or BASE64_INVALID from its texts.
 */
export function fromChainJson<Desc extends DescMessage>(schema: Desc, json: JsonValue): MessageShape<Desc> {
  return readMessage(schema, json, 1) as MessageShape<Desc>;
}

function readMessage(schema: DescMessage, json: JsonValue, depth: number): unknown {
  if (depth > DEPTH_MAX)
    throw new Fault<ChainJsonFaultCode>('JSON_TOO_DEEP', 'objects nest too deep', { max: DEPTH_MAX });
  switch (schema.typeName) {
    case TimestampSchema.typeName:
      return parseTimestamp(expectText(schema.typeName, json));
    case DurationSchema.typeName:
      return parseDuration(expectText(schema.typeName, json));
    case AnySchema.typeName:
      return readAny(expectObject(schema.typeName, json), depth);
    default:
      return readFields(schema, expectObject(schema.typeName, json), depth);
  }
}

function readFields(schema: DescMessage, json: JsonObject, depth: number): unknown {
  const message = create(schema) as unknown as Fields;
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(json)) {
    const field = schema.fields.find((candidate) => candidate.name === name || candidate.jsonName === name);
    if (field === undefined)
      throw new Fault<ChainJsonFaultCode>('JSON_FIELD_UNKNOWN', `${schema.typeName} has no such field`, { name });
    if (value === null) continue;
    const slot = field.oneof?.localName ?? field.localName;
    if (seen.has(slot))
      throw new Fault<ChainJsonFaultCode>('JSON_FIELD_TWICE', `${schema.typeName} has a field twice`, { name });
    seen.add(slot);
    const read = readField(field, value, depth);
    message[slot] = field.oneof === undefined ? read : { case: field.localName, value: read };
  }
  return message;
}

function readAny(json: JsonObject, depth: number): unknown {
  const { '@type': typeUrl = null, ...fields } = json;
  const schema = schemaOf(expectText('@type', typeUrl));
  if (schema === undefined) throw invalid('@type', 'the URL of a known type');
  return packAny(schema, readMessage(schema, fields, depth + 1) as MessageShape<DescMessage>);
}

function readField(field: DescField, json: JsonValue, depth: number): unknown {
  if (field.fieldKind === 'list') {
    if (!Array.isArray(json)) throw invalid(field.name, 'a list');
    return json.map((item) => readValue(field, item, depth));
  }
  if (field.fieldKind !== 'map') return readValue(field, json, depth);
  const map: Fields = Object.create(null);
  for (const [key, item] of Object.entries(expectObject(field.name, json))) {
    const isKey = field.mapKey === ScalarType.STRING || /^(?:0|[1-9][0-9]{0,19})$/.test(key);
    if (!isKey) throw invalid(field.name, 'integers as keys');
    map[key] = readValue(field, item, depth);
  }
  return map;
}

function readValue(field: DescField, json: JsonValue, depth: number): unknown {
  if (field.message !== undefined) return readMessage(field.message, json, depth + 1);
  if (field.enum !== undefined) return readEnum(field, json);
  switch (field.scalar) {
    case ScalarType.STRING:
      return numericTextOf(field) === 'decimal'
        ? decimalToWire(expectText(field.name, json))
        : expectText(field.name, json);
    case ScalarType.BYTES:
      return fromBase64(expectText(field.name, json));
    case ScalarType.BOOL:
      if (typeof json !== 'boolean') throw invalid(field.name, 'true or false');
      return json;
    case ScalarType.DOUBLE:
      if (typeof json !== 'number') throw invalid(field.name, 'a number');
      return json;
    case ScalarType.INT32:
      return Number(readInteger(field, json, -(2n ** 31n), 2n ** 31n - 1n));
    case ScalarType.UINT32:
      return Number(readInteger(field, json, 0n, 2n ** 32n - 1n));
    case ScalarType.INT64:
      return readInteger(field, json, -(2n ** 63n), 2n ** 63n - 1n);
    case ScalarType.UINT64:
      return readInteger(field, json, 0n, 2n ** 64n - 1n);
    default:
      throw invalid(field.name, 'a type that is read');
  }
}

function readEnum(field: DescField, json: JsonValue): number {
  const value = field.enum?.values.find(({ name, number }) => name === json || number === json);
  if (value === undefined) throw invalid(field.name, `a value of ${field.enum?.typeName}`);
  return value.number;
}

function readInteger(field: DescField, json: JsonValue, min: bigint, max: bigint): bigint {
  const isExact =
    typeof json === 'number' ? Number.isSafeInteger(json) : typeof json === 'string' && /^-?[0-9]{1,20}$/.test(json);
  const value = isExact ? BigInt(json as string | number) : undefined;
  if (value === undefined || value < min || value > max) throw invalid(field.name, `an integer from ${min} to ${max}`);
  return value;
}

function expectText(name: string, json: JsonValue): string {
  if (typeof json !== 'string') throw invalid(name, 'text');
  return json;
}

function expectObject(name: string, json: JsonValue): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid(name, 'an object');
  return json;
}

function invalid(name: string, expected: string): Fault {
  return new Fault<ChainJsonFaultCode>('JSON_VALUE_INVALID', `${name} is not ${expected}`, { name });
}
