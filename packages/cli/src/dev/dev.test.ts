/** The whole network as a user starts it: real processes, one answer, its Source paid, and nobody left behind. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HOPS } from '@decai/protocol/hop';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DevFile, DevHome } from './dev-home.ts';
import { freePort } from './free-port.ts';
import type { NetworkFile } from './network-file.ts';

const BINARY = fileURLToPath(new URL('../../bin/decai.js', import.meta.url));
const MINUTES = 60_000;

let home: DevHome;
let port: number;
const started: ChildProcess[] = [];

beforeAll(async () => {
  home = new DevHome(await mkdtemp(join(tmpdir(), 'decai-dev-')));
  port = await freePort(undefined);
});

afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await until(() => leftovers().length === 0);
  await rm(home.directory, { recursive: true, force: true });
});

/** `decai dev` in the home, once it is ready. */
async function startDev(): Promise<{ child: ChildProcess; network: DevFile }> {
  const child = decai('dev', '--home', home.directory, '--port', String(port));
  let said = '';
  child.stderr!.on('data', (piece: Buffer) => (said += piece.toString()));
  await until(async () => child.exitCode !== null || (await home.read('dev.json')) !== undefined);
  const network = await home.read<DevFile>('dev.json');
  if (network === undefined) throw new Error(`decai dev ended: ${said}`);
  return { child, network };
}

function decai(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [BINARY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  return child;
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout!.on('data', (piece: Buffer) => (text += piece.toString()));
  child.stderr!.resume();
  await new Promise((resolve) => child.once('close', resolve));
  return text;
}

async function until(holds: () => boolean | Promise<boolean>, ms = 3 * MINUTES): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come about in time');
    await pause(100);
  }
}

/** Processes of this home: their configuration lies in it; the model server is known by its port. */
function leftovers(): string[] {
  const { stdout } = spawnSync('ps', ['-Ao', 'args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(home.directory) || line.includes(`--port ${modelPort} `));
}

let modelPort: number | undefined;

describe('decai dev', () => {
  let first: DevFile;
  let heightBefore: number;

  test(
    'answers the unmodified openai client, and the trace ends with the Source being paid',
    async () => {
      const { child, network } = await startDev();
      first = network;
      modelPort = (await home.read<NetworkFile>('network.json'))!.ports!.model;
      expect(network.gateway.url).toBe(`http://127.0.0.1:${port}/v1`);
      expect(network.miners).toHaveLength(3);
      expect(network.accounts.filter(({ role }) => role === 'faucet')).toHaveLength(1);
      expect((await stat(home.path('network.json'))).mode & 0o077).toBe(0);
      const info = await fetch(`${network.ledger.rest}/cosmos/base/tendermint/v1beta1/node_info`);
      expect(await info.json()).toMatchObject({ default_node_info: { network: network.ledger.chainId } });

      const client = new OpenAI({ baseURL: network.gateway.url, apiKey: network.gateway.key });
      const stream = await client.chat.completions.create({
        model: network.models[0]!,
        messages: [{ role: 'user', content: 'What does a Source do?' }],
        stream: true,
      });
      let text = '';
      let id = '';
      for await (const chunk of stream) {
        id = chunk.id;
        text += chunk.choices[0]?.delta.content ?? '';
      }
      expect(id).toMatch(/^chatcmpl-/);
      expect(text.trim()).not.toBe('');

      const traced = await outputOf(decai('trace', id, '--wait', '--json', '--home', home.directory));
      const hops = JSON.parse(traced) as { hop: string; at: number; role: string; source?: string; upokt?: string }[];
      expect(hops.map(({ hop }) => hop)).toEqual([...HOPS]);
      const source = network.accounts.find(({ role }) => role === 'source')!;
      expect(hops.at(-1)).toMatchObject({ source: source.address, upokt: '13104' });

      const explored = await fetch(`${network.ledger.explorer}/sources/${source.address}`);
      expect(await explored.json()).toMatchObject({ sourceAddress: source.address, paidUpokt: '13104', payments: '1' });

      heightBefore = await latestHeight();
      child.kill('SIGINT');
      await until(() => child.exitCode !== null);
      expect(child.exitCode).toBe(0);
      expect(leftovers()).toEqual([]);
      expect(await home.read('dev.json')).toBeUndefined();
    },
    4 * MINUTES,
  );

  test(
    'continues the same chain at the next start, and leaves nobody behind when it is killed outright',
    async () => {
      const { child, network } = await startDev();
      expect({ ...network, pid: 0 }).toEqual({ ...first, pid: 0 });
      expect(await latestHeight()).toBeGreaterThan(heightBefore);
      child.kill('SIGKILL');
      await until(() => leftovers().length === 0);
    },
    4 * MINUTES,
  );

  test('says what is in its way in one line', async () => {
    const other = await mkdtemp(join(tmpdir(), 'decai-dev-'));
    const { createServer } = await import('node:net');
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const taken = (server.address() as { port: number }).port;
    const child = decai('dev', '--home', other, '--port', String(taken));
    let said = '';
    child.stderr!.on('data', (piece: Buffer) => (said += piece.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    server.close();
    await rm(other, { recursive: true });
    expect(child.exitCode).toBe(1);
    expect(said).toContain(`decai: port ${taken} is taken by another program\n       choose another one`);
  });
});

async function latestHeight(): Promise<number> {
  const text = await outputOf(decai('query', 'status', '--home', home.directory));
  return (JSON.parse(text) as { latestHeight: number }).latestHeight;
}
