import { expect, test } from 'vitest';
import { requestHeaders, responseHeaders } from './backend-headers.ts';

test('what concerns the message passes, what concerns a connection does not', () => {
  const asked = { 'content-type': 'application/json', connection: 'x-hop, close', 'x-hop': '1', te: 'trailers' };
  expect(requestHeaders(asked, {})).toEqual({ 'content-type': 'application/json', 'accept-encoding': 'identity' });
  expect(responseHeaders({ ...asked, 'content-length': '3', 'x-request-id': 'a' })).toEqual({
    'content-type': 'application/json',
    'x-request-id': 'a',
  });
});

test('a stranger cannot pose as somebody', () => {
  const asked = {
    authorization: 'Bearer stolen',
    cookie: 'a=b',
    host: 'internal',
    'x-forwarded-for': '127.0.0.1',
    'x-real-ip': '127.0.0.1',
    'pocket-supplier': 'pokt1other',
    'accept-encoding': 'gzip',
  };
  expect(requestHeaders(asked, {})).toEqual({ 'accept-encoding': 'identity' });
});

test('the operator has the last word', () => {
  expect(requestHeaders({ 'x-tier': 'free' }, { authorization: 'Bearer k', 'x-tier': 'paid' })).toEqual({
    authorization: 'Bearer k',
    'x-tier': 'paid',
    'accept-encoding': 'identity',
  });
});

test('a backend cannot bind an answer to a request of its choice', () => {
  expect(responseHeaders({ 'pocket-request-hash': '00', 'set-cookie': 'a=b' })).toEqual({});
});
