/**
 * HTTP inside a relay: the request that the supplier's backend is to get, and the answer it gave.
 *
 * The bytes are unique (headers sorted by name), although only their serializer needs that: the request payload is signed
 * and the response payload hashed as they were sent.
 *
 * Header names on the wire are canonical, as Go writes them (`Content-Type`); in `HttpHeaders` they are lower case and the
 * values of one name are joined. Values are never split at commas again, because a date or a quoted string may hold one.
 *
 * Source: pokt-network/shannon-sdk `proto/types/http.proto`, `types/http_request.go`; Go's `net/textproto`
 * (`CanonicalMIMEHeaderKey`).
 */
import { create } from '@bufbuild/protobuf';
import { decode, encode } from './codec.ts';
import { HeaderSchema, POKTHTTPRequestSchema, POKTHTTPResponseSchema, type Header } from './gen/sdk/types/http_pb.ts';
import type { HttpHeaders } from './http.ts';

export type HttpRequestMessage = {
  readonly method: string;
  /** A supplier uses its path and query only. */
  readonly url: string;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
};

export type HttpResponseMessage = { readonly status: number; readonly headers: HttpHeaders; readonly body: Uint8Array };

/** The payload of a relay request. */
export function encodeHttpRequest(request: HttpRequestMessage): Uint8Array {
  const { method, url, headers, body } = request;
  const header = headerMap(headers);
  return encode(POKTHTTPRequestSchema, create(POKTHTTPRequestSchema, { method, url, header, bodyBz: body }));
}

/** The payload of a relay response. Never empty: at least the status is in it. */
export function encodeHttpResponse(response: HttpResponseMessage): Uint8Array {
  const { status, headers, body } = response;
  const header = headerMap(headers);
  return encode(POKTHTTPResponseSchema, create(POKTHTTPResponseSchema, { statusCode: status, header, bodyBz: body }));
}

/** @throws a Fault with a `WireFaultCode` when the payload is no embedded request. */
export function decodeHttpRequest(payload: Uint8Array): HttpRequestMessage {
  const { method, url, header, bodyBz } = decode(POKTHTTPRequestSchema, payload);
  return { method, url, headers: headersOf(header), body: bodyBz };
}

/** @throws a Fault with a `WireFaultCode` when the payload is no embedded response. */
export function decodeHttpResponse(payload: Uint8Array): HttpResponseMessage {
  const { statusCode, header, bodyBz } = decode(POKTHTTPResponseSchema, payload);
  return { status: statusCode, headers: headersOf(header), body: bodyBz };
}

/** The name as Go writes it: letters after the start and after a hyphen are upper case, all others lower case. */
export function canonicalHeaderName(name: string): string {
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

function headerMap(headers: HttpHeaders): Record<string, Header> {
  const map: Record<string, Header> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    const key = canonicalHeaderName(name);
    map[key] = create(HeaderSchema, { key, values: [value] });
  }
  return map;
}

/** The map's key names the header; the repetition inside the entry is not looked at. */
function headersOf(map: Readonly<Record<string, Header>>): HttpHeaders {
  const headers: Record<string, string> = Object.create(null);
  for (const key of Object.keys(map).sort()) {
    const name = key.toLowerCase();
    const value = map[key]!.values.join(', ');
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}
