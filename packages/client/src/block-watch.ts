/**
 * The blocks of a ledger, one after the other, without a gap, for as long as somebody watches.
 *
 * A subscription tells of new blocks at once; when it falls, is refused or goes silent, asking for the status once a
 * second takes its place. Whichever way a height is heard of, the heights before it are fetched first.
 */
import { Fault } from '@decai/protocol/fault';
import type { World } from '@decai/protocol/world';
import { pause } from './deadline.ts';
import type { BlockReference, LedgerTransport } from './ledger-transport.ts';
import { createStop } from './stop-signal.ts';

export type BlockWatchOptions = {
  readonly world: Pick<World, 'sleep' | 'now'>;
  readonly transport: LedgerTransport;
  /** How often to ask while the subscription is down. */
  readonly pollMs?: number;
  /** A subscription that tells of no block for so long is asked after. */
  readonly silenceMs?: number;
  /** Hears of what went wrong and was survived. */
  readonly onTrouble?: (trouble: unknown) => void;
};

export type BlockWatch = {
  /** The newest block seen. Undefined until the first. */
  readonly latest: BlockReference | undefined;
  /** Calls `listener` for each block from now on, in order. Returns the way to stop. A listener must not throw. */
  onBlock(listener: (block: BlockReference) => void): () => void;
  /** The first block at or above `height`, at once if it is already there. Throws the signal's reason, or WATCH_STOPPED. */
  until(height: number, signal?: AbortSignal): Promise<BlockReference>;
  stop(): Promise<void>;
};

const POLL_MS = 1_000;
const SILENCE_MS = 10_000;
/** After a long sleep only this many missed blocks are told of. */
const GAP_MAX = 200;

export function startBlockWatch(options: BlockWatchOptions): BlockWatch {
  const stopping = createStop();
  const listeners = new Set<(block: BlockReference) => void>();
  let latest: BlockReference | undefined;
  const tell = (block: BlockReference): void => {
    latest = block;
    for (const listener of listeners) listener(block);
  };
  const running = follow(options, tell, stopping.signal);
  return {
    get latest() {
      return latest;
    },
    onBlock(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    until(height, signal) {
      return new Promise((resolve, reject) => {
        const done = (): void => {
          listeners.delete(check);
          signal?.removeEventListener('abort', check);
          stopping.signal.removeEventListener('abort', check);
        };
        const check = (): void => {
          const over = signal?.aborted ? signal.reason : stopping.signal.aborted ? stopping.signal.reason : undefined;
          if (over === undefined && (latest === undefined || latest.height < height)) return;
          done();
          if (over === undefined) resolve(latest!);
          else reject(over as Error);
        };
        listeners.add(check);
        signal?.addEventListener('abort', check);
        stopping.signal.addEventListener('abort', check);
        check();
      });
    },
    async stop() {
      stopping.abort(new Fault('WATCH_STOPPED', 'the block watch was stopped'));
      await running;
    },
  };
}

/** Tells of blocks until the signal: a subscription as long as it holds, questions in between. */
async function follow(
  options: BlockWatchOptions,
  tell: (block: BlockReference) => void,
  signal: AbortSignal,
): Promise<void> {
  const { world, transport, pollMs = POLL_MS, onTrouble = () => undefined } = options;
  const feed = createFeed(transport, tell, signal);
  while (!signal.aborted) {
    await catchUp(transport, feed, signal, onTrouble);
    await listen(options, feed, signal, onTrouble);
    await pause(world, pollMs, signal);
  }
}

type Feed = {
  readonly seen: () => number;
  /** Tells of the block and of those missed before it; answers once they are told. */
  readonly take: (block: BlockReference) => Promise<void>;
};

function createFeed(transport: LedgerTransport, tell: (block: BlockReference) => void, signal: AbortSignal): Feed {
  let seen = 0;
  let queue: Promise<void> = Promise.resolve();
  const take = async (block: BlockReference): Promise<void> => {
    if (block.height <= seen) return;
    const first = seen === 0 ? block.height : Math.max(seen + 1, block.height - GAP_MAX);
    for (let height = first; height < block.height; height += 1) {
      const { hash, time } = await transport.block(height, signal);
      seen = height;
      tell({ height, hash, time });
    }
    seen = block.height;
    tell({ height: block.height, hash: block.hash, time: block.time });
  };
  return {
    seen: () => seen,
    // One at a time: subscription and questions may hear of the same height.
    take(block) {
      const turn = queue.then(() => take(block));
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}

async function catchUp(
  transport: LedgerTransport,
  feed: Feed,
  signal: AbortSignal,
  onTrouble: (trouble: unknown) => void,
): Promise<void> {
  try {
    const { latestHeight } = await transport.status(signal);
    if (latestHeight > feed.seen()) await feed.take(await transport.block(latestHeight, signal));
  } catch (trouble) {
    if (!signal.aborted) onTrouble(trouble);
  }
}

/** Follows one subscription to its end. A silent one is checked against the status, and given up when it has missed blocks. */
async function listen(
  { world, transport, silenceMs = SILENCE_MS }: BlockWatchOptions,
  feed: Feed,
  signal: AbortSignal,
  onTrouble: (trouble: unknown) => void,
): Promise<void> {
  const ending = new AbortController();
  const end = (): void => ending.abort(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const watching = watchSilence();
  try {
    for await (const block of transport.subscribeBlocks(ending.signal)) await feed.take(block);
  } catch (trouble) {
    if (!ending.signal.aborted) onTrouble(trouble);
  } finally {
    end();
    signal.removeEventListener('abort', end);
    await watching;
  }

  async function watchSilence(): Promise<void> {
    let before = feed.seen();
    while (await pause(world, silenceMs, ending.signal)) {
      if (feed.seen() === before) {
        await catchUp(transport, feed, ending.signal, onTrouble);
        if (feed.seen() > before) ending.abort(new Fault('SUBSCRIPTION_SILENT', 'a subscription missed blocks'));
      }
      before = feed.seen();
    }
  }
}
