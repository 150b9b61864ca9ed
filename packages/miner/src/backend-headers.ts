/**
 * Which headers pass between a relay and the backend: what concerns the message, nothing that concerns a connection, and
 * nothing by which a stranger could pose as somebody.
 *
 * Source: RFC 9110 §7.6.1 (connection headers); pokt-network/poktroll `pkg/relayer/proxy/http_utils.go`.
 */
import type { HttpHeaders } from '@decai/protocol/http';

const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
]);

/** Chosen here, or only the operator may say them: who asks, and for whom. */
const OURS_TO_SAY =
  /^(?:host|expect|accept-encoding|authorization|cookie|forwarded|proxy-.*|x-forwarded-.*|x-real-ip|pocket-.*)$/;

/** The headers of a relay's request as the backend gets them; `own` are the operator's and win. */
export function requestHeaders(asked: HttpHeaders, own: HttpHeaders): HttpHeaders {
  const passed = Object.entries(messageHeaders(asked)).filter(([name]) => !OURS_TO_SAY.test(name));
  // Packed bytes would be hashed and signed packed, and a stream would be held back until a block of it is full.
  return { ...Object.fromEntries(passed), 'accept-encoding': 'identity', ...own };
}

/** The headers of a backend's answer as they are signed. */
export function responseHeaders(answered: HttpHeaders): HttpHeaders {
  const passed = Object.entries(messageHeaders(answered)).filter(([name]) => !/^(?:pocket-.*|set-cookie)$/.test(name));
  return Object.fromEntries(passed);
}

function messageHeaders(headers: HttpHeaders): HttpHeaders {
  const named = new Set((headers['connection'] ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name) && !named.has(name)),
  );
}
