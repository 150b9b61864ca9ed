/**
 * The four ways in which protobuf writes a value, and the numbers that say which one follows.
 *
 * Groups (3 and 4) are older than proto3; no honest peer writes them and nothing here reads them.
 *
 * Source: protobuf.dev, Encoding.
 */
export const VARINT = 0;
export const FIXED64 = 1;
export const DELIMITED = 2;
export const FIXED32 = 5;

export type WireType = typeof VARINT | typeof FIXED64 | typeof DELIMITED | typeof FIXED32;

/** Faults of bytes that are no message of the expected type, and of messages that cannot be written. */
export type WireFaultCode =
  | 'WIRE_TOO_LARGE'
  | 'WIRE_TOO_DEEP'
  | 'WIRE_TRUNCATED'
  | 'WIRE_VARINT_TOO_LONG'
  | 'WIRE_TYPE_UNKNOWN'
  | 'WIRE_TYPE_MISMATCH'
  | 'WIRE_FIELD_NUMBER'
  | 'WIRE_FIELD_UNKNOWN'
  | 'WIRE_TEXT_INVALID'
  | 'WIRE_VALUE_RANGE'
  | 'WIRE_TIME_RANGE'
  | 'WIRE_KIND_UNSUPPORTED';
