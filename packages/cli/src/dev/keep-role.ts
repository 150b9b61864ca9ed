/**
 * A role that is kept up: started, watched, started again when it dies, with longer and longer pauses, until it is stopped.
 */
import type { World } from '@decai/protocol/world';
import type { RoleProcess } from './role-process.ts';

export type KeptRole = {
  readonly name: string;
  /** Of the first start. */
  readonly first: RoleProcess;
  /** Ends it for good. */
  stop(): Promise<void>;
};

export type KeepOptions = {
  readonly start: () => Promise<RoleProcess>;
  readonly note: (line: string) => void;
  readonly world: Pick<World, 'now' | 'sleep'>;
  readonly pauseMsMin?: number;
  readonly pauseMsMax?: number;
};

/** A role that served this long was healthy; its next pause is the shortest again. */
const HEALTHY_MS = 60_000;

/** Starts a role and keeps it up. @throws what the first start throws. */
export async function keepRole(name: string, options: KeepOptions): Promise<KeptRole> {
  const { start, note, world, pauseMsMin = 500, pauseMsMax = 30_000 } = options;
  const stopping = new AbortController();
  let current = await start();
  const first = current;

  const watch = async (): Promise<void> => {
    let pauseMs = pauseMsMin;
    while (!stopping.signal.aborted) {
      const startedMs = world.now();
      const { code, signal } = await current.ended;
      if (stopping.signal.aborted) return;
      if (world.now() - startedMs > HEALTHY_MS) pauseMs = pauseMsMin;
      note(`${name} ended (${signal ?? `exit code ${code}`}); starting it again in ${pauseMs / 1000} s`);
      const again = await startAgain(pauseMs);
      if (again === undefined) return;
      pauseMs = Math.min(2 * pauseMs, pauseMsMax);
      current = again;
      note(`${name} is back`);
    }
  };

  /** Tries until it serves; undefined when it was stopped meanwhile. */
  const startAgain = async (pauseMs: number): Promise<RoleProcess | undefined> => {
    for (let wait = pauseMs; ; wait = Math.min(2 * wait, pauseMsMax)) {
      await world.sleep(wait, stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return undefined;
      try {
        return await start();
      } catch (thrown) {
        if (!stopping.signal.aborted) note(`${name} did not come back: ${(thrown as Error).message}`);
      }
    }
  };

  const watching = watch();
  return {
    name,
    first,
    async stop() {
      stopping.abort();
      await current.stop();
      await watching;
      // It may have come back between the two.
      await current.stop();
    },
  };
}
