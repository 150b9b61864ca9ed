/**
 * Application records and the indexes that end-of-block rules walk.
 *
 * Source: pokt-network/poktroll `x/application/keeper/application.go`, `x/application/types/keys*.go`.
 */
import { ApplicationSchema, type Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { textKey, type CollectionRange } from './collection.ts';
import { IndexedCollection, indexedShape } from './indexed-collection.ts';
import { messageValue } from './message-value.ts';
import type { Store } from './store.ts';

const APPLICATIONS = indexedShape(
  'application/Application/address/',
  messageValue(ApplicationSchema),
  (application: Application) => textKey(application.address),
  {
    unstaking: {
      prefix: 'application/Application/unstaking/',
      keysOf: ({ address, unstakeSessionEndHeight }) => (unstakeSessionEndHeight === 0n ? [] : [textKey(address)]),
    },
    transfer: {
      prefix: 'application/Application/transfer/',
      keysOf: ({ address, pendingTransfer }) => (pendingTransfer === undefined ? [] : [textKey(address)]),
    },
    delegation: {
      prefix: 'application/Application/delegation/',
      keysOf: ({ address, delegateeGatewayAddresses }) =>
        delegateeGatewayAddresses.map((gateway) => textKey(gateway, address)),
    },
    undelegation: {
      prefix: 'application/Application/undelegation/',
      keysOf: ({ address, pendingUndelegations }) => [
        ...new Set(
          Object.values(pendingUndelegations).flatMap(({ gatewayAddresses }) =>
            gatewayAddresses.map((gateway) => textKey(address, gateway)),
          ),
        ),
      ],
    },
  },
);

export class ApplicationRecords {
  private readonly applications: IndexedCollection<
    Application,
    'unstaking' | 'transfer' | 'delegation' | 'undelegation'
  >;

  constructor(store: Store) {
    this.applications = new IndexedCollection(store, APPLICATIONS);
  }

  get(address: string): Application | undefined {
    return this.applications.get(textKey(address));
  }

  put(application: Application): void {
    this.applications.put(application);
  }

  delete(address: string): void {
    this.applications.delete(textKey(address));
  }

  /** See `IndexedCollection.reindex`. */
  reindex(): void {
    this.applications.reindex();
  }

  /** All records with their key suffixes, by address. */
  entries(range?: CollectionRange): Iterable<readonly [suffix: string, application: Application]> {
    return this.applications.records.entries(range);
  }

  /** Applications that have begun to unbond, by address. */
  unstaking(): Iterable<Application> {
    return this.applications.by('unstaking');
  }

  /** Applications with a pending transfer, by address. */
  transferring(): Iterable<Application> {
    return this.applications.by('transfer');
  }

  /** Applications that delegate to a gateway, by address. */
  delegatingTo(gateway: string): Iterable<Application> {
    return this.applications.by('delegation', { under: textKey(gateway) });
  }

  /** Applications with archived undelegations, each once, by address. */
  *withArchives(): Generator<Application> {
    let previous: string | undefined;
    for (const application of this.applications.by('undelegation')) {
      if (application.address !== previous) yield application;
      previous = application.address;
    }
  }
}

/**
 * Whether an application takes part in sessions at a height: an unbonding or transferring one until that session's end.
 */
export function isApplicationActive(application: Application, height: number): boolean {
  const { unstakeSessionEndHeight, pendingTransfer } = application;
  if (unstakeSessionEndHeight !== 0n) return BigInt(height) <= unstakeSessionEndHeight;
  if (pendingTransfer !== undefined) return BigInt(height) <= pendingTransfer.sessionEndHeight;
  return true;
}
