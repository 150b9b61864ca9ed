/**
 * The folder of a local network: where everything is kept, and the file that tells scripts where things are.
 *
 * `dev.json` is there exactly while the network is ready: written whole by a rename, removed at the end. What must survive
 * a restart (keys, ports, the API key) is in `network.json`, readable by its owner alone.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../command.ts';
import { isProcessAlive } from './process-alive.ts';

/** What `dev.json` says to scripts. */
export type DevFile = {
  /** `url` ends in `/v1`. */
  readonly gateway: { readonly url: string; readonly key: string };
  /** Models that the gateway sells, the recommended one first. */
  readonly models: readonly string[];
  readonly ledger: {
    readonly rpc: string;
    readonly rest: string;
    /** Ends in `/explorer/v1`. */
    readonly explorer: string;
    readonly chainId: string;
    readonly profile: string;
  };
  readonly miners: readonly { readonly supplier: string; readonly url: string }[];
  readonly accounts: readonly {
    readonly name: string;
    readonly role: string;
    readonly address: string;
    readonly mnemonic: string;
  }[];
  readonly pid: number;
};

export const DEV_HOME_DEFAULT = '.decai';

export class DevHome {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** Creates the folder of a role and gives its path. */
  async folder(...names: string[]): Promise<string> {
    const path = this.path(...names);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** Undefined when it is not there. @throws UsageError when it is there and is not JSON. */
  async read<T>(name: string): Promise<T | undefined> {
    const text = await readFile(this.path(name), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch (thrown) {
      throw new UsageError(`${this.path(name)} is not JSON: ${(thrown as Error).message}`);
    }
  }

  /** Writes a document whole or not at all, readable by its owner alone. */
  async write(name: string, document: unknown): Promise<void> {
    await this.folder();
    const draft = this.path(`.${name}.${process.pid}`);
    await writeFile(draft, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
    await rename(draft, this.path(name));
  }

  async remove(name: string): Promise<void> {
    await rm(this.path(name), { force: true });
  }

  /**
   * Takes the folder for this process until `release`.
   *
   * @throws UsageError while another process that still lives has it.
   */
  async lock(): Promise<{ release: () => Promise<void> }> {
    await this.folder();
    const path = this.path('lock');
    for (;;) {
      try {
        await writeFile(path, String(process.pid), { mode: 0o600, flag: 'wx' });
        return { release: () => rm(path, { force: true }) };
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
      }
      const owner = Number(await readFile(path, 'utf8').catch(() => ''));
      if (owner !== process.pid && isProcessAlive(owner)) {
        throw new UsageError(
          `a network already runs in ${this.directory} (process ${owner})`,
          'stop it with Ctrl-C there, or start another one: decai dev --home OTHER --port 8090',
        );
      }
      // Left behind by a process that was killed.
      await rm(path, { force: true });
    }
  }
}
