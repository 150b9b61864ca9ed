/** The binary as a shell sees it. */
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BINARY = fileURLToPath(new URL('../bin/decai.js', import.meta.url));

let server: Server;
/** Called when somebody asks the server, which never answers. */
let onAsked: () => void = () => undefined;
let url: string;

beforeAll(async () => {
  server = createServer(() => onAsked()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Brings the build up to date, once for all of them.
  await decai(['--version'], undefined, {});
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

function decai(
  args: readonly string[],
  ending?: NodeJS.Signals,
  more: NodeJS.ProcessEnv = { DECAI_BUILT: '1' },
): Promise<Ended> {
  const env = { ...process.env, ...more };
  const child = spawn(process.execPath, [BINARY, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onAsked = () => void child.kill(ending);
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

test('says its version', async () => {
  expect(await decai(['--version'])).toEqual({ code: 0, out: '0.1.0\n', err: '' });
});

test.each([
  [['sing'], "error: unknown command 'sing'"],
  [['query', 'sing'], "error: unknown command 'sing'"],
  [['dev', '--loud'], "error: unknown option '--loud'"],
  [['trace'], "error: missing required argument 'id'"],
  [['query', 'block', 'x', '--rpc', 'http://127.0.0.1:1'], 'decai: "x" is no height'],
])('%j is a mistake, told in words, with exit code 1', async (args, words) => {
  const { code, out, err } = await decai(args);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(words);
  expect(err).not.toContain('    at ');
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('ends on %s without a word, with exit code %i', async (ending, code) => {
  expect(await decai(['query', 'status', '--rpc', url], ending)).toEqual({ code, out: '', err: '' });
});
