/**
 * Go's gob, as far as a proof needs it: written in one fixed form, read in any form that Go's own decoder reads.
 *
 * A stream defines its types and then carries one value. Definitions are themselves gob values, of types that both
 * sides know beforehand; so one reader reads both. A caller says what he expects as a shape; fields that it does not
 * name are skipped, fields that are missing stay absent.
 * Source: Go `encoding/gob` (doc.go, type.go, decode.go).
 */
import { concat, EMPTY } from './bytes.ts';
import { Fault } from './fault.ts';

/** What a value must look like. Names are compared with those in the stream, byte by byte. */
export type GobShape =
  'int' | 'bytes' | 'string' | { readonly list: GobShape } | { readonly struct: { readonly [name: string]: GobShape } };

export type GobValue<Shape extends GobShape> = Shape extends 'int'
  ? bigint
  : Shape extends 'bytes' | 'string'
    ? Uint8Array
    : Shape extends { readonly list: infer Element extends GobShape }
      ? GobValue<Element>[]
      : Shape extends { readonly struct: infer Fields extends { readonly [name: string]: GobShape } }
        ? { [Name in keyof Fields]?: GobValue<Fields[Name]> }
        : never;

/** Longer input is refused unread; CometBFT carries no larger transaction either. */
export const GOB_BYTES_MAX: number = 1024 * 1024;

/** How deep values may nest. Proofs need three levels; definitions could ask for as many as there are bytes. */
const NESTING_MAX = 32;
const TYPE_ID_MAX = 2n ** 31n - 1n;
const FIRST_USER_ID = 64;

type GobType =
  | { readonly kind: 'bool' | 'int' | 'uint' | 'float' | 'bytes' | 'string' | 'complex' | 'interface' | 'encoded' }
  | { readonly kind: 'list'; readonly element: number; readonly length?: bigint }
  | { readonly kind: 'map'; readonly key: number; readonly element: number }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly id: number }[] };

const ID = { int: 2, string: 6, interface: 8, wireType: 16, common: 18, field: 21, fields: 22, encoder: 24 } as const;

function struct(...fields: readonly (readonly [name: string, id: number])[]): GobType {
  return { kind: 'struct', fields: fields.map(([name, id]) => ({ name, id })) };
}

/** The types that no stream defines, by id. */
const BUILTIN: ReadonlyMap<number, GobType> = new Map<number, GobType>([
  [1, { kind: 'bool' }],
  [ID.int, { kind: 'int' }],
  [3, { kind: 'uint' }],
  [4, { kind: 'float' }],
  [5, { kind: 'bytes' }],
  [ID.string, { kind: 'string' }],
  [7, { kind: 'complex' }],
  [ID.interface, { kind: 'interface' }],
  [
    ID.wireType,
    struct(
      ['ArrayT', 17],
      ['SliceT', 19],
      ['StructT', 20],
      ['MapT', 23],
      ['GobEncoderT', ID.encoder],
      ['BinaryMarshalerT', ID.encoder],
      ['TextMarshalerT', ID.encoder],
    ),
  ],
  [17, struct(['CommonType', ID.common], ['Elem', ID.int], ['Len', ID.int])],
  [ID.common, struct(['Name', ID.string], ['Id', ID.int])],
  [19, struct(['CommonType', ID.common], ['Elem', ID.int])],
  [20, struct(['CommonType', ID.common], ['Field', ID.fields])],
  [ID.field, struct(['Name', ID.string], ['Id', ID.int])],
  [ID.fields, { kind: 'list', element: ID.field }],
  [23, struct(['CommonType', ID.common], ['Key', ID.int], ['Elem', ID.int])],
  [ID.encoder, struct(['CommonType', ID.common])],
]);

const DEFINITION = {
  struct: {
    ArrayT: { struct: { Elem: 'int', Len: 'int' } },
    SliceT: { struct: { Elem: 'int' } },
    StructT: { struct: { Field: { list: { struct: { Name: 'string', Id: 'int' } } } } },
    MapT: { struct: { Key: 'int', Elem: 'int' } },
    GobEncoderT: { struct: {} },
    BinaryMarshalerT: { struct: {} },
    TextMarshalerT: { struct: {} },
  },
} as const satisfies GobShape;

/**
 * The first value of a stream, which must be a struct with at least one of the expected fields.
 *
 * As lenient as Go: fields in any order, integers longer than needed, a struct cut off by the end of its message,
 * bytes after the value. Not as lenient in three things that no encoder does with proofs: a value of interface type, a
 * struct that names an expected field twice, and a definition of two kinds at once.
 *
 * @throws GOB_TOO_LONG above 1 MiB; GOB_TRUNCATED when bytes are missing; GOB_MALFORMED for bytes that are no gob;
 * GOB_MISMATCH for a value of another shape.
 */
export function decodeGob<const Shape extends GobShape & { readonly struct: object }>(
  bytes: Uint8Array,
  shape: Shape,
): GobValue<Shape> {
  if (bytes.length > GOB_BYTES_MAX) {
    throw new Fault('GOB_TOO_LONG', `gob is longer than ${GOB_BYTES_MAX} bytes`, { actual: bytes.length });
  }
  const stream = new GobCursor(bytes);
  const types = new Map(BUILTIN);
  while (stream.remaining > 0) {
    const message = stream.take(stream.length());
    const id = message.int();
    if (id >= 0n) return decodeTopLevel(message, types, typeId(id), shape);
    define(types, typeId(-id), message);
  }
  throw new Fault('GOB_TRUNCATED', 'gob ends before its value', { length: bytes.length });
}

function decodeTopLevel<Shape extends GobShape & { readonly struct: object }>(
  message: GobCursor,
  types: ReadonlyMap<number, GobType>,
  id: number,
  shape: Shape,
): GobValue<Shape> {
  requireMatch(types, id, shape);
  requireDefined(types, id);
  const type = types.get(id) as Extract<GobType, { kind: 'struct' }>;
  if (type.fields.every(({ name }) => !Object.hasOwn(shape.struct, name))) {
    throw new Fault('GOB_MISMATCH', 'gob value shares no field with what is expected', { fields: type.fields.length });
  }
  return readValue(message, types, id, shape, 0) as GobValue<Shape>;
}

/** Adds the type that a message defines. */
function define(types: Map<number, GobType>, id: number, message: GobCursor): void {
  if (id < FIRST_USER_ID || types.has(id)) {
    throw new Fault('GOB_MALFORMED', 'gob defines a type id that is taken', { id });
  }
  const kinds = readValue(message, types, ID.wireType, DEFINITION, 0) as GobValue<typeof DEFINITION>;
  if (message.remaining > 0) throw new Fault('GOB_MALFORMED', 'gob definition has stray bytes', { id });
  if (Object.keys(kinds).length !== 1) throw new Fault('GOB_MALFORMED', 'gob definition is of no single kind', { id });
  types.set(id, definedType(kinds));
}

function definedType({ ArrayT, SliceT, StructT, MapT }: GobValue<typeof DEFINITION>): GobType {
  if (ArrayT) return { kind: 'list', element: typeId(ArrayT.Elem), length: ArrayT.Len ?? 0n };
  if (MapT) return { kind: 'map', key: typeId(MapT.Key), element: typeId(MapT.Elem) };
  if (SliceT) return { kind: 'list', element: typeId(SliceT.Elem) };
  if (StructT)
    return struct(...(StructT.Field ?? []).map(({ Name, Id }) => [latin1(Name ?? EMPTY), typeId(Id)] as const));
  return { kind: 'encoded' };
}

/** Refuses a type whose values could not have the shape, before any value is read. */
function requireMatch(types: ReadonlyMap<number, GobType>, id: number, shape: GobShape): void {
  const type = types.get(id);
  if (typeof shape === 'string') {
    if (type?.kind === shape) return;
  } else if ('list' in shape) {
    if (type?.kind === 'list' && type.length === undefined) return requireMatch(types, type.element, shape.list);
  } else if (type?.kind === 'struct') {
    const seen = new Set<string>();
    for (const { name, id: fieldId } of type.fields) {
      if (!Object.hasOwn(shape.struct, name)) continue;
      if (seen.has(name)) throw new Fault('GOB_MISMATCH', 'gob type names a field twice', { name });
      seen.add(name);
      requireMatch(types, fieldId, shape.struct[name]!);
    }
    return;
  }
  throw new Fault('GOB_MISMATCH', 'gob value is of another type than expected', {
    expected: typeof shape === 'string' ? shape : Object.keys(shape)[0]!,
    actual: type?.kind ?? `undefined type ${id}`,
  });
}

/** Refuses a type with a part, used or not, that is not defined. Types may form chains and rings: no recursion here. */
function requireDefined(types: ReadonlyMap<number, GobType>, top: number): void {
  const seen = new Set([top]);
  for (const id of seen) {
    // The types of definitions are for definitions only.
    const type = id > ID.interface && id < FIRST_USER_ID ? undefined : types.get(id);
    if (type === undefined) throw new Fault('GOB_MALFORMED', 'gob uses a type that it does not define', { id });
    if (type.kind === 'list' || type.kind === 'map') seen.add(type.element);
    if (type.kind === 'map') seen.add(type.key);
    if (type.kind === 'struct') for (const field of type.fields) seen.add(field.id);
  }
}

/** Reads a value, or skips it when no shape is wanted. The type is defined in all its parts and matches the shape. */
function readValue(
  cursor: GobCursor,
  types: ReadonlyMap<number, GobType>,
  id: number,
  shape: GobShape | undefined,
  nesting: number,
): unknown {
  const type = types.get(id)!;
  if (nesting > NESTING_MAX) throw new Fault('GOB_MALFORMED', 'gob value nests too deeply', { max: NESTING_MAX });
  switch (type.kind) {
    case 'int':
      return cursor.int();
    case 'bool':
    case 'uint':
    case 'float':
      return cursor.uint();
    case 'complex':
      return [cursor.uint(), cursor.uint()];
    case 'bytes':
    case 'string':
    case 'encoded':
      return cursor.bytes();
    case 'interface':
      throw new Fault('GOB_MALFORMED', 'gob value is of interface type', { id });
    case 'list': {
      const count = cursor.uint();
      if (type.length !== undefined && count !== type.length) {
        throw new Fault('GOB_MALFORMED', 'gob array has another length than its type', { actual: count });
      }
      const wanted = typeof shape === 'object' && 'list' in shape ? shape.list : undefined;
      const elements: unknown[] = [];
      for (let left = elementCount(cursor, count); left > 0; left--) {
        const element = readValue(cursor, types, type.element, wanted, nesting + 1);
        if (wanted !== undefined) elements.push(element);
      }
      return elements;
    }
    case 'map':
      for (let left = elementCount(cursor, cursor.uint()); left > 0; left--) {
        readValue(cursor, types, type.key, undefined, nesting + 1);
        readValue(cursor, types, type.element, undefined, nesting + 1);
      }
      return undefined;
    case 'struct': {
      const wanted = typeof shape === 'object' && 'struct' in shape ? shape.struct : undefined;
      return readFields(cursor, types, type.fields, wanted, nesting);
    }
  }
}

/** No element is shorter than a byte, except a struct at the very end: the bytes that are left bound the count. */
function elementCount(cursor: GobCursor, count: bigint): number {
  if (count > BigInt(cursor.remaining)) {
    throw new Fault('GOB_TRUNCATED', 'gob announces more elements than bytes', {
      expected: count,
      actual: cursor.remaining,
    });
  }
  return Number(count);
}

function readFields(
  cursor: GobCursor,
  types: ReadonlyMap<number, GobType>,
  fields: readonly { readonly name: string; readonly id: number }[],
  wanted: { readonly [name: string]: GobShape } | undefined,
  nesting: number,
): { [name: string]: unknown } {
  const values: { [name: string]: unknown } = {};
  let index = -1n;
  // Go takes the end of the message for the zero that ends a struct.
  while (cursor.remaining > 0) {
    const delta = cursor.uint();
    if (delta === 0n) break;
    index += delta;
    const field = index < BigInt(fields.length) ? fields[Number(index)] : undefined;
    if (field === undefined) throw new Fault('GOB_MALFORMED', 'gob sends a field that its type lacks', { index });
    const shape = wanted !== undefined && Object.hasOwn(wanted, field.name) ? wanted[field.name] : undefined;
    const value = readValue(cursor, types, field.id, shape, nesting + 1);
    if (shape !== undefined) values[field.name] = value;
  }
  return values;
}

function typeId(id: bigint | undefined): number {
  if (id === undefined || id < 1n || id > TYPE_ID_MAX) {
    throw new Fault('GOB_MALFORMED', 'gob type id is out of range', { id: id ?? 0n });
  }
  return Number(id);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Reads primitives from bytes, front to back. */
class GobCursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** One byte below 128, or a byte that says how many follow, negated, and these, big-endian. They need not be few. */
  uint(): bigint {
    const first = this.#next();
    if (first < 0x80) return BigInt(first);
    const width = 0x100 - first;
    if (width > 8) throw new Fault('GOB_MALFORMED', 'gob integer is wider than eight bytes', { width });
    let value = 0n;
    for (let index = 0; index < width; index++) value = (value << 8n) | BigInt(this.#next());
    return value;
  }

  /** The sign stands in the lowest bit; a negative number is complemented. */
  int(): bigint {
    const unsigned = this.uint();
    return (unsigned & 1n) === 0n ? unsigned >> 1n : -(unsigned >> 1n) - 1n;
  }

  /** A length that the rest of the bytes can satisfy. */
  length(): number {
    const length = this.uint();
    if (length > BigInt(this.remaining)) {
      throw new Fault('GOB_TRUNCATED', 'gob is cut short', { expected: length, actual: this.remaining });
    }
    return Number(length);
  }

  bytes(): Uint8Array {
    const length = this.length();
    return this.#bytes.slice(this.#at, (this.#at += length));
  }

  /** The next `length` bytes as a stream of their own. */
  take(length: number): GobCursor {
    return new GobCursor(this.#bytes.subarray(this.#at, (this.#at += length)));
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Fault('GOB_TRUNCATED', 'gob is cut short', { expected: 1, actual: 0 });
    this.#at += 1;
    return byte;
  }
}

/** An unsigned integer below 2^53, in as few bytes as gob has for it. */
export function gobUint(value: number): Uint8Array {
  if (value < 0x80) return Uint8Array.of(value);
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return concat(Uint8Array.of(0x100 - bytes.length), bytes);
}

/** A signed integer, the sign in the lowest bit. */
export function gobInt(value: number): Uint8Array {
  return gobUint(value >= 0 ? 2 * value : -2 * value - 1);
}

export function gobBytes(bytes: Uint8Array): Uint8Array {
  return concat(gobUint(bytes.length), bytes);
}

export function gobList(elements: readonly Uint8Array[]): Uint8Array {
  return concat(gobUint(elements.length), ...elements);
}

/** A struct of encoded fields in the order of its type; null leaves a field out, as Go does with zero values. */
export function gobStruct(fields: readonly (Uint8Array | null)[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let previous = -1;
  for (const [index, field] of fields.entries()) {
    if (field === null) continue;
    parts.push(gobUint(index - previous), field);
    previous = index;
  }
  return concat(...parts, gobUint(0));
}
