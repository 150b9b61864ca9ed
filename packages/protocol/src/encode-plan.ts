/**
 * Writers for the fields of a message, compiled once from its schema.
 *
 * Bytes are unique: fields in ascending number at every level, map entries in ascending key, nothing for a zero, shortest
 * varints, and always something for what Go keeps by value (field-traits.ts). Unknown fields are not written: what is
 * hashed is our own encoding of what we understood. As the writer works from back to front, everything here runs
 * backwards.
 *
 * Source: protobuf.dev, Encoding; cosmos/gogoproto `plugin/marshalto` (`stable_marshaler_all`).
 */
import { create, ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { compareBytes, utf8 } from './bytes.ts';
import { Fault } from './fault.ts';
import { isAlwaysWritten } from './field-traits.ts';
import { DELIMITED, FIXED64, VARINT, type WireFaultCode, type WireType } from './wire-type.ts';
import type { WireWriter } from './wire-writer.ts';

/** A message as its fields, by local name. */
type Fields = { readonly [name: string]: unknown };
type OneofValue = { readonly case: string | undefined; readonly value?: unknown };

type WriteFields = (writer: WireWriter, message: Fields) => void;
/** Writes a value without its tag. */
type WriteValue = (writer: WireWriter, value: unknown) => void;
type ValuePlan = {
  readonly wireType: WireType;
  readonly write: WriteValue;
  readonly isZero: (value: unknown) => boolean;
};

const plans = new WeakMap<DescMessage, WriteFields>();

/** Writes all fields of a message of this type, the last one first. */
export function encodePlan(schema: DescMessage): WriteFields {
  const known = plans.get(schema);
  if (known !== undefined) return known;
  let fields: WriteFields[] = [];
  const plan: WriteFields = (writer, message) => {
    for (const write of fields) write(writer, message);
  };
  // Kept before its fields are planned, because a message may contain itself.
  plans.set(schema, plan);
  fields = [...schema.fields].sort((a, b) => b.number - a.number).map(planField);
  return plan;
}

function planField(field: DescField): WriteFields {
  const name = field.localName;
  switch (field.fieldKind) {
    case 'list':
      return planList(field);
    case 'map':
      return planMap(field);
    default: {
      const value = planValue(field);
      const write = withTag(field.number, value);
      if (field.oneof !== undefined) return planChoice(field.oneof.localName, name, write);
      if (field.fieldKind === 'message') return planMessage(field, write);
      if (isAlwaysWritten(field)) return (writer, message) => write(writer, message[name] || '0');
      return (writer, message) => {
        if (!value.isZero(message[name])) write(writer, message[name]);
      };
    }
  }
}

/** A chosen member is written even when zero: the choice itself is information. */
function planChoice(oneof: string, name: string, write: WriteValue): WriteFields {
  return (writer, message) => {
    const choice = message[oneof] as OneofValue | undefined;
    if (choice?.case === name) write(writer, choice.value);
  };
}

function planMessage(field: DescField & { fieldKind: 'message' }, write: WriteValue): WriteFields {
  const name = field.localName;
  const fallback = isAlwaysWritten(field) ? create(field.message) : undefined;
  return (writer, message) => {
    const value = message[name] ?? fallback;
    if (value !== undefined) write(writer, value);
  };
}

function planList(field: DescField & { fieldKind: 'list' }): WriteFields {
  const name = field.localName;
  const value = planValue(field);
  const isPacked = value.wireType !== DELIMITED;
  const write = isPacked ? value.write : withTag(field.number, value);
  return (writer, message) => {
    const items = message[name] as readonly unknown[];
    if (items.length === 0) return;
    const lengthBefore = writer.length;
    for (let index = items.length - 1; index >= 0; index -= 1) write(writer, items[index]);
    if (isPacked) closePart(writer, lengthBefore, field.number);
  };
}

function planMap(field: DescField & { fieldKind: 'map' }): WriteFields {
  const name = field.localName;
  const isText = field.mapKey === ScalarType.STRING;
  const writeKey = withTag(1, planScalar(field.mapKey, field));
  const writeValue = withTag(2, planValue(field));
  return (writer, message) => {
    const entries = message[name] as Fields;
    const keys = Object.keys(entries);
    if (keys.length > 1) keys.sort(isText ? descendingText : descendingNumber);
    for (const key of keys) {
      const lengthBefore = writer.length;
      writeValue(writer, entries[key]);
      writeKey(writer, isText ? key : BigInt(key));
      closePart(writer, lengthBefore, field.number);
    }
  };
}

function descendingText(a: string, b: string): number {
  return compareBytes(utf8(b), utf8(a));
}

function descendingNumber(a: string, b: string): number {
  const difference = BigInt(b) - BigInt(a);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function withTag(number: number, value: ValuePlan): WriteValue {
  const tag = number * 8 + value.wireType;
  const { write } = value;
  return (writer, item) => {
    write(writer, item);
    writer.varint(tag);
  };
}

/** Puts length and tag before what was written since the writer had `lengthBefore` bytes. */
function closePart(writer: WireWriter, lengthBefore: number, number: number): void {
  writer.varint(writer.length - lengthBefore);
  writer.varint(number * 8 + DELIMITED);
}

function planValue(field: DescField): ValuePlan {
  if (field.message !== undefined) return planEmbedded(field.message);
  if (field.enum !== undefined) return SCALARS[ScalarType.INT32]!;
  return planScalar(field.scalar, field);
}

function planEmbedded(schema: DescMessage): ValuePlan {
  const writeFields = encodePlan(schema);
  const write: WriteValue = (writer, value) => {
    const lengthBefore = writer.length;
    writeFields(writer, value as Fields);
    writer.varint(writer.length - lengthBefore);
  };
  return { wireType: DELIMITED, write, isZero: (value) => value === undefined };
}

function planScalar(scalar: ScalarType, field: DescField): ValuePlan {
  const plan = SCALARS[scalar];
  if (plan !== undefined) return plan;
  throw new Fault<WireFaultCode>('WIRE_KIND_UNSUPPORTED', `${field.toString()} has a type that is not written`);
}

/** Integers of 32 bits are numbers, those of 64 bits are bigints; a map has either as decimal text. */
function integerPlan(bits: 32 | 64, signed: boolean): ValuePlan {
  const min = signed ? -(1n << BigInt(bits - 1)) : 0n;
  const max = (signed ? 1n << BigInt(bits - 1) : 1n << BigInt(bits)) - 1n;
  const [minNumber, maxNumber] = [Math.max(Number(min), Number.MIN_SAFE_INTEGER), Math.min(Number(max), 2 ** 53 - 1)];
  const write: WriteValue = (writer, value) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxNumber) {
      writer.varint(value);
      return;
    }
    const wide = typeof value === 'number' && Number.isInteger(value) && value >= minNumber ? BigInt(value) : value;
    if (typeof wide !== 'bigint' || wide < min || wide > max) {
      throw new Fault<WireFaultCode>('WIRE_VALUE_RANGE', `not a${signed ? ' signed' : 'n unsigned'} integer`, { bits });
    }
    writer.varint64(wide);
  };
  return { wireType: VARINT, write, isZero: (value) => value === 0 || value === 0n };
}

const SCALARS: { readonly [scalar in ScalarType]?: ValuePlan } = {
  [ScalarType.STRING]: {
    wireType: DELIMITED,
    write: (writer, value) => {
      const lengthBefore = writer.length;
      writer.text(value as string);
      writer.varint(writer.length - lengthBefore);
    },
    isZero: (value) => value === '',
  },
  [ScalarType.BYTES]: {
    wireType: DELIMITED,
    write: (writer, value) => {
      writer.raw(value as Uint8Array);
      writer.varint((value as Uint8Array).length);
    },
    isZero: (value) => (value as Uint8Array).length === 0,
  },
  [ScalarType.BOOL]: {
    wireType: VARINT,
    write: (writer, value) => writer.varint(value === true ? 1 : 0),
    isZero: (value) => value === false,
  },
  [ScalarType.DOUBLE]: {
    wireType: FIXED64,
    write: (writer, value) => writer.double(value as number),
    isZero: (value) => value === 0,
  },
  [ScalarType.INT32]: integerPlan(32, true),
  [ScalarType.UINT32]: integerPlan(32, false),
  [ScalarType.INT64]: integerPlan(64, true),
  [ScalarType.UINT64]: integerPlan(64, false),
};
