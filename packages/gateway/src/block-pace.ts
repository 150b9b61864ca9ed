/** How fast blocks come, so that "wait for the next session" can be said in seconds. */
import type { BlockWatch } from '@decai/client/block-watch';
import type { World } from '@decai/protocol/world';

export type BlockPace = {
  /** Seconds until the block at `height`, at least one. */
  secondsUntil(height: number): number;
};

/** Before two blocks were seen, a block is taken to last as long as on the main network. */
const BLOCK_MS_DEFAULT = 60_000;

export function createBlockPace(blocks: BlockWatch, world: Pick<World, 'now'>): BlockPace {
  let seenMs: number | undefined;
  let blockMs = BLOCK_MS_DEFAULT;
  blocks.onBlock(() => {
    const now = world.now();
    if (seenMs !== undefined)
      blockMs = blockMs === BLOCK_MS_DEFAULT ? now - seenMs : 0.9 * blockMs + 0.1 * (now - seenMs);
    seenMs = now;
  });
  return {
    secondsUntil: (height) => Math.max(1, Math.ceil(((height - (blocks.latest?.height ?? height)) * blockMs) / 1_000)),
  };
}
