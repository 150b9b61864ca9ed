import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, equalBytes, fromUtf8, utf8 } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import type { HttpResponseMessage } from '@decai/protocol/http-message';
import { isStreamV1, readStreamV1, STREAM_DELIMITER, type StreamPiece } from './stream-v1.ts';
import { writeStreamBatches } from './stream-v1-writer.ts';
import { answerBytes, signedTestRelay, supplierKey, testKey } from './testing/supplier-double.ts';
import { verifyRelay } from './verify-relay.ts';

const sent = signedTestRelay();
const verify = (batch: Uint8Array) => verifyRelay(sent, batch, supplierKey.publicKey);
const sign = (body: Uint8Array, http: Partial<HttpResponseMessage> = {}) => ({
  bytes: answerBytes(sent, { ...http, body }),
});
const batch = (text: string, http?: Partial<HttpResponseMessage>) =>
  concat(sign(utf8(text), http).bytes, STREAM_DELIMITER);

async function* pieces(...chunks: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array, void> {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk;
    yield chunk;
  }
}

async function read(...chunks: readonly (Uint8Array | Error)[]): Promise<{ body: string; last: StreamPiece }> {
  const bodies: Uint8Array[] = [];
  let last: StreamPiece | undefined;
  for await (const piece of readStreamV1(pieces(...chunks), { verify, batchBytesMax: 100_000 })) {
    if (piece.kind === 'batch') bodies.push(piece.http.body);
    last = piece;
  }
  return { body: fromUtf8(concat(...bodies)), last: last! };
}

/** Cuts bytes where the numbers say. */
function chunked(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

describe('readStreamV1', () => {
  test('gives the batches in order and tells of a clean end', async () => {
    expect(await read(batch('data: 1\n\n'), batch('data: 2\n\n'))).toEqual({
      body: 'data: 1\n\ndata: 2\n\n',
      last: { kind: 'end', batches: 2 },
    });
  });

  test('the last delimiter may be missing', async () => {
    const { body, last } = await read(batch('a'), sign(utf8('b')).bytes);
    expect([body, last]).toEqual(['ab', { kind: 'end', batches: 2 }]);
  });

  test('a batch that was cut by the delimiter inside it is healed', async () => {
    // As a miner writes it that does not look into its batches.
    const text = 'before ||POKT_STREAM|| between ||POKT_STREAM||||POKT_STREAM|| after';
    const { body, last } = await read(batch('first '), batch(text), batch(' last'));
    expect([body, last]).toEqual([`first ${text} last`, { kind: 'end', batches: 3 }]);
  });

  test('delimiters without end inside one batch are refused in the end', async () => {
    const { body, last } = await read(batch('a'), batch('||POKT_STREAM||'.repeat(40)));
    expect(body).toBe('a');
    expect(last).toMatchObject({ kind: 'refused', refusal: { code: 'RELAY_RESPONSE_MALFORMED' }, batches: 1 });
  });

  test.each([
    [
      'a foreign signature',
      concat(answerBytes(sent, { body: utf8('x') }, undefined, testKey('s')), STREAM_DELIMITER),
      'RELAY_SIGNATURE_INVALID',
    ],
    ['another status', batch('x', { status: 500 }), 'STREAM_STATUS_CHANGED'],
    ['a batch that is too large', batch('x'.repeat(100_001)), 'STREAM_BATCH_TOO_LARGE'],
    ['a piece that never ends', new Uint8Array(200_000), 'STREAM_BATCH_TOO_LARGE'],
    ['half a batch', sign(utf8('x')).bytes.subarray(0, 50), 'STREAM_TRUNCATED'],
    ['a connection that breaks', new Fault('HTTP_BROKEN_OFF', 'cut'), 'STREAM_TRUNCATED'],
  ])('what comes before %s is given on, what follows is not', async (_what, wrong, code) => {
    const { body, last } = await read(batch('good'), wrong, batch('never seen'));
    expect(body).toBe('good');
    expect(last).toMatchObject({ kind: 'refused', refusal: { code }, batches: 1 });
  });

  test('a stream of nothing is refused', async () => {
    expect((await read()).last).toMatchObject({ kind: 'refused', refusal: { code: 'STREAM_EMPTY' } });
  });

  test("the caller's own abort is thrown", async () => {
    await expect(read(batch('x'), new Error('aborted'))).rejects.toThrow('aborted');
  });

  test('noise between batches never throws and never invents', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.array(fc.nat()), async (noise, cuts) => {
        const wire = concat(batch('a'), noise, STREAM_DELIMITER, batch('b'));
        const { body, last } = await read(...chunked(wire, cuts));
        expect(body).toBe('a');
        expect(last.kind).toBe('refused');
      }),
      { numRuns: 40 },
    );
  });
});

describe('writeStreamBatches', () => {
  const parts = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('||POKT_STREAM||', '||POKT_STREAM', 'POKT_STREAM||', '|', '||', 'data: x\r\n\r\n', '\n'),
  );

  test('what is written is read back, whatever the bodies hold and however the chunks fall', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(parts, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (bodies, cuts) => {
          const batches = bodies.flatMap((body) => writeStreamBatches(utf8(body.join('')), sign));
          // Every reader must be able to cut at each delimiter, also one that heals nothing.
          for (const { wire, signed } of batches) {
            expect(Buffer.from(wire).indexOf(STREAM_DELIMITER)).toBe(signed.bytes.length);
          }
          const { body, last } = await read(...chunked(concat(...batches.map(({ wire }) => wire)), cuts));
          expect(body).toBe(bodies.flat().join(''));
          expect(last).toEqual({ kind: 'end', batches: batches.length });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a body full of delimiters is many batches and one text', async () => {
    const text = '||POKT_STREAM||'.repeat(2000);
    const batches = writeStreamBatches(utf8(text), (body) => ({ bytes: utf8(`<${body.length}>`), body }));
    expect(batches).toHaveLength(2001);
    expect(fromUtf8(concat(...batches.map(({ signed }) => signed.body)))).toBe(text);
  });

  test('a delimiter made by the signature is avoided by cutting elsewhere, and is a fault where nothing can be cut', () => {
    // A signer whose output holds the delimiter for one body, or ends in half of one.
    const awkward = (body: Uint8Array) => ({
      bytes: equalBytes(body, utf8('four')) ? utf8('sig||POKT_STREAM||sig') : concat(body, utf8(' ok')),
    });
    expect(writeStreamBatches(utf8('four'), awkward).map(({ signed }) => fromUtf8(signed.bytes))).toEqual([
      'fo ok',
      'ur ok',
    ]);
    const ending = (body: Uint8Array) => ({ bytes: body.length > 1 ? utf8('x||POKT_STREAM') : body });
    expect(writeStreamBatches(utf8('ab'), ending)).toHaveLength(2);
    const hopeless = () => ({ bytes: STREAM_DELIMITER });
    expect(() => writeStreamBatches(utf8('ab'), hopeless)).toThrow(
      expect.objectContaining({ code: 'STREAM_BATCH_UNSAFE' }),
    );
  });
});

test('a stream is known by the media type alone', () => {
  const of = (type?: string) => isStreamV1(type === undefined ? {} : { 'content-type': type });
  expect([of('text/event-stream'), of('Text/Event-Stream; charset=utf-8'), of('application/x-ndjson')]).toEqual([
    true,
    true,
    true,
  ]);
  expect([of('application/json'), of('text/event-streams'), of()]).toEqual([false, false, false]);
});
