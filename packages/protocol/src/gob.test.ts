import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, fromHex, toHex, utf8 } from './bytes.ts';
import { isFault } from './fault.ts';
import { decodeGob, gobBytes, GOB_BYTES_MAX, gobInt, gobList, type GobShape, gobStruct, gobUint } from './gob.ts';

const BYTES = 5;
const INT = 2;
const SHAPE = {
  struct: { Name: 'bytes', Marks: { list: 'bytes' }, Age: 'int', Home: { struct: { Street: 'bytes' } } },
} as const satisfies GobShape;

const common = (id: number): Uint8Array => gobStruct([gobBytes(utf8('T')), gobInt(id)]);
const message = (id: number, ...value: Uint8Array[]): Uint8Array => gobBytes(concat(gobInt(id), ...value));
/** `kind` is the field of the definition: 0 array, 1 slice, 2 struct, 3 map, 4 to 6 encoders of their own. */
const define = (id: number, kind: number, ...rest: (Uint8Array | null)[]): Uint8Array =>
  message(-id, gobStruct([...Array<null>(kind).fill(null), gobStruct([common(id), ...rest])]));
const defineStruct = (id: number, ...fields: [name: string, id: number][]): Uint8Array =>
  define(id, 2, gobList(fields.map(([name, type]) => gobStruct([gobBytes(utf8(name)), gobInt(type)]))));

const PERSON = defineStruct(64, ['Name', BYTES], ['Marks', 65], ['Age', INT], ['Home', 66]);
const MARKS = define(65, 1, gobInt(BYTES));
const HOME = defineStruct(66, ['Street', BYTES]);
const ALICE = message(
  64,
  gobStruct([
    gobBytes(utf8('Alice')),
    gobList([gobBytes(utf8('a')), gobBytes(utf8(''))]),
    gobInt(-65),
    gobStruct([gobBytes(utf8('Elm'))]),
  ]),
);
const read = (...parts: Uint8Array[]): unknown => decodeGob(concat(...parts), SHAPE);
const faultOf = (...parts: Uint8Array[]): string => {
  try {
    read(...parts);
    return 'none';
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return thrown.code;
  }
};

test.each([
  [0, '00', '00'],
  [1, '01', '02'],
  [4, '04', '08'],
  [64, '40', 'ff80'],
  [127, '7f', 'fffe'],
  [128, 'ff80', 'fe0100'],
  [256, 'fe0100', 'fe0200'],
  [65536, 'fd010000', 'fd020000'],
])('the integer %i is %s without a sign, %s with one', (value, unsigned, signed) => {
  expect([toHex(gobUint(value)), toHex(gobInt(value))]).toEqual([unsigned, signed]);
});

test('a negative integer is complemented', () => {
  expect([-1, -64, -65].map((value) => toHex(gobInt(value)))).toEqual(['01', '7f', 'ff81']);
});

test('a struct leaves out what is absent', () => {
  expect(toHex(gobStruct([null, gobUint(7), null, gobBytes(fromHex('aabb'))]))).toBe('02070202aabb00');
});

describe('a value is read', () => {
  const alice = { Name: utf8('Alice'), Marks: [utf8('a'), utf8('')], Age: -65n, Home: { Street: utf8('Elm') } };

  test('whatever the order of definitions and their ids', () => {
    expect(read(PERSON, MARKS, HOME, ALICE)).toEqual(alice);
    expect(read(HOME, MARKS, PERSON, ALICE)).toEqual(alice);
    expect(read(defineStruct(9000, ['Age', INT]), message(9000, gobStruct([gobInt(7)])))).toEqual({ Age: 7n });
  });

  test('without the fields that nobody expects, of whatever type', () => {
    const known = ['Age', INT] as [string, number];
    const encodings: [type: number, value: Uint8Array, ...definitions: Uint8Array[]][] = [
      [1, gobUint(1)],
      [3, gobUint(300)],
      [4, gobUint(5)],
      [6, gobBytes(utf8('text'))],
      [7, concat(gobUint(1), gobUint(2))],
      [70, gobList([gobUint(1), gobUint(2)]), define(70, 0, gobInt(3), gobInt(2))],
      [71, concat(gobUint(1), gobBytes(utf8('k')), gobUint(2)), define(71, 3, gobInt(6), gobInt(3))],
      [72, gobBytes(utf8('opaque')), define(72, 4)],
      [73, gobBytes(utf8('opaque')), define(73, 5)],
      [74, gobBytes(utf8('opaque')), define(74, 6)],
      [75, gobStruct([gobUint(1)]), defineStruct(75, ['Inner', 3])],
      [76, gobList([gobStruct([]), gobStruct([])]), define(76, 1, gobInt(75)), defineStruct(75, ['Inner', 3])],
    ];
    for (const [type, value, ...definitions] of encodings) {
      const person = defineStruct(64, ['Shoes', type], known);
      expect(read(...definitions, person, message(64, gobStruct([value, gobInt(7)]))), `type ${type}`).toEqual({
        Age: 7n,
      });
    }
  });

  test('with its fields in any order, and with fields missing', () => {
    const backwards = defineStruct(64, ['Age', INT], ['Name', BYTES]);
    expect(read(backwards, message(64, gobStruct([gobInt(3), gobBytes(utf8('Bob'))])))).toEqual({
      Age: 3n,
      Name: utf8('Bob'),
    });
    expect(read(PERSON, MARKS, HOME, message(64, gobStruct([])))).toEqual({});
  });

  test('without its final zero, with bytes after it, with long integers', () => {
    const age = defineStruct(64, ['Age', INT]);
    expect(read(age, message(64, gobUint(1), gobInt(3)))).toEqual({ Age: 3n });
    expect(read(age, message(64, gobStruct([gobInt(3)]), utf8('inside')), utf8('behind'))).toEqual({ Age: 3n });
    expect(read(age, message(64, fromHex('fc00000001'), fromHex('f80000000000000006')))).toEqual({ Age: 3n });
  });

  test('up to the bounds of int64', () => {
    const age = defineStruct(64, ['Age', INT]);
    expect(read(age, message(64, gobUint(1), fromHex('f8ffffffffffffffff')))).toEqual({ Age: -(2n ** 63n) });
  });
});

describe('a fault is', () => {
  const age = defineStruct(64, ['Age', INT]);
  const AGE_3 = message(64, gobStruct([gobInt(3)]));

  test.each<[string, string, Uint8Array[]]>([
    ['nothing at all', 'GOB_TRUNCATED', []],
    ['an empty message', 'GOB_TRUNCATED', [age, gobUint(0), AGE_3]],
    ['definitions alone', 'GOB_TRUNCATED', [PERSON, MARKS]],
    ['a message cut short', 'GOB_TRUNCATED', [age, AGE_3.subarray(0, -1)]],
    [
      'a string longer than its message',
      'GOB_TRUNCATED',
      [defineStruct(64, ['Name', BYTES]), message(64, gobUint(1), gobUint(9))],
    ],
    ['an integer that breaks off', 'GOB_TRUNCATED', [age, message(64, gobUint(1), fromHex('fe01'))]],
    ['an integer of nine bytes', 'GOB_MALFORMED', [age, message(64, gobUint(1), fromHex('f7000000000000000001'))]],
    ['a value of a type that is not defined', 'GOB_MISMATCH', [age, message(65, gobStruct([]))]],
    ['a value of a builtin type', 'GOB_MISMATCH', [message(BYTES, gobBytes(utf8('x')))]],
    ['a definition of a builtin id', 'GOB_MALFORMED', [defineStruct(16, ['Age', INT])]],
    ['a definition of id 63', 'GOB_MALFORMED', [defineStruct(63, ['Age', INT])]],
    ['a definition given twice', 'GOB_MALFORMED', [age, age, AGE_3]],
    [
      'a definition with stray bytes',
      'GOB_MALFORMED',
      [message(-64, gobStruct([null, null, gobStruct([common(64)])]), utf8('x'))],
    ],
    ['a definition of no kind', 'GOB_MALFORMED', [message(-64, gobStruct([]))]],
    [
      'a definition of two kinds',
      'GOB_MALFORMED',
      [message(-65, gobStruct([null, gobStruct([common(65), gobInt(BYTES)]), gobStruct([common(65)])]))],
    ],
    ['a list of an impossible type', 'GOB_MALFORMED', [define(65, 1, gobInt(-1))]],
    ['a list of no type', 'GOB_MALFORMED', [define(65, 1)]],
    ['an id beyond 31 bits', 'GOB_MALFORMED', [define(65, 1, gobInt(2 ** 31))]],
    [
      'a known field of another type',
      'GOB_MISMATCH',
      [defineStruct(64, ['Age', 3]), message(64, gobStruct([gobUint(3)]))],
    ],
    ['a string for bytes', 'GOB_MISMATCH', [defineStruct(64, ['Name', 6]), message(64, gobStruct([]))]],
    [
      'an array for a list',
      'GOB_MISMATCH',
      [define(65, 0, gobInt(BYTES), gobInt(1)), defineStruct(64, ['Marks', 65]), message(64, gobStruct([]))],
    ],
    [
      'a list of other elements',
      'GOB_MISMATCH',
      [define(65, 1, gobInt(INT)), defineStruct(64, ['Marks', 65]), message(64, gobStruct([]))],
    ],
    ['a struct that is a list', 'GOB_MISMATCH', [MARKS, defineStruct(64, ['Home', 65]), message(64, gobStruct([]))]],
    ['a field named twice', 'GOB_MISMATCH', [defineStruct(64, ['Age', INT], ['Age', INT]), message(64, gobStruct([]))]],
    ['no field that is known, names being exact', 'GOB_MISMATCH', [defineStruct(64, ['age', INT]), AGE_3]],
    ['a field beyond the last', 'GOB_MALFORMED', [age, message(64, gobUint(2), gobUint(0))]],
    [
      'an unexpected field of a type that is not defined',
      'GOB_MALFORMED',
      [defineStruct(64, ['Age', INT], ['Shoes', 99]), message(64, gobStruct([gobInt(7)]))],
    ],
    [
      'an unexpected field of a type that only definitions have',
      'GOB_MALFORMED',
      [defineStruct(64, ['Age', INT], ['Shoes', 18]), message(64, gobStruct([gobInt(7)]))],
    ],
    [
      'an interface',
      'GOB_MALFORMED',
      [defineStruct(64, ['Age', INT], ['Any', 8]), message(64, gobStruct([null, gobUint(0)]))],
    ],
    [
      'an array of another length than its type',
      'GOB_MALFORMED',
      [
        define(65, 0, gobInt(3), gobInt(2)),
        defineStruct(64, ['Age', INT], ['Pair', 65]),
        message(64, gobStruct([null, gobList([gobUint(1)])])),
      ],
    ],
    [
      'more elements than bytes',
      'GOB_TRUNCATED',
      [MARKS, defineStruct(64, ['Marks', 65]), message(64, gobUint(1), fromHex('f8ffffffffffffffff'))],
    ],
    [
      'more map entries than bytes',
      'GOB_TRUNCATED',
      [
        define(65, 3, gobInt(3), gobInt(3)),
        defineStruct(64, ['Age', INT], ['M', 65]),
        message(64, gobUint(2), gobUint(100)),
      ],
    ],
  ])('%s', (_name, code, parts) => {
    expect(faultOf(...parts)).toBe(code);
  });

  test('a type that contains itself without end', () => {
    const selfish = define(65, 1, gobInt(65));
    const person = defineStruct(64, ['Age', INT], ['Dolls', 65]);
    expect(faultOf(selfish, person, message(64, gobUint(2), new Uint8Array(5000).fill(1)))).toBe('GOB_MALFORMED');
  });

  test('anything above a mebibyte', () => {
    expect(faultOf(new Uint8Array(GOB_BYTES_MAX + 1))).toBe('GOB_TOO_LONG');
    expect(faultOf(new Uint8Array(GOB_BYTES_MAX))).toBe('GOB_TRUNCATED');
  });

  test('a mebibyte of elements, without one being kept', () => {
    const empties = define(65, 1, gobInt(66));
    const person = defineStruct(64, ['Age', INT], ['Empties', 65]);
    const value = concat(gobUint(2), gobUint(1_000_000), new Uint8Array(1_000_000));
    expect(read(empties, defineStruct(66), person, message(64, value))).toEqual({});
  });
});

test('no bytes make the reader throw anything but a fault', () => {
  const stream = concat(PERSON, MARKS, HOME, ALICE);
  const bytes = fc.uint8Array({ maxLength: 80 });
  const damaged = fc
    .array(fc.tuple(fc.nat(stream.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((copy, [at, byte]) => ((copy[at] = byte), copy), stream.slice()));
  const cut = fc.nat(stream.length - 1).map((length) => stream.subarray(0, length));
  const spliced = fc
    .tuple(fc.nat(stream.length), bytes)
    .map(([at, some]) => concat(stream.subarray(0, at), some, stream.subarray(at)));
  fc.assert(
    fc.property(fc.oneof(bytes, damaged, cut, spliced), (input) => {
      expect(['none', 'GOB_TRUNCATED', 'GOB_MALFORMED', 'GOB_MISMATCH']).toContain(faultOf(input));
    }),
    { numRuns: 3000 },
  );
});
