/**
 * A supplier for tests: an application, its gateway and a supplier with fixed keys, a session, and answers signed as a
 * miner signs them.
 */
import { create } from '@bufbuild/protobuf';
import { utf8 } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { RelayResponseSchema, type RelayResponse } from '@decai/protocol/gen/pocket/service/relay_pb';
import { SessionHeaderSchema, type SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { sha256 } from '@decai/protocol/hash';
import { encodeHttpResponse, type HttpRequestMessage, type HttpResponseMessage } from '@decai/protocol/http-message';
import { keyFromPrivateKey, type Key } from '@decai/protocol/keys';
import { newRelayResponse, responseHash } from '@decai/protocol/relay';
import { gatewayRing } from '@decai/protocol/ring-members';
import { signResponseHash } from '@decai/protocol/signature';
import type { PublicKeyBook } from '../public-key-book.ts';
import { signRelay, type SignedRelay } from '../sign-relay.ts';

export function testKey(name: string): Key {
  return keyFromPrivateKey(sha256(utf8(`test key ${name}`)));
}

export const applicationKey: Key = testKey('application');
export const gatewayKey: Key = testKey('gateway');
export const supplierKey: Key = testKey('supplier');

export const sessionHeader: SessionHeader = create(SessionHeaderSchema, {
  applicationAddress: applicationKey.address,
  serviceId: 'tiny',
  sessionId: 'ab'.repeat(32),
  sessionStartBlockHeight: 11n,
  sessionEndBlockHeight: 20n,
});

/** Deterministic bytes: each call goes on where the last one stopped. */
export function seededBytes(seed: string): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    const out = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 32) {
      out.set(sha256(utf8(`${seed} ${(count += 1)}`)).subarray(0, Math.min(32, length - offset)), offset);
    }
    return out;
  };
}

const CHAT: HttpRequestMessage = {
  method: 'POST',
  url: '/v1/chat/completions',
  headers: { 'content-type': 'application/json' },
  body: utf8('{"model":"tiny","messages":[]}'),
};

export function signedTestRelay(http: HttpRequestMessage = CHAT): SignedRelay {
  return signRelay({
    sessionHeader,
    supplierOperatorAddress: supplierKey.address,
    http,
    ring: gatewayRing(applicationKey.publicKey, gatewayKey.publicKey),
    privateKey: gatewayKey.privateKey,
    randomBytes: seededBytes('relay'),
  });
}

/** A signed answer; `alter` changes it before it is signed. */
export function answerTo(
  sent: SignedRelay,
  http: Partial<HttpResponseMessage>,
  alter: (response: RelayResponse) => void = () => undefined,
  key: Key = supplierKey,
): RelayResponse {
  const payload = encodeHttpResponse({ status: 200, headers: {}, body: new Uint8Array(0), ...http });
  const response = newRelayResponse(sent.request.meta!.sessionHeader!, payload);
  alter(response);
  response.meta!.supplierOperatorSignature = signResponseHash(responseHash(response), key.privateKey);
  return response;
}

export function answerBytes(...answer: Parameters<typeof answerTo>): Uint8Array {
  return encode(RelayResponseSchema, answerTo(...answer));
}

/** A book that knows the supplier's key, or the keys given in turn, one for each time it is asked anew. */
export function keyBook(keys: readonly (Uint8Array | undefined)[] = [supplierKey.publicKey]): PublicKeyBook & {
  readonly forgotten: string[];
} {
  const forgotten: string[] = [];
  return {
    forgotten,
    publicKeyOf: async () => keys[Math.min(forgotten.length, keys.length - 1)],
    forget: (address) => void forgotten.push(address),
  };
}
