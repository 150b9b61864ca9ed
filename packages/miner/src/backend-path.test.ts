import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backendUrl, isPathAllowed, readBackendPath } from './backend-path.ts';
import { OPENAI_PATHS } from './miner-config.ts';

test.each([
  ['http://supplier.example:8545/v1/models', '/v1/models', ''],
  ['/v1/chat/completions?x=1', '/v1/chat/completions', '?x=1'],
  ['//v1//models', '/v1/models', ''],
  ['/v1/../v1/./models', '/v1/models', ''],
  ['/v1/%2e%2e/admin', '/admin', ''],
  ['/v1/.x/../../admin', '/admin', ''],
  ['/v1/models/.x/../../../admin', '/admin', ''],
  ['/v1/.x/%2E./', '/v1/', ''],
  ['https://h', '/', ''],
  ['', '/', ''],
])('%s asks for %s', (url, path, query) => {
  expect(readBackendPath(url)).toEqual({ path, query });
});

test.each(['/v1/..%2fadmin', '/v1\\admin', '/v1/%5C..', '/v1/a%00', '/v1/ models', 'file:///etc/passwd', 'http://['])(
  '%s asks for nothing that every server reads alike',
  (url) => {
    expect(readBackendPath(url)).toBeUndefined();
  },
);

test('what is not on the list is not allowed', () => {
  expect(isPathAllowed('/v1/chat/completions', OPENAI_PATHS)).toBe(true);
  expect(isPathAllowed('/v1/models/a', OPENAI_PATHS)).toBe(true);
  expect(isPathAllowed('/v1/chat/completions/x', OPENAI_PATHS)).toBe(false);
  expect(isPathAllowed('/admin', OPENAI_PATHS)).toBe(false);
  expect(isPathAllowed('/anything', ['/*'])).toBe(true);
});

test('the backend keeps its host, its base path and its own parameters', () => {
  expect(backendUrl('http://127.0.0.1:8000', { path: '/v1/models', query: '' })).toBe(
    'http://127.0.0.1:8000/v1/models',
  );
  expect(backendUrl('http://h/base/?key=1', { path: '/v1/x', query: '?a=2' })).toBe('http://h/base/v1/x?key=1&a=2');
});

test('no URL leads to another host or above the base path', () => {
  const piece = fc.constantFrom(
    '/',
    '..',
    '.',
    '%2e',
    '%2E%2e',
    'v1',
    '//',
    '@evil',
    ':80',
    '?q',
    '#f',
    'http://evil/',
    ';x',
    '/.x/',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const read = readBackendPath(pieces.join(''));
      if (read === undefined) return;
      expect(read.path).not.toMatch(/(^|\/)\.\.?(\/|$)|\/\//);
      const url = new URL(backendUrl('http://backend:1/base', read));
      expect([url.host, url.pathname.startsWith('/base/')]).toEqual(['backend:1', true]);
    }),
  );
});
