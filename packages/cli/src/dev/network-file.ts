/**
 * What a local network must remember between two starts: keys, ports, the API key, the chain's name.
 *
 * Kept in `network.json`, readable by its owner alone. The mnemonics in it are worth nothing outside this network.
 */
import { toHex } from '@decai/protocol/bytes';
import { generateMnemonic, type Key, keyFromMnemonic } from '@decai/protocol/keys';
import { UsageError } from '../command.ts';
import type { DevHome } from './dev-home.ts';
import { LOCAL_ACCOUNTS, type LocalAccount } from './local-accounts.ts';

export type LocalPorts = {
  readonly rpc: number;
  readonly rest: number;
  readonly explorer: number;
  readonly model: number;
  /** By name of the supplier. */
  readonly miners: Readonly<Record<string, number>>;
};

export type NetworkFile = {
  readonly version: 1;
  readonly chainId: string;
  readonly apiKey: string;
  readonly accounts: readonly { readonly name: string; readonly mnemonic: string }[];
  /** Taken last time; undefined before the first start. */
  readonly ports?: LocalPorts;
};

/** An account of the local network with its key. */
export type KeptAccount = LocalAccount & { readonly mnemonic: string; readonly key: Key };

const NAME = 'network.json';

/** Fresh keys and names for a network that was never started. */
export function newNetworkFile(randomBytes: (length: number) => Uint8Array): NetworkFile {
  return {
    version: 1,
    chainId: `decai-local-${toHex(randomBytes(3))}`,
    apiKey: `sk-decai-${toHex(randomBytes(24))}`,
    accounts: LOCAL_ACCOUNTS.map(({ name }) => ({ name, mnemonic: generateMnemonic(randomBytes) })),
  };
}

/**
 * The file of a home, made if it is not there.
 *
 * @throws UsageError when it is there and cannot be used.
 */
export async function openNetworkFile(
  home: DevHome,
  randomBytes: (length: number) => Uint8Array,
): Promise<{ readonly file: NetworkFile; readonly isNew: boolean }> {
  const known = await home.read<NetworkFile>(NAME).catch(() => 'broken' as const);
  if (known === undefined) {
    const file = newNetworkFile(randomBytes);
    await home.write(NAME, file);
    return { file, isNew: true };
  }
  const names = known === 'broken' ? [] : (known.accounts ?? []).map(({ name }) => name);
  if (known === 'broken' || known.version !== 1 || LOCAL_ACCOUNTS.some(({ name }) => !names.includes(name))) {
    throw new UsageError(
      `${home.path(NAME)} is damaged or was written by another version`,
      `start afresh: remove ${home.directory} (its coins are only local), or use another --home`,
    );
  }
  return { file: known, isNew: false };
}

export async function rememberPorts(home: DevHome, file: NetworkFile, ports: LocalPorts): Promise<void> {
  await home.write(NAME, { ...file, ports });
}

/** The accounts with their keys, in the order of `LOCAL_ACCOUNTS`. */
export function accountsOf(file: NetworkFile): readonly KeptAccount[] {
  const mnemonics = new Map(file.accounts.map(({ name, mnemonic }) => [name, mnemonic]));
  return LOCAL_ACCOUNTS.map((account) => {
    const mnemonic = mnemonics.get(account.name)!;
    return { ...account, mnemonic, key: keyFromMnemonic(mnemonic) };
  });
}

/** @throws TypeError for a name that no account has: a slip in this program. */
export function accountNamed(accounts: readonly KeptAccount[], name: string): KeptAccount {
  const found = accounts.find((account) => account.name === name);
  if (found === undefined) throw new TypeError(`no local account is called ${name}`);
  return found;
}
