/**
 * The configuration files of a local network's roles, written anew at every start: what a role reads is what an operator
 * would write, and can be read to learn how.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { hashOfKey } from '@decai/gateway/tenants';
import { sequencerKey } from '@decai/node/block/sequencer-key';
import { stringify } from 'yaml';
import { openProposerKey } from '../keys/proposer-key.ts';
import type { DevHome } from './dev-home.ts';
import { SERVED_BY } from './local-accounts.ts';
import { localGenesis } from './local-genesis.ts';
import { accountsOf, type KeptAccount, type LocalPorts, type NetworkFile } from './network-file.ts';

export type LocalUrls = {
  readonly rpc: string;
  readonly rest: string;
  readonly explorer: string;
  readonly model: string;
  readonly miner: (supplier: string) => string;
};

export function urlsOf(ports: LocalPorts): LocalUrls {
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    rpc: at(ports.rpc),
    rest: at(ports.rest),
    explorer: `${at(ports.explorer)}/explorer/v1`,
    model: at(ports.model),
    miner: (supplier) => at(ports.miners[supplier]!),
  };
}

export type RoleFilesOptions = {
  readonly home: DevHome;
  readonly file: NetworkFile;
  readonly ports: LocalPorts;
  readonly gatewayPort: number;
  readonly blockMs: number;
  /** Of the first start, RFC 3339. A genesis that is there stays as it is. */
  readonly now: string;
  readonly randomBytes: (length: number) => Uint8Array;
};

/** Writes key files, genesis and configurations; those of keys and genesis only where they are missing. */
export async function writeRoleFiles(options: RoleFilesOptions): Promise<void> {
  const { home, file, ports, gatewayPort, blockMs, now } = options;
  const accounts = accountsOf(file);
  const urls = urlsOf(ports);
  await mkdir(home.path('keys'), { recursive: true, mode: 0o700 });
  for (const { name, mnemonic } of accounts) await writeOnce(home.path('keys', `${name}.key`), `${mnemonic}\n`, 0o600);
  await home.folder('node');
  const proposerKey = openProposerKey(home.path('node', 'proposer.key'), options.randomBytes);
  const proposerPublicKey = sequencerKey(proposerKey).publicKey;
  const genesis = JSON.stringify(
    localGenesis({ chainId: file.chainId, time: now, accounts, proposerPublicKey }),
    null,
    2,
  );
  await writeOnce(home.path('node', 'genesis.json'), `${genesis}\n`, 0o644);
  await writeConfig(home, 'node', {
    genesis: 'genesis.json',
    data: 'data',
    proposerKeyFile: 'proposer.key',
    listen: { host: '127.0.0.1', port: ports.rpc },
    rest: { host: '127.0.0.1', port: ports.rest },
    explorer: { host: '127.0.0.1', port: ports.explorer },
    blockMs,
  });
  await writeConfig(home, 'gateway', {
    listen: { host: '127.0.0.1', port: gatewayPort },
    ledger: { rpc: urls.rpc },
    keyFile: '../keys/gateway.key',
    keys: [{ label: 'local', sha256: hashOfKey(file.apiKey) }],
    data: 'data',
  });
  for (const supplier of suppliersOf(accounts)) {
    await writeConfig(home, supplier.name, {
      ledger: urls.rpc,
      keys: { file: `../keys/${supplier.name}.key` },
      data: 'data',
      listen: { host: '127.0.0.1', port: ports.miners[supplier.name] },
      services: Object.fromEntries(SERVED_BY[supplier.name]!.map((service) => [service, { backend: urls.model }])),
      trace: { enabled: true },
    });
  }
}

export function suppliersOf(accounts: readonly KeptAccount[]): readonly KeptAccount[] {
  return accounts.filter(({ role }) => role === 'supplier');
}

/** Where a role's configuration lies. */
export function configPath(home: DevHome, role: string): string {
  return home.path(role, 'config.yaml');
}

async function writeConfig(home: DevHome, role: string, document: unknown): Promise<void> {
  await home.folder(role);
  const heading = `# Written by "decai dev" at every start; changes here do not last.\n`;
  await writeFile(configPath(home, role), heading + stringify(document), { mode: 0o600 });
}

async function writeOnce(path: string, text: string, mode: number): Promise<void> {
  await writeFile(path, text, { mode, flag: 'wx' }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'EEXIST') throw thrown;
  });
}
