import { create, fromBinary, toBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './bytes.ts';
import { decode, encode, isCanonical, type DecodeOptions } from './codec.ts';
import { isFault } from './fault.ts';
import { isAlwaysWritten } from './field-traits.ts';
import { CoinSchema } from './gen/cosmos/base/v1beta1/coin_pb.ts';
import { ParamsSchema, ValidatorSchema } from './gen/cosmos/staking/v1beta1/staking_pb.ts';
import { MsgEditValidatorSchema } from './gen/cosmos/staking/v1beta1/tx_pb.ts';
import { ModeInfoSchema, TxBodySchema } from './gen/cosmos/tx/v1beta1/tx_pb.ts';
import { ApplicationSchema } from './gen/pocket/application/types_pb.ts';
import { MsgUpdateParamSchema } from './gen/pocket/application/tx_pb.ts';
import { ParamsSchema as ProofParamsSchema } from './gen/pocket/proof/params_pb.ts';
import { ClaimSchema } from './gen/pocket/proof/types_pb.ts';
import { RelayRequestSchema, RelayResponseSchema, RelaySchema } from './gen/pocket/service/relay_pb.ts';
import { SessionHeaderSchema } from './gen/pocket/session/types_pb.ts';
import { MsgUpdateParamsSchema } from './gen/pocket/tokenomics/tx_pb.ts';
import { MintBurnOpSchema } from './gen/pocket/tokenomics/types_pb.ts';
import { POKTHTTPRequestSchema } from './gen/sdk/types/http_pb.ts';
import { arbitraryMessage, everySchema } from './message.arbitrary.ts';

const SCHEMAS: readonly DescMessage[] = await everySchema();

function hex<Desc extends DescMessage>(schema: Desc, init: Parameters<typeof create<Desc>>[1]): string {
  return toHex(encode(schema, create(schema, init)));
}

function codeOf(schema: DescMessage, bytes: string, options?: DecodeOptions): string {
  try {
    decode(schema, fromHex(bytes), options);
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code;
    throw thrown;
  }
  return 'accepted';
}

describe('encode', () => {
  it('writes fields by number, whatever the order of the schema', () => {
    const response = { payloadHash: new Uint8Array([1]), relayMinerError: { code: 2 }, payload: new Uint8Array([3]) };
    expect(hex(RelayResponseSchema, { meta: {}, ...response })).toBe('0a00' + '120103' + '1a021002' + '220101');
  });

  it('writes nothing for zero, but always what Go keeps by value', () => {
    expect(hex(SessionHeaderSchema, {})).toBe('');
    expect(hex(RelayRequestSchema, {})).toBe('0a00');
    expect(hex(RelaySchema, {})).toBe('');
    expect(hex(RelaySchema, { req: {} })).toBe('0a020a00');
    expect(hex(CoinSchema, {})).toBe('120130');
    expect(hex(MintBurnOpSchema, {})).toBe('1a03120130');
    expect(hex(MsgUpdateParamsSchema, {})).toBe('1204' + '0a00' + '4200');
    expect(hex(MsgEditValidatorSchema, {})).toBe('0a00');
    expect(hex(ProofParamsSchema, { proofRequestProbability: -0 })).toBe('');
  });

  it('writes a chosen member even when it is zero', () => {
    expect(hex(MsgUpdateParamSchema, { asType: { case: 'asUint64', value: 0n } })).toBe('1800');
    expect(hex(ModeInfoSchema, { sum: { case: 'single', value: {} } })).toBe('0a00');
  });

  it('writes maps by ascending key, numbers by size and texts by bytes', () => {
    const list = { gatewayAddresses: [] };
    expect(hex(ApplicationSchema, { pendingUndelegations: { '300': list, '5': list, '40': list } })).toBe(
      '2a0408051200' + '2a0408281200' + '2a0508ac021200',
    );
    const headers = { '\u{1f600}': {}, '\uffff': {}, a: {}, B: {} };
    const keys = Object.keys(
      decode(POKTHTTPRequestSchema, fromHex(hex(POKTHTTPRequestSchema, { header: headers }))).header,
    );
    expect(keys).toEqual(['B', 'a', '\uffff', '\u{1f600}']);
  });

  it('refuses numbers that do not fit', () => {
    for (const height of [2n ** 63n, -(2n ** 63n) - 1n]) {
      expect(() => hex(SessionHeaderSchema, { sessionStartBlockHeight: height })).toThrow('not a signed integer');
    }
    expect(() => hex(RelayResponseSchema, { relayMinerError: { code: -1 } })).toThrow('not an unsigned integer');
    expect(() => hex(RelayResponseSchema, { relayMinerError: { code: 1.5 } })).toThrow('not an unsigned integer');
    // A failed message leaves nothing behind in the writer.
    expect(hex(RelayRequestSchema, {})).toBe('0a00');
  });

  it('agrees with the protobuf library on every message of the wire', () => {
    expect(SCHEMAS.length).toBeGreaterThan(380);
    for (const schema of SCHEMAS) {
      fc.assert(
        fc.property(arbitraryMessage(schema), (message) => {
          const bytes = encode(schema, message);
          expect(toHex(bytes)).toBe(toHex(toBinary(schema, completed(schema, message))));
          expect(toHex(encode(schema, decode(schema, bytes)))).toBe(toHex(bytes));
          expect(toHex(encode(schema, fromBinary(schema, bytes)))).toBe(toHex(bytes));
        }),
        { numRuns: 5 },
      );
    }
  });
});

/** The message with everything set that is always written, and its maps in order: so that the library writes the same. */
function completed(schema: DescMessage, message: Message): Message {
  const fields: Record<string, unknown> = { ...message };
  for (const field of schema.fields) {
    const inner = field.message;
    const slot = field.oneof?.localName ?? field.localName;
    const complete = (value: unknown): unknown => (inner === undefined ? value : completed(inner, value as Message));
    if (field.oneof !== undefined) {
      const choice = fields[slot] as { case?: string; value?: unknown };
      if (choice.case === field.localName) fields[slot] = { ...choice, value: complete(choice.value) };
    } else if (field.fieldKind === 'list') fields[slot] = (fields[slot] as unknown[]).map(complete);
    else if (field.fieldKind === 'map') fields[slot] = sorted(fields[slot] as Record<string, unknown>, complete);
    else if (field.fieldKind === 'message') {
      if (fields[slot] !== undefined) fields[slot] = complete(fields[slot]);
      else if (isAlwaysWritten(field)) fields[slot] = complete(create(field.message));
    } else if (fields[slot] === '' && isAlwaysWritten(field)) fields[slot] = '0';
  }
  return fields as unknown as Message;
}

function sorted(map: Record<string, unknown>, complete: (value: unknown) => unknown): Record<string, unknown> {
  const order = (a: string, b: string): number =>
    /^\d+$/.test(a + b) ? Number(BigInt(a) - BigInt(b)) : Buffer.compare(Buffer.from(a), Buffer.from(b));
  // The library walks a map in the order of its keys, which JavaScript keeps unless they look like small integers.
  return Object.fromEntries(
    Object.keys(map)
      .sort(order)
      .map((key) => [key, complete(map[key])]),
  );
}

describe('decode', () => {
  it('takes fields in any order, the last of several values, and messages in parts', () => {
    const header = decode(SessionHeaderSchema, fromHex('2002' + '120161' + '2005' + '0a0162'));
    expect(header).toMatchObject({ applicationAddress: 'b', serviceId: 'a', sessionStartBlockHeight: 5n });
    const request = decode(RelayRequestSchema, fromHex('0a03' + '1a0161' + '0a03' + '120162'));
    expect(request.meta).toMatchObject({ supplierOperatorAddress: 'a', signature: new Uint8Array([0x62]) });
  });

  it('lets a later member of a choice replace the earlier one', () => {
    const asCoin = '22' + '05' + '0a0361' + '6263';
    expect(decode(MsgUpdateParamSchema, fromHex('1805' + asCoin)).asType.case).toBe('asCoin');
    expect(decode(MsgUpdateParamSchema, fromHex(asCoin + '1805')).asType).toEqual({ case: 'asUint64', value: 5n });
    // Two parts of a chosen message do not merge either.
    expect(decode(MsgUpdateParamSchema, fromHex(asCoin + '2203' + '120139')).asType.value).toMatchObject({ denom: '' });
  });

  it('reads packed and unpacked lists of numbers', () => {
    for (const bytes of ['6a03010203', '680168026803', '6a0101' + '6802' + '6a0103']) {
      expect(decode(ValidatorSchema, fromHex(bytes)), bytes).toMatchObject({ unbondingIds: [1n, 2n, 3n] });
    }
  });

  it('narrows integers and reads any nonzero as true, as Go does', () => {
    const wide = new BinaryWriter()
      .uint32(0x10)
      .uint64(2n ** 32n + 7n)
      .finish();
    expect(
      decode(RelayResponseSchema, fromHex(`1a${wide.length.toString(16).padStart(2, '0')}${toHex(wide)}`))
        .relayMinerError?.code,
    ).toBe(7);
    expect(decode(TxBodySchema, fromHex('2005')).unordered).toBe(true);
  });

  it('gives maps keys without a past', () => {
    const key = toHex(
      new BinaryWriter().uint32(0x0a).string('__proto__').uint32(0x12).bytes(fromHex('0a0178')).finish(),
    );
    const { header } = decode(POKTHTTPRequestSchema, fromHex(`12${(key.length / 2).toString(16)}${key}`));
    expect(Object.keys(header)).toEqual(['__proto__']);
    expect(header['__proto__']?.key).toBe('x');
    expect(header['constructor']).toBeUndefined();
    expect(decode(POKTHTTPRequestSchema, fromHex('1200')).header['']?.values).toEqual([]);
    expect(Object.keys(decode(ApplicationSchema, fromHex('2a00')).pendingUndelegations)).toEqual(['0']);
  });

  it('hands out copies', () => {
    const bytes = fromHex('1203010203');
    const { payload } = decode(RelayRequestSchema, bytes);
    bytes.fill(0);
    expect(toHex(payload)).toBe('010203');
  });

  it('refuses what it cannot understand, each with its code', () => {
    const cases: [string, string][] = [
      ['0a', 'WIRE_TRUNCATED'],
      ['0a05616263', 'WIRE_TRUNCATED'],
      ['ff', 'WIRE_TRUNCATED'],
      ['20ffffffffffffffffff02', 'WIRE_VARINT_TOO_LONG'],
      ['00', 'WIRE_FIELD_NUMBER'],
      ['0b', 'WIRE_TYPE_UNKNOWN'],
      ['0801', 'WIRE_TYPE_MISMATCH'],
      ['2201ff', 'WIRE_TYPE_MISMATCH'],
      ['0a02c328', 'WIRE_TEXT_INVALID'],
    ];
    for (const [bytes, code] of cases) expect(codeOf(SessionHeaderSchema, bytes), bytes).toBe(code);
    expect(codeOf(SessionHeaderSchema, '0a0161', { bytesMax: 2 })).toBe('WIRE_TOO_LARGE');
    expect(codeOf(SessionHeaderSchema, '0a0161', { bytesMax: 3 })).toBe('accepted');
    expect(codeOf(POKTHTTPRequestSchema, '12021a00')).toBe('WIRE_FIELD_UNKNOWN');
    expect(codeOf(POKTHTTPRequestSchema, '12020801')).toBe('WIRE_TYPE_MISMATCH');
  });

  it('refuses times that have no text, and spans that are two', () => {
    const time = (seconds: bigint, nanos = 0): string =>
      codeOf(TxBodySchema, hex(TxBodySchema, { timeoutTimestamp: { seconds, nanos } }));
    const span = (seconds: bigint, nanos = 0): string =>
      codeOf(ParamsSchema, hex(ParamsSchema, { unbondingTime: { seconds, nanos } }));
    const [first, end, most] = [-62_135_596_800n, 253_402_300_800n, 315_576_000_000n];
    for (const good of [time(0n), time(first), time(end - 1n, 999_999_999), span(-most, -1), span(most, 999_999_999)]) {
      expect(good).toBe('accepted');
    }
    const bad = [time(first - 1n), time(end), time(0n, -1), time(0n, 1e9), time(2n ** 63n - 1n)];
    bad.push(span(most + 1n), span(-most - 1n), span(0n, 1e9), span(1n, -1), span(-1n, 1));
    expect(bad).toEqual(Array(10).fill('WIRE_TIME_RANGE'));
  });

  it('treats unknown fields as it is told', () => {
    const [critical, ignorable] = [
      '3801',
      toHex(
        new BinaryWriter()
          .uint32(1024 * 8)
          .uint32(1)
          .finish(),
      ),
    ];
    const codes = (unknownFields: 'drop' | 'refuse' | 'refuse-critical'): string[] =>
      [critical, ignorable].map((bytes) => codeOf(TxBodySchema, bytes, { unknownFields }));
    expect(codes('drop')).toEqual(['accepted', 'accepted']);
    expect(codes('refuse')).toEqual(['WIRE_FIELD_UNKNOWN', 'WIRE_FIELD_UNKNOWN']);
    expect(codes('refuse-critical')).toEqual(['WIRE_FIELD_UNKNOWN', 'accepted']);
    expect(codeOf(RelayRequestSchema, '0a022801', { unknownFields: 'refuse' })).toBe('WIRE_FIELD_UNKNOWN');
    expect(toHex(encode(TxBodySchema, decode(TxBodySchema, fromHex(`${critical}120161`))))).toBe('120161');
  });

  it('ends where messages nest too deep', () => {
    let nested = '';
    for (let depth = 0; depth < 60; depth += 1) nested = part('12', part('12', nested));
    expect(codeOf(ModeInfoSchema, nested)).toBe('WIRE_TOO_DEEP');
    expect(codeOf(ModeInfoSchema, part('12', part('12', '')))).toBe('accepted');
  });

  it('never throws anything but a fault, whatever the bytes', () => {
    const schemas = fc.constantFrom(...SCHEMAS);
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 64 }), mutated());
    fc.assert(
      fc.property(schemas, bytes, (schema, input) => {
        const code = codeOf(schema, toHex(input));
        if (code === 'accepted') {
          const again = encode(schema, decode(schema, input));
          expect(isCanonical(schema, again)).toBe(true);
        } else expect(code).toMatch(/^WIRE_/);
      }),
      { numRuns: 4000 },
    );
  });
});

function part(tag: string, content: string): string {
  const length = toHex(new BinaryWriter().uint32(content.length / 2).finish());
  return `${tag}${length}${content}`;
}

/** Honest encodings with a few bytes changed: they get further into the decoder than noise does. */
function mutated(): fc.Arbitrary<Uint8Array> {
  const honest = fc
    .constantFrom<DescMessage>(RelaySchema, ApplicationSchema, TxBodySchema, ProofParamsSchema, ClaimSchema)
    .chain((schema) => arbitraryMessage(schema).map((message) => encode(schema, message)));
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 });
  return fc.tuple(honest, edits).map(([bytes, changes]) => {
    for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
    return bytes;
  });
}

describe('isCanonical', () => {
  it('knows the one encoding of a message', () => {
    const bytes = hex(SessionHeaderSchema, { applicationAddress: 'a', serviceId: 'b', sessionStartBlockHeight: 1n });
    expect(isCanonical(SessionHeaderSchema, fromHex(bytes))).toBe(true);
    const others = [
      `${bytes}3801`, // an unknown field
      '1201620a01612001', // another order
      bytes.replace('2001', '208100'), // a long varint
      `${bytes}2800`, // an explicit zero
      bytes.replace('0a0161', '0a01630a0161'), // a value twice
      '0a', // no message
    ];
    for (const other of others) expect(isCanonical(SessionHeaderSchema, fromHex(other)), other).toBe(false);
    expect(isCanonical(RelayRequestSchema, fromHex(''))).toBe(false);
  });
});
