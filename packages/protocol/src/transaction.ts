/**
 * Transactions as they arrive: bytes, what they say, and who must have signed them.
 *
 * Nothing is accepted that two readers could understand differently, and the bytes are kept: body and auth info are signed
 * as they were encoded by their sender and are never encoded again.
 *
 * Source: cosmos/cosmos-sdk `proto/cosmos/tx/v1beta1/tx.proto`, `x/tx/decode`, ADR-020, ADR-027.
 */
import { create } from '@bufbuild/protobuf';
import { isAddress } from './address.ts';
import { anysIn, unpackAny, type TypedMessage } from './any.ts';
import { toHex } from './bytes.ts';
import { decode, encode, isCanonical, type UnknownFields } from './codec.ts';
import { Fault, isFault } from './fault.ts';
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
  type AuthInfo,
  type Tx,
  type TxBody,
} from './gen/cosmos/tx/v1beta1/tx_pb.ts';
import { sha256 } from './hash.ts';
import { signersOf } from './signers.ts';

/** Messages inside messages inside messages end here. */
const ANY_DEPTH_MAX = 10;

export type TransactionMessage = TypedMessage & {
  readonly typeUrl: string;
  /** Who must sign this message. */
  readonly signers: readonly string[];
};

export type Transaction = {
  /** As received. */
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly body: TxBody;
  readonly authInfo: AuthInfo;
  readonly signatures: readonly Uint8Array[];
  readonly messages: readonly TransactionMessage[];
  /** Who must sign, each once: the messages' signers in order, then the payer of the fee if he is somebody else. */
  readonly signers: readonly string[];
};

/** SHA-256 of the transaction's bytes in upper-case hexadecimal, as RPC shows it. */
export function transactionHash(bytes: Uint8Array): string {
  return toHex(sha256(bytes)).toUpperCase();
}

/** A transaction in parts as the bytes that it is sent as; a part that is missing is empty. */
export function transactionBytes({ body, authInfo, signatures }: Tx): Uint8Array {
  const raw = create(TxRawSchema, {
    bodyBytes: encode(TxBodySchema, body ?? create(TxBodySchema)),
    authInfoBytes: encode(AuthInfoSchema, authInfo ?? create(AuthInfoSchema)),
    signatures,
  });
  return encode(TxRawSchema, raw);
}

/**
 * Reads a transaction.
 *
 * Refused are: a raw transaction in other than its one encoding; an unknown field anywhere, except one of the body (or
 * below it) that is marked as ignorable; an Any of unknown type at any depth; a message that names no signer, or names
 * one that is no address.
 *
 * @throws TX_UNDECODABLE, with the code of what was wrong in `details.reason`, and nothing else.
 */
export function decodeTransaction(bytes: Uint8Array): Transaction {
  try {
    return readTransaction(bytes);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    throw new Fault('TX_UNDECODABLE', thrown.message, { ...thrown.details, reason: thrown.code }, thrown);
  }
}

function readTransaction(bytes: Uint8Array): Transaction {
  const raw = decode(TxRawSchema, bytes, { unknownFields: 'refuse' });
  if (!isCanonical(TxRawSchema, bytes)) throw new Fault('TX_NOT_CANONICAL', 'raw transaction is not canonical');
  const body = decode(TxBodySchema, raw.bodyBytes, { unknownFields: 'refuse-critical' });
  checkAnys({ schema: TxBodySchema, message: body }, 'refuse-critical');
  const authInfo = decode(AuthInfoSchema, raw.authInfoBytes, { unknownFields: 'refuse' });
  checkAnys({ schema: AuthInfoSchema, message: authInfo }, 'refuse');
  const messages = body.messages.map((any): TransactionMessage => {
    const typed = unpackAny(any, { unknownFields: 'refuse-critical' });
    return { ...typed, typeUrl: any.typeUrl, signers: signersOf(typed.schema, typed.message) };
  });
  return {
    bytes,
    hash: transactionHash(bytes),
    bodyBytes: raw.bodyBytes,
    authInfoBytes: raw.authInfoBytes,
    body,
    authInfo,
    signatures: raw.signatures,
    messages,
    signers: requiredSigners(messages, authInfo.fee?.payer ?? ''),
  };
}

/** @throws unless every Any below the message is of a known type and well formed. */
function checkAnys(typed: TypedMessage, unknownFields: UnknownFields, depth = 1): void {
  for (const any of anysIn(typed)) {
    if (depth > ANY_DEPTH_MAX) throw new Fault('ANY_TOO_DEEP', 'Anys nest too deep', { max: ANY_DEPTH_MAX });
    checkAnys(unpackAny(any, { unknownFields }), unknownFields, depth + 1);
  }
}

function requiredSigners(messages: readonly TransactionMessage[], feePayer: string): string[] {
  if (feePayer !== '' && !isAddress(feePayer)) throw new Fault('SIGNER_INVALID', 'the payer of the fee is no address');
  const signers = messages.flatMap((message) => message.signers);
  return [...new Set(feePayer === '' ? signers : [...signers, feePayer])];
}
