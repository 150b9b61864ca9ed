/**
 * An ordered set of byte keys that takes insertions and removals while someone walks through it.
 *
 * Keys are byte strings (one character a byte), so `<` is byte order. They lie in sorted chunks: an insertion moves at
 * most one chunk. A walk remembers a key, not a position, and so never loses its place.
 */

/** Chunks split at twice this length. */
const CHUNK_LENGTH = 256;

export class SortedKeys {
  private chunks: string[][] = [];
  /** Where a key of that length was last looked for: keys of one collection come in order and are about as long. */
  private readonly lastChunk = new Map<number, number>();
  /** Grows with every change: whoever has looked something up need not look again while it stands. */
  changes = 0;

  /** Whether the key was absent and now is present. */
  add(key: string): boolean {
    if (this.chunks.length === 0) {
      this.chunks.push([key]);
      this.changes += 1;
      return true;
    }
    const at = Math.min(this.chunkOf(key), this.chunks.length - 1);
    const chunk = this.chunks[at]!;
    const index = lowerBound(chunk, key);
    if (chunk[index] === key) return false;
    chunk.splice(index, 0, key);
    this.changes += 1;
    if (chunk.length > 2 * CHUNK_LENGTH) this.chunks.splice(at + 1, 0, chunk.splice(CHUNK_LENGTH));
    return true;
  }

  remove(key: string): void {
    const at = this.chunkOf(key);
    const chunk = this.chunks[at];
    if (chunk === undefined) return;
    const index = lowerBound(chunk, key);
    if (chunk[index] !== key) return;
    chunk.splice(index, 1);
    this.changes += 1;
    if (chunk.length === 0) this.chunks.splice(at, 1);
  }

  /** The least key that is `>= key`. */
  atOrAfter(key: string): string | undefined {
    const chunk = this.chunks[this.chunkOf(key)];
    return chunk?.[lowerBound(chunk, key)];
  }

  /** The greatest key that is `< key`; without a key, the greatest of all. */
  before(key: string | undefined): string | undefined {
    if (key === undefined) return this.chunks.at(-1)?.at(-1);
    const at = this.chunkOf(key);
    const chunk = this.chunks[at];
    const index = chunk === undefined ? 0 : lowerBound(chunk, key);
    return index > 0 ? chunk![index - 1] : this.chunks[at - 1]?.at(-1);
  }

  *[Symbol.iterator](): Generator<string> {
    for (const chunk of this.chunks) yield* chunk;
  }

  /** Index of the first chunk whose last key is `>= key`; the number of chunks when none is. */
  private chunkOf(key: string): number {
    const last = this.lastChunk.get(key.length);
    if (last !== undefined && this.isChunkOf(key, last)) return last;
    const found = this.searchChunk(key);
    this.lastChunk.set(key.length, found);
    return found;
  }

  private isChunkOf(key: string, at: number): boolean {
    const chunk = this.chunks[at];
    if (chunk === undefined || chunk[chunk.length - 1]! < key) return false;
    const before = this.chunks[at - 1];
    return before === undefined || before[before.length - 1]! < key;
  }

  private searchChunk(key: string): number {
    let [low, high] = [0, this.chunks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = this.chunks[middle]!;
      if (chunk[chunk.length - 1]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Index of the first entry that is `>= key`. */
function lowerBound(sorted: readonly string[], key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
