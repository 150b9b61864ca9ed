/**
 * Byte strings: hexadecimal, base64, UTF-8, joining, comparing, and the big-endian integers that Shannon writes into them.
 */
import { Fault } from './fault.ts';

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { fatal: true });

export const EMPTY: Uint8Array = new Uint8Array(0);

export function utf8(text: string): Uint8Array {
  return utf8Encoder.encode(text);
}

/** @throws UTF8_INVALID when the bytes are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return utf8Decoder.decode(bytes);
  } catch (cause) {
    throw new Fault('UTF8_INVALID', 'bytes are not UTF-8', { length: bytes.length }, cause);
  }
}

/** Lower-case hexadecimal, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/**
 * Reads hexadecimal of either case.
 *
 * @throws HEX_INVALID for an odd number of digits or a digit that is none.
 */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new Fault('HEX_INVALID', 'text is not hexadecimal', { length: text.length });
  }
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** @throws BASE64_INVALID unless the text is padded standard base64. */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new Fault('BASE64_INVALID', 'text is not base64', { length: text.length });
  }
  return new Uint8Array(Buffer.from(text, 'base64'));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) === 0;
}

/** Negative, zero or positive, as `a` sorts before, with or after `b`: byte by byte, a prefix first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

/** Eight bytes, big-endian. Wraps modulo 2^64 as Go's uint64 does. */
export function u64be(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value));
  return bytes;
}

/** Eight bytes, little-endian. */
export function u64le(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  return bytes;
}

/** @throws U64_TRUNCATED when fewer than eight bytes stand at `offset`. */
export function readU64be(bytes: Uint8Array, offset = 0): bigint {
  if (offset < 0 || offset + 8 > bytes.length) {
    throw new Fault('U64_TRUNCATED', 'eight bytes expected', { length: bytes.length, offset });
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(offset);
}

/** The unsigned big-endian integer that the bytes spell; 0 for none. */
export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

/** `value` in exactly `length` big-endian bytes. @throws INTEGER_TOO_WIDE when it does not fit. */
export function fromBigInt(value: bigint, length: number): Uint8Array {
  if (value < 0n || value >> BigInt(8 * length) !== 0n) {
    throw new Fault('INTEGER_TOO_WIDE', 'integer does not fit', { length });
  }
  return fromHex(value.toString(16).padStart(2 * length, '0')).subarray(0, length);
}
