import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, fromBigInt, toBigInt, toHex, utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import {
  RelayRequestSchema,
  RelayResponseSchema,
  type RelayResponse,
} from '@decai/protocol/gen/pocket/service/relay_pb';
import { relayMinerError, refuseRelay, RELAY_ERROR } from '@decai/protocol/relay-error';
import { GROUP_ORDER } from '@decai/protocol/group';
import { payloadHashOf, requestHash } from '@decai/protocol/relay';
import { ringMembersOf, verifyRing } from '@decai/protocol/ring';
import { createRelayVerifier } from './relay-verifier.ts';
import {
  answerBytes,
  answerTo,
  applicationKey,
  gatewayKey,
  keyBook,
  sessionHeader,
  signedTestRelay,
  supplierKey,
  testKey,
} from './testing/supplier-double.ts';
import { verifyRelay, type VerificationCode } from './verify-relay.ts';

const sent = signedTestRelay();
const good = { status: 200, headers: { 'content-type': 'application/json' }, body: utf8('{"ok":true}') };

function codeOf(bytes: Uint8Array, key: Uint8Array | undefined = supplierKey.publicKey): VerificationCode | 'ok' {
  const verdict = verifyRelay(sent, bytes, key);
  return verdict.ok ? 'ok' : verdict.refusal.code;
}

describe('signRelay', () => {
  test('the request is bound to session and supplier, and the ring is application and gateway', () => {
    const request = decode(RelayRequestSchema, sent.bytes);
    expect(request.meta!.sessionHeader).toEqual(sessionHeader);
    expect(request.meta!.supplierOperatorAddress).toBe(supplierKey.address);
    expect(sent.digest).toEqual(requestHash(request));
    expect(verifyRing(sent.digest, request.meta!.signature)).toBe(true);
    expect(ringMembersOf(request.meta!.signature)).toEqual([applicationKey.publicKey, gatewayKey.publicKey]);
  });
});

describe('verifyRelay', () => {
  test('gives back what the backend answered', () => {
    const verdict = verifyRelay(sent, answerBytes(sent, good), supplierKey.publicKey);
    expect(verdict).toMatchObject({ ok: true, http: good });
  });

  test('takes an answer that names this request, and refuses one that names another', () => {
    const naming = (digest: string) => answerBytes(sent, { ...good, headers: { 'pocket-request-hash': digest } });
    expect(codeOf(naming(toHex(sent.digest)))).toBe('ok');
    expect(codeOf(naming('00'.repeat(32)))).toBe('RELAY_REQUEST_MISMATCH');
  });

  test('refuses what is too large before it is read', () => {
    const bytes = answerBytes(sent, good);
    const verdict = verifyRelay(sent, bytes, supplierKey.publicKey, { bytesMax: bytes.length - 1 });
    expect(verdict).toMatchObject({ ok: false, refusal: { code: 'RELAY_RESPONSE_TOO_LARGE' } });
  });

  test('refuses garbage, a wrong wire type and trailing bytes', () => {
    const bytes = answerBytes(sent, good);
    for (const wrong of [utf8('{"error":"no"}'), new Uint8Array([0x08, 0x01]), new Uint8Array([...bytes, 0x0a])]) {
      expect(codeOf(wrong)).toBe('RELAY_RESPONSE_MALFORMED');
    }
  });

  test('a named error is a failure of that kind, signed or not', () => {
    const minerError = relayMinerError(refuseRelay(RELAY_ERROR.RATE_LIMITED, 'no budget left'));
    const signed = answerTo(sent, good, (response) => void (response.relayMinerError = minerError));
    const unsigned = answerTo(sent, good, (response) => void (response.relayMinerError = minerError));
    unsigned.meta!.supplierOperatorSignature = new Uint8Array(0);
    for (const response of [signed, unsigned]) {
      const verdict = verifyRelay(sent, encode(RelayResponseSchema, response), supplierKey.publicKey);
      expect(verdict).toMatchObject({
        ok: false,
        refusal: { code: 'RELAY_MINER_ERROR', minerError: { codespace: 'relayer_proxy', code: 7 } },
      });
    }
  });

  test('refuses a body that was changed under a valid signature, and one whose hash is missing or short', () => {
    const changed = answerTo(sent, good);
    changed.payload = answerTo(sent, { ...good, body: utf8('{"ok":evil}') }).payload;
    expect(codeOf(encode(RelayResponseSchema, changed))).toBe('RELAY_PAYLOAD_ALTERED');
    for (const length of [0, 31, 33]) {
      const bytes = answerBytes(sent, good, (response) => void (response.payloadHash = new Uint8Array(length)));
      expect(codeOf(bytes)).toBe('RELAY_PAYLOAD_UNHASHED');
    }
  });

  test('takes an answer of an old chain, without a payload hash, only when told to', () => {
    const bytes = answerBytes(sent, good, (response) => void (response.payloadHash = new Uint8Array(0)));
    expect(codeOf(bytes)).toBe('RELAY_PAYLOAD_UNHASHED');
    const options = { legacyUnhashed: true };
    expect(verifyRelay(sent, bytes, supplierKey.publicKey, options)).toMatchObject({ ok: true });
    const changed = decode(RelayResponseSchema, bytes);
    changed.payload = answerTo(sent, { ...good, status: 201 }).payload;
    expect(verifyRelay(sent, encode(RelayResponseSchema, changed), supplierKey.publicKey, options)).toMatchObject({
      refusal: { code: 'RELAY_SIGNATURE_INVALID' },
    });
  });

  test.each([
    ['applicationAddress', 'pokt1other'],
    ['serviceId', 'other'],
    ['sessionId', 'cd'.repeat(32)],
    ['sessionStartBlockHeight', 10n],
    ['sessionEndBlockHeight', 21n],
  ])('refuses an answer for a session with another %s', (field, value) => {
    const alter = (response: RelayResponse) =>
      void (response.meta!.sessionHeader = { ...sessionHeader, [field]: value });
    expect(codeOf(answerBytes(sent, good, alter))).toBe('RELAY_SESSION_MISMATCH');
  });

  test('refuses an answer without a session header', () => {
    const alter = (response: RelayResponse) => void (response.meta!.sessionHeader = undefined);
    expect(codeOf(answerBytes(sent, good, alter))).toBe('RELAY_SESSION_MISMATCH');
  });

  test('refuses where the supplier has no key, a foreign signature, none, and the high-s twin of a good one', () => {
    const verdict = verifyRelay(sent, answerBytes(sent, good), undefined);
    expect(verdict).toMatchObject({ refusal: { code: 'RELAY_SUPPLIER_KEY_UNKNOWN' } });
    expect(codeOf(answerBytes(sent, good, undefined, testKey('stranger')))).toBe('RELAY_SIGNATURE_INVALID');
    const response = answerTo(sent, good);
    const { supplierOperatorSignature } = response.meta!;
    for (const signature of [
      new Uint8Array(0),
      supplierOperatorSignature.subarray(1),
      highS(supplierOperatorSignature),
    ]) {
      response.meta!.supplierOperatorSignature = signature;
      expect(codeOf(encode(RelayResponseSchema, response))).toBe('RELAY_SIGNATURE_INVALID');
    }
  });

  test('refuses a signed payload that is no HTTP response', () => {
    const alter = (response: RelayResponse) => {
      response.payload = utf8('plain text');
      response.payloadHash = payloadHashOf(response.payload);
    };
    expect(codeOf(answerBytes(sent, good, alter))).toBe('RELAY_PAYLOAD_MALFORMED');
  });

  test('no changed byte of an answer passes, and nothing is thrown but what was refused', () => {
    const bytes = answerBytes(sent, { ...good, headers: {} });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const changed = bytes.slice();
        changed[index]! ^= flip;
        const verdict = verifyRelay(sent, changed, supplierKey.publicKey);
        // Bytes may be spelled otherwise and mean the same; what was answered must not change.
        if (verdict.ok) expect(verdict.http).toMatchObject({ status: 200, body: good.body });
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(verifyRelay(sent, noise, supplierKey.publicKey).ok).toBe(false);
      }),
    );
  });
});

describe('createRelayVerifier', () => {
  test('asks for the key once more before it blames, and once only', async () => {
    const rotated = testKey('rotated');
    const keys = keyBook([supplierKey.publicKey, rotated.publicKey]);
    const verify = createRelayVerifier(keys, sent);
    expect(await verify(answerBytes(sent, good, undefined, rotated))).toMatchObject({ ok: true });
    expect(keys.forgotten).toEqual([supplierKey.address]);
    expect(await verify(answerBytes(sent, good, undefined, testKey('stranger')))).toMatchObject({
      refusal: { code: 'RELAY_SIGNATURE_INVALID' },
    });
    expect(keys.forgotten).toHaveLength(1);
  });

  test('a key that stayed the same leaves the refusal as it is', async () => {
    const keys = keyBook();
    const verify = createRelayVerifier(keys, sent);
    const bytes = answerBytes(sent, good, undefined, testKey('stranger'));
    expect(await verify(bytes)).toMatchObject({ refusal: { code: 'RELAY_SIGNATURE_INVALID' } });
    expect(keys.forgotten).toEqual([supplierKey.address]);
  });
});

/** The other signature of the same message that plain ECDSA would take. */
function highS(signature: Uint8Array): Uint8Array {
  const s = GROUP_ORDER - toBigInt(signature.subarray(32));
  return concat(signature.subarray(0, 32), fromBigInt(s, 32));
}
