/**
 * What our suppliers are staked for, asked at each start of a session: stakes and services change only there.
 *
 * Source: pokt-network/poktroll `x/supplier/keeper`, `proto/pocket/shared/supplier.proto`.
 */
import type { LedgerClient } from '@decai/client/ledger-client';
import type { SessionClock } from '@decai/client/session-clock';

export class SupplierStakes {
  readonly #ledger: Pick<LedgerClient, 'supplier'>;
  readonly #clock: Pick<SessionClock, 'spanAt'>;
  readonly #addresses: readonly string[];
  readonly #services = new Map<string, { readonly asOf: number; readonly services: ReadonlySet<string> | undefined }>();

  constructor(
    ledger: Pick<LedgerClient, 'supplier'>,
    clock: Pick<SessionClock, 'spanAt'>,
    addresses: readonly string[],
  ) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#addresses = addresses;
  }

  /** Services that a supplier is staked for; undefined when it is not staked, or not known to be. */
  servicesOf(supplier: string): ReadonlySet<string> | undefined {
    return this.#services.get(supplier)?.services;
  }

  /** Asks for those whose answer may have changed: once a session, and every block for one that is not staked. */
  async refresh(height: number): Promise<void> {
    const { startHeight } = await this.#clock.spanAt(height);
    for (const address of this.#addresses) {
      const known = this.#services.get(address);
      if (known?.services !== undefined && known.asOf === startHeight) continue;
      const record = await this.#ledger.supplier(address);
      const isLeaving = record !== undefined && record.unstakeSessionEndHeight > 0n;
      const isStaked = record !== undefined && (!isLeaving || BigInt(height) <= record.unstakeSessionEndHeight);
      const services = isStaked ? new Set(record.services.map(({ serviceId }) => serviceId)) : undefined;
      this.#services.set(address, { asOf: startHeight, services });
    }
  }
}
