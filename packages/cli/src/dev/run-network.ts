/**
 * A whole network as real processes: started in the order in which the roles need each other, kept up, and ended in the
 * opposite one.
 *
 * The roles know nothing of this file: each reads a configuration file and could run on a machine of its own.
 */
import { createLedgerClient } from '@decai/client/ledger-client';
import { createRpcTransport } from '@decai/client/rpc-transport';
import { fromUtf8 } from '@decai/protocol/bytes';
import { Fault, isFault } from '@decai/protocol/fault';
import { readBody } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';
import type { DevFile, DevHome } from './dev-home.ts';
import { foundNetwork, type Founding, untilServed } from './found-network.ts';
import type { Foundation } from './founding.ts';
import { type KeepOptions, keepRole, type KeptRole } from './keep-role.ts';
import { PAYS_FOR, PUBLISHED_MODELS, SERVED_BY, STAKES_UPOKT } from './local-accounts.ts';
import { LOCAL_PROFILE } from './local-genesis.ts';
import { choosePorts } from './local-ports.ts';
import { accountNamed, accountsOf, openNetworkFile, rememberPorts } from './network-file.ts';
import { configPath, suppliersOf, urlsOf, writeRoleFiles } from './role-files.ts';
import { startRole } from './role-process.ts';

export type RunNetworkOptions = {
  readonly world: Pick<World, 'now' | 'sleep' | 'randomBytes' | 'request' | 'connect'>;
  readonly home: DevHome;
  readonly gatewayPort: number;
  readonly blockMs: number;
  /** `auto`, `llama` or `stand-in`. */
  readonly engine: string;
  /** Progress, for people. */
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
};

export type RunningNetwork = {
  readonly file: DevFile;
  /** Why the stand-in answers, if it does. */
  readonly standIn: string | undefined;
  /** Ends gateway, miners, model and node, in this order. */
  stop(): Promise<void>;
};

const READY_POLL_MS = 150;

/** Starts everything and waits until a request would be answered. Whatever was started is ended when it throws. */
export async function runNetwork(options: RunNetworkOptions): Promise<RunningNetwork> {
  const roles = new Roles(options);
  try {
    return await start(options, roles);
  } catch (thrown) {
    await roles.stop();
    throw thrown;
  }
}

async function start(options: RunNetworkOptions, roles: Roles): Promise<RunningNetwork> {
  const { world, home, gatewayPort, note, signal } = options;
  const randomBytes = (length: number): Uint8Array => world.randomBytes(length);
  const { file, isNew } = await openNetworkFile(home, randomBytes);
  const accounts = accountsOf(file);
  const suppliers = suppliersOf(accounts);
  const ports = await choosePorts(
    gatewayPort,
    suppliers.map(({ name }) => name),
    file.ports,
  );
  await rememberPorts(home, file, ports);
  await writeRoleFiles({ ...options, file, ports, now: new Date(world.now()).toISOString(), randomBytes });
  const urls = urlsOf(ports);

  note(isNew ? `a new chain, ${file.chainId}, in ${home.directory}` : `the chain ${file.chainId} goes on`);
  const model = roles.start('model', [...modelArguments(options, ports.model)]);
  // Awaited below; until then a failure elsewhere must not leave this one unheard.
  model.catch(() => undefined);
  await roles.start('node', ['node', 'start', '--config', configPath(home, 'node')]);
  const others = Promise.all([
    ...suppliers.map(({ name }) => roles.start(name, ['miner', 'start', '--config', configPath(home, name)])),
    roles.start('gateway', ['gateway', 'start', '--config', configPath(home, 'gateway')]),
  ]);
  others.catch(() => undefined);

  const ledger = createLedgerClient(createRpcTransport(world, { url: urls.rpc }));
  const foundation: Foundation = {
    source: partyOf('source'),
    services: PUBLISHED_MODELS,
    gateway: { ...partyOf('gateway'), stakeUpokt: STAKES_UPOKT.gateway },
    applications: PAYS_FOR.map(({ name, model: serviceId, delegates }) => ({
      ...partyOf(name),
      serviceId,
      stakeUpokt: STAKES_UPOKT.application,
      delegates,
    })),
    suppliers: suppliers.map(({ name }) => ({
      ...partyOf(name),
      stakeUpokt: STAKES_UPOKT.supplier,
      url: urls.miner(name),
      serviceIds: SERVED_BY[name]!,
    })),
  };
  const founding: Founding = { world, ledger, accounts, foundation, note, signal };
  const [{ first }] = await Promise.all([model, others, foundNetwork(founding)]);
  await untilServed(founding);
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  await untilSold(options, gatewayUrl, (await ledger.transport.status(signal)).latestHeight);

  return {
    standIn: standInReason(first.ready['models']),
    file: {
      gateway: { url: `${gatewayUrl}/v1`, key: file.apiKey },
      models: PUBLISHED_MODELS.map(({ id }) => id),
      ledger: { rpc: urls.rpc, chainId: file.chainId, profile: LOCAL_PROFILE },
      miners: suppliers.map(({ name, key }) => ({ supplier: key.address, url: urls.miner(name) })),
      accounts: accounts.map(({ name, role, key, mnemonic }) => ({ name, role, address: key.address, mnemonic })),
      pid: process.pid,
    },
    stop: () => roles.stop(),
  };

  function partyOf(name: string): { readonly name: string; readonly address: string } {
    return { name, address: accountNamed(accounts, name).key.address };
  }
}

function modelArguments({ engine }: RunNetworkOptions, port: number): readonly string[] {
  const models = PUBLISHED_MODELS.map(({ id }) => id).join(',');
  return ['model', 'serve', '--models', models, '--port', String(port), '--engine', engine];
}

/** Resolves when the gateway sells every model and has seen the block of `height`. */
async function untilSold({ world, signal }: RunNetworkOptions, gatewayUrl: string, height: number): Promise<void> {
  for (;;) {
    const state = await askReadiness(world, gatewayUrl, signal);
    const sold = PUBLISHED_MODELS.every(({ id }) => state?.models.includes(id));
    if (sold && state!.height >= height) return;
    await world.sleep(READY_POLL_MS, signal);
  }
}

type Readiness = { readonly models: readonly string[]; readonly height: number };

async function askReadiness(
  world: Pick<World, 'request'>,
  gatewayUrl: string,
  signal: AbortSignal,
): Promise<Readiness | undefined> {
  try {
    const url = `${gatewayUrl}/ready`;
    const answer = await world.request({ method: 'GET', url, headers: {}, body: new Uint8Array(0), signal });
    const tooLarge = (bytes: number): Fault => new Fault('READY_TOO_LARGE', 'the gateway says too much', { bytes });
    return JSON.parse(fromUtf8(await readBody(answer.body, 1_024 * 1_024, tooLarge))) as Readiness;
  } catch (thrown) {
    signal.throwIfAborted();
    // While it is being started again it is not there.
    if (isFault(thrown)) return undefined;
    throw thrown;
  }
}

function standInReason(models: unknown): string | undefined {
  const served = (models ?? []) as readonly { readonly kind: string; readonly reason?: string }[];
  const standIn = served.find(({ kind }) => kind === 'stand-in');
  return standIn === undefined ? undefined : (standIn.reason ?? 'no reason given');
}

/** The processes of a network, by the order in which they end: nobody loses his backend before he is gone himself. */
class Roles {
  readonly #options: RunNetworkOptions;
  readonly #starting = new Map<string, Promise<KeptRole>>();
  #stopped = false;

  constructor(options: RunNetworkOptions) {
    this.#options = options;
  }

  /** Starts a role and keeps it up. */
  async start(name: string, args: readonly string[]): Promise<KeptRole> {
    const { home, note, world, signal } = this.#options;
    await home.folder('logs');
    const log = home.path('logs', `${name}.log`);
    const options: KeepOptions = { start: () => startRole(name, args, log, signal), note, world };
    const starting = keepRole(name, options);
    this.#starting.set(name, starting);
    const role = await starting;
    if (!this.#stopped) note(`  ${name} serves at ${role.first.ready.url}`);
    return role;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const rank = (name: string): number =>
      ['gateway', 'supplier', 'model', 'node'].findIndex((one) => name.startsWith(one));
    const names = [...this.#starting.keys()];
    for (const step of [0, 1, 2, 3]) {
      const ending = names.filter((name) => rank(name) === step).map((name) => this.#starting.get(name)!);
      // What never started needs no end.
      await Promise.all(ending.map(async (starting) => (await starting.catch(() => undefined))?.stop()));
    }
  }
}
