import { toHex, fromUtf8, utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import {
  RelayRequestSchema,
  RelayResponseSchema,
  type RelayRequest,
} from '@decai/protocol/gen/pocket/service/relay_pb';
import type { HttpAnswer, HttpHandler } from '@decai/protocol/http';
import { decodeHttpResponse } from '@decai/protocol/http-message';
import { isPayloadAuthentic, responseHash } from '@decai/protocol/relay';
import { gatewayRing } from '@decai/protocol/ring-members';
import { verifyResponseHash } from '@decai/protocol/signature';
import { afterEach, describe, expect, test } from 'vitest';
import { MINER_REFUSALS, type MinerRefusalCode } from './miner-refusal.ts';
import { settle } from '@decai/client/testing/manual-clock';
import {
  application,
  openTown,
  otherSupplier,
  RPC_SERVICE,
  stranger,
  supplier,
  type Town,
} from './testing/test-town.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };
const answering =
  (status: number, text = '{}'): HttpHandler =>
  () =>
    Promise.resolve({ status, headers: JSON_HEADERS, body: utf8(text) });

let town: Town;
afterEach(() => town.stop());

const bytesOf = (answer: HttpAnswer): Uint8Array => answer.body as Uint8Array;

/** The code of a refusal, read as a person does: from the JSON. */
async function refusalOf(body: Uint8Array, headers: Record<string, string> = {}): Promise<string> {
  const answer = await town.post(body, { headers: { accept: 'application/json', ...headers } });
  if (answer.status === 200) return 'served';
  const { error } = JSON.parse(fromUtf8(bytesOf(answer))) as { error: { code: string; message: string } };
  const code = error.code.toUpperCase() as MinerRefusalCode;
  expect(answer.status).toBe(MINER_REFUSALS[code][0]);
  return code;
}

/** A relay whose request is changed after it was signed. */
async function spoilt(change: (request: RelayRequest) => void): Promise<Uint8Array> {
  const request = decode(RelayRequestSchema, (await town.sign()).bytes);
  change(request);
  return encode(RelayRequestSchema, request);
}

async function metric(name: string): Promise<number> {
  const text = fromUtf8(bytesOf(await town.get('/metrics')));
  return text
    .split('\n')
    .filter((line) => line.startsWith(name))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** What must hold whenever no relay is running. */
async function expectNothingHeld(): Promise<void> {
  await settle();
  expect(await metric('rm_meter_reserved')).toBe(0);
  expect(await metric('rm_inflight')).toBe(0);
}

const minedCount = (): number => town.hops.filter(({ hop }) => hop === 'relay.mined').length;

describe('an answer', () => {
  test('is signed, hashes what it carries, and names the request it answers', async () => {
    town = await openTown(answering(200, '{"answer":42}'));
    const sent = await town.sign();
    const answer = await town.post(sent.bytes);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/x-protobuf']);
    const response = decode(RelayResponseSchema, bytesOf(answer));
    expect(isPayloadAuthentic(response)).toBe(true);
    const { supplierOperatorSignature, sessionHeader } = response.meta!;
    expect(verifyResponseHash(responseHash(response), supplierOperatorSignature, supplier.publicKey)).toBe(true);
    expect(sessionHeader).toEqual(sent.request.meta!.sessionHeader);
    const inner = decodeHttpResponse(response.payload);
    expect([inner.status, fromUtf8(inner.body)]).toEqual([200, '{"answer":42}']);
    expect(inner.headers).toEqual({ ...JSON_HEADERS, 'pocket-request-hash': toHex(sent.digest) });
    await settle();
    expect(minedCount()).toBe(1);
    await expectNothingHeld();
  });

  test('is given whatever the outer method, path and content type', async () => {
    town = await openTown(answering(200));
    const { bytes } = await town.sign();
    const answer = await town.post(bytes, {
      method: 'GET',
      url: 'http://miner:8545/some/path',
      headers: { 'content-length': `${bytes.length}` },
    });
    expect(answer.status).toBe(200);
  });

  test('of a JSON-RPC backend takes the same path, and is mined like one of a model', async () => {
    town = await openTown(({ url }) => answering(200, `{"result":"${url}"}`)({} as never));
    const body = utf8('{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}');
    for (let times = 0; times < 2; times++) {
      const answer = await town.send(await town.sign({ url: 'http://x/?a=1', body }, {}, RPC_SERVICE));
      expect(answer.ok && answer.kind === 'whole' && fromUtf8(answer.body)).toBe('{"result":"/?a=1"}');
    }
    await settle();
    expect(minedCount()).toBe(2);
  });

  test.each([
    [200, 1],
    [404, 1],
    [408, 0],
    [425, 0],
    [429, 0],
    [500, 0],
    [503, 0],
  ])('with status %i is delivered and signed, and mined %i times', async (status, times) => {
    town = await openTown(answering(status));
    const answer = await town.send(await town.sign());
    expect(answer).toMatchObject({ ok: true, status });
    await settle();
    expect(minedCount()).toBe(times);
    await expectNothingHeld();
  });
});

describe('a request is refused', () => {
  test.each<[string, MinerRefusalCode, () => Promise<Uint8Array>]>([
    ['that is no relay', 'RELAY_MALFORMED', async () => utf8('{"not":"a relay"}')],
    ['that is empty', 'RELAY_INVALID', async () => new Uint8Array(0)],
    ['without a signature', 'RELAY_INVALID', () => spoilt(({ meta }) => (meta!.signature = new Uint8Array(0)))],
    ['without a supplier', 'RELAY_INVALID', () => spoilt(({ meta }) => (meta!.supplierOperatorAddress = ''))],
    [
      'for a supplier whose key is elsewhere',
      'SUPPLIER_NOT_SERVED',
      async () => (await town.sign({}, { supplierOperatorAddress: otherSupplier.address })).bytes,
    ],
    [
      'for an unknown service',
      'SUPPLIER_NOT_SERVED',
      () => spoilt(({ meta }) => (meta!.sessionHeader!.serviceId = 'nowhere')),
    ],
    ['whose payload is no HTTP request', 'PAYLOAD_MALFORMED', () => spoilt((r) => (r.payload = utf8('garbage')))],
    ['for a path that is not served', 'PATH_NOT_ALLOWED', async () => (await town.sign({ url: '/admin' })).bytes],
    [
      'for a path that climbs',
      'PATH_NOT_ALLOWED',
      async () => (await town.sign({ url: '/v1/models/..%2f..%2fadmin' })).bytes,
    ],
    [
      'for a session far ahead',
      'HEIGHTS_IMPLAUSIBLE',
      () =>
        spoilt(({ meta }) => {
          meta!.sessionHeader!.sessionStartBlockHeight = 1001n;
          meta!.sessionHeader!.sessionEndBlockHeight = 1010n;
        }),
    ],
    [
      'for heights that are no session',
      'HEIGHTS_IMPLAUSIBLE',
      () => spoilt(({ meta }) => (meta!.sessionHeader!.sessionEndBlockHeight = 11n)),
    ],
    [
      'for another session id than the ledger draws',
      'SESSION_UNKNOWN',
      () => spoilt(({ meta }) => (meta!.sessionHeader!.sessionId = 'ab'.repeat(32))),
    ],
    [
      'for an application that is not there',
      'SESSION_UNKNOWN',
      () => spoilt(({ meta }) => (meta!.sessionHeader!.applicationAddress = stranger.address)),
    ],
    [
      'whose body was tampered with',
      'RING_SIGNATURE_INVALID',
      () => spoilt((request) => (request.payload = utf8('\x0a\x03GET\x1a\x0a/v1/models'))),
    ],
    ['whose signature is damaged', 'RING_SIGNATURE_INVALID', () => spoilt(({ meta }) => (meta!.signature[10]! ^= 1))],
    [
      'whose signature is none',
      'RING_SIGNATURE_INVALID',
      () => spoilt(({ meta }) => (meta!.signature = utf8('signed, honestly'))),
    ],
    [
      'signed by a gateway that nobody delegated to',
      'RING_SIGNATURE_INVALID',
      async () =>
        (
          await town.sign(
            {},
            { ring: gatewayRing(application.publicKey, stranger.publicKey), privateKey: stranger.privateKey },
          )
        ).bytes,
    ],
    [
      'signed by the stranger alone',
      'RING_SIGNATURE_INVALID',
      async () =>
        (
          await town.sign(
            {},
            { ring: gatewayRing(stranger.publicKey, stranger.publicKey), privateKey: stranger.privateKey },
          )
        ).bytes,
    ],
  ])('%s: %s', async (_name, code, make) => {
    let asked = 0;
    town = await openTown((exchange) => ((asked += exchange.method === 'POST' ? 1 : 0), answering(200)(exchange)));
    expect(await refusalOf(await make())).toBe(code);
    expect([asked, minedCount()]).toEqual([0, 0]);
    await expectNothingHeld();
  });

  test('whose Rpc-Type header cannot be read', async () => {
    town = await openTown(answering(200));
    expect(await refusalOf((await town.sign()).bytes, { 'rpc-type': 'abc' })).toBe('RPC_TYPE_UNREADABLE');
    for (const rpcType of ['4', '99', 'REST', 'json_rpc']) {
      expect((await town.post((await town.sign()).bytes, { headers: { 'rpc-type': rpcType } })).status).toBe(200);
    }
  });

  test('for a service that is staked and not configured', async () => {
    town = await openTown(answering(200), { config: { services: { rpc: { backend: 'http://gpu:1' } } } });
    expect(await refusalOf((await town.sign()).bytes)).toBe('SERVICE_UNKNOWN');
  });

  test('that is too large, announced or not', async () => {
    town = await openTown(answering(200), {
      config: { services: { tiny: { backend: 'http://gpu:1', bodyBytesMax: 1_000 } } },
    });
    const { bytes } = await town.sign({ body: new Uint8Array(1_001) });
    expect(await refusalOf(bytes)).toBe('RELAY_TOO_LARGE');
    expect(await refusalOf(new Uint8Array(20_000))).toBe('RELAY_TOO_LARGE');
    expect(await refusalOf(new Uint8Array(1), { 'content-length': '1000000000' })).toBe('RELAY_TOO_LARGE');
  });

  test('when its session is over, but not within its grace period', async () => {
    town = await openTown(answering(200));
    const relays = [await town.sign(), await town.sign(), await town.sign()];
    await town.tickTo(11);
    expect((await town.send(relays[0]!)).ok).toBe(true);
    await town.tickTo(13);
    expect(await refusalOf(relays[1]!.bytes)).toBe('HEIGHTS_IMPLAUSIBLE');
    await town.tickTo(40);
    expect(await refusalOf(relays[2]!.bytes)).toBe('HEIGHTS_IMPLAUSIBLE');
  });

  test('when the budget of its application is used up, and not one relay earlier', async () => {
    // Two suppliers, two unsettled sessions: a quarter each, and that is three relays of 1,000 uPOKT.
    town = await openTown(answering(200), { applicationStakeUpokt: 12_000n });
    const outcomes: string[] = [];
    for (let relay = 0; relay < 4; relay++) outcomes.push(await refusalOf((await town.sign()).bytes));
    expect(outcomes).toEqual(['served', 'served', 'served', 'BUDGET_USED_UP']);
    await settle();
    expect(minedCount()).toBe(3);
    await expectNothingHeld();
  });

  test('when it was served before: answered once, mined once', async () => {
    let asked = 0;
    town = await openTown((exchange) => ((asked += exchange.method === 'POST' ? 1 : 0), answering(200)(exchange)));
    const { bytes } = await town.sign();
    expect(await refusalOf(bytes)).toBe('served');
    expect(await refusalOf(bytes)).toBe('RELAY_REPLAYED');
    await town.restart();
    await town.tick();
    expect(await refusalOf(bytes)).toBe('RELAY_REPLAYED');
    expect([asked, minedCount()]).toEqual([1, 1]);
  });

  test('while a copy of it runs', async () => {
    let finish = (): void => undefined;
    town = await openTown(async (exchange) => {
      if (exchange.method === 'POST') await new Promise<void>((resolve) => (finish = resolve));
      return answering(200)(exchange);
    });
    const { bytes } = await town.sign();
    const first = town.post(bytes);
    await settle();
    const copies = await Promise.all([refusalOf(bytes), refusalOf(bytes)]);
    expect(copies).toEqual(['RELAY_REPLAYED', 'RELAY_REPLAYED']);
    finish();
    expect((await first).status).toBe(200);
    await expectNothingHeld();
  });

  test('when copies of it arrive in the same instant, all but one', async () => {
    town = await openTown(answering(200));
    const { bytes } = await town.sign();
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => refusalOf(bytes)));
    expect(outcomes.sort()).toEqual(['RELAY_REPLAYED', 'RELAY_REPLAYED', 'RELAY_REPLAYED', 'served']);
    await expectNothingHeld();
  });

  test('when the miner is closing', async () => {
    town = await openTown(answering(200));
    const { bytes } = await town.sign();
    const handler = town.net.handlerOf('miner:8545');
    await town.miner.close();
    town.net.route('miner:8545', handler);
    expect(await refusalOf(bytes)).toBe('MINER_CLOSING');
  });

  test('while the ledger is away and the session is not known', async () => {
    let away = false;
    town = await openTown(answering(200), {
      wrapLedger: (transport) => ({
        ...transport,
        abciQuery: (...question) => (away ? Promise.reject(new LedgerAway()) : transport.abciQuery(...question)),
      }),
    });
    const { bytes } = await town.sign();
    away = true;
    expect(await refusalOf(bytes)).toBe('LEDGER_UNREACHABLE');
    away = false;
    expect(await refusalOf(bytes)).toBe('served');
  });

  test('when strangers make us ask for too many sessions', async () => {
    town = await openTown(answering(200), { config: { admission: { unknownSessionsPerSecond: 2 } } });
    const bytes = await spoilt(({ meta }) => (meta!.sessionHeader!.applicationAddress = stranger.address));
    const other = await spoilt(({ meta }) => (meta!.sessionHeader!.applicationAddress = supplier.address));
    const third = await spoilt(({ meta }) => (meta!.sessionHeader!.applicationAddress = otherSupplier.address));
    // The second time it is remembered, for this block, and costs no question.
    const outcomes = [await refusalOf(bytes), await refusalOf(bytes), await refusalOf(other), await refusalOf(third)];
    expect(outcomes).toEqual(['SESSION_UNKNOWN', 'SESSION_UNKNOWN', 'SESSION_UNKNOWN', 'SESSION_LOOKUPS_BUSY']);
  });
});

class LedgerAway extends Error {
  readonly code = 'LEDGER_UNREACHABLE';
  readonly details = {};
}

describe('when the backend', () => {
  test('is not there, the relay may come again', async () => {
    town = await openTown(answering(200));
    town.net.route('gpu:1', null);
    const { bytes } = await town.sign();
    expect(await refusalOf(bytes)).toBe('BACKEND_UNREACHABLE');
    await expectNothingHeld();
    town.net.route('gpu:1', answering(200));
    expect(await refusalOf(bytes)).toBe('served');
  });

  test('fails again and again, it is left alone until a probe succeeds', async () => {
    town = await openTown(answering(200));
    town.net.route('gpu:1', null);
    for (let relay = 0; relay < 5; relay++) {
      expect(await refusalOf((await town.sign()).bytes)).toBe('BACKEND_UNREACHABLE');
    }
    const answer = await town.post((await town.sign()).bytes);
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(await refusalOf((await town.sign()).bytes)).toBe('BACKEND_UNHEALTHY');
    town.net.route('gpu:1', answering(200));
    await town.net.clock.advance(10_000);
    expect(await refusalOf((await town.sign()).bytes)).toBe('served');
    await expectNothingHeld();
  });

  test('is silent, the relay times out', async () => {
    town = await openTown(() => new Promise(() => undefined), { service: { firstByteTimeoutMs: 700 } });
    const outcome = refusalOf((await town.sign()).bytes);
    await settle();
    await town.net.clock.advance(700);
    expect(await outcome).toBe('BACKEND_TIMEOUT');
    await expectNothingHeld();
  });

  test('answers too much, the relay fails', async () => {
    town = await openTown(answering(200, 'x'.repeat(100)), { service: { responseBytesMax: 99 } });
    expect(await refusalOf((await town.sign()).bytes)).toBe('RESPONSE_TOO_LARGE');
    await expectNothingHeld();
  });

  test('is busy, relays wait, and who waits too long or in vain is told so', async () => {
    const finish: (() => void)[] = [];
    town = await openTown(
      async (exchange) => {
        if (exchange.method === 'POST') await new Promise<void>((resolve) => finish.push(resolve));
        return answering(200)(exchange);
      },
      { service: { inflightMax: 1, queueMax: 1, queueTimeoutMs: 300 } },
    );
    const running = refusalOf((await town.sign()).bytes);
    await settle();
    const waiting = refusalOf((await town.sign()).bytes);
    await settle();
    expect(await refusalOf((await town.sign()).bytes)).toBe('MINER_BUSY');
    await town.net.clock.advance(300);
    expect(await waiting).toBe('MINER_BUSY');
    finish[0]!();
    expect(await running).toBe('served');
    await expectNothingHeld();
  });

  test('works for a client who leaves, it is told to stop and nothing is charged', async () => {
    let stopped = false;
    town = await openTown(({ signal, method }) => {
      if (method === 'GET') return answering(200)({} as never);
      signal.addEventListener('abort', () => (stopped = true));
      return new Promise(() => undefined);
    });
    const hangUp = new AbortController();
    const { bytes } = await town.sign();
    const outcome = town.post(bytes, { signal: hangUp.signal });
    await settle();
    hangUp.abort(new Error('gone'));
    await expect(outcome).rejects.toThrow('gone');
    await settle();
    expect([stopped, minedCount()]).toEqual([true, 0]);
    await expectNothingHeld();
  });
});

describe('a refusal', () => {
  test('is signed, carries Shannon’s code, and JSON for the client behind the gateway', async () => {
    town = await openTown(answering(200), { applicationStakeUpokt: 4_000n });
    await town.send(await town.sign());
    const sent = await town.sign();
    const answer = await town.post(sent.bytes);
    expect(answer.status).toBe(429);
    const response = decode(RelayResponseSchema, bytesOf(answer));
    expect(response.relayMinerError).toMatchObject({ codespace: 'relayer_proxy', code: 7 });
    expect(isPayloadAuthentic(response)).toBe(true);
    const { supplierOperatorSignature } = response.meta!;
    expect(verifyResponseHash(responseHash(response), supplierOperatorSignature, supplier.publicKey)).toBe(true);
    const inner = decodeHttpResponse(response.payload);
    expect(JSON.parse(fromUtf8(inner.body))).toMatchObject({
      error: { type: 'rate_limit_error', code: 'budget_used_up', param: null },
    });
    expect([inner.status, inner.headers['pocket-request-hash']]).toEqual([429, toHex(sent.digest)]);
  });

  test('is unsigned when no key of ours is asked for', async () => {
    town = await openTown(answering(200));
    const answer = await town.post(utf8('garbage'));
    const response = decode(RelayResponseSchema, bytesOf(answer));
    expect(response.relayMinerError).toMatchObject({ codespace: 'relayer_proxy', code: 14 });
    expect(response.meta!.supplierOperatorSignature.length).toBe(0);
  });

  test('keeps the outer status at 200 where an old gateway needs it', async () => {
    town = await openTown(answering(200), { config: { errorStatus: 'always200' } });
    const answer = await town.post(utf8('garbage'));
    expect(answer.status).toBe(200);
    expect(decodeHttpResponse(decode(RelayResponseSchema, bytesOf(answer)).payload).status).toBe(400);
  });

  test('says nothing of what was asked', async () => {
    town = await openTown(answering(500, 'the canary answer'));
    const secrets = ['the canary prompt', 'the canary answer'];
    const sent = await town.sign({ body: utf8('{"prompt":"the canary prompt"}') });
    await town.post(sent.bytes);
    town.net.route('gpu:1', null);
    const { body } = await town.post((await town.sign({ body: utf8('the canary prompt') })).bytes);
    const page = bytesOf(await town.get('/metrics'));
    const said = [fromUtf8(page), Buffer.from(body as Uint8Array).toString('latin1'), JSON.stringify(town.hops)];
    for (const text of said) for (const secret of secrets) expect(text).not.toContain(secret);
  });
});
