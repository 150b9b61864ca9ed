/**
 * Writes protobuf from back to front, so that the length of a part is known when its prefix is due.
 *
 * The caller writes the last field first and, within a field, the value before its tag. One buffer serves all messages
 * and grows at its front; `finish` hands out a copy.
 */
import { Fault } from './fault.ts';
import type { WireFaultCode } from './wire-type.ts';

const CAPACITY_FIRST = 4096;
/** A buffer that a large message has made larger than this is not kept. */
const CAPACITY_KEPT = 1 << 20;

const TWO_POW_32 = 0x1_0000_0000;

export class WireWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(CAPACITY_FIRST);
  /** Where the bytes written so far begin; they reach to the end of the buffer. */
  #start = CAPACITY_FIRST;

  /** How many bytes are written so far; the difference of two readings is the length of a part. */
  get length(): number {
    return this.#buffer.length - this.#start;
  }

  /** A non-negative safe integer in the fewest groups of seven bits. */
  varint(value: number): void {
    if (value < 0x80) {
      this.#reserve(1);
      this.#buffer[this.#start] = value;
      return;
    }
    this.#reserve(varintLength(value));
    let offset = this.#start;
    let rest = value;
    // Division and not a shift: shifts end at 32 bits.
    while (rest >= 0x80) {
      this.#buffer[offset++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[offset] = rest;
  }

  /** An integer of 64 bits; a negative one as its two's complement, in ten bytes. */
  varint64(value: bigint): void {
    if (value >= 0n && value <= Number.MAX_SAFE_INTEGER) {
      this.varint(Number(value));
      return;
    }
    const groups: number[] = [];
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      groups.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    groups.push(Number(rest));
    this.#reserve(groups.length);
    this.#buffer.set(groups, this.#start);
  }

  /** Eight bytes, IEEE-754, little-endian. */
  double(value: number): void {
    this.#reserve(8);
    this.#buffer.writeDoubleLE(value, this.#start);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#start);
  }

  /** UTF-8. @throws WIRE_TEXT_INVALID for half a surrogate pair, which has no UTF-8. */
  text(text: string): void {
    const length = Buffer.byteLength(text);
    if (length !== text.length && /\p{Surrogate}/u.test(text)) {
      throw new Fault<WireFaultCode>('WIRE_TEXT_INVALID', 'text has half a surrogate pair', { length: text.length });
    }
    this.#reserve(length);
    this.#buffer.write(text, this.#start, length);
  }

  /** The bytes in order; the writer is empty again. */
  finish(): Uint8Array {
    const bytes = new Uint8Array(this.#buffer.subarray(this.#start));
    this.clear();
    return bytes;
  }

  clear(): void {
    if (this.#buffer.length > CAPACITY_KEPT) this.#buffer = Buffer.allocUnsafeSlow(CAPACITY_FIRST);
    this.#start = this.#buffer.length;
  }

  #reserve(length: number): void {
    if (length > this.#start) this.#grow(length);
    this.#start -= length;
  }

  #grow(length: number): void {
    const written = this.#buffer.subarray(this.#start);
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, written.length + length));
    larger.set(written, larger.length - written.length);
    this.#start = larger.length - written.length;
    this.#buffer = larger;
  }
}

function varintLength(value: number): number {
  const high = Math.floor(value / TWO_POW_32);
  const bits = high === 0 ? 32 - Math.clz32(value) : 64 - Math.clz32(high);
  return Math.ceil(bits / 7);
}
