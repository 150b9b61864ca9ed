/**
 * From when to when an application delegates to a gateway: with these the ring of a session is that of the session, whatever
 * was delegated or taken back since (profile `decai`).
 *
 * An application's record knows who left and when, but not who came when: a gateway that came later would count for
 * sessions of the past.
 */
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { textKey, type ValueCodec } from './collection.ts';
import { IndexedCollection, indexedShape } from './indexed-collection.ts';
import { heightSegment, keyOf, textSegment } from './key.ts';
import type { Store } from './store.ts';

export type DelegationInterval = {
  readonly application: string;
  readonly gateway: string;
  /** The height at which the delegation was made. */
  readonly fromHeight: number;
  /** The end of the session in which it was taken back; 0 while it lasts. */
  readonly toHeight: number;
};

type Fields = readonly [application: string, gateway: string, fromHeight: number, toHeight: number];

/** One list in a fixed order, so that one interval has one encoding. */
const INTERVAL: ValueCodec<DelegationInterval> = {
  encode: ({ application, gateway, fromHeight, toHeight }) =>
    utf8(JSON.stringify([application, gateway, fromHeight, toHeight] satisfies Fields)),
  decode: (bytes) => {
    const [application, gateway, fromHeight, toHeight] = JSON.parse(fromUtf8(bytes)) as Fields;
    return { application, gateway, fromHeight, toHeight };
  },
};

const primaryKey = ({ application, gateway, fromHeight }: DelegationInterval): string =>
  keyOf(textSegment(application), textSegment(gateway), heightSegment(fromHeight));

const INTERVALS = indexedShape('application/DelegationInterval/', INTERVAL, primaryKey, {
  end: {
    prefix: 'application/DelegationInterval/end/',
    keysOf: (interval) => {
      return interval.toHeight === 0 ? [] : [keyOf(heightSegment(interval.toHeight)) + primaryKey(interval)];
    },
  },
});

export class DelegationIntervals {
  private readonly intervals: IndexedCollection<DelegationInterval, 'end'>;

  constructor(store: Store) {
    this.intervals = new IndexedCollection(store, INTERVALS);
  }

  /** Begins one; nothing where the application delegates to the gateway already. */
  open(application: string, gateway: string, fromHeight: number): void {
    if (this.openInterval(application, gateway) !== undefined) return;
    this.intervals.put({ application, gateway, fromHeight, toHeight: 0 });
  }

  /** Ends the one that lasts. */
  close(application: string, gateway: string, toHeight: number): void {
    const interval = this.openInterval(application, gateway);
    if (interval !== undefined) this.intervals.put({ ...interval, toHeight });
  }

  put(interval: DelegationInterval): void {
    this.intervals.put(interval);
  }

  /** The gateways that may sign for an application in its session that ends at a height, in ascending order, each once. */
  gatewaysOf(application: string, sessionEndHeight: number): string[] {
    const gateways = new Set<string>();
    for (const { gateway, fromHeight, toHeight } of this.of(application)) {
      if (fromHeight <= sessionEndHeight && (toHeight === 0 || toHeight >= sessionEndHeight)) gateways.add(gateway);
    }
    return [...gateways];
  }

  /** Removes all of an application's that is gone. */
  delete(application: string): void {
    for (const interval of Array.from(this.of(application))) this.intervals.delete(primaryKey(interval));
  }

  /** Removes those that ended before a height. */
  prune(height: number): void {
    const ended = this.intervals.by('end', { end: heightSegment(height) });
    for (const interval of Array.from(ended)) this.intervals.delete(primaryKey(interval));
  }

  /** Writes the index anew: see `State.reindex`. */
  reindex(): void {
    this.intervals.reindex();
  }

  private of(application: string): Iterable<DelegationInterval> {
    return this.intervals.records.values({ under: textKey(application) });
  }

  private openInterval(application: string, gateway: string): DelegationInterval | undefined {
    for (const interval of this.intervals.records.values({ under: textKey(application, gateway) })) {
      if (interval.toHeight === 0) return interval;
    }
    return undefined;
  }
}
