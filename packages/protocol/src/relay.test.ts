import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from './bytes.ts';
import { decode, isCanonical } from './codec.ts';
import { isFault } from './fault.ts';
import { RelaySchema, RelayRequestSchema, RelayResponseSchema } from './gen/pocket/service/relay_pb.ts';
import { SessionHeaderSchema } from './gen/pocket/session/types_pb.ts';
import { sha256 } from './hash.ts';
import { isRelayError, RELAY_ERROR, refuseRelay, relayMinerError } from './relay-error.ts';
import {
  isPayloadAuthentic,
  newRelayRequest,
  newRelayResponse,
  payloadHashOf,
  relayBytes,
  relayHash,
  relayRequestProblem,
  relayResponseProblem,
  requestHash,
  responseHash,
} from './relay.ts';

const APPLICATION = 'pokt1lpupgng7s548d73p6xrjwjkg843vspw0gwuqxf';
const SUPPLIER = 'pokt1s54kzum62rw9z6vm27cp2x2tqc2jupvx9dj6dn';

/** pokt-network/poktroll `pkg/relayer/miner/relay_fixtures_test.go`, the first minable one. */
const FIXTURE = fromHex(
  '0a8b010a88010a450a2d636f736d6f733163346c30677467327337396d6b336b337476657671756165376a6d3465346d617838643664381204737663311a0a' +
    '73657373696f6e5f6964200128021210b2eb9fdddd0d65d020887168d33f12d41a2d636f736d6f733179796c647878667732743361706a70723573763366' +
    '686b6b78657574747a37676c6b7130326b127d0a590a450a2d636f736d6f733163346c30677467327337396d6b336b337476657671756165376a6d346534' +
    '6d617838643664381204737663311a0a73657373696f6e5f6964200128021210b2eb9fdddd0d65d020887168d33f12d42220d82cd033a9e31d483c8645ef' +
    '02fb431231d38f45325f4c84fbfedf2547f25afb',
);

const HEADER = create(SessionHeaderSchema, {
  applicationAddress: APPLICATION,
  serviceId: 'svc1',
  sessionId: '8f',
  sessionStartBlockHeight: 1n,
  sessionEndBlockHeight: 20n,
});

function signedRequest(): ReturnType<typeof newRelayRequest> {
  const request = newRelayRequest(HEADER, SUPPLIER, utf8('question'));
  request.meta!.signature = utf8('signature');
  return request;
}

describe('a relay of the Go miner', () => {
  const { req, res } = decode(RelaySchema, FIXTURE);

  it('hashes to the published values', () => {
    expect(isCanonical(RelaySchema, FIXTURE)).toBe(true);
    expect(toHex(relayBytes(req!, res!))).toBe(toHex(FIXTURE));
    expect(toHex(relayHash(FIXTURE))).toBe('000017d1fbb181044854b1fe76dc5db0dc6d95797310747b1290ffc52b7cab0d');
    expect(toHex(requestHash(req!))).toBe('02f7dc8bba30fe5e5f44f11d232cf4b42027c5c9f49a2e975c8a3dcb7046ef7e');
    expect(toHex(responseHash(res!))).toBe('85277ba770dad449843742cc909eeb6e075bbb6c5e96f6ffbc484dd17c876f15');
  });
});

describe('what is signed', () => {
  it('is a request whatever its signature, and nothing else changes it for free', () => {
    const request = signedRequest();
    const hash = toHex(requestHash(request));
    expect(toHex(requestHash(newRelayRequest(HEADER, SUPPLIER, utf8('question'))))).toBe(hash);
    expect(toHex(requestHash(newRelayRequest(HEADER, SUPPLIER, utf8('another'))))).not.toBe(hash);
    expect(toHex(requestHash(newRelayRequest(HEADER, APPLICATION, utf8('question'))))).not.toBe(hash);
    expect(toHex(request.meta!.signature)).toBe(toHex(utf8('signature')));
    expect(toHex(requestHash(create(RelayRequestSchema)))).toBe(toHex(sha256(fromHex('0a00'))));
  });

  it('is the hash of a payload where there is one, else the payload', () => {
    const response = newRelayResponse(HEADER, utf8('answer'));
    const hash = toHex(responseHash(response));
    expect(toHex(responseHash({ ...response, payload: utf8('forged') }))).toBe(hash);
    expect(toHex(responseHash({ ...response, payloadHash: sha256(utf8('forged')) }))).not.toBe(hash);
    const unhashed = { ...response, payloadHash: new Uint8Array() };
    expect(toHex(responseHash({ ...unhashed, payload: utf8('forged') }))).not.toBe(toHex(responseHash(unhashed)));
    const refused = { ...response, relayMinerError: relayMinerError(refuseRelay(RELAY_ERROR.TIMEOUT)) };
    expect(toHex(responseHash(refused))).not.toBe(hash);
  });

  it('tells a delivered payload from the signed one', () => {
    const response = newRelayResponse(HEADER, utf8('answer'));
    expect(isPayloadAuthentic(response)).toBe(true);
    expect(isPayloadAuthentic({ ...response, payload: utf8('forged') })).toBe(false);
    expect(isPayloadAuthentic({ ...response, payloadHash: new Uint8Array() })).toBe(false);
    expect(isPayloadAuthentic({ ...response, payloadHash: response.payloadHash.subarray(1) })).toBe(false);
    expect(isPayloadAuthentic(create(RelayResponseSchema))).toBe(false);
  });

  it('is never an empty payload', () => {
    expect(() => payloadHashOf(new Uint8Array())).toThrowError(
      expect.objectContaining({ code: 'PAYLOAD_EMPTY' }) as Error,
    );
  });
});

describe('the leaf', () => {
  it('drops the answer and keeps the question', () => {
    const response = newRelayResponse(HEADER, utf8('answer'));
    const { req, res } = decode(RelaySchema, relayBytes(signedRequest(), response));
    expect(toHex(req!.payload)).toBe(toHex(utf8('question')));
    expect(res!.payload).toHaveLength(0);
    expect(toHex(res!.payloadHash)).toBe(toHex(payloadHashOf(utf8('answer'))));
    expect(response.payload).toHaveLength(6);
  });
});

describe('an incomplete request', () => {
  it('is refused in the documented order', () => {
    const request = create(RelayRequestSchema);
    const message = (): string | undefined => relayRequestProblem(request)?.message;
    expect(relayRequestProblem(request)).toMatchObject({ codespace: 'service', code: 1111 });
    expect(message()).toBe('missing session header: invalid relay request');
    request.meta = newRelayRequest(create(SessionHeaderSchema, { ...HEADER, serviceId: 'a b' }), '', utf8('')).meta;
    expect(message()).toBe(
      "invalid session header: service ID 'a b' contains invalid characters: invalid service ID: invalid relay request",
    );
    request.meta!.sessionHeader = HEADER;
    expect(message()).toBe('missing application signature: invalid relay request');
    request.meta!.signature = utf8('signature');
    expect(message()).toBe('relay metadata missing supplier operator address: invalid relay request');
    request.meta!.supplierOperatorAddress = 'whoever';
    expect(relayRequestProblem(request)).toBeUndefined();
  });
});

describe('an incomplete response', () => {
  it('is refused in the documented order', () => {
    expect(relayResponseProblem(undefined)?.message).toBe('missing meta: invalid relay response');
    const response = newRelayResponse(create(SessionHeaderSchema), utf8('answer'));
    const message = (): string | undefined => relayResponseProblem(response)?.message;
    expect(relayResponseProblem(response)).toMatchObject({ codespace: 'service', code: 1110 });
    expect(message()).toContain('invalid session header: ""; (address is empty)');
    response.meta!.sessionHeader = HEADER;
    expect(message()).toBe('missing supplier operator signature: invalid relay response');
    response.meta!.supplierOperatorSignature = utf8('signature');
    expect(relayResponseProblem(response)).toBeUndefined();
    expect(relayResponseProblem(create(RelayResponseSchema))?.message).toBe('missing meta: invalid relay response');
  });
});

describe('relay errors', () => {
  it('have each their codespace and code', () => {
    const kinds = Object.values(RELAY_ERROR);
    expect(new Set(kinds.map(({ codespace, code }) => `${codespace}/${code}`)).size).toBe(kinds.length);
  });

  it('travel with registered text and concrete message', () => {
    const refusal = refuseRelay(RELAY_ERROR.SERVICE_NOT_HANDLED, 'service "svc-c" not configured');
    expect(relayMinerError(refusal)).toMatchObject({
      codespace: 'relayer_proxy',
      code: 3,
      description: 'service endpoint not handled by relayer proxy',
      message: 'service "svc-c" not configured: service endpoint not handled by relayer proxy',
    });
    expect(refuseRelay(RELAY_ERROR.RATE_LIMITED).message).toBe('offchain rate limit hit by relayer proxy');
    expect(isRelayError(RELAY_ERROR.SERVICE_NOT_HANDLED, relayMinerError(refusal))).toBe(true);
    expect(isRelayError(RELAY_ERROR.RING_SIGNATURE, relayMinerError(refusal))).toBe(false);
    expect(isFault(refusal)).toBe(false);
  });
});
