/**
 * Transactions as they are made: drafted, encoded once, signed over those bytes, and put together.
 *
 * Body and auth info are encoded first. What a signer signs (SIGN_MODE_DIRECT) is a document of both, the chain's id and the
 * number of his account; the raw transaction holds both and the signatures. The older JSON sign mode (`amino-json.ts`)
 * signs other bytes of the same unsigned transaction.
 *
 * Source: cosmos/cosmos-sdk `proto/cosmos/tx/v1beta1/tx.proto`, `x/tx/signing/direct`, ADR-020.
 */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { packAny, type TypedMessage } from './any.ts';
import { encode } from './codec.ts';
import type { Coin } from './coin.ts';
import { PubKeySchema } from './gen/cosmos/crypto/secp256k1/keys_pb.ts';
import { SignMode } from './gen/cosmos/tx/signing/v1beta1/signing_pb.ts';
import {
  AuthInfoSchema,
  SignDocSchema,
  SignerInfoSchema,
  TxBodySchema,
  TxRawSchema,
  type SignerInfo,
} from './gen/cosmos/tx/v1beta1/tx_pb.ts';
import { transactionHash } from './transaction.ts';

/** Who signs, with which key, and how many transactions he has sent before. */
export type TransactionSigner = {
  /** 33 bytes, secp256k1. */
  readonly publicKey: Uint8Array;
  /** 0 in an unordered transaction. */
  readonly sequence: bigint;
  /** SIGN_MODE_DIRECT unless given. */
  readonly mode?: SignMode;
};

export type TransactionDraft = {
  readonly messages: readonly TypedMessage[];
  /** In the order in which the messages name them. */
  readonly signers: readonly TransactionSigner[];
  readonly fee: readonly Coin[];
  readonly gasLimit: bigint;
  readonly memo?: string;
  /** The last height at which it may be executed; 0 or absent: any. */
  readonly timeoutHeight?: bigint;
  /** Sequences are not looked at; `timeout` must be set and tells such transactions apart. */
  readonly unordered?: boolean;
  /** The last block time at which it may be executed. */
  readonly timeout?: { readonly seconds: bigint; readonly nanos: number };
  /** Pays the fee in place of the first signer, and signs as well. */
  readonly feePayer?: string;
};

/** Encoded, and ready to be signed by everyone who must. */
export type UnsignedTransaction = { readonly bodyBytes: Uint8Array; readonly authInfoBytes: Uint8Array };

export type SignedTransaction = { readonly bytes: Uint8Array; readonly hash: string };

/** Signs the bytes with one signer's key: 64 bytes r ‖ s over their SHA-256. */
export type SignBytes = (signBytes: Uint8Array) => Uint8Array;

export function encodeDraft(draft: TransactionDraft): UnsignedTransaction {
  const { messages, signers, fee, gasLimit, memo = '', timeoutHeight = 0n, unordered = false } = draft;
  const body: MessageInitShape<typeof TxBodySchema> = {
    messages: messages.map(({ schema, message }) => packAny(schema, message)),
    memo,
    timeoutHeight,
    unordered,
    ...(draft.timeout !== undefined && { timeoutTimestamp: draft.timeout }),
  };
  const authInfo: MessageInitShape<typeof AuthInfoSchema> = {
    signerInfos: signers.map(signerInfo),
    fee: { amount: [...fee], gasLimit, payer: draft.feePayer ?? '' },
  };
  return {
    bodyBytes: encode(TxBodySchema, create(TxBodySchema, body)),
    authInfoBytes: encode(AuthInfoSchema, create(AuthInfoSchema, authInfo)),
  };
}

function signerInfo({ publicKey, sequence, mode = SignMode.DIRECT }: TransactionSigner): SignerInfo {
  return create(SignerInfoSchema, {
    publicKey: packAny(PubKeySchema, create(PubKeySchema, { key: publicKey })),
    modeInfo: { sum: { case: 'single', value: { mode } } },
    sequence,
  });
}

/** What one signer signs in SIGN_MODE_DIRECT; before it is hashed. */
export function directSignBytes(unsigned: UnsignedTransaction, chainId: string, accountNumber: bigint): Uint8Array {
  const { bodyBytes, authInfoBytes } = unsigned;
  return encode(SignDocSchema, create(SignDocSchema, { bodyBytes, authInfoBytes, chainId, accountNumber }));
}

/** Signatures in the order of the draft's signers. */
export function assembleTransaction(
  unsigned: UnsignedTransaction,
  signatures: readonly Uint8Array[],
): SignedTransaction {
  const { bodyBytes, authInfoBytes } = unsigned;
  const raw = create(TxRawSchema, { bodyBytes, authInfoBytes, signatures: [...signatures] });
  const bytes = encode(TxRawSchema, raw);
  return { bytes, hash: transactionHash(bytes) };
}

/** A draft with one signer, signed by him in SIGN_MODE_DIRECT. */
export function signTransaction(
  draft: TransactionDraft,
  account: { readonly chainId: string; readonly accountNumber: bigint },
  sign: SignBytes,
): SignedTransaction {
  const unsigned = encodeDraft(draft);
  const signature = sign(directSignBytes(unsigned, account.chainId, account.accountNumber));
  return assembleTransaction(unsigned, [signature]);
}
