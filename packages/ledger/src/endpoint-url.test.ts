import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEndpointUrl } from './endpoint-url.ts';

/** What Go 1.26 `net/url` and the supplier rule on top of it say. */
const ACCEPTED = [
  'http://example.com',
  'https://example.com/path?query=value#fragment',
  'https://localhost:8081',
  'http://127.0.0.1:8081',
  'ws://h',
  'wss://h:1',
  'HTTP://h',
  'http://:8080',
  'http://h:',
  'http://h:99999',
  'http://[::1]:80',
  'http://user:pw@h',
  'http://@h',
  'http://u:p@:80',
  'http://ho_st',
  'http://h/a b',
  'http://h/%41',
  'http://h?x=%zz',
  'http://h<>',
  'http://h"',
  'http://ä.de',
  'http://[fe80::1%25en0]:80',
];

const REJECTED = [
  'ftp://example.com',
  'example.com',
  'not-a-valid-url',
  'I am not a valid URL',
  '',
  'h',
  '//h',
  'http:h',
  'http//h',
  'http://',
  'http:///p',
  'http://a@',
  'http://h:port',
  'http://h:-1',
  'http://h:80a',
  'http://a:b:c',
  'http://[::1',
  'http://[::1]x',
  'http://[fe80::1%en0]:80',
  'http://h h',
  ' http://h',
  'http://h ',
  'http://h\t',
  'http://h/\u007f',
  'http://h\\x',
  'http://%41',
  'http://h/%zz',
  'http://h#%zz',
  '1http://h',
  'ht+tp://h',
  'grpc://h',
];

describe('isEndpointUrl', () => {
  it.each(ACCEPTED)('takes %j', (url) => expect(isEndpointUrl(url)).toBe(true));
  it.each(REJECTED)('refuses %j', (url) => expect(isEndpointUrl(url)).toBe(false));

  it('takes a zone only with plain characters, escaped or not', () => {
    expect(isEndpointUrl('http://[fe80::1%25en%20]')).toBe(true);
    expect(isEndpointUrl('http://[fe80::1%25en%2f]')).toBe(false);
  });

  it('decides about any text without throwing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void isEndpointUrl(`http://${text}`)));
  });
});
