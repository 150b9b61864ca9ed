/**
 * What this miner did for each of the last relays, and with their sessions: the miner's part of a trace.
 *
 * Hops of a relay stand under its request's digest, hops of a claim or proof under session and supplier; asking for a relay
 * gives both. What was served is kept on the disk as well, because a royalty may come long after a restart.
 */
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import type { Hop, HopName } from '@decai/protocol/hop';
import type { KeyValueStore } from '@decai/protocol/key-value-store';

/** Of a relay under way: not worth a write each, for without its end it comes to nothing. */
const UNDER_WAY: ReadonlySet<HopName> = new Set([
  'relay.received',
  'relay.admitted',
  'backend.called',
  'backend.answered',
]);

export class HopLog {
  readonly #store: KeyValueStore;
  readonly #entriesMax: number;
  /** By `q/<request>` and `s/<session>/<supplier>`, those with the oldest beginning first. */
  readonly #entries = new Map<string, Hop[]>();

  /** Reads what the store holds. Keeps the newest `entriesMax` relays and sessions. */
  constructor(store: KeyValueStore, entriesMax: number) {
    this.#store = store;
    this.#entriesMax = entriesMax;
    const found = [...store.range({})].map(([key, value]): [string, Hop[]] => {
      return [fromUtf8(key), JSON.parse(fromUtf8(value)) as Hop[]];
    });
    found.sort(([, a], [, b]) => a[0]!.at - b[0]!.at);
    for (const [key, hops] of found) this.#entries.set(key, hops);
    this.#trim();
  }

  record(hop: Hop): void {
    const { request, session, supplier } = hop.facts;
    const key = request === undefined ? `s/${session}/${supplier}` : `q/${request}`;
    // The same words may be asked for twice; the trace is that of the last time.
    const before = hop.hop === 'relay.received' ? [] : (this.#entries.get(key) ?? []);
    const hops = [...before, hop];
    this.#entries.set(key, hops);
    if (!UNDER_WAY.has(hop.hop)) this.#store.write([{ key: utf8(key), value: utf8(JSON.stringify(hops)) }]);
    this.#trim();
  }

  /** The hops of a relay and of its session, in order of time; none for a relay that is not known. */
  hopsOf(request: string): Hop[] {
    const own = this.#entries.get(`q/${request}`);
    if (own === undefined) return [];
    const { session, supplier } = own[0]!.facts;
    return [...own, ...(this.#entries.get(`s/${session}/${supplier}`) ?? [])].sort((a, b) => a.at - b.at);
  }

  #trim(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#entriesMax) return;
      this.#entries.delete(key);
      this.#store.write([{ key: utf8(key), value: null }]);
    }
  }
}
