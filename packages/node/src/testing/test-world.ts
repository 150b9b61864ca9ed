/** A world with real sockets, the machine's clock and a disk in memory. */
import { createMemoryDisk } from '@decai/protocol/memory-store';
import type { World } from '@decai/protocol/world';
import { createWorld } from '@decai/world';

export function testWorld(): World & { close(): Promise<void> } {
  const disk = createMemoryDisk();
  return { ...createWorld({ dataDirectory: 'unused' }), openStore: (name) => disk.openStore(name) };
}
