/**
 * Messages to bytes and back, for bytes that are hashed, signed or stored.
 *
 * One message has one encoding here (encode-plan.ts says which), the one that Go's stable marshaller writes. Decoding takes
 * what a stranger sent and either understands all of it or throws a Fault; unknown fields are dropped unless the caller
 * asks otherwise, so `encode(decode(bytes))` is the canonical form.
 *
 * Source: pokt-network/poktroll `proto/**`; cosmos/gogoproto.
 */
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { equalBytes } from './bytes.ts';
import { decodePlan, type UnknownFields } from './decode-plan.ts';
import { encodePlan } from './encode-plan.ts';
import { Fault, isFault } from './fault.ts';
import { WireReader } from './wire-reader.ts';
import type { WireFaultCode } from './wire-type.ts';
import { WireWriter } from './wire-writer.ts';

export type { UnknownFields } from './decode-plan.ts';
export type { WireFaultCode } from './wire-type.ts';

export type DecodeOptions = {
  /** `drop` unless given. */
  readonly unknownFields?: UnknownFields;
  /** Longer input is refused unread. */
  readonly bytesMax?: number;
};

/** Encoding never waits and never calls back, so one writer serves everyone. */
const writer = new WireWriter();

/**
 * The canonical encoding of a message.
 *
 * @throws WIRE_VALUE_RANGE for an integer that does not fit its field; WIRE_TEXT_INVALID for half a surrogate pair.
 */
export function encode<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): Uint8Array {
  try {
    encodePlan(schema)(writer, message as unknown as Readonly<Record<string, unknown>>);
    return writer.finish();
  } catch (thrown) {
    writer.clear();
    throw thrown;
  }
}

/**
 * The message that the bytes spell; all of them, nothing may follow it.
 *
 * @throws a Fault with a `WireFaultCode`, and nothing else, whatever the bytes.
 */
export function decode<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): MessageShape<Desc> {
  const { unknownFields = 'drop', bytesMax = Infinity } = options;
  if (bytes.length > bytesMax) {
    throw new Fault<WireFaultCode>('WIRE_TOO_LARGE', `${schema.typeName} is too large`, {
      length: bytes.length,
      max: bytesMax,
    });
  }
  const plan = decodePlan(schema);
  const message = plan.make();
  plan.readFields(new WireReader(bytes), message, { unknownFields, depth: 1 });
  return message as unknown as MessageShape<Desc>;
}

/**
 * Whether the bytes are the one encoding that `encode` writes: no unknown or repeated field, no long varint, no explicit
 * zero. False for bytes that cannot be decoded.
 */
export function isCanonical(schema: DescMessage, bytes: Uint8Array): boolean {
  try {
    return equalBytes(encode(schema, decode(schema, bytes)), bytes);
  } catch (thrown) {
    if (isFault(thrown)) return false;
    throw thrown;
  }
}
