/**
 * Supplier records and their service configurations over time.
 *
 * A record is stored without configurations. Each configuration has a record of its own, from the height at which it
 * becomes active to the height at which it no longer is; sessions and rewards look only at these.
 *
 * Source: pokt-network/poktroll `x/supplier/keeper/supplier.go`, `x/supplier/keeper/service_config*.go`.
 */
import {
  ServiceConfigUpdateSchema,
  SupplierSchema,
  type ServiceConfigUpdate,
  type Supplier,
} from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { textKey, type CollectionRange } from './collection.ts';
import { IndexedCollection, indexedShape } from './indexed-collection.ts';
import { heightSegment, keyOf, textSegment } from './key.ts';
import { messageValue } from './message-value.ts';
import type { Store } from './store.ts';

const SUPPLIERS = indexedShape(
  'supplier/Supplier/operator_address/',
  messageValue(SupplierSchema),
  (supplier: Supplier) => textKey(supplier.operatorAddress),
  {
    unbonding: {
      prefix: 'supplier/Supplier/unbonding_height/',
      keysOf: ({ operatorAddress, unstakeSessionEndHeight }) =>
        unstakeSessionEndHeight === 0n ? [] : [textKey(operatorAddress)],
    },
  },
);

const CONFIGS = indexedShape(
  'supplier/ServiceConfigUpdate/service_id/',
  messageValue(ServiceConfigUpdateSchema),
  (config: ServiceConfigUpdate) => keyOf(service(config), activation(config), operator(config)),
  {
    operator: {
      prefix: 'supplier/ServiceConfigUpdate/operator_address/',
      keysOf: (config) => [keyOf(operator(config), service(config), activation(config))],
    },
    activation: {
      prefix: 'supplier/ServiceConfigUpdate/activation_height/',
      keysOf: (config) => [keyOf(activation(config), service(config), operator(config))],
    },
    deactivation: {
      prefix: 'supplier/ServiceConfigUpdate/deactivation_height/',
      keysOf: (config) =>
        config.deactivationHeight === 0n
          ? []
          : [
              keyOf(
                heightSegment(Number(config.deactivationHeight)),
                service(config),
                operator(config),
                activation(config),
              ),
            ],
    },
  },
);

const service = (config: ServiceConfigUpdate): string => textSegment(config.service?.serviceId ?? '');
const operator = (config: ServiceConfigUpdate): string => textSegment(config.operatorAddress);
const activation = (config: ServiceConfigUpdate): string => heightSegment(Number(config.activationHeight));

export class SupplierRecords {
  private readonly suppliers: IndexedCollection<Supplier, 'unbonding'>;
  private readonly configs: IndexedCollection<ServiceConfigUpdate, 'operator' | 'activation' | 'deactivation'>;

  constructor(store: Store) {
    this.suppliers = new IndexedCollection(store, SUPPLIERS);
    this.configs = new IndexedCollection(store, CONFIGS);
  }

  /** The record, without configurations. */
  get(operatorAddress: string): Supplier | undefined {
    return this.suppliers.get(textKey(operatorAddress));
  }

  /** Stores the record; configurations that it carries are left out. */
  put(supplier: Supplier): void {
    this.suppliers.put({ ...supplier, services: [], serviceConfigHistory: [] });
  }

  /** Removes the record and all its configurations. */
  delete(operatorAddress: string): void {
    this.suppliers.delete(textKey(operatorAddress));
    for (const config of Array.from(this.configsOf(operatorAddress))) this.deleteConfig(config);
  }

  /** All records with their key suffixes, by operator, without configurations. */
  entries(range?: CollectionRange): Iterable<readonly [suffix: string, supplier: Supplier]> {
    return this.suppliers.records.entries(range);
  }

  /** Suppliers that have begun to unbond, by operator. */
  unbonding(): Iterable<Supplier> {
    return this.suppliers.by('unbonding');
  }

  /** See `IndexedCollection.reindex`. */
  reindex(): void {
    this.suppliers.reindex();
    this.configs.reindex();
  }

  putConfig(config: ServiceConfigUpdate): void {
    this.configs.put(config);
  }

  deleteConfig(config: ServiceConfigUpdate): void {
    this.configs.delete(keyOf(service(config), activation(config), operator(config)));
  }

  /** All configurations of a supplier that are still kept, by service, then activation height. */
  configsOf(operatorAddress: string): Iterable<ServiceConfigUpdate> {
    return this.configs.by('operator', { under: textKey(operatorAddress) });
  }

  /** The configuration of one service that is active at a height; the newest if there were several. */
  configAt(operatorAddress: string, serviceId: string, height: number): ServiceConfigUpdate | undefined {
    let found: ServiceConfigUpdate | undefined;
    for (const config of this.configs.by('operator', { under: textKey(operatorAddress, serviceId) })) {
      if (isConfigActive(config, height)) found = config;
    }
    return found;
  }

  /** Configurations of a service that are active at a height, by activation height, then operator: the candidates of a session. */
  *candidates(serviceId: string, height: number): Generator<ServiceConfigUpdate> {
    const under = textKey(serviceId);
    const range = { start: under, end: under + heightSegment(height + 1) };
    for (const config of this.configs.records.values(range)) if (isConfigActive(config, height)) yield config;
  }

  /** Configurations of a service, with key suffixes below the service, by activation height, then operator. */
  configEntries(serviceId: string, range: CollectionRange = {}): Iterable<readonly [string, ServiceConfigUpdate]> {
    return this.configs.records.below(textKey(serviceId), range);
  }

  /** Configurations that become active at a height, by service, then operator. */
  activatingAt(height: number): Iterable<ServiceConfigUpdate> {
    return this.configs.by('activation', { under: keyOf(heightSegment(height)) });
  }

  /** Configurations that have ended by a height, by deactivation height. */
  deactivatedBy(height: number): Iterable<ServiceConfigUpdate> {
    return this.configs.by('deactivation', { end: heightSegment(height + 1) });
  }

  /** The supplier as queries show it: configurations active at the height, and all that are still kept. */
  hydrate(supplier: Supplier, height: number): Supplier {
    const history = [...this.configsOf(supplier.operatorAddress)];
    const active = history.filter((config) => isConfigActive(config, height));
    return {
      ...supplier,
      services: active.flatMap(({ service: config }) => config ?? []),
      serviceConfigHistory: history,
    };
  }
}

/** From its activation height up to, but without, its deactivation height; 0 leaves the end open. */
export function isConfigActive(
  { activationHeight, deactivationHeight }: { readonly activationHeight: bigint; readonly deactivationHeight: bigint },
  height: number,
): boolean {
  const at = BigInt(height);
  return activationHeight <= at && (deactivationHeight === 0n || at < deactivationHeight);
}
