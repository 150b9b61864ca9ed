import { toHex } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { GetTxsEventRequestSchema } from '@decai/protocol/gen/cosmos/tx/v1beta1/service_pb';
import { QueryAllClaimsRequestSchema } from '@decai/protocol/gen/pocket/proof/query_pb';
import { QueryParamsAtHeightRequestSchema } from '@decai/protocol/gen/pocket/shared/query_pb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestFromUrl, unescapeUrl } from './url-fields.ts';

function claims(query: string): unknown {
  const outcome = requestFromUrl(QueryAllClaimsRequestSchema, {}, query);
  if (!outcome.ok) return [outcome.status, outcome.message];
  const { $typeName: _, $unknown: __, ...fields } = outcome.value as Record<string, any>;
  if (fields['pagination'] !== undefined) delete fields['pagination'].$typeName;
  return fields;
}

const page = (change: object): object => ({
  key: new Uint8Array(0),
  offset: 0n,
  limit: 0n,
  countTotal: false,
  reverse: false,
  ...change,
});

describe('a query', () => {
  test.each<[query: string, fields: object]>([
    ['', {}],
    ['&&', {}],
    ['pagination.limit=2&pagination.count_total=true', { pagination: page({ limit: 2n, countTotal: true }) }],
    ['pagination.countTotal=T&pagination.reverse=0', { pagination: page({ countTotal: true }) }],
    ['pagination.key=-_8%3D', { pagination: page({ key: new Uint8Array([0xfb, 0xff]) }) }],
    ['pagination.offset=18446744073709551615', { pagination: page({ offset: 2n ** 64n - 1n }) }],
    ['pagination.limit=1&pagination.limit=2', { pagination: page({ limit: 1n }) }],
    ['utm_source=x&pagination.nothing=1&nothing.at.all', { pagination: page({}) }],
  ])('%s', (query, fields) => {
    expect(claims(query)).toEqual({ ...fields, filter: { case: undefined } });
  });

  test('chooses one of several by its name, the first', () => {
    const filter = { case: 'sessionId', value: 'a b+' };
    expect(claims('session_id=a+b%2B&session_end_height=5')).toEqual({ filter });
    expect(claims('session_end_height=5')).toEqual({ filter: { case: 'sessionEndHeight', value: 5n } });
  });

  test('lists what may be listed, and knows values by name and number', () => {
    const outcome = requestFromUrl(GetTxsEventRequestSchema, {}, 'events=a%3D1&events=b&order_by=ORDER_BY_DESC');
    expect(outcome).toMatchObject({ ok: true, value: { events: ['a=1', 'b'], orderBy: 2 } });
    expect(requestFromUrl(GetTxsEventRequestSchema, {}, 'order_by=1')).toMatchObject({ value: { orderBy: 1 } });
  });

  test.each([
    ['pagination.limit=x', 'strconv.ParseUint: parsing "x": invalid syntax'],
    ['pagination.limit=', 'strconv.ParseUint: parsing "": invalid syntax'],
    ['pagination.limit=-1', 'strconv.ParseUint: parsing "-1": invalid syntax'],
    ['pagination.limit=18446744073709551616', 'strconv.ParseUint: parsing "18446744073709551616": value out of range'],
    [`pagination.limit=${'9'.repeat(65)}`, `strconv.ParseUint: parsing "${'9'.repeat(65)}": value out of range`],
    ['pagination.reverse=yes', 'strconv.ParseBool: parsing "yes": invalid syntax'],
    ['pagination.key=*', 'illegal base64 data'],
    ['pagination=1', 'pagination has fields of its own'],
    ['session_id.x=1', 'unexpected nested field x in session_id'],
    ['session_id=%zz', 'invalid URL escape'],
    ['%ff=1', 'invalid URL escape'],
  ])('is refused: %s', (query, message) => {
    expect(claims(query)).toEqual(['InvalidArgument', message]);
  });

  test('is refused for an order that there is not', () => {
    expect(requestFromUrl(GetTxsEventRequestSchema, {}, 'order_by=UP')).toMatchObject({
      ok: false,
      message: '"UP" is not a valid value',
    });
  });
});

describe('a path', () => {
  const at = (height: string, query = ''): unknown =>
    requestFromUrl(QueryParamsAtHeightRequestSchema, { height }, query);

  test('gives its fields, which the query cannot give again', () => {
    expect(at('+7')).toMatchObject({ ok: true, value: { height: 7n } });
    expect(at('-9223372036854775808')).toMatchObject({ value: { height: -(2n ** 63n) } });
    expect(at('7', 'height=x')).toMatchObject({ ok: true, value: { height: 7n } });
  });

  test.each([
    ['x', 'invalid syntax'],
    ['', 'invalid syntax'],
    ['1e3', 'invalid syntax'],
    ['9223372036854775808', 'value out of range'],
  ])('is refused: %s', (height, why) => {
    const message = `type mismatch, parameter: height, error: strconv.ParseInt: parsing "${height}": ${why}`;
    expect(at(height)).toEqual({ ok: false, status: 'InvalidArgument', message });
  });
});

test('whatever a query is, it is a message that can be encoded, or refused', () => {
  const name = fc.constantFrom(
    'pagination.limit',
    'pagination.key',
    'pagination',
    'session_id',
    'session_end_height',
    '__proto__',
    'constructor.x',
  );
  const part = fc.tuple(fc.oneof(name, fc.string()), fc.oneof(fc.string({ unit: 'binary' }), fc.bigInt().map(String)));
  const query = fc.array(
    fc.oneof(
      part.map(([key, text]) => `${key}=${text}`),
      fc.string(),
    ),
    { maxLength: 6 },
  );
  let accepted = 0;
  fc.assert(
    fc.property(query, (parts) => {
      const outcome = requestFromUrl(QueryAllClaimsRequestSchema, {}, parts.join('&'));
      if (!outcome.ok) {
        expect(outcome.status).toBe('InvalidArgument');
        return;
      }
      expect(toHex(encode(QueryAllClaimsRequestSchema, outcome.value as never))).toMatch(/^[0-9a-f]*$/);
      accepted += 1;
    }),
    { numRuns: 2000, seed: 1 },
  );
  expect(accepted).toBeGreaterThan(100);
  expect(unescapeUrl('%')).toBeUndefined();
});
