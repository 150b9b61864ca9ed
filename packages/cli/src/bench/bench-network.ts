/**
 * The whole way on this machine: a local network of real processes with a model that costs next to nothing, so that what is
 * measured is the network and not the model.
 *
 * The same requests go to the model directly and through gateway and miner, in turn; and relays go through one miner, many
 * at a time, against the same number of requests to the model alone. Everything stays on loopback, bounded in number.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signingRing } from '@decai/client/application-ring';
import { openNetworkView, type NetworkView } from '@decai/client/network-view';
import { createRpcTransport } from '@decai/client/rpc-transport';
import { sendRelay } from '@decai/client/send-relay';
import { signRelay } from '@decai/client/sign-relay';
import { utf8 } from '@decai/protocol/bytes';
import { readBody } from '@decai/protocol/http';
import { type Key, keyFromMnemonic } from '@decai/protocol/keys';
import type { World } from '@decai/protocol/world';
import { createWorld } from '@decai/world';
import { type DevFile, DevHome } from '../dev/dev-home.ts';
import { freePort } from '../dev/free-port.ts';
import { runNetwork } from '../dev/run-network.ts';
import { quantile } from './measure.ts';
import type { BenchLine } from './report.ts';

const SEQUENTIAL = 150;
const PARALLEL = 1_500;
const AT_ONCE = 16;

export async function benchNetwork(): Promise<BenchLine[]> {
  const directory = await mkdtemp(join(tmpdir(), 'decai-bench-'));
  const world = createWorld({ dataDirectory: directory });
  const gatewayPort = await freePort(undefined);
  const signal = new AbortController().signal;
  const home = new DevHome(directory);
  const network = await runNetwork({
    world,
    home,
    gatewayPort,
    blockMs: 1_000,
    engine: 'stand-in',
    note: () => undefined,
    signal,
  });
  try {
    const { ports } = (await home.read<{ ports: { model: number } }>('network.json'))!;
    const modelUrl = `http://127.0.0.1:${ports.model}/v1`;
    return [...(await overhead(world, network.file, modelUrl)), await throughput(world, network.file, modelUrl)];
  } finally {
    await network.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function overhead(world: World, { gateway, models }: DevFile, modelUrl: string): Promise<BenchLine[]> {
  const lines: BenchLine[] = [];
  for (const streaming of [false, true]) {
    const [direct, through]: [number[], number[]] = [[], []];
    for (let i = 0; i < SEQUENTIAL + 20; i += 1) {
      const a = await ask(world, modelUrl, undefined, models[0]!, streaming);
      const b = await ask(world, gateway.url, gateway.key, models[0]!, streaming);
      // The first ones warm up.
      if (i < 20) continue;
      direct.push(a);
      through.push(b);
    }
    const [d50, t50] = [quantile(direct, 0.5), quantile(through, 0.5)];
    const [d99, t99] = [quantile(direct, 0.99), quantile(through, 0.99)];
    lines.push({
      what: streaming ? 'first token, gateway and miner' : 'whole answer, gateway and miner',
      ours: `p50 ${t50.toFixed(2)} ms, p99 ${t99.toFixed(2)}`,
      baseline: `the model directly p50 ${d50.toFixed(2)} ms, p99 ${d99.toFixed(2)}`,
      ratio: t50 - d50,
      ratioMeans: 'ms added at the median',
    });
  }
  return lines;
}

/** Milliseconds to the whole answer, or to the first piece of a stream, which is then read to its end. */
async function ask(
  world: World,
  url: string,
  key: string | undefined,
  model: string,
  stream: boolean,
): Promise<number> {
  const started = performance.now();
  const answer = await world.request({
    method: 'POST',
    url: `${url}/chat/completions`,
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    body: utf8(JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'What is a relay?' }] })),
    signal: new AbortController().signal,
  });
  if (answer.status !== 200) throw new Error(`status ${answer.status} from ${url}`);
  let first: number | undefined;
  if (answer.body instanceof Uint8Array) return performance.now() - started;
  for await (const _piece of answer.body) first ??= performance.now() - started;
  return stream ? first! : performance.now() - started;
}

async function throughput(world: World, file: DevFile, modelUrl: string): Promise<BenchLine> {
  const view = openNetworkView({ world, transport: createRpcTransport(world, { url: file.ledger.rpc }) });
  try {
    const key = keyFromMnemonic(file.accounts.find(({ name }) => name === 'sovereign')!.mnemonic);
    const supplier = file.miners[0]!.supplier;
    await inParallel(200, () => relay(world, view, key, file.models[0]!, supplier));
    const miner = await inParallel(PARALLEL, () => relay(world, view, key, file.models[0]!, supplier));
    const direct = await inParallel(PARALLEL, () => ask(world, modelUrl, undefined, file.models[0]!, false));
    return {
      what: `relays through one miner, ${AT_ONCE} at a time`,
      ours: `${miner.toFixed(0)} a second`,
      baseline: `requests to the model directly ${direct.toFixed(0)} a second`,
      ratio: miner / direct,
      ratioMeans: 'of the direct rate, sender and verifier on the same cores',
    };
  } finally {
    await view.stop();
  }
}

async function relay(world: World, view: NetworkView, key: Key, model: string, supplier: string): Promise<void> {
  const session = await view.currentSession(key.address, model);
  const ring = await signingRing(session.application, key, session.endHeight, view.keys);
  const target = session.suppliers.find(({ operatorAddress }) => operatorAddress === supplier)?.endpoint;
  if (!ring.ok || target === undefined) throw new Error('the supplier is not in the session');
  const signed = signRelay({
    sessionHeader: session.header,
    supplierOperatorAddress: supplier,
    http: {
      method: 'POST',
      url: `${target.url}/v1/chat/completions`,
      headers: { 'content-type': 'application/json' },
      body: utf8(JSON.stringify({ model, messages: [{ role: 'user', content: 'What is a relay?' }] })),
    },
    ring,
    privateKey: key.privateKey,
    randomBytes: (length) => world.randomBytes(length),
  });
  const signal = new AbortController().signal;
  const answer = await sendRelay({ world, keys: view.keys, relay: signed, target, signal });
  if (!answer.ok) throw new Error(`a relay failed: ${answer.failure.code}`);
  if (answer.kind === 'stream') await readBody(answer.body, 1_000_000, () => new Error('too large'));
}

/** How many a second, `AT_ONCE` at a time. */
async function inParallel(count: number, act: () => Promise<unknown>): Promise<number> {
  let left = count;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await act();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return (1_000 * count) / (performance.now() - started);
}
