/**
 * Points in time and spans of it as JSON text: `2026-11-21T09:46:37.5Z` and `1814400s`, with 0, 3, 6 or 9 digits below the
 * second.
 *
 * Source: protobuf.dev `google/protobuf/timestamp.proto`, `duration.proto`; cosmos/gogoproto `jsonpb/jsonpb.go`.
 */
import { create } from '@bufbuild/protobuf';
import { DurationSchema, TimestampSchema, type Duration, type Timestamp } from '@bufbuild/protobuf/wkt';
import { Fault } from './fault.ts';

const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
const DURATION = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;
const NANOS = 1_000_000_000n;

/** @throws TIME_INVALID outside the years 1 … 9999. */
export function formatTimestamp({ seconds, nanos }: Timestamp): string {
  const date = new Date(Number(seconds) * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw new Fault('TIME_INVALID', 'year outside 1 … 9999', { seconds });
  return `${date.toISOString().slice(0, 19)}${fraction(nanos)}Z`;
}

/** @throws TIME_INVALID unless it is RFC 3339 text. */
export function parseTimestamp(text: string): Timestamp {
  const [, second = '', digits = '', zone = ''] = TIMESTAMP.exec(text) ?? [];
  const ms = Date.parse(`${second}${zone}`);
  // Date.parse moves February 30 to March 2.
  const isReal = !Number.isNaN(ms) && new Date(`${second}Z`).toISOString().startsWith(second);
  if (!isReal) throw new Fault('TIME_INVALID', 'not RFC 3339 text', { length: text.length });
  return create(TimestampSchema, { seconds: BigInt(ms / 1000), nanos: Number(digits.padEnd(9, '0')) });
}

export function formatDuration({ seconds, nanos }: Duration): string {
  const total = seconds * NANOS + BigInt(nanos);
  const size = total < 0n ? -total : total;
  return `${total < 0n ? '-' : ''}${size / NANOS}${fraction(Number(size % NANOS))}s`;
}

/** @throws TIME_INVALID unless it is seconds followed by `s`. */
export function parseDuration(text: string): Duration {
  const [, sign = '', seconds = '', digits = ''] = DURATION.exec(text) ?? [];
  if (seconds === '') throw new Fault('TIME_INVALID', 'not a duration such as 10s', { length: text.length });
  const factor = sign === '-' ? -1 : 1;
  return create(DurationSchema, {
    seconds: BigInt(seconds) * BigInt(factor),
    nanos: Number(digits.padEnd(9, '0')) * factor || 0,
  });
}

/** Nothing, or a point and as few groups of three digits as tell the nanoseconds. */
function fraction(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}
