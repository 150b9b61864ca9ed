/**
 * A whole network as real processes: started in the order in which the roles need each other, kept up, and ended in the
 * opposite one.
 *
 * The roles know nothing of this file: each reads a configuration file and could run on a machine of its own.
 */
import { createLedgerClient } from '@decai/client/ledger-client';
import { createRpcTransport } from '@decai/client/rpc-transport';
import type { World } from '@decai/protocol/world';
import type { EngineChoice } from '../engine-option.ts';
import type { DevFile, DevHome } from './dev-home.ts';
import { foundNetwork, type Founding, untilServed } from './found-network.ts';
import type { Foundation } from './founding.ts';
import { keepRole } from './keep-role.ts';
import { PAYS_FOR, PUBLISHED_MODELS, SERVED_BY, STAKES_UPOKT } from './local-accounts.ts';
import { LOCAL_PROFILE } from './local-genesis.ts';
import { choosePorts } from './local-ports.ts';
import { accountNamed, accountsOf, openNetworkFile, rememberPorts } from './network-file.ts';
import { configPath, suppliersOf, urlsOf, writeRoleFiles } from './role-files.ts';
import { type RoleProcess, startRole } from './role-process.ts';
import { RoleSet } from './role-set.ts';
import { type Page, untilReady } from './until-ready.ts';

export type RunNetworkOptions = {
  readonly world: Pick<World, 'now' | 'sleep' | 'randomBytes' | 'request' | 'connect'>;
  readonly home: DevHome;
  readonly gatewayPort: number;
  readonly blockMs: number;
  readonly engine: EngineChoice;
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

/** Starts everything and waits until a request would be answered. Whatever was started is ended when it throws. */
export async function runNetwork(options: RunNetworkOptions): Promise<RunningNetwork> {
  const roles = rolesOf(options);
  try {
    return await start(options, roles);
  } catch (thrown) {
    await roles.stop();
    throw thrown;
  }
}

async function start(options: RunNetworkOptions, roles: RoleSet): Promise<RunningNetwork> {
  const { world, home, gatewayPort, note } = options;
  // Also ends what waits here when one of the roles cannot start.
  const { signal } = roles;
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
  const model = roles.start('model', modelArguments(options, ports.model));
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
  const { latestHeight } = await ledger.transport.status(signal);
  const minerUrls = suppliers.map(({ name }) => urls.miner(name));
  await untilOpen({ world, signal }, gatewayUrl, minerUrls, latestHeight);

  return {
    standIn: standInReason(first.ready['models']),
    file: {
      gateway: { url: `${gatewayUrl}/v1`, key: file.apiKey },
      models: PUBLISHED_MODELS.map(({ id }) => id),
      ledger: {
        rpc: urls.rpc,
        rest: urls.rest,
        explorer: urls.explorer,
        chainId: file.chainId,
        profile: LOCAL_PROFILE,
      },
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

/** Resolves when every miner would serve a relay, and the gateway sells every model and has seen the block of `height`. */
async function untilOpen(
  { world, signal }: Pick<RunNetworkOptions, 'world' | 'signal'>,
  gatewayUrl: string,
  minerUrls: readonly string[],
  height: number,
): Promise<void> {
  await Promise.all([
    ...minerUrls.map((url) => untilReady(world, `${url}/ready`, ({ status }) => status === 200, signal)),
    untilReady(world, `${gatewayUrl}/ready`, ({ document }) => sellsEverything(document, height), signal),
  ]);
}

function sellsEverything(page: Page['document'], height: number): boolean {
  const models = Array.isArray(page['models']) ? (page['models'] as readonly unknown[]) : [];
  return PUBLISHED_MODELS.every(({ id }) => models.includes(id)) && Number(page['height']) >= height;
}

function standInReason(models: unknown): string | undefined {
  const served = (models ?? []) as readonly { readonly kind: string; readonly reason?: string }[];
  const standIn = served.find(({ kind }) => kind === 'stand-in');
  return standIn === undefined ? undefined : (standIn.reason ?? 'no reason given');
}

/** Starts roles as processes with a log each, and says how they fare until the end. */
function rolesOf({ home, note, world, signal }: RunNetworkOptions): RoleSet {
  const noteUntilEnd = (line: string): void => {
    if (!roles.signal.aborted) note(line);
  };
  const roles: RoleSet = new RoleSet(async (name, args, giveUp) => {
    await home.folder('logs');
    const log = home.path('logs', `${name}.log`);
    const start = (): Promise<RoleProcess> => startRole(name, args, log, giveUp);
    const role = await keepRole(name, { start, note: noteUntilEnd, world });
    noteUntilEnd(`  ${name} serves at ${role.first.ready.url}`);
    return role;
  }, signal);
  return roles;
}
