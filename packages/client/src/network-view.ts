/**
 * What a role outside the ledger sees of the network, put together once: blocks, sessions, rings and keys.
 */
import type { World } from '@decai/protocol/world';
import { createRingBook, type RingBook } from './application-ring.ts';
import { startBlockWatch, type BlockWatch } from './block-watch.ts';
import { createLedgerClient, type LedgerClient } from './ledger-client.ts';
import type { LedgerTransport } from './ledger-transport.ts';
import { createPublicKeyBook, type PublicKeyBook } from './public-key-book.ts';
import { createSessionBook, type NetworkSession, type SessionBook } from './session-book.ts';
import { createSessionClock, type SessionClock } from './session-clock.ts';

export type NetworkView = {
  readonly ledger: LedgerClient;
  readonly blocks: BlockWatch;
  readonly clock: SessionClock;
  readonly sessions: SessionBook;
  readonly keys: PublicKeyBook;
  readonly rings: RingBook;
  /** The session of the newest block; waits for the first block. @throws as `SessionBook.sessionFor` */
  currentSession(applicationAddress: string, serviceId: string, signal?: AbortSignal): Promise<NetworkSession>;
  stop(): Promise<void>;
};

export type NetworkViewOptions = {
  readonly world: Pick<World, 'sleep' | 'now'>;
  readonly transport: LedgerTransport;
  /** Hears of troubles with the ledger that were survived. */
  readonly onTrouble?: (trouble: unknown) => void;
};

/** Starts to follow the ledger's blocks; `stop` ends that. */
export function openNetworkView({ world, transport, onTrouble }: NetworkViewOptions): NetworkView {
  const ledger = createLedgerClient(transport);
  const blocks = startBlockWatch({ world, transport, ...(onTrouble !== undefined && { onTrouble }) });
  const clock = createSessionClock(ledger);
  const sessions = createSessionBook(ledger, clock);
  const keys = createPublicKeyBook(ledger);
  return {
    ledger,
    blocks,
    clock,
    sessions,
    keys,
    rings: createRingBook(ledger, keys),
    async currentSession(applicationAddress, serviceId, signal) {
      const { height } = blocks.latest ?? (await blocks.until(1, signal));
      return await sessions.sessionFor(applicationAddress, serviceId, height);
    },
    stop: () => blocks.stop(),
  };
}
