/**
 * The applications and suppliers that a block's claims concern, each read once and shared by all of them.
 *
 * Stakes fall in here claim by claim and are written when all claims are through, in the order in which actors were first
 * met. Budgets look at the stake as it was before the first claim.
 *
 * Source: pokt-network/poktroll `x/tokenomics/keeper` (settlement context).
 */
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import type { SupplierServiceConfig } from '@decai/protocol/gen/pocket/shared/service_pb';
import type { Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { amountUpoktOf, upoktCoin } from './stake.ts';
import type { State } from './state.ts';

export class SettlingApplication {
  readonly address: string;
  /** Before any claim of this block. */
  readonly initialStakeUpokt: bigint;
  readonly spendLimitUpokt: bigint;
  /** Whether unbonding had begun before this block: it is then left alone. */
  readonly wasUnbonding: boolean;
  stakeUpokt: bigint;
  unstakeSessionEndHeight: bigint;
  private readonly stored: Application;

  constructor(stored: Application) {
    this.stored = stored;
    this.address = stored.address;
    this.initialStakeUpokt = amountUpoktOf(stored.stake);
    this.spendLimitUpokt = amountUpoktOf(stored.perSessionSpendLimit);
    this.wasUnbonding = stored.unstakeSessionEndHeight !== 0n;
    this.stakeUpokt = this.initialStakeUpokt;
    this.unstakeSessionEndHeight = stored.unstakeSessionEndHeight;
  }

  /** The record as it stands now. */
  record(): Application {
    const { stored, unstakeSessionEndHeight } = this;
    return { ...stored, stake: upoktCoin(this.stakeUpokt), unstakeSessionEndHeight };
  }
}

export class SettlingSupplier {
  readonly record: Supplier;
  /** Looked up so far, by service and height: the active configuration, or undefined where there is none. In the order of asking. */
  readonly configs: Map<string, SupplierServiceConfig | undefined> = new Map();

  constructor(record: Supplier) {
    this.record = record;
  }
}

export class SettlingActors {
  private readonly state: State;
  private readonly applications = new Map<string, SettlingApplication>();
  private readonly suppliers = new Map<string, SettlingSupplier>();

  constructor(state: State) {
    this.state = state;
  }

  application(address: string): SettlingApplication | undefined {
    const met = this.applications.get(address);
    if (met !== undefined) return met;
    const stored = this.state.applications.get(address);
    if (stored === undefined) return undefined;
    const application = new SettlingApplication(stored);
    this.applications.set(address, application);
    return application;
  }

  supplier(operatorAddress: string): SettlingSupplier | undefined {
    return this.suppliers.get(operatorAddress) ?? this.meetSupplier(operatorAddress);
  }

  /** What a supplier is paid by for a session: the configuration of its service as of the start, or as of now. */
  config(
    { record, configs }: SettlingSupplier,
    { serviceId, sessionStartBlockHeight }: SessionHeader,
  ): SupplierServiceConfig | undefined {
    const height = this.state.asOf(Number(sessionStartBlockHeight));
    const key = `${serviceId}@${height}`;
    if (!configs.has(key)) {
      configs.set(key, this.state.suppliers.configAt(record.operatorAddress, serviceId, height)?.service);
    }
    return configs.get(key);
  }

  /** Stores the applications whose records have changed. */
  writeApplications(): void {
    for (const application of this.applications.values()) {
      if (application.stakeUpokt === application.initialStakeUpokt) continue;
      this.state.applications.put(application.record());
    }
  }

  private meetSupplier(operatorAddress: string): SettlingSupplier | undefined {
    const record = this.state.suppliers.get(operatorAddress);
    if (record === undefined) return undefined;
    const supplier = new SettlingSupplier(record);
    this.suppliers.set(operatorAddress, supplier);
    return supplier;
  }
}
