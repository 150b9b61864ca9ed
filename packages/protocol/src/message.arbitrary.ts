/**
 * Random messages of any schema, for property tests. Every kind of field occurs, numbers with a weight on their edges.
 */
import { readdirSync } from 'node:fs';
import {
  create,
  ScalarType,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescService,
  type Message,
} from '@bufbuild/protobuf';
import fc from 'fast-check';
import { numericTextOf } from './field-traits.ts';

/** Every message type of the wire: all that is generated, but the options of schemas. */
export async function everySchema(): Promise<DescMessage[]> {
  return (await everyFile()).flatMap((file) => file.messages).filter(({ typeName }) => !typeName.startsWith('google.'));
}

/** Every service of the wire. */
export async function everyService(): Promise<DescService[]> {
  return (await everyFile()).flatMap((file) => file.services);
}

async function everyFile(): Promise<DescFile[]> {
  const folder = new URL('./gen/', import.meta.url);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('_pb.ts'));
  const files = await Promise.all(
    paths.sort().map(async (path): Promise<DescFile[]> => {
      const module = (await import(/* @vite-ignore */ new URL(path, folder).href)) as Record<string, { kind?: string }>;
      return Object.values(module).filter((value): value is DescFile => value.kind === 'file');
    }),
  );
  return files.flat();
}

/** How deep messages nest before their message fields stay absent. */
const DEPTH_MAX = 3;

/** Which integers of 64 bits occur. */
type Integers = 'all' | 'below 2^31';

/** Messages of this type; an embedded message may be absent, and a choice may be open. */
export function arbitraryMessage(schema: DescMessage, integers: Integers = 'all', depth = 1): fc.Arbitrary<Message> {
  const slots = schema.members.map((member): [string, fc.Arbitrary<unknown>] => {
    if (member.kind === 'field') return [member.localName, arbitraryField(member, integers, depth)];
    const choices = member.fields
      .filter((field) => field.message === undefined || depth < DEPTH_MAX)
      .map((field) => arbitraryValue(field, integers, depth).map((value) => ({ case: field.localName, value })));
    return [member.localName, fc.oneof(fc.constant({ case: undefined }), ...choices)];
  });
  return fc.record(Object.fromEntries(slots)).map((init) => create(schema, init));
}

function arbitraryField(field: DescField, integers: Integers, depth: number): fc.Arbitrary<unknown> {
  const isTooDeep = field.message !== undefined && depth >= DEPTH_MAX;
  switch (field.fieldKind) {
    case 'list':
      return isTooDeep ? fc.constant([]) : fc.array(arbitraryValue(field, integers, depth), { maxLength: 3 });
    case 'map': {
      const key = field.mapKey === ScalarType.STRING ? MAP_TEXT : UINT64.map(String);
      return isTooDeep ? fc.constant({}) : fc.dictionary(key, arbitraryValue(field, integers, depth), { maxKeys: 3 });
    }
    case 'message':
      return isTooDeep ? fc.constant(undefined) : fc.option(arbitraryValue(field, integers, depth), { nil: undefined });
    default:
      return arbitraryValue(field, integers, depth);
  }
}

function arbitraryValue(field: DescField, integers: Integers, depth: number): fc.Arbitrary<unknown> {
  if (field.message?.typeName === 'google.protobuf.Timestamp') return arbitraryTimestamp(field.message, integers);
  if (field.message?.typeName === 'google.protobuf.Duration') return arbitraryDuration(field.message, integers);
  if (field.message !== undefined) return arbitraryMessage(field.message, integers, depth + 1);
  if (field.enum !== undefined) return fc.constantFrom(...field.enum.values.map(({ number }) => number));
  switch (field.scalar) {
    case ScalarType.STRING:
      return numericTextOf(field) === undefined ? fc.string({ unit: 'binary', maxLength: 8 }) : UINT64.map(String);
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 8 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.DOUBLE:
      // Go omits minus zero like zero; the protobuf library writes it.
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0);
    case ScalarType.INT32:
      return fc.integer();
    case ScalarType.UINT32:
      return fc.nat({ max: 2 ** 32 - 1 });
    case ScalarType.INT64:
      return integers === 'all' ? fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) : UINT31;
    default:
      return integers === 'all' ? UINT64 : UINT31;
  }
}

const UINT64: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 1n, 127n, 128n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
);

/** Not like an integer: JavaScript would move such a key to the front, and the protobuf library keeps its order. */
const MAP_TEXT: fc.Arbitrary<string> = fc.string({ maxLength: 4 }).filter((text) => !/^\d+$/.test(text));

const UINT31: fc.Arbitrary<bigint> = fc.bigInt({ min: 0n, max: 2n ** 31n - 1n });

/** Between the years 1 and 9999. */
function arbitraryTimestamp(schema: DescMessage, integers: Integers): fc.Arbitrary<Message> {
  const seconds = integers === 'all' ? fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n }) : UINT31;
  return fc.record({ seconds, nanos: fc.nat({ max: 999_999_999 }) }).map((init) => create(schema, init));
}

/** Up to ten thousand years, both parts of one sign. */
function arbitraryDuration(schema: DescMessage, integers: Integers): fc.Arbitrary<Message> {
  const most = 315_576_000_000n;
  const seconds = integers === 'all' ? fc.bigInt({ min: -most, max: most }) : UINT31;
  return fc
    .record({ seconds, nanos: fc.nat({ max: 999_999_999 }) })
    .map(({ seconds: whole, nanos }) => create(schema, { seconds: whole, nanos: whole < 0n ? -nanos : nanos }));
}
