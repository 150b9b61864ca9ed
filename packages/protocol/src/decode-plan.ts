/**
 * Readers for the fields of a message, compiled once from its schema.
 *
 * As in Go: fields in any order, the last of several values of a scalar stands, parts of a message merge, varints need not
 * be shortest. As in Go's messages of Cosmos, times lie between the years
 * 1 and 9999. Stricter than Go: a known field with another wire type is refused at once, text must be UTF-8, messages
 * nest at most 100 deep.
 *
 * Source: protobuf.dev, Encoding; cosmos/gogoproto `plugin/unmarshal`; cosmos/cosmos-sdk
 * `codec/unknownproto/unknown_fields.go`.
 */
import { create, ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { Fault } from './fault.ts';
import type { WireReader } from './wire-reader.ts';
import { DELIMITED, FIXED64, VARINT, type WireFaultCode, type WireType } from './wire-type.ts';

/**
 * What happens to fields that the schema lacks: they are dropped; refused; or refused unless bit 1024 of their number is
 * set, by which Cosmos marks fields that a reader may ignore.
 */
export type UnknownFields = 'drop' | 'refuse' | 'refuse-critical';

const NON_CRITICAL_BIT = 1024;
const DEPTH_MAX = 100;

/** A message as its fields, by local name. */
type Fields = { [name: string]: unknown };

type Context = { readonly unknownFields: UnknownFields; readonly depth: number };

type ReadField = (reader: WireReader, message: Fields, wireType: WireType, context: Context) => void;
/** Reads a value of the expected wire type; `before` is what the field already holds. */
type ReadValue = (reader: WireReader, before: unknown, context: Context) => unknown;
type ValuePlan = { readonly wireType: WireType; readonly read: ReadValue };

/** Reads fields into `message` up to the reader's end. */
export type ReadFields = (reader: WireReader, message: Fields, context: Context) => void;

type DecodePlan = {
  /** An empty message. Its maps have no prototype: a stranger's key must not find a method. */
  readonly make: () => Fields;
  readonly readFields: ReadFields;
};

const plans = new WeakMap<DescMessage, DecodePlan>();

export function decodePlan(schema: DescMessage): DecodePlan {
  const known = plans.get(schema);
  if (known !== undefined) return known;
  const readers = new Map<number, ReadField>();
  const maps = schema.fields.filter((field) => field.fieldKind === 'map').map((field) => field.localName);
  const make = (): Fields => {
    const message = create(schema) as unknown as Fields;
    for (const name of maps) message[name] = Object.create(null);
    return message;
  };
  const timeCheck = TIME_CHECKS[schema.typeName];
  const plan: DecodePlan = {
    make,
    readFields: (reader, message, context) => {
      readAll(schema, readers, reader, message, context);
      timeCheck?.(message as Time);
    },
  };
  // Kept before its fields are planned, because a message may contain itself.
  plans.set(schema, plan);
  for (const field of schema.fields) readers.set(field.number, planField(field));
  return plan;
}

/** Seconds since the epoch, or of a span, and what goes beyond them. */
type Time = { readonly seconds: bigint; readonly nanos: number };

const YEAR_1 = -62_135_596_800n;
const YEAR_10_000 = 253_402_300_800n;
/** Ten thousand years of 365.25 days, in seconds. */
const SPAN_MAX = 315_576_000_000n;

/** Times that have no text are no times: Go's reader refuses them, and nobody could be told of them. */
const TIME_CHECKS: Readonly<Record<string, (time: Time) => void>> = {
  'google.protobuf.Timestamp': ({ seconds, nanos }) => {
    if (seconds < YEAR_1 || seconds >= YEAR_10_000 || nanos < 0 || nanos >= 1e9) throw outOfTime({ seconds, nanos });
  },
  'google.protobuf.Duration': ({ seconds, nanos }) => {
    const isSpan = seconds >= -SPAN_MAX && seconds <= SPAN_MAX && Math.abs(nanos) < 1e9;
    const isMixed = (seconds < 0n && nanos > 0) || (seconds > 0n && nanos < 0);
    if (!isSpan || isMixed) throw outOfTime({ seconds, nanos });
  },
};

function outOfTime(time: Time): Fault<WireFaultCode> {
  return new Fault<WireFaultCode>('WIRE_TIME_RANGE', 'not between the years 1 and 9999', time);
}

function readAll(
  schema: DescMessage,
  readers: ReadonlyMap<number, ReadField>,
  reader: WireReader,
  message: Fields,
  context: Context,
): void {
  if (context.depth > DEPTH_MAX) {
    throw new Fault<WireFaultCode>('WIRE_TOO_DEEP', 'messages nest too deep', { max: DEPTH_MAX });
  }
  while (!reader.atEnd) {
    const tag = reader.tag();
    const [number, wireType] = [tag >>> 3, (tag & 7) as WireType];
    const read = readers.get(number);
    if (read !== undefined) {
      read(reader, message, wireType, context);
      continue;
    }
    if (context.unknownFields === 'refuse' || (context.unknownFields !== 'drop' && (number & NON_CRITICAL_BIT) === 0)) {
      throw new Fault<WireFaultCode>('WIRE_FIELD_UNKNOWN', `${schema.typeName} has no field ${number}`, { number });
    }
    reader.skip(wireType);
  }
}

function planField(field: DescField): ReadField {
  const value = planValue(field);
  if (field.fieldKind === 'map') return planMap(field, value);
  if (field.fieldKind === 'list') return planList(field, value);
  const name = field.localName;
  const oneof = field.oneof?.localName;
  return (reader, message, wireType, context) => {
    expectWireType(field, value.wireType, wireType);
    // A member of a choice replaces what was chosen before; only a plain message merges with its earlier parts.
    if (oneof !== undefined) message[oneof] = { case: name, value: value.read(reader, undefined, context) };
    else message[name] = value.read(reader, message[name], context);
  };
}

function planList(field: DescField, value: ValuePlan): ReadField {
  const name = field.localName;
  return (reader, message, wireType, context) => {
    const items = message[name] as unknown[];
    if (wireType === DELIMITED && value.wireType !== DELIMITED) {
      within(reader, () => {
        while (!reader.atEnd) items.push(value.read(reader, undefined, context));
      });
      return;
    }
    expectWireType(field, value.wireType, wireType);
    items.push(value.read(reader, undefined, context));
  };
}

function planMap(field: DescField & { fieldKind: 'map' }, value: ValuePlan): ReadField {
  const name = field.localName;
  const keyPlan = planScalar(field.mapKey, field);
  const zeroKey = field.mapKey === ScalarType.STRING ? '' : '0';
  return (reader, message, wireType, context) => {
    expectWireType(field, DELIMITED, wireType);
    let key = zeroKey;
    let item: unknown;
    within(reader, () => {
      while (!reader.atEnd) {
        const tag = reader.tag();
        const [number, entryType] = [tag >>> 3, (tag & 7) as WireType];
        if (number > 2) throw new Fault<WireFaultCode>('WIRE_FIELD_UNKNOWN', 'a map entry has two fields', { number });
        const plan = number === 1 ? keyPlan : value;
        expectWireType(field, plan.wireType, entryType);
        if (number === 1) key = String(keyPlan.read(reader, undefined, context));
        else item = value.read(reader, item, context);
      }
    });
    (message[name] as Fields)[key] = item ?? zeroOf(field);
  };
}

function zeroOf(field: DescField & { fieldKind: 'map' }): unknown {
  if (field.message !== undefined) return decodePlan(field.message).make();
  return field.scalar === ScalarType.STRING ? '' : field.scalar === ScalarType.BYTES ? new Uint8Array() : 0;
}

function planValue(field: DescField): ValuePlan {
  if (field.message !== undefined) return planEmbedded(field.message);
  if (field.enum !== undefined) return SCALARS[ScalarType.INT32]!;
  return planScalar(field.scalar, field);
}

function planEmbedded(schema: DescMessage): ValuePlan {
  const plan = decodePlan(schema);
  const read: ReadValue = (reader, before, context) => {
    const message = (before ?? plan.make()) as Fields;
    const deeper = { unknownFields: context.unknownFields, depth: context.depth + 1 };
    within(reader, () => plan.readFields(reader, message, deeper));
    return message;
  };
  return { wireType: DELIMITED, read };
}

/** Reads a length-prefixed part whole: while `read` runs, the reader's end is the end of the part. */
function within(reader: WireReader, read: () => void): void {
  const outerEnd = reader.end;
  reader.end = reader.partEnd();
  read();
  reader.end = outerEnd;
}

function expectWireType(field: DescField, expected: WireType, actual: WireType): void {
  if (expected === actual) return;
  throw new Fault<WireFaultCode>('WIRE_TYPE_MISMATCH', `${field.toString()} has another wire type`, {
    expected,
    actual,
  });
}

function planScalar(scalar: ScalarType, field: DescField): ValuePlan {
  const plan = SCALARS[scalar];
  if (plan !== undefined) return plan;
  throw new Fault<WireFaultCode>('WIRE_KIND_UNSUPPORTED', `${field.toString()} has a type that is not read`);
}

/** Narrow integers keep the low bits of a wider varint, as in Go. */
const SCALARS: { readonly [scalar in ScalarType]?: ValuePlan } = {
  [ScalarType.STRING]: { wireType: DELIMITED, read: (reader) => reader.text() },
  [ScalarType.BYTES]: { wireType: DELIMITED, read: (reader) => reader.bytes() },
  [ScalarType.BOOL]: { wireType: VARINT, read: (reader) => reader.varint() !== 0n },
  [ScalarType.DOUBLE]: { wireType: FIXED64, read: (reader) => reader.double() },
  [ScalarType.INT32]: { wireType: VARINT, read: (reader) => Number(BigInt.asIntN(32, reader.varint())) },
  [ScalarType.UINT32]: { wireType: VARINT, read: (reader) => Number(BigInt.asUintN(32, reader.varint())) },
  [ScalarType.INT64]: { wireType: VARINT, read: (reader) => BigInt.asIntN(64, reader.varint()) },
  [ScalarType.UINT64]: { wireType: VARINT, read: (reader) => reader.varint() },
};
