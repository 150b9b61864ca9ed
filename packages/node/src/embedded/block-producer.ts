/**
 * The clock of an embedded chain: one block after the other, each `blockTimeMs` after the one before began.
 */
import { Fault, isFault } from '@decai/protocol/fault';
import type { World } from '@decai/protocol/world';
import type { EmbeddedChain } from './embedded-chain.ts';

export type BlockProducer = {
  /** Resolves with the fault when the chain stands still; with undefined when it was stopped. */
  readonly ended: Promise<Fault | undefined>;
  /** Lets the block in the making be finished, and makes no more. */
  stop(): Promise<void>;
};

export function produceBlocks(
  world: Pick<World, 'now' | 'sleep'>,
  chain: Pick<EmbeddedChain, 'produceBlock'>,
  blockTimeMs: number,
): BlockProducer {
  const stopping = new AbortController();
  const ended = run();
  return {
    ended,
    async stop() {
      stopping.abort(new Fault('PRODUCER_STOPPED', 'block production was stopped'));
      await ended;
    },
  };

  async function run(): Promise<Fault | undefined> {
    let next = world.now();
    while (!stopping.signal.aborted) {
      try {
        await chain.produceBlock(world.now());
        // After a pause of the machine the lost blocks are not made up for.
        next = Math.max(next + blockTimeMs, world.now());
        await world.sleep(Math.max(1, next - world.now()), stopping.signal);
      } catch (thrown) {
        if (isFault(thrown, 'PRODUCER_STOPPED')) return undefined;
        if (isFault(thrown)) return thrown;
        throw thrown;
      }
    }
    return undefined;
  }
}
