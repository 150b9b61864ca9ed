import { describe, expect, test } from 'vitest';
import { concat, fromUtf8, utf8 } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { Fault } from '@decai/protocol/fault';
import { RelayResponseSchema } from '@decai/protocol/gen/pocket/service/relay_pb';
import { readBody, type HttpAnswer, type HttpExchange } from '@decai/protocol/http';
import { refuseRelay, relayMinerError, RELAY_ERROR, type RelayErrorKind } from '@decai/protocol/relay-error';
import { failureOfRefusal, failureOfStatus, failureOfTransport } from './relay-outcome.ts';
import { sendRelay, type RelayAnswer, type RelaySending } from './send-relay.ts';
import { STREAM_DELIMITER } from './stream-v1.ts';
import { manualClock } from './testing/manual-clock.ts';
import { answerBytes, answerTo, keyBook, signedTestRelay, supplierKey, testKey } from './testing/supplier-double.ts';

const relay = signedTestRelay();
const good = { status: 200, headers: { 'content-type': 'application/json' }, body: utf8('{"ok":true}') };
const batch = (text: string) => concat(answerBytes(relay, { body: utf8(text) }), STREAM_DELIMITER);
const EVENTS = { 'content-type': 'text/event-stream' };

type Reply = Partial<HttpAnswer> | Error | ((exchange: HttpExchange) => Promise<HttpAnswer>);

function setUp(reply: Reply) {
  const clock = manualClock();
  const seen: HttpExchange[] = [];
  const world: RelaySending['world'] = {
    ...clock,
    now: clock.now,
    sleep: clock.sleep,
    request: async (exchange) => {
      seen.push(exchange);
      if (reply instanceof Error) throw reply;
      if (typeof reply === 'function') return await reply(exchange);
      return { status: 200, headers: {}, body: new Uint8Array(0), ...reply };
    },
  };
  const abort = new AbortController();
  const send = (rest: Partial<RelaySending> = {}): Promise<RelayAnswer> =>
    sendRelay({
      world,
      keys: keyBook(),
      relay,
      target: { url: 'https://supplier.example/base', rpcType: 4 },
      signal: abort.signal,
      ...rest,
    });
  return { clock, seen, send, abort };
}

async function* bodyOf(...pieces: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array, void> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield piece;
  }
}

/** A body that never gives anything until the exchange is aborted. */
async function* silence({ signal }: HttpExchange): AsyncGenerator<Uint8Array, void> {
  signal.throwIfAborted();
  yield await new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

async function failureOf(reply: Reply) {
  const answer = await setUp(reply).send();
  if (answer.ok) throw new Error('a failure was expected');
  return answer.failure;
}

describe('sendRelay', () => {
  test('posts the signed bytes where the supplier staked, and gives what its backend answered', async () => {
    const { send, seen } = setUp({ body: bodyOf(answerBytes(relay, good)) });
    expect(await send()).toEqual({ ok: true, kind: 'whole', ...good });
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: 'https://supplier.example/base',
      body: relay.bytes,
      headers: { 'content-type': 'application/x-protobuf', 'rpc-type': '4', 'target-service-id': 'tiny' },
    });
    // Nothing hangs on the exchange any more.
    expect(seen[0]!.signal.aborted).toBe(true);
  });

  test("the backend's own errors are answers, and the supplier answers for them", async () => {
    const { send } = setUp({ body: answerBytes(relay, { ...good, status: 500 }) });
    expect(await send()).toMatchObject({ ok: true, status: 500 });
  });

  test('a changed body is fraud, with the evidence', async () => {
    const response = answerTo(relay, good);
    response.payload = answerTo(relay, { ...good, status: 201 }).payload;
    const bytes = encode(RelayResponseSchema, response);
    expect(await failureOf({ body: bytes })).toMatchObject({
      code: 'RELAY_PAYLOAD_ALTERED',
      outcome: 'fraud',
      next: 'try_elsewhere',
      restOfSession: true,
      evidence: bytes,
    });
  });

  test.each<[string, RelayErrorKind, number, object]>([
    ['used-up budget', RELAY_ERROR.RATE_LIMITED, 429, { outcome: 'over_service', restOfSession: true }],
    ['full queue', RELAY_ERROR.SUPPLIER_UNREACHABLE, 503, { outcome: 'queue_full', restOfSession: false }],
    ['backend that is down', RELAY_ERROR.SUPPLIER_UNREACHABLE, 502, { outcome: 'unreachable' }],
    ['slow backend', RELAY_ERROR.TIMEOUT, 504, { outcome: 'timeout' }],
    ['unknown session', RELAY_ERROR.UNKNOWN_SESSION, 403, { next: 'refresh_session', outcome: 'user_error' }],
    ['another session', RELAY_ERROR.SESSION_MISMATCH, 200, { next: 'refresh_session' }],
    ['session not found', RELAY_ERROR.SESSION_NOT_FOUND, 200, { next: 'refresh_session' }],
    ['ring that does not hold', RELAY_ERROR.RING_SIGNATURE, 403, { next: 'refresh_ring', outcome: 'user_error' }],
    ['too large a request', RELAY_ERROR.REQUEST_TOO_LARGE, 413, { next: 'give_up', outcome: 'user_error' }],
    ['service not served', RELAY_ERROR.SERVICE_NOT_HANDLED, 404, { restOfSession: true, next: 'try_elsewhere' }],
    ['code that nobody registered', RELAY_ERROR.UNREGISTERED, 500, { outcome: 'backend_error', next: 'try_elsewhere' }],
  ])('a named error: %s', async (_what, kind, status, expected) => {
    const minerError = relayMinerError(refuseRelay(kind, 'details'));
    const body = answerBytes(relay, good, (response) => void (response.relayMinerError = minerError));
    const failure = await failureOf({ status, body, headers: { 'retry-after': '7' } });
    expect(failure).toMatchObject({
      code: 'RELAY_MINER_ERROR',
      minerError: { codespace: kind.codespace, code: kind.code },
      retryAfterSeconds: 7,
      ...expected,
    });
    expect(failure.evidence).toBeUndefined();
  });

  test.each<[number, object]>([
    [400, { outcome: 'user_error', next: 'try_elsewhere' }],
    [403, { next: 'refresh_session' }],
    [404, { restOfSession: true }],
    [413, { next: 'give_up' }],
    [429, { outcome: 'over_service' }],
    [500, { outcome: 'backend_error' }],
    [502, { outcome: 'unreachable' }],
    [503, { outcome: 'queue_full' }],
    [504, { outcome: 'timeout' }],
  ])('a bare HTTP error: %i', async (status, expected) => {
    expect(await failureOf({ status, body: utf8('{"error":"no"}') })).toMatchObject({
      code: 'SUPPLIER_HTTP_ERROR',
      ...expected,
    });
  });

  test('nonsense under status 200 is malformed, and so is too much of it', async () => {
    expect(await failureOf({ body: utf8('hello') })).toMatchObject({
      code: 'RELAY_RESPONSE_MALFORMED',
      outcome: 'malformed',
    });
    const { send } = setUp({ body: bodyOf(new Uint8Array(600), new Uint8Array(600)) });
    expect(await send({ verification: { bytesMax: 1000 } })).toMatchObject({
      failure: { code: 'RELAY_RESPONSE_TOO_LARGE', outcome: 'malformed' },
    });
  });

  test('nobody there, and a connection that breaks', async () => {
    expect(await failureOf(new Fault('HTTP_UNREACHABLE', 'refused'))).toMatchObject({
      code: 'SUPPLIER_UNREACHABLE',
      outcome: 'unreachable',
    });
    expect(
      await failureOf({ body: bodyOf(answerBytes(relay, good).subarray(0, 20), new Fault('HTTP_BROKEN_OFF', 'cut')) }),
    ).toMatchObject({
      code: 'SUPPLIER_BROKE_OFF',
      outcome: 'truncated',
    });
  });

  test('a ledger that is away is not the supplier’s failure', async () => {
    const { send } = setUp({ body: answerBytes(relay, good) });
    const keys = { publicKeyOf: () => Promise.reject(new Fault('LEDGER_UNREACHABLE', 'away')), forget: () => {} };
    await expect(send({ keys })).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
  });

  test('too long a silence before and within the answer, and none while we are busy', async () => {
    const limits = { firstByteMs: 1000, idleMs: 100 };
    const never = setUp(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );
    const waiting = never.send({ limits });
    await never.clock.advance(1000);
    expect(await waiting).toMatchObject({ failure: { code: 'SUPPLIER_TIMEOUT', outcome: 'timeout' } });

    const stalled = setUp(async (exchange) => ({
      status: 200,
      headers: EVENTS,
      body: (async function* () {
        yield batch('one');
        yield* silence(exchange);
      })(),
    }));
    const answer = await stalled.send({ limits });
    if (!answer.ok || answer.kind !== 'stream') throw new Error('a stream was expected');
    const pieces = answer.body[Symbol.asyncIterator]();
    expect(fromUtf8((await pieces.next()).value as Uint8Array)).toBe('one');
    // The reader takes his time: that is not the supplier's silence.
    await stalled.clock.advance(10_000);
    const second = pieces.next();
    const failed = expect(second).rejects.toMatchObject({
      code: 'RELAY_STREAM_FAILED',
      details: { code: 'SUPPLIER_TIMEOUT' },
    });
    await stalled.clock.advance(100);
    await failed;
    expect(await answer.ended).toMatchObject({ code: 'SUPPLIER_TIMEOUT' });
    expect(stalled.clock.sleepers).toBe(0);
  });

  test("the caller's abort is thrown and reaches the supplier", async () => {
    const { send, abort, seen } = setUp(async (exchange) => ({ status: 200, headers: {}, body: silence(exchange) }));
    const sending = send();
    const thrown = expect(sending).rejects.toThrow('enough');
    abort.abort(new Error('enough'));
    await thrown;
    expect(seen[0]!.signal.aborted).toBe(true);
  });
});

describe('sendRelay with a stream', () => {
  async function streamOf(...pieces: readonly (Uint8Array | Error)[]) {
    const set = setUp({ headers: EVENTS, body: bodyOf(...pieces) });
    const answer = await set.send();
    if (!answer.ok || answer.kind !== 'stream') throw new Error('a stream was expected');
    return { ...set, answer };
  }
  const readAll = async (body: AsyncIterable<Uint8Array>) =>
    fromUtf8(await readBody(body, 1 << 20, () => new Error('large')));

  test('gives the bodies of the batches, and tells that it ended well', async () => {
    const { answer, seen } = await streamOf(batch('data: 1\n\n'), batch('data: 2\n\n'));
    expect(answer).toMatchObject({ status: 200, headers: EVENTS });
    expect(await readAll(answer.body)).toBe('data: 1\n\ndata: 2\n\n');
    expect(await answer.ended).toBeUndefined();
    expect(seen[0]!.signal.aborted).toBe(true);
  });

  test('a stream whose first batch does not verify is no stream but a failure', async () => {
    const forged = answerBytes(relay, { body: utf8('x') }, undefined, testKey('stranger'));
    const { send, seen } = setUp({ headers: EVENTS, body: bodyOf(forged, STREAM_DELIMITER, batch('more')) });
    expect(await send()).toMatchObject({
      ok: false,
      failure: { code: 'RELAY_SIGNATURE_INVALID', outcome: 'fraud', evidence: forged },
    });
    expect(seen[0]!.signal.aborted).toBe(true);
    expect(await failureOf({ headers: EVENTS, body: bodyOf() })).toMatchObject({
      code: 'STREAM_EMPTY',
      outcome: 'truncated',
    });
  });

  test('a rotated key is asked for before the supplier is blamed', async () => {
    const rotated = testKey('rotated');
    const bytes = concat(answerBytes(relay, { body: utf8('x') }, undefined, rotated), STREAM_DELIMITER);
    const { send } = setUp({ headers: EVENTS, body: bodyOf(bytes, bytes) });
    const answer = await send({ keys: keyBook([supplierKey.publicKey, rotated.publicKey]) });
    if (!answer.ok || answer.kind !== 'stream') throw new Error('a stream was expected');
    expect(await readAll(answer.body)).toBe('xx');
  });

  test('one that fails on the way throws after what was genuine, and says why', async () => {
    const { answer } = await streamOf(batch('good'), new Fault('HTTP_BROKEN_OFF', 'cut'));
    const seen: string[] = [];
    await expect(
      (async () => {
        for await (const piece of answer.body) seen.push(fromUtf8(piece));
      })(),
    ).rejects.toMatchObject({ code: 'RELAY_STREAM_FAILED', details: { code: 'STREAM_TRUNCATED' } });
    expect(seen).toEqual(['good']);
    expect(await answer.ended).toMatchObject({ code: 'STREAM_TRUNCATED', outcome: 'truncated' });
  });

  test('a reader who leaves hangs up, and the supplier is not blamed', async () => {
    const { answer, seen } = await streamOf(batch('1'), batch('2'));
    for await (const _piece of answer.body) break;
    expect(await answer.ended).toMatchObject({ code: 'STREAM_ABANDONED', outcome: 'user_error' });
    expect(seen[0]!.signal.aborted).toBe(true);
  });

  test('an error under the content type of a stream is read as an error', async () => {
    expect(await failureOf({ status: 503, headers: EVENTS, body: utf8('busy') })).toMatchObject({
      code: 'SUPPLIER_HTTP_ERROR',
    });
  });
});

describe('outcomes', () => {
  test('every failure says what to do, and only misbehaviour is fraud', () => {
    const message = 'm';
    expect(failureOfRefusal({ code: 'RELAY_SUPPLIER_KEY_UNKNOWN', message }, 200)).toMatchObject({
      outcome: 'unreachable',
    });
    expect(failureOfRefusal({ code: 'RELAY_PAYLOAD_MALFORMED', message }, 200)).toMatchObject({ outcome: 'malformed' });
    for (const code of ['RELAY_PAYLOAD_UNHASHED', 'RELAY_SESSION_MISMATCH', 'RELAY_REQUEST_MISMATCH'] as const) {
      expect(failureOfRefusal({ code, message }, 200)).toMatchObject({ outcome: 'fraud', restOfSession: true });
    }
    for (const code of ['STREAM_STATUS_CHANGED', 'STREAM_BATCH_TOO_LARGE'] as const) {
      expect(failureOfRefusal({ code, message }, 200)).toMatchObject({ outcome: 'malformed', next: 'try_elsewhere' });
    }
    expect(failureOfStatus(418)).toMatchObject({ outcome: 'backend_error', next: 'try_elsewhere' });
    expect(failureOfTransport('STREAM_ABANDONED', message)).toMatchObject({ outcome: 'user_error' });
  });
});
