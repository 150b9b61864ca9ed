/** A world with real sockets, the machine's clock, and a disk and databases in memory. */
import { createMemoryDisk } from '@decai/protocol/memory-store';
import type { World } from '@decai/protocol/world';
import { createWorld } from '@decai/world';
import { createMemoryDatabases } from '@decai/world/memory-databases';

export function testWorld(): World & { close(): Promise<void> } {
  const disk = createMemoryDisk();
  const { openDatabase } = createMemoryDatabases();
  return { ...createWorld({ dataDirectory: 'unused' }), openStore: (name) => disk.openStore(name), openDatabase };
}
