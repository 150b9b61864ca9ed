import type { RingBook } from '@decai/client/application-ring';
import { Fault } from '@decai/protocol/fault';
import type { ExpectedRing } from '@decai/protocol/ring-members';
import { sha256 } from '@decai/protocol/hash';
import { utf8 } from '@decai/protocol/bytes';
import { decodeRing, signRing } from '@decai/protocol/ring';
import { expect, test } from 'vitest';
import { createRingCheck } from './check-ring.ts';
import type { ReceivedRelay } from './read-relay.ts';
import { application, gateway, stranger } from './testing/test-town.ts';

const requestHash = sha256(utf8('request'));
const relay = { header: { applicationAddress: application.address }, requestHash } as ReceivedRelay;

function ringOf(other: typeof gateway) {
  const ring = [application.publicKey, other.publicKey];
  const randomBytes = (length: number) => sha256(utf8('nonce')).subarray(0, length);
  return decodeRing(
    signRing({ message: requestHash, ring, signerIndex: 1, privateKey: other.privateKey, randomBytes }),
  );
}

/** A ledger's rings that the test changes, with the number of times they were fetched. */
function ringBook(first: ExpectedRing): { book: RingBook; ledger: { ring: ExpectedRing; asked: number } } {
  const ledger = { ring: first, asked: 0 };
  let remembered: ExpectedRing | undefined;
  const book: RingBook = {
    async expectedRing() {
      if (remembered === undefined) ledger.asked += 1;
      return (remembered ??= ledger.ring);
    },
    forget: () => (remembered = undefined),
  };
  return { book, ledger };
}

const only = (...keys: (typeof gateway)[]): ExpectedRing => ({ ok: true, publicKeys: keys.map((k) => k.publicKey) });

test('the ring is fetched once, and a delegation made meanwhile is found', async () => {
  const { book, ledger } = ringBook(only(application, stranger));
  let height = 1;
  const check = createRingCheck(book, () => height);
  expect(await check(relay, ringOf(stranger), 10)).toBeUndefined();
  expect(await check(relay, ringOf(stranger), 10)).toBeUndefined();
  expect(ledger.asked).toBe(1);
  ledger.ring = only(application, gateway, stranger);
  expect(await check(relay, ringOf(gateway), 10)).toBeUndefined();
  expect(ledger.asked).toBe(2);
});

test('strangers make us ask once a block, not once a relay', async () => {
  const { book, ledger } = ringBook(only(application, gateway));
  let height = 1;
  const check = createRingCheck(book, () => height);
  for (let times = 0; times < 5; times++) {
    expect(await check(relay, ringOf(stranger), 10)).toMatchObject({ code: 'RING_SIGNATURE_INVALID' });
  }
  expect(ledger.asked).toBe(2);
  height = 2;
  await check(relay, ringOf(stranger), 10);
  expect(ledger.asked).toBe(3);
});

test('a member without a key, and a signature over something else', async () => {
  const missing = ringBook({ ok: false, refusal: { code: 'RING_KEY_MISSING', message: 'no key' } });
  expect(await createRingCheck(missing.book, () => 1)(relay, ringOf(gateway), 10)).toMatchObject({ message: 'no key' });
  const { book } = ringBook(only(application, gateway));
  const other = { ...relay, requestHash: sha256(utf8('another request')) };
  expect(await createRingCheck(book, () => 1)(other, ringOf(gateway), 10)).toMatchObject({
    code: 'RING_SIGNATURE_INVALID',
  });
});

test('a ledger that is away is not the signer’s fault', async () => {
  const book: RingBook = {
    expectedRing: () => Promise.reject(new Fault('LEDGER_UNREACHABLE', 'away')),
    forget: () => undefined,
  };
  expect(await createRingCheck(book, () => 1)(relay, ringOf(gateway), 10)).toMatchObject({
    code: 'LEDGER_UNREACHABLE',
  });
});
