/**
 * Cuts a byte stream at a delimiter, however the chunks fall. Each byte is looked at once and copied at most twice.
 */

export class DelimiterSplitter {
  /** Set once a piece grew beyond the bound; nothing more comes out then. */
  overflowed = false;
  readonly #delimiter: Buffer;
  readonly #bytesMax: number;
  #buffer: Buffer = Buffer.alloc(4096);
  #length = 0;

  constructor(delimiter: Uint8Array, bytesMax: number) {
    this.#delimiter = Buffer.from(delimiter);
    this.#bytesMax = bytesMax;
  }

  /** The pieces that end within `chunk`, without their delimiters. */
  push(chunk: Uint8Array): Uint8Array[] {
    if (this.overflowed) return [];
    // A delimiter may have begun in what was there before.
    let from = Math.max(0, this.#length - this.#delimiter.length + 1);
    this.#append(chunk);
    const filled = this.#buffer.subarray(0, this.#length);
    const pieces: Uint8Array[] = [];
    let start = 0;
    for (let at = filled.indexOf(this.#delimiter, from); at !== -1; at = filled.indexOf(this.#delimiter, from)) {
      pieces.push(new Uint8Array(filled.subarray(start, at)));
      start = at + this.#delimiter.length;
      from = start;
    }
    this.#buffer.copyWithin(0, start, this.#length);
    this.#length -= start;
    if (this.#length > this.#bytesMax) this.overflowed = true;
    return pieces;
  }

  /** What stands behind the last delimiter. */
  rest(): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(0, this.#length));
  }

  #append(chunk: Uint8Array): void {
    if (this.#length + chunk.length > this.#buffer.length) {
      const grown = Buffer.alloc(Math.max(2 * this.#buffer.length, this.#length + chunk.length));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length += chunk.length;
  }
}
