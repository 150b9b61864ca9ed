/**
 * What this gateway can sell: the services of the applications that have delegated to it, read from the ledger.
 *
 * A model's name is its service's id. Several applications may stake for one service; their budgets are used in turn.
 */
import type { LedgerClient } from '@decai/client/ledger-client';
import type { World } from '@decai/protocol/world';

export type CatalogEntry = {
  /** Model name and service id, which are the same. */
  readonly model: string;
  /** Addresses of the applications that pay for it, in the order of their addresses. */
  readonly applications: readonly string[];
  /** Owner of the service: the Source. */
  readonly source: string;
  readonly computeUnitsPerRelay: bigint;
};

export class Catalog {
  readonly #ledger: Pick<LedgerClient, 'applicationsOf' | 'service'>;
  readonly #gatewayAddress: string;
  readonly #allowed: ReadonlySet<string> | undefined;
  #entries = new Map<string, CatalogEntry>();

  constructor(
    ledger: Pick<LedgerClient, 'applicationsOf' | 'service'>,
    gatewayAddress: string,
    models: readonly string[] | undefined,
  ) {
    this.#ledger = ledger;
    this.#gatewayAddress = gatewayAddress;
    this.#allowed = models === undefined ? undefined : new Set(models);
  }

  find(model: string): CatalogEntry | undefined {
    return this.#entries.get(model);
  }

  /** Everything on sale, in the order of the names. */
  get entries(): readonly CatalogEntry[] {
    return [...this.#entries.values()];
  }

  /** Reads the ledger anew; until that has succeeded, the old entries stand. */
  async refresh(): Promise<void> {
    const applications = await this.#ledger.applicationsOf(this.#gatewayAddress);
    const payers = new Map<string, string[]>();
    for (const { address, serviceConfigs } of applications) {
      for (const { serviceId } of serviceConfigs) {
        if (this.#allowed?.has(serviceId) === false) continue;
        payers.set(serviceId, [...(payers.get(serviceId) ?? []), address].sort());
      }
    }
    const entries = new Map<string, CatalogEntry>();
    for (const model of [...payers.keys()].sort()) {
      const service = await this.#ledger.service(model);
      if (service === undefined) continue;
      const { ownerAddress: source, computeUnitsPerRelay } = service;
      entries.set(model, { model, applications: payers.get(model)!, source, computeUnitsPerRelay });
    }
    this.#entries = entries;
  }

  /** Refreshes every `everyMs` until the signal aborts. Trouble is told and survived. */
  async keepFresh(
    world: Pick<World, 'sleep'>,
    everyMs: number,
    signal: AbortSignal,
    onTrouble: (thrown: unknown) => void,
  ): Promise<void> {
    while (!signal.aborted) {
      await this.refresh().catch(onTrouble);
      await world.sleep(everyMs, signal).catch(() => undefined);
    }
  }
}
