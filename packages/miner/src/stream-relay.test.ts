import { isStreamV1, readStreamV1, STREAM_DELIMITER } from '@decai/client/stream-v1';
import { concat, fromUtf8, utf8 } from '@decai/protocol/bytes';
import { decode } from '@decai/protocol/codec';
import { Fault } from '@decai/protocol/fault';
import { RelayResponseSchema } from '@decai/protocol/gen/pocket/service/relay_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { decodeHttpResponse } from '@decai/protocol/http-message';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BackendAnswer } from './backend.ts';
import type { StreamKind } from './event-units.ts';
import { checkMinerConfig } from './miner-config.ts';
import { signResponse } from './sign-response.ts';
import { streamRelay, type RelayStream, type StreamEnd } from './stream-relay.ts';
import { manualClock, settle, type ManualClock } from '@decai/client/testing/manual-clock';
import { supplier } from './testing/test-town.ts';
import { TokenBucket } from './token-bucket.ts';

const header = { applicationAddress: 'pokt1a', serviceId: 'tiny', sessionId: 's' } as SessionHeader;
const signer = {
  privateKey: supplier.privateKey,
  header: { ...header, sessionStartBlockHeight: 1n, sessionEndBlockHeight: 10n } as SessionHeader,
};
const { stream: LIMITS } = checkMinerConfig({ services: { tiny: { backend: 'http://gpu:1' } } });

type Stage = {
  readonly clock: ManualClock;
  readonly hangUp: AbortController;
  readonly ends: StreamEnd[];
  readonly stream: Promise<RelayStream>;
};

function stage(
  body: AsyncIterable<Uint8Array>,
  {
    kind = 'sse' as StreamKind,
    limits = {} as Partial<typeof LIMITS>,
    modelName = undefined as string | undefined,
    eventBytesMax = 1_000_000,
    signaturesPerSecond = 1_000,
  } = {},
): Stage {
  const clock = manualClock(1_700_000_000_000);
  const hangUp = new AbortController();
  const ends: StreamEnd[] = [];
  const answer = { status: 200, headers: {}, stream: kind, body, modelName, end: () => undefined };
  const options = {
    world: clock,
    limits: { ...LIMITS, ...limits },
    eventBytesMax,
    signing: new TokenBucket(signaturesPerSecond, clock.now),
    sign: (part: Uint8Array) => signResponse(signer, { status: 200, headers: {}, body: part }),
    signal: hangUp.signal,
  };
  const stream = streamRelay(answer as BackendAnswer & { stream: StreamKind }, options, (end) => ends.push(end));
  return { clock, hangUp, ends, stream };
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield utf8(text);
}

/** A backend that says what the test tells it to, when the test tells it to. */
function spoken(): {
  body: AsyncIterable<Uint8Array>;
  say: (text: string) => void;
  end: () => void;
  break: () => void;
} {
  const queue: (string | null | Error)[] = [];
  let wake = (): void => undefined;
  const put = (item: string | null | Error): void => {
    queue.push(item);
    wake();
  };
  async function* body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const next = queue.shift()!;
      if (next === null) return;
      if (next instanceof Error) throw next;
      yield utf8(next);
    }
  }
  return {
    body: body(),
    say: put,
    end: () => put(null),
    break: () => put(new Fault('HTTP_BROKEN_OFF', 'the backend broke off')),
  };
}

/** The bodies of batches, one text each. */
function textsOf(wire: readonly Uint8Array[]): string[] {
  return wire.map((batch) => {
    const delimiter = batch.subarray(-STREAM_DELIMITER.length);
    expect(delimiter).toEqual(STREAM_DELIMITER);
    const response = decode(RelayResponseSchema, batch.subarray(0, -STREAM_DELIMITER.length));
    return fromUtf8(decodeHttpResponse(response.payload).body);
  });
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const wire: Uint8Array[] = [];
  for await (const batch of stream) wire.push(batch);
  return wire;
}

describe('batches', () => {
  test('hold whole events, and what the backend said while a batch was on its way goes together', async () => {
    const backend = spoken();
    const { stream } = stage(backend.body);
    backend.say('data: 1\n\ndata: 2\n\ndata: ');
    const reader = (await stream)[Symbol.asyncIterator]();
    const first = await reader.next();
    backend.say('3\n\ndata: 4\n');
    backend.say('\n');
    await settle();
    const second = await reader.next();
    backend.end();
    expect((await reader.next()).done).toBe(true);
    expect(textsOf([first.value!, second.value!])).toEqual(['data: 1\n\ndata: 2\n\n', 'data: 3\n\ndata: 4\n\n']);
  });

  test('go out one event at a time while there is time to sign', async () => {
    const backend = spoken();
    const { stream } = stage(backend.body);
    backend.say('data: 1\n\n');
    const reader = (await stream)[Symbol.asyncIterator]();
    const seen = [(await reader.next()).value!];
    for (const event of ['data: 2\n\n', 'data: 3\n\n']) {
      const next = reader.next();
      backend.say(event);
      seen.push((await next).value!);
    }
    expect(textsOf(seen)).toEqual(['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']);
  });

  test('wait for company when there is none, but never longer than so, and the first never', async () => {
    const backend = spoken();
    const { stream, clock } = stage(backend.body, { signaturesPerSecond: 1 });
    backend.say('data: 1\n\n');
    const reader = (await stream)[Symbol.asyncIterator]();
    const first = await reader.next();
    const next = reader.next();
    backend.say('data: 2\n\n');
    await clock.advance(10);
    backend.say('data: 3\n\n');
    await clock.advance(9);
    backend.say('data: 4\n\n');
    await clock.advance(1);
    expect(textsOf([first.value!, (await next).value!])).toEqual(['data: 1\n\n', 'data: 2\n\ndata: 3\n\ndata: 4\n\n']);
  });

  test('have a largest number of events and of bytes', async () => {
    const { stream } = stage(pieces('data: 1\n\n'.repeat(5)), { limits: { batchEventsMax: 2 } });
    expect(textsOf(await collect(await stream)).map((text) => text.length)).toEqual([18, 18, 9]);
    const bytes = stage(pieces('data: 1\n\n'.repeat(5)), { limits: { batchBytesMax: 30 } });
    expect(textsOf(await collect(await bytes.stream)).map((text) => text.length)).toEqual([27, 18]);
  });

  test('of NDJSON hold lines, and the end of a stream need not be one', async () => {
    const { stream } = stage(pieces('{"a":1}\n{"b":2}'), { kind: 'ndjson' });
    expect(textsOf(await collect(await stream)).join('')).toBe('{"a":1}\n{"b":2}');
  });

  test('name the model as it was asked for', async () => {
    const { stream } = stage(pieces('data: {"model":"local"}\n\n'), { modelName: 'tiny' });
    expect(textsOf(await collect(await stream))).toEqual(['data: {"model":"tiny"}\n\n']);
  });

  test('of an empty stream are one', async () => {
    const { stream, ends } = stage(pieces());
    expect(textsOf(await collect(await stream))).toEqual(['']);
    expect(ends).toMatchObject([{ kind: 'ended', batches: 1 }]);
  });

  test('a comment goes out while the backend is silent, and is not what is mined', async () => {
    const backend = spoken();
    const { stream, clock, ends } = stage(backend.body);
    await clock.advance(15_000);
    const reader = (await stream)[Symbol.asyncIterator]();
    const comment = await reader.next();
    expect(textsOf([comment.value!])).toEqual([': keepalive\n\n']);
    await reader.return!();
    expect(ends).toMatchObject([{ kind: 'cut', last: undefined }]);
  });
});

test('whatever a stream contains, a reader gets exactly it', async () => {
  expect(isStreamV1({ 'content-type': 'text/event-stream' })).toBe(true);
  const part = fc.constantFrom('data: x', '\n', '\n\n', '\r', '||POKT_STREAM||', '||POKT_', 'STREAM||', '|');
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 40 }), fc.nat(9), async (parts, size) => {
      const text = parts.join('');
      const torn = text.match(new RegExp(`[^]{1,${size + 1}}`, 'g')) ?? [];
      const { stream } = stage(pieces(...torn), { limits: { batchEventsMax: 2 } });
      const wire = concat(...(await collect(await stream)));
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < wire.length; at += 50) yield wire.subarray(at, at + 50);
      }
      const read: Uint8Array[] = [];
      for await (const piece of readStreamV1(chunks(), { verify: readBatch })) {
        if (piece.kind === 'batch') read.push(piece.http.body);
        else expect(piece.kind).toBe('end');
      }
      expect(fromUtf8(concat(...read))).toBe(text);
    }),
    { numRuns: 60 },
  );
});

function readBatch(batch: Uint8Array): never {
  try {
    const response = decode(RelayResponseSchema, batch);
    return { ok: true, response, http: decodeHttpResponse(response.payload) } as never;
  } catch {
    return { ok: false, refusal: { code: 'RELAY_RESPONSE_MALFORMED', message: 'half' } } as never;
  }
}

describe('a stream ends', () => {
  test('well: the last batch is what is mined', async () => {
    const { stream, ends } = stage(pieces('data: 1\n\n', 'data: [DONE]\n\n'), { limits: { batchEventsMax: 1 } });
    await collect(await stream);
    expect(ends).toMatchObject([{ kind: 'ended', batches: 2 }]);
    expect(ends[0]!.last!.payloadHash.length).toBe(32);
  });

  test('when the client leaves: at once, with what went out', async () => {
    const backend = spoken();
    const { stream, hangUp, ends } = stage(backend.body);
    backend.say('data: 1\n\n');
    const reader = (await stream)[Symbol.asyncIterator]();
    const sent = (await reader.next()).value!;
    const next = reader.next();
    hangUp.abort(new Error('gone'));
    expect((await next).done).toBe(true);
    expect(ends).toMatchObject([{ kind: 'cut', batches: 1 }]);
    const { payloadHash } = decode(RelayResponseSchema, sent.subarray(0, -STREAM_DELIMITER.length));
    expect(ends[0]!.last!.payloadHash).toEqual(payloadHash);
  });

  test('when the client leaves before the first batch is taken: with nothing', async () => {
    const { stream, ends } = stage(pieces('data: 1\n\n'));
    await (await stream)[Symbol.asyncIterator]().return!();
    expect(ends).toMatchObject([{ kind: 'cut', last: undefined, batches: 0 }]);
  });

  test('when the client has left while the first batch was made', async () => {
    const { stream, hangUp, ends } = stage(pieces('data: 1\n\n'));
    hangUp.abort(new Error('gone'));
    const reader = (await stream)[Symbol.asyncIterator]();
    expect((await reader.next()).done).toBe(true);
    expect(ends).toMatchObject([{ kind: 'cut', batches: 0 }]);
  });

  test('when the backend breaks off: by breaking off too, after what came before', async () => {
    const backend = spoken();
    const { stream, ends } = stage(backend.body);
    backend.say('data: 1\n\n');
    const reader = (await stream)[Symbol.asyncIterator]();
    await reader.next();
    backend.break();
    await expect(reader.next()).rejects.toMatchObject({ code: 'HTTP_BROKEN_OFF' });
    expect(ends).toMatchObject([{ kind: 'failed', batches: 1 }]);
    expect((await reader.next()).done).toBe(true);
    expect(ends.length).toBe(1);
  });

  test('before it began, when the backend does: then it can still be refused', async () => {
    const backend = spoken();
    const { stream, ends } = stage(backend.body);
    backend.break();
    await expect(stream).rejects.toMatchObject({ code: 'HTTP_BROKEN_OFF' });
    expect(ends).toEqual([]);
  });

  test('when one event is too large', async () => {
    const { stream } = stage(pieces(`data: ${'x'.repeat(50)}`), { eventBytesMax: 20 });
    await expect(stream).rejects.toMatchObject({ code: 'STREAM_EVENT_TOO_LARGE' });
  });
});

test('a reader who does not read makes the backend wait', async () => {
  let said = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      said += 1;
      yield utf8(`data: ${'x'.repeat(90)}\n\n`);
    }
  }
  const { stream } = stage(endless(), { limits: { batchBytesMax: 1_000 } });
  const reader = (await stream)[Symbol.asyncIterator]();
  await settle();
  const before = said;
  expect(before).toBeLessThan(100);
  await settle();
  expect(said).toBe(before);
  await reader.next();
  await reader.next();
  await settle();
  expect(said).toBeGreaterThan(before);
  await reader.return!();
});
