import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from './bytes.ts';
import { isFault } from './fault.ts';
import {
  canonicalHeaderName,
  decodeHttpRequest,
  decodeHttpResponse,
  encodeHttpRequest,
  encodeHttpResponse,
} from './http-message.ts';

/** Bytes of shannon-sdk. */
const OK =
  '08c80112300a0c436f6e74656e742d5479706512200a0c436f6e74656e742d5479706512106170706c69636174696f6e2f6a736f6e1a077b2261223a317d';

describe('an embedded HTTP message', () => {
  it('has the bytes of the Go clients', () => {
    const response = { status: 200, headers: { 'content-type': 'application/json' }, body: utf8('{"a":1}') };
    expect(toHex(encodeHttpResponse(response))).toBe(OK);
    expect(decodeHttpResponse(fromHex(OK))).toEqual(response);
  });

  it('has its headers in the order of their canonical names', () => {
    const headers = { 'x-b': '1', accept: '', 'Content-TYPE': 'text/plain' };
    const bytes = encodeHttpRequest({ method: 'GET', url: '/', headers, body: new Uint8Array() });
    const reordered = { 'content-type': 'text/plain', Accept: '', 'X-B': '1' };
    expect(toHex(encodeHttpRequest({ method: 'GET', url: '/', headers: reordered, body: new Uint8Array() }))).toBe(
      toHex(bytes),
    );
    expect(Object.entries(decodeHttpRequest(bytes).headers)).toEqual([
      ['accept', ''],
      ['content-type', 'text/plain'],
      ['x-b', '1'],
    ]);
  });

  it('joins several values of one name, also when a peer spells it twice', () => {
    // Header X-B with values 2 and 1; then A and a.
    expect(decodeHttpRequest(fromHex('12120a03582d42120b0a03582d42120132120131')).headers).toEqual({ 'x-b': '2, 1' });
    expect(decodeHttpRequest(fromHex('12080a01611203120178' + '12080a01411203120179')).headers).toEqual({ a: 'y, x' });
  });

  it('reads back what it writes', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    const headers = fc.dictionary(name, fc.string());
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        headers,
        fc.uint8Array(),
        fc.nat({ max: 999 }),
        (method, url, given, body, status) => {
          expect(decodeHttpRequest(encodeHttpRequest({ method, url, headers: given, body }))).toEqual({
            method,
            url,
            headers: given,
            body,
          });
          expect(decodeHttpResponse(encodeHttpResponse({ status, headers: given, body }))).toEqual({
            status,
            headers: given,
            body,
          });
        },
      ),
    );
  });

  it('is not fooled by the names of methods', () => {
    const headers = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>;
    const read = decodeHttpRequest(encodeHttpRequest({ method: '', url: '', headers, body: new Uint8Array() }));
    expect(Object.entries(read.headers)).toEqual([
      ['constructor', 'y'],
      ['__proto__', 'x'],
    ]);
    expect(decodeHttpRequest(new Uint8Array()).headers['toString']).toBeUndefined();
  });

  it('is a message or a fault, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        for (const read of [decodeHttpRequest, decodeHttpResponse]) {
          try {
            read(bytes);
          } catch (thrown) {
            expect(isFault(thrown)).toBe(true);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a header name', () => {
  it('is written as Go writes it', () => {
    expect(['content-type', 'ETAG', 'www-AUTHENTICATE', 'x-1-b', ''].map(canonicalHeaderName)).toEqual([
      'Content-Type',
      'Etag',
      'Www-Authenticate',
      'X-1-B',
      '',
    ]);
  });
});
