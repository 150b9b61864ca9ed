/**
 * Store keys: segments in the order that Shannon's iterations depend on.
 *
 * A segment is text or a number as eight big-endian bytes, and a `/` closes it, except where a table of Shannon's keys
 * shows none. Keys are byte strings, one character a byte.
 *
 * Source: pokt-network/poktroll `x/<module>/types/keys*.go`.
 */
import { Fault } from '@decai/protocol/fault';

/** `text` as key characters: its UTF-8 bytes, which for plain ASCII is the text itself. */
export function textSegment(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The text that `textSegment` spelled. */
export function segmentText(segment: string): string {
  return isAscii(segment) ? segment : Buffer.from(segment, 'latin1').toString('utf8');
}

/** A height in eight big-endian bytes. @throws HEIGHT_INVALID unless it is a safe integer of at least 0. */
export function heightSegment(height: number): string {
  // A block asks for the same height thousands of times in a row.
  if (height !== lastSpelled.height) lastSpelled = { height, segment: spellHeight(height) };
  return lastSpelled.segment;
}

let lastSpelled = { height: 0, segment: '\0'.repeat(8) };

function spellHeight(height: number): string {
  if (!Number.isSafeInteger(height) || height < 0) {
    throw new Fault('HEIGHT_INVALID', 'a height is an integer of at least 0', { height });
  }
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(height));
  return bytes.toString('latin1');
}

/** The height that the eight characters at `offset` spell. */
export function segmentHeight(key: string, offset = 0): number {
  return Number(Buffer.from(key.slice(offset, offset + 8), 'latin1').readBigUInt64BE());
}

/** Segments, each closed by `/`. */
export function keyOf(...segments: readonly string[]): string {
  let key = '';
  for (const segment of segments) key += `${segment}/`;
  return key;
}

function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^[\0-\x7f]*$/.test(text);
}
