/**
 * What this gateway saw of its last requests: the hops of each, findable by request id and by the id of the answer.
 *
 * Traces hold identifiers, times and counts, never prompts or answers. They survive a restart; the oldest make room.
 */
import type { Hop, HopName, HopSink } from '@decai/protocol/hop';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { fromUtf8, readU64be, u64be, utf8 } from '@decai/protocol/bytes';

export const TRACES_MAX = 10_000;

export type Trace = {
  readonly requestId: string;
  readonly hops: readonly Hop[];
};

/** One request being traced. */
export type Tracing = {
  readonly requestId: string;
  /** Says that the request has reached a hop. */
  tell(hop: HopName, facts?: Hop['facts']): void;
  /** Gives the request a second name, the id of its answer. */
  alsoKnownAs(answerId: string): void;
  /** Writes the trace down. What happens later is not part of it. */
  end(): void;
};

const TRACES = 0x74;
const NAMES = 0x6e;

export class TraceBook {
  readonly #store: KeyValueStore;
  readonly #now: () => number;
  readonly #sink: HopSink;
  #next: bigint;

  constructor(store: KeyValueStore, now: () => number, sink: HopSink) {
    this.#store = store;
    this.#now = now;
    this.#sink = sink;
    const [last] = store.range({ start: Uint8Array.of(TRACES), end: Uint8Array.of(TRACES + 1), reverse: true });
    this.#next = last === undefined ? 0n : readU64be(last[0], 1) + 1n;
  }

  begin(requestId: string): Tracing {
    const hops: Hop[] = [];
    const names = new Set([requestId]);
    return {
      requestId,
      tell: (name, facts = {}) => {
        const hop: Hop = { hop: name, at: this.#now(), role: 'gateway', facts };
        hops.push(hop);
        this.#sink(hop);
      },
      alsoKnownAs: (answerId) => names.add(answerId),
      end: () => this.#write({ requestId, hops }, names),
    };
  }

  /** The trace of a request, by its own id or by that of its answer. */
  find(id: string): Trace | undefined {
    const key = this.#store.get(nameKey(id));
    const bytes = key === undefined ? undefined : this.#store.get(key);
    return bytes === undefined ? undefined : (JSON.parse(fromUtf8(bytes)) as Trace & { names: string[] });
  }

  #write(trace: Trace, names: ReadonlySet<string>): void {
    const key = traceKey(this.#next);
    const writes = [
      { key, value: utf8(JSON.stringify({ ...trace, names: [...names] })) },
      ...[...names].map((name) => ({ key: nameKey(name), value: key })),
      ...this.#forget(this.#next - BigInt(TRACES_MAX)),
    ];
    this.#next += 1n;
    this.#store.write(writes);
  }

  #forget(sequence: bigint): { key: Uint8Array; value: null }[] {
    const bytes = sequence < 0n ? undefined : this.#store.get(traceKey(sequence));
    if (bytes === undefined) return [];
    const { names } = JSON.parse(fromUtf8(bytes)) as { names: string[] };
    return [traceKey(sequence), ...names.map(nameKey)].map((key) => ({ key, value: null }));
  }
}

function traceKey(sequence: bigint): Uint8Array {
  return Uint8Array.of(TRACES, ...u64be(sequence));
}

function nameKey(name: string): Uint8Array {
  return Uint8Array.of(NAMES, ...utf8(name).subarray(0, 200));
}
