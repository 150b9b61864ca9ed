import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { commentEvent, dataEvent, DONE, EVENT_BYTES_MAX, readEvents } from './sse.ts';

async function* inPieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...at, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

async function eventsOf(bytes: Uint8Array, cuts: readonly number[] = []): Promise<string[]> {
  const events: string[] = [];
  for await (const event of readEvents(inPieces(bytes, cuts))) events.push(event);
  return events;
}

test('what is written is read, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.json(), { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      async (documents, cuts) => {
        const bytes = Buffer.concat(documents.flatMap((json) => [commentEvent('keepalive'), dataEvent(json)]));
        const events = await eventsOf(bytes, cuts);
        expect(events.map((event) => JSON.parse(event))).toEqual(documents.map((json) => JSON.parse(json)));
      },
    ),
    { numRuns: 200 },
  );
});

test('reads CR, CRLF, a missing space, several data lines, and ignores other fields', async () => {
  const text = ': hello\r\n\r\ndata:a\r\rdata: b\ndata: c\n\nevent: x\nid: 1\n\nevent: y\ndata: d\r\n\r\n';
  expect(await eventsOf(utf8(text))).toEqual(['a', 'b\nc', 'd']);
});

test('an event that was cut off is not given', async () => {
  expect(await eventsOf(utf8('data: a\n\ndata: half'))).toEqual(['a']);
  expect(await eventsOf(utf8('data: a\n\ndata: half\n'))).toEqual(['a']);
});

test('line ends that JSON allows are escaped on the way out', () => {
  expect(fromUtf8(dataEvent(JSON.stringify('a\u2028b\u2029c\u0085d')))).toBe('data: "a\\u2028b\\u2029c\\u0085d"\n\n');
  expect(fromUtf8(DONE)).toBe('data: [DONE]\n\n');
});

test('an endless event is a fault, and so are bytes that are not UTF-8', async () => {
  const endless = Buffer.alloc(EVENT_BYTES_MAX + 16, 0x61);
  await expect(eventsOf(endless)).rejects.toMatchObject({ code: 'SSE_EVENT_TOO_LARGE' });
  await expect(eventsOf(Uint8Array.of(0x64, 0xff, 0xfe))).rejects.toMatchObject({ code: 'UTF8_INVALID' });
});
