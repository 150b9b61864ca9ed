/** An application without a gateway, between suppliers that answer well, badly or not at all. */
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { concat, fromUtf8, utf8 } from '@decai/protocol/bytes';
import { decode } from '@decai/protocol/codec';
import { Fault } from '@decai/protocol/fault';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { RelayRequestSchema } from '@decai/protocol/gen/pocket/service/relay_pb';
import { SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { readBody, type HttpAnswer } from '@decai/protocol/http';
import { decodeHttpRequest } from '@decai/protocol/http-message';
import { requestHash } from '@decai/protocol/relay';
import { refuseRelay, relayMinerError, RELAY_ERROR } from '@decai/protocol/relay-error';
import { ringMembersOf, verifyRing } from '@decai/protocol/ring';
import type { NetworkView } from './network-view.ts';
import type { NetworkSession } from './session-book.ts';
import type { SignedRelay } from './sign-relay.ts';
import { createSovereignApplication } from './sovereign-application.ts';
import { STREAM_DELIMITER } from './stream-v1.ts';
import { manualClock } from './testing/manual-clock.ts';
import { answerBytes, applicationKey, seededBytes, sessionHeader, testKey } from './testing/supplier-double.ts';

const suppliers = ['one', 'two', 'three'].map((name) => ({ name, key: testKey(name) }));
const byAddress = new Map(suppliers.map((supplier) => [supplier.key.address, supplier]));

type Answering = (sent: SignedRelay, name: string) => Promise<HttpAnswer> | HttpAnswer;

function whole(sent: SignedRelay, text: string, name: string, status = 200): HttpAnswer {
  const bytes = answerBytes(sent, { status, body: utf8(text) }, undefined, testKey(name));
  return { status: 200, headers: {}, body: bytes };
}

function setUp(answering: Answering, names: readonly string[] = suppliers.map(({ name }) => name)) {
  const asked: string[] = [];
  const signatures = new Set<string>();
  let forgotten = 0;
  const clock = manualClock();
  const session: NetworkSession = {
    header: sessionHeader,
    id: sessionHeader.sessionId,
    number: 2,
    startHeight: 11,
    endHeight: 20,
    serviceId: 'tiny',
    applicationAddress: applicationKey.address,
    application: create(ApplicationSchema, { address: applicationKey.address }),
    suppliers: suppliers
      .filter(({ name }) => names.includes(name))
      .map(({ name, key }) => ({
        operatorAddress: key.address,
        endpoint: { url: `http://${name}.example/backend`, rpcType: 4 },
        record: create(SupplierSchema, { operatorAddress: key.address }),
      })),
  };
  const network = {
    currentSession: async () => session,
    sessions: { forget: async () => void (forgotten += 1) },
    keys: {
      publicKeyOf: async (address: string) => byAddress.get(address)?.key.publicKey,
      forget: () => undefined,
    },
  } as unknown as NetworkView;
  const world = {
    now: clock.now,
    sleep: clock.sleep,
    randomBytes: seededBytes('sovereign'),
    request: async ({ body, url }: { body: unknown; url: string }) => {
      const request = decode(RelayRequestSchema, body as Uint8Array);
      const { name } = byAddress.get(request.meta!.supplierOperatorAddress)!;
      expect(url).toBe(`http://${name}.example/backend`);
      asked.push(name);
      const { signature } = request.meta!;
      const digest = requestHash(request);
      expect(verifyRing(digest, signature)).toBe(true);
      expect(ringMembersOf(signature)).toEqual([applicationKey.publicKey, applicationKey.publicKey]);
      expect(decodeHttpRequest(request.payload)).toMatchObject({
        method: 'POST',
        url: `http://${name}.example/v1/chat/completions`,
        headers: { 'content-type': 'application/json' },
      });
      signatures.add(Buffer.from(signature).toString('hex'));
      return await answering({ request, bytes: body as Uint8Array, digest }, name);
    },
  };
  const application = createSovereignApplication({ world, network, key: applicationKey });
  const signal = new AbortController().signal;
  const ask = () => application.request('tiny', { path: '/v1/chat/completions', body: utf8('{}'), signal });
  return { ask, asked, signatures, forgotten: () => forgotten };
}

describe('a sovereign application', () => {
  test('is answered by a supplier of its session, with a verified answer', async () => {
    const { ask, asked } = setUp((sent, name) => whole(sent, `from ${name}`, name));
    const answer = await ask();
    expect(answer).toMatchObject({ ok: true, kind: 'whole', status: 200, sessionId: sessionHeader.sessionId });
    expect(fromUtf8((answer as { body: Uint8Array }).body)).toBe(`from ${asked[0]}`);
    expect(answer.supplierOperatorAddress).toBe(testKey(asked[0]!).address);
  });

  test('goes on to another supplier when one is down or cheats, and signs each time anew', async () => {
    let first: string | undefined;
    const { ask, asked, signatures } = setUp((sent, name) => {
      first ??= name;
      if (asked.length === 1) throw new Fault('HTTP_UNREACHABLE', 'down');
      if (asked.length === 2) return whole(sent, 'forged', 'somebody else');
      return whole(sent, 'good', name);
    });
    expect(await ask()).toMatchObject({ ok: true, status: 200 });
    expect(new Set(asked).size).toBe(3);
    expect(signatures.size).toBe(3);
  });

  test('a supplier that must rest is not asked again in the session', async () => {
    const minerError = relayMinerError(refuseRelay(RELAY_ERROR.RATE_LIMITED));
    const { ask, asked } = setUp((sent, name) => {
      if (name !== 'one') return whole(sent, 'good', name);
      const alter = (response: { relayMinerError?: unknown }) => void (response.relayMinerError = minerError);
      return { status: 429, headers: {}, body: answerBytes(sent, {}, alter, testKey(name)) };
    });
    for (let n = 0; n < 12; n += 1) expect(await ask()).toMatchObject({ ok: true });
    expect(asked.filter((name) => name === 'one')).toHaveLength(1);
  });

  test('gives up with the last failure when all fail, when the request is the fault, and when nobody is there', async () => {
    const down = setUp(() => ({ status: 502, headers: {}, body: utf8('bad gateway') }));
    expect(await down.ask()).toMatchObject({ ok: false, failure: { code: 'SUPPLIER_HTTP_ERROR' } });
    expect(new Set(down.asked).size).toBe(3);
    const large = setUp(() => ({ status: 413, headers: {}, body: utf8('too large') }));
    expect(await large.ask()).toMatchObject({ ok: false, failure: { next: 'give_up' } });
    expect(large.asked).toHaveLength(1);
    expect(await setUp(() => Promise.reject(new Error('unused')), []).ask()).toMatchObject({
      ok: false,
      supplierOperatorAddress: undefined,
    });
  });

  test('asks the ledger for the session once more when a supplier does not know it', async () => {
    const minerError = relayMinerError(refuseRelay(RELAY_ERROR.UNKNOWN_SESSION));
    const alter = (response: { relayMinerError?: unknown }) => void (response.relayMinerError = minerError);
    const { ask, asked, forgotten } = setUp((sent, name) => ({
      status: 403,
      headers: {},
      body: answerBytes(sent, {}, alter, testKey(name)),
    }));
    expect(await ask()).toMatchObject({ ok: false, failure: { next: 'refresh_session' } });
    expect([forgotten(), asked.length]).toEqual([1, 4]);
  });

  test('streams, and sends nothing again once the first verified byte was given', async () => {
    const { ask, asked } = setUp((sent, name) => {
      const batch = (text: string) =>
        concat(answerBytes(sent, { body: utf8(text) }, undefined, testKey(name)), STREAM_DELIMITER);
      const body = (async function* () {
        yield batch('data: 1\n\n');
        throw new Fault('HTTP_BROKEN_OFF', 'cut');
      })();
      return { status: 200, headers: { 'content-type': 'text/event-stream' }, body };
    });
    const answer = await ask();
    if (!answer.ok || answer.kind !== 'stream') throw new Error('a stream was expected');
    await expect(readBody(answer.body, 1000, () => new Error('large'))).rejects.toMatchObject({
      code: 'RELAY_STREAM_FAILED',
    });
    expect(asked).toHaveLength(1);
  });
});
