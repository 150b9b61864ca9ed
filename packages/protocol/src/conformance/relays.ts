/**
 * Checks files of whole relays: built again from header, payloads and keys, every intermediate value compared.
 *
 * Ring signatures are random, so a request is given its signature and the signature is verified; the supplier's signature
 * is made again. Long values are given by length and hash, long payloads by the rule that makes them.
 */
import { create, type JsonObject } from '@bufbuild/protobuf';
import { concat, fromHex, toHex, utf8 } from '../bytes.ts';
import { decode, encode, isCanonical } from '../codec.ts';
import { attempt, type CaseVerdict, type VectorChecker } from '../conformance.ts';
import { isRelayApplicable } from '../difficulty.ts';
import {
  RelayMinerErrorSchema,
  RelayRequestSchema,
  RelayResponseSchema,
  RelaySchema,
  type RelayRequest,
  type RelayResponse,
} from '../gen/pocket/service/relay_pb.ts';
import { SessionHeaderSchema, type SessionHeader } from '../gen/pocket/session/types_pb.ts';
import { sha256 } from '../hash.ts';
import { fromChainJson } from '../parse-chain-json.ts';
import {
  isPayloadAuthentic,
  newRelayRequest,
  newRelayResponse,
  relayBytes,
  relayHash,
  relayRequestProblem,
  relayResponseProblem,
  requestHash,
  requestSignBytes,
  responseHash,
  responseSignBytes,
} from '../relay.ts';
import { ringMembersOf, verifyRing } from '../ring.ts';
import { signResponseHash, verifyResponseHash } from '../signature.ts';

type PayloadRule = { name: string; length: number };
type Key = { private: string; public: string; address: string };
type HeaderCase = { applicationAddress: string; serviceId: string; sessionId: string; start: number; end: number };

type RelayCase = Readonly<Record<string, unknown>> & {
  name: string;
  sessionHeader: HeaderCase;
  supplier: string;
  ringPubs: string[];
  requestSignature: string;
  responseSignature: string;
  applicable: [target: string, applicable: boolean][];
  requestPayload?: string;
  requestPayloadRule?: PayloadRule;
  responsePayload?: string;
  responsePayloadRule?: PayloadRule;
  relayMinerError?: JsonObject;
};

type RelayDocument = { keys: Record<string, Key>; relays: RelayCase[] };

/** Values above this length are given by length and hash. */
const LENGTH_GIVEN_WHOLE = 5000;

export const relayChecker: VectorChecker = {
  format: 'relays',

  recognises(document) {
    const relays = (document as { relays?: unknown } | null)?.relays;
    const first: unknown = Array.isArray(relays) ? relays[0] : undefined;
    return typeof first === 'object' && first !== null && 'relayHash' in first && 'requestSignBytes' in first;
  },

  *check(document) {
    const { keys, relays } = document as RelayDocument;
    for (const item of relays) yield* checkRelay(item, Object.values(keys));
  },
};

/** A relay made again from what the file gives. */
type Made = { readonly request: RelayRequest; readonly response: RelayResponse; readonly leaf: Uint8Array };

function* checkRelay(item: RelayCase, keys: readonly Key[]): Iterable<CaseVerdict> {
  let kept: Made | undefined;
  const made = (): Made => (kept ??= makeRelay(item, keys));
  yield attempt(`${item.name}: values`, given(item), () => valuesOf(made()));
  yield attempt(`${item.name}: verdicts`, EXPECTED_VERDICTS, () => verdictsOn(made(), item, keys));
  const applicable = item.applicable.map(([, isApplicable]) => isApplicable);
  yield attempt(`${item.name}: applicable`, applicable, () =>
    item.applicable.map(([target]) => isRelayApplicable(relayHash(made().leaf), fromHex(target))),
  );
}

function makeRelay(item: RelayCase, keys: readonly Key[]): Made {
  const [request, response] = [requestOf(item), responseOf(item, keys)];
  return { request, response, leaf: relayBytes(request, response) };
}

/** The values that the file gives, in the order in which `valuesOf` lists them. */
function given(item: RelayCase): Record<string, unknown> {
  return Object.fromEntries(VALUES.map((name) => [name, item[name] ?? [item[`${name}Length`], item[`${name}Sha256`]]]));
}

const VALUES = [
  'requestPayload',
  'requestSignBytes',
  'requestHash',
  'requestBytes',
  'responsePayload',
  'payloadHash',
  'responseSignBytes',
  'responseHash',
  'responseSignature',
  'responseBytes',
  'relayBytes',
  'relayHash',
  'treePath',
] as const;

function valuesOf({ request, response, leaf }: Made): Record<string, unknown> {
  const values: Record<(typeof VALUES)[number], Uint8Array> = {
    requestPayload: request.payload,
    requestSignBytes: requestSignBytes(request),
    requestHash: requestHash(request),
    requestBytes: encode(RelayRequestSchema, request),
    responsePayload: response.payload,
    payloadHash: response.payloadHash,
    responseSignBytes: responseSignBytes(response),
    responseHash: responseHash(response),
    responseSignature: response.meta!.supplierOperatorSignature,
    responseBytes: encode(RelayResponseSchema, response),
    relayBytes: leaf,
    relayHash: relayHash(leaf),
    treePath: sha256(relayHash(leaf)),
  };
  return Object.fromEntries(VALUES.map((name) => [name, shown(values[name])]));
}

function shown(bytes: Uint8Array): unknown {
  return bytes.length > LENGTH_GIVEN_WHOLE ? [bytes.length, toHex(sha256(bytes))] : toHex(bytes);
}

const EXPECTED_VERDICTS = {
  requestComplete: true,
  responseComplete: true,
  ringSignature: true,
  ringMembers: true,
  responseSignature: true,
  payloadAuthentic: true,
  leafCanonical: true,
  leafReadBack: true,
};

function verdictsOn(
  { request, response, leaf }: Made,
  item: RelayCase,
  keys: readonly Key[],
): typeof EXPECTED_VERDICTS {
  const { req, res } = decode(RelaySchema, leaf);
  const supplier = fromHex(keyOf(keys, item.supplier).public);
  return {
    requestComplete: relayRequestProblem(request) === undefined,
    responseComplete: relayResponseProblem(response) === undefined,
    ringSignature: verifyRing(requestHash(request), request.meta!.signature),
    ringMembers: ringMembersOf(request.meta!.signature).map(toHex).join() === item.ringPubs.join(),
    responseSignature: verifyResponseHash(responseHash(response), response.meta!.supplierOperatorSignature, supplier),
    payloadAuthentic: isPayloadAuthentic(response),
    leafCanonical: isCanonical(RelaySchema, leaf),
    // The leaf has lost the response's payload and nothing else.
    leafReadBack:
      toHex(requestHash(req!)) === toHex(requestHash(request)) &&
      toHex(responseHash(res!)) === toHex(responseHash(response)),
  };
}

function requestOf(item: RelayCase): RelayRequest {
  const payload = payloadOf(item.requestPayload, item.requestPayloadRule);
  const request = newRelayRequest(headerOf(item.sessionHeader), item.supplier, payload);
  request.meta!.signature = fromHex(item.requestSignature);
  return request;
}

function responseOf(item: RelayCase, keys: readonly Key[]): RelayResponse {
  const payload = payloadOf(item.responsePayload, item.responsePayloadRule);
  const response = newRelayResponse(headerOf(item.sessionHeader), payload);
  if (item.relayMinerError !== undefined) {
    response.relayMinerError = fromChainJson(RelayMinerErrorSchema, item.relayMinerError);
  }
  const privateKey = fromHex(keyOf(keys, item.supplier).private);
  response.meta!.supplierOperatorSignature = signResponseHash(responseHash(response), privateKey);
  return response;
}

function headerOf({ applicationAddress, serviceId, sessionId, start, end }: HeaderCase): SessionHeader {
  const [sessionStartBlockHeight, sessionEndBlockHeight] = [BigInt(start), BigInt(end)];
  return create(SessionHeaderSchema, {
    applicationAddress,
    serviceId,
    sessionId,
    sessionStartBlockHeight,
    sessionEndBlockHeight,
  });
}

function keyOf(keys: readonly Key[], address: string): Key {
  const key = keys.find((candidate) => candidate.address === address);
  if (key === undefined) throw new Error(`the file has no key for ${address}`);
  return key;
}

/** Bytes by the rule: SHA-256 of `decai-payload-NAME-0`, of `…-1` and so on, as many as are needed. */
function payloadOf(hex: string | undefined, rule: PayloadRule | undefined): Uint8Array {
  if (rule === undefined) return fromHex(hex ?? '');
  const blocks = Array.from({ length: Math.ceil(rule.length / 32) }, (_none, index) =>
    sha256(utf8(`decai-payload-${rule.name}-${index}`)),
  );
  return concat(...blocks).subarray(0, rule.length);
}
