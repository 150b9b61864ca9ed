import { concat, fromUtf8, utf8 } from '@decai/protocol/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventUnits, streamKind, type StreamKind } from './event-units.ts';

function cut(kind: StreamKind, pieces: readonly string[]): { units: string[]; rest: string } {
  const cutter = new EventUnits(kind, 1_000);
  const units = pieces.flatMap((piece) => cutter.push(utf8(piece)).map(fromUtf8));
  return { units, rest: fromUtf8(cutter.end()) };
}

test.each([
  ['text/event-stream', 'sse'],
  ['Text/Event-Stream; charset=utf-8', 'sse'],
  ['application/x-ndjson', 'ndjson'],
  ['application/json', undefined],
  [undefined, undefined],
])('%s is a stream of %s', (contentType, kind) => {
  expect(streamKind(contentType)).toBe(kind);
});

test.each([
  ['line feeds', 'data: 1\n\ndata: 2\n\n', ['data: 1\n\n', 'data: 2\n\n'], ''],
  ['carriage returns', 'data: 1\r\rdata: 2\r\r', ['data: 1\r\r', 'data: 2\r\r'], ''],
  ['both', 'data: 1\r\n\r\ndata: 2\r\n\r\n', ['data: 1\r\n\r\n', 'data: 2\r\n\r\n'], ''],
  ['several lines', 'event: x\ndata: 1\n\n', ['event: x\ndata: 1\n\n'], ''],
  ['a comment', ': wait\n\ndata: 1\n\n', [': wait\n\n', 'data: 1\n\n'], ''],
  ['no last empty line', 'data: 1\n\ndata: [DONE]\n', ['data: 1\n\n'], 'data: [DONE]\n'],
])('events end with an empty line, whatever ends a line: %s', (_name, stream, units, rest) => {
  expect(cut('sse', [stream])).toEqual({ units, rest });
});

test('a CRLF torn in two is one line end', () => {
  expect(cut('sse', ['data: 1\r', '\ndata: 2\r', '\n\r', '\ndata: 3\r\n\r\n']).units).toEqual([
    'data: 1\r\ndata: 2\r\n\r',
    '\ndata: 3\r\n\r\n',
  ]);
});

test('a line is the unit of NDJSON', () => {
  expect(cut('ndjson', ['{"a":1}\r\n{"b"', ':2}\n{'])).toEqual({ units: ['{"a":1}\r\n', '{"b":2}\n'], rest: '{' });
});

test('the units, joined, are the stream, however it was torn', () => {
  const text = fc.array(fc.constantFrom('data: a', '\n', '\r', '\r\n', '||POKT_STREAM||', ''), { maxLength: 30 });
  fc.assert(
    fc.property(text, fc.constantFrom<StreamKind>('sse', 'ndjson'), fc.array(fc.nat(7)), (pieces, kind, lengths) => {
      const stream = utf8(pieces.join(''));
      const cutter = new EventUnits(kind, 1_000);
      const units: Uint8Array[] = [];
      let at = 0;
      for (const length of [...lengths, stream.length]) {
        units.push(...cutter.push(stream.subarray(at, at + length)));
        at = Math.min(stream.length, at + length);
      }
      expect(fromUtf8(concat(...units, cutter.end()))).toBe(fromUtf8(stream));
      expect(units.every((unit) => unit.length > 0)).toBe(true);
    }),
  );
});

test('an endless event is cut off', () => {
  const cutter = new EventUnits('sse', 10);
  cutter.push(utf8('data: 1'));
  expect(() => cutter.push(utf8('2345'))).toThrow(expect.objectContaining({ code: 'STREAM_EVENT_TOO_LARGE' }));
});
