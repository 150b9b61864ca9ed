/** Sessions, rings, keys and typed questions over a ledger that a test writes down. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { Query as AuthQuery } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { Query as BankQuery } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { Query as ApplicationQuery } from '@decai/protocol/gen/pocket/application/query_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { Query as ServiceQuery } from '@decai/protocol/gen/pocket/service/query_pb';
import { Query as SessionQuery } from '@decai/protocol/gen/pocket/session/query_pb';
import {
  SessionHeaderSchema,
  type SessionHeader,
  type SessionSchema,
} from '@decai/protocol/gen/pocket/session/types_pb';
import { Query as SharedQuery } from '@decai/protocol/gen/pocket/shared/query_pb';
import { Query as SupplierQuery } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { packAny } from '@decai/protocol/any';
import { utf8 } from '@decai/protocol/bytes';
import { sessionId, sessionPreimage } from '@decai/protocol/session-id';
import { createRingBook, signingRing } from './application-ring.ts';
import { createLedgerClient } from './ledger-client.ts';
import { createPublicKeyBook } from './public-key-book.ts';
import { createSessionBook } from './session-book.ts';
import { createSessionClock } from './session-clock.ts';
import { applicationKey, gatewayKey, supplierKey, testKey } from './testing/supplier-double.ts';
import { blockAt, ledgerDouble, type LedgerDouble } from './testing/ledger-double.ts';

const APP = applicationKey.address;
const SERVICE = 'tiny';

const TIMINGS = {
  numBlocksPerSession: 4n,
  gracePeriodEndOffsetBlocks: 1n,
  claimWindowOpenOffsetBlocks: 1n,
  claimWindowCloseOffsetBlocks: 2n,
  proofWindowOpenOffsetBlocks: 1n,
  proofWindowCloseOffsetBlocks: 2n,
};

function sessionOf(height: number): MessageInitShape<typeof SessionSchema> {
  const startHeight = height - ((height - 1) % 4);
  const preimage = sessionPreimage({
    blockHash: blockAt(startHeight).hash,
    serviceId: SERVICE,
    applicationAddress: APP,
    startHeight,
  });
  const id = sessionId(preimage);
  return {
    header: {
      applicationAddress: APP,
      serviceId: SERVICE,
      sessionId: id,
      sessionStartBlockHeight: BigInt(startHeight),
      sessionEndBlockHeight: BigInt(startHeight + 3),
    },
    sessionId: id,
    sessionNumber: BigInt((startHeight + 3) / 4),
    numBlocksPerSession: 4n,
    application: { address: APP },
    suppliers: [
      {
        operatorAddress: supplierKey.address,
        services: [
          { serviceId: 'other', endpoints: [{ url: 'http://wrong', rpcType: 4 }] },
          {
            serviceId: SERVICE,
            endpoints: [
              { url: 'ws://socket', rpcType: 2 },
              { url: 'http://json', rpcType: 3 },
              { url: 'http://rest', rpcType: 4 },
            ],
          },
        ],
      },
      {
        operatorAddress: 'pokt1socketsonly',
        services: [{ serviceId: SERVICE, endpoints: [{ url: 'ws://x', rpcType: 2 }] }],
      },
    ],
  };
}

type SessionInit = ReturnType<typeof sessionOf>;

function headerWith({ header }: SessionInit, change: Partial<SessionHeader>): SessionHeader {
  return create(SessionHeaderSchema, { ...(header as SessionHeader), ...change });
}

function setUp() {
  const double = ledgerDouble();
  double.answer(SharedQuery.method.paramsAtHeight, () => ({ params: TIMINGS }));
  double.answer(SessionQuery.method.getSession, ({ blockHeight }) => ({ session: sessionOf(Number(blockHeight)) }));
  const ledger = createLedgerClient(double.transport);
  const clock = createSessionClock(ledger);
  return { double, ledger, clock, sessions: createSessionBook(ledger, clock) };
}

const count = ({ calls }: LedgerDouble, part: string): number => calls.filter((name) => name.includes(part)).length;

describe('session clock', () => {
  test('asks for the timings once a session, and knows the windows', async () => {
    const { double, clock } = setUp();
    expect(await clock.spanAt(6)).toEqual({ number: 2, startHeight: 5, endHeight: 8 });
    expect(await clock.spanAt(8)).toMatchObject({ startHeight: 5 });
    expect(await clock.windowsAt(7)).toMatchObject({
      graceEnd: 9,
      claimOpen: 10,
      claimClose: 12,
      proofOpen: 13,
      proofClose: 15,
    });
    expect(count(double, 'ParamsAtHeight')).toBe(1);
    await clock.spanAt(9);
    expect(count(double, 'ParamsAtHeight')).toBe(2);
  });
});

describe('session book', () => {
  test('asks once a session, also when many ask at once, and finds the endpoint for HTTP', async () => {
    const { double, sessions } = setUp();
    const [one, two] = await Promise.all([sessions.sessionFor(APP, SERVICE, 5), sessions.sessionFor(APP, SERVICE, 7)]);
    expect(one).toBe(two);
    expect(one).toMatchObject({ startHeight: 5, endHeight: 8, number: 2, applicationAddress: APP });
    expect(one.suppliers.map(({ endpoint }) => endpoint)).toEqual([{ url: 'http://rest', rpcType: 4 }, undefined]);
    expect(count(double, 'GetSession')).toBe(1);
    expect((await sessions.sessionFor(APP, SERVICE, 9)).startHeight).toBe(9);
    await sessions.forget(APP, SERVICE, 6);
    await sessions.sessionFor(APP, SERVICE, 5);
    expect(count(double, 'GetSession')).toBe(3);
  });

  test('an id that does not follow from the opening block is a fault, and is asked anew', async () => {
    const { double, sessions } = setUp();
    const session = sessionOf(5);
    double.answer(SessionQuery.method.getSession, () => ({
      session: { ...session, header: headerWith(session, { sessionId: 'ab'.repeat(32) }) },
    }));
    await expect(sessions.sessionFor(APP, SERVICE, 5)).rejects.toMatchObject({ code: 'SESSION_ID_MISMATCH' });
    double.answer(SessionQuery.method.getSession, () => ({ session }));
    expect((await sessions.sessionFor(APP, SERVICE, 5)).id).toBe(session.sessionId);
  });

  test('a session for somebody else, another service or another time is no answer', async () => {
    const { double, sessions } = setUp();
    const session = sessionOf(5);
    for (const change of [{ applicationAddress: 'x' }, { serviceId: 'x' }, { sessionStartBlockHeight: 9n }]) {
      double.answer(SessionQuery.method.getSession, () => ({
        session: { ...session, header: headerWith(session, change) },
      }));
      await expect(sessions.sessionFor(APP, SERVICE, 5)).rejects.toMatchObject({ code: 'LEDGER_ANSWER_INVALID' });
    }
  });

  test('what the ledger refuses is told as it words it', async () => {
    const { double, sessions } = setUp();
    double.refuse(SessionQuery.method.getSession, { code: 6, codespace: 'sdk', log: 'no suppliers found for session' });
    await expect(sessions.sessionFor(APP, SERVICE, 5)).rejects.toMatchObject({
      code: 'LEDGER_QUERY_REFUSED',
      details: { code: 6, codespace: 'sdk' },
    });
  });
});

describe('ledger client', () => {
  test('accounts with and without a key, balances, and what does not exist', async () => {
    const { double, ledger } = setUp();
    const pubKey = packAny(PubKeySchema, create(PubKeySchema, { key: supplierKey.publicKey }));
    double.answer(AuthQuery.method.accountInfo, ({ address }) =>
      address === 'nobody'
        ? undefined
        : { info: { address, accountNumber: 7n, sequence: 2n, ...(address === 'keyed' && { pubKey }) } },
    );
    expect(await ledger.account('keyed')).toMatchObject({
      accountNumber: 7n,
      sequence: 2n,
      publicKey: supplierKey.publicKey,
    });
    expect((await ledger.account('new'))!.publicKey).toBeUndefined();
    expect(await ledger.account('nobody')).toBeUndefined();
    double.answer(BankQuery.method.balance, ({ denom }) => ({ balance: { denom, amount: '12345678901234567890' } }));
    expect(await ledger.balance('keyed')).toBe(12345678901234567890n);
    double.answer(ServiceQuery.method.computeUnitsPerRelayAtHeight, () => undefined);
    expect(await ledger.computeUnitsPerRelay('nothing', 5)).toBeUndefined();
  });

  test('pages are followed to their end, a supplier on two of them counts once, and a page that repeats is a fault', async () => {
    const { double, ledger } = setUp();
    const pages: Record<string, [string[], string]> = { '': [['a', 'b'], 'k1'], k1: [['b', 'c'], 'k2'], k2: [[], ''] };
    const keyOf = (key: Uint8Array | undefined): string => Buffer.from(key ?? []).toString();
    double.answer(SupplierQuery.method.allSuppliers, ({ pagination }) => {
      const [names, next] = pages[keyOf(pagination?.key)]!;
      return { supplier: names.map((operatorAddress) => ({ operatorAddress })), pagination: { nextKey: utf8(next) } };
    });
    expect((await ledger.suppliers('tiny')).map(({ operatorAddress }) => operatorAddress)).toEqual(['a', 'b', 'c']);
    double.answer(SupplierQuery.method.allSuppliers, () => ({ supplier: [], pagination: { nextKey: utf8('same') } }));
    await expect(ledger.suppliers()).rejects.toMatchObject({ code: 'LEDGER_ANSWER_INVALID' });
  });

  test('the chain id and block hashes are asked once, a failure is not remembered', async () => {
    const { double, ledger } = setUp();
    double.outage = Object.assign(new Error('away'), { code: 'LEDGER_UNREACHABLE', details: {} }) as never;
    await expect(ledger.chainId()).rejects.toThrow('away');
    double.outage = undefined;
    expect([await ledger.chainId(), await ledger.chainId()]).toEqual(['double-1', 'double-1']);
    expect(count(double, 'status')).toBe(2);
    await ledger.blockHash(5);
    expect(await ledger.blockHash(5)).toEqual(blockAt(5).hash);
    expect(count(double, 'block 5')).toBe(1);
  });
});

describe('keys and rings', () => {
  const other = testKey('other gateway');

  function ringSetUp(keys: Record<string, Uint8Array>) {
    const { double, ledger } = setUp();
    double.answer(AuthQuery.method.accountInfo, ({ address }) => {
      const key = keys[address];
      if (key === undefined) return { info: { address } };
      return { info: { address, pubKey: packAny(PubKeySchema, create(PubKeySchema, { key })) } };
    });
    const book = createPublicKeyBook(ledger);
    return { double, ledger, book };
  }
  const everyone = Object.fromEntries([applicationKey, gatewayKey, other].map((key) => [key.address, key.publicKey]));
  const delegating = create(ApplicationSchema, {
    address: APP,
    delegateeGatewayAddresses: [gatewayKey.address],
    pendingUndelegations: { 8: { gatewayAddresses: [other.address] } },
  });

  test('a key is asked once when there is one, every time while there is none, and anew when forgotten', async () => {
    const keys: Record<string, Uint8Array> = {};
    const { double, book } = ringSetUp(keys);
    expect(await book.publicKeyOf(APP)).toBeUndefined();
    keys[APP] = applicationKey.publicKey;
    expect(await book.publicKeyOf(APP)).toEqual(applicationKey.publicKey);
    await book.publicKeyOf(APP);
    expect(count(double, 'AccountInfo')).toBe(2);
    book.forget(APP);
    await book.publicKeyOf(APP);
    expect(count(double, 'AccountInfo')).toBe(3);
  });

  test('a gateway that leaves stays in the ring of the session in which it left', async () => {
    const { double, ledger, book } = ringSetUp(everyone);
    double.answer(ApplicationQuery.method.application, () => ({ application: delegating }));
    const rings = createRingBook(ledger, book);
    const keysAt = async (end: number) => {
      const ring = await rings.expectedRing(APP, end);
      return ring.ok ? new Set(ring.publicKeys.map((key) => Buffer.from(key).toString('hex'))).size : ring.refusal.code;
    };
    expect([await keysAt(8), await keysAt(12)]).toEqual([3, 2]);
    await keysAt(8);
    expect(count(double, 'Query/Application')).toBe(2);
    rings.forget(APP, 8);
    await keysAt(8);
    expect(count(double, 'Query/Application')).toBe(3);
  });

  test('a ring with a member that has no key is refused, and asked anew', async () => {
    const keys: Record<string, Uint8Array> = { [APP]: applicationKey.publicKey };
    const { double, ledger, book } = ringSetUp(keys);
    double.answer(ApplicationQuery.method.application, () => ({
      application: { ...delegating, pendingUndelegations: {} },
    }));
    const rings = createRingBook(ledger, book);
    expect(await rings.expectedRing(APP, 8)).toMatchObject({ ok: false, refusal: { code: 'RING_KEY_MISSING' } });
    keys[gatewayKey.address] = gatewayKey.publicKey;
    expect(await rings.expectedRing(APP, 8)).toMatchObject({ ok: true });
    double.answer(ApplicationQuery.method.application, () => undefined);
    await expect(rings.expectedRing('pokt1nobody', 8)).rejects.toMatchObject({ code: 'APPLICATION_UNKNOWN' });
  });

  test('who signs with which ring', async () => {
    const { book } = ringSetUp(everyone);
    expect(await signingRing(delegating, gatewayKey, 12, book)).toEqual({
      ok: true,
      ring: [applicationKey.publicKey, gatewayKey.publicKey],
      signerIndex: 1,
    });
    expect(await signingRing(delegating, applicationKey, 12, book)).toMatchObject({
      ok: true,
      ring: [applicationKey.publicKey, gatewayKey.publicKey],
      signerIndex: 0,
    });
    const alone = create(ApplicationSchema, { address: APP });
    expect(await signingRing(alone, applicationKey, 12, book)).toMatchObject({
      ring: [applicationKey.publicKey, applicationKey.publicKey],
    });
    expect(await signingRing(delegating, other, 8, book)).toMatchObject({ ok: true });
    expect(await signingRing(delegating, other, 12, book)).toMatchObject({ ok: false, code: 'GATEWAY_NOT_DELEGATED' });
    const { book: keyless } = ringSetUp({});
    expect(await signingRing(delegating, gatewayKey, 12, keyless)).toMatchObject({
      ok: false,
      code: 'APPLICATION_KEY_MISSING',
    });
  });
});
