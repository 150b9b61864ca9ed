/**
 * How records lie in the store: messages in their wire encoding, so that what is queried, hashed and stored is one.
 */
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import type { ValueCodec } from './collection.ts';

/** Values are messages of one type. */
export function messageValue<Desc extends DescMessage>(schema: Desc): ValueCodec<MessageShape<Desc>> {
  return {
    encode: (message) => encode(schema, message),
    decode: (bytes) => decode(schema, bytes),
    isRemembered: true,
  };
}

export const BYTES_VALUE: ValueCodec<Uint8Array> = { encode: (bytes) => bytes, decode: (bytes) => bytes };

/** A whole number as decimal text: amounts pass 2^64. */
export const INTEGER_VALUE: ValueCodec<bigint> = {
  encode: (value) => utf8(value.toString()),
  decode: (bytes) => BigInt(fromUtf8(bytes)),
};
