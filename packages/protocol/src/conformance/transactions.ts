/**
 * Checks files of signed transactions and of state objects: every message and object in bytes and JSON, both ways; every
 * transaction drafted, signed in both modes and read again.
 */
import { createRegistry, type JsonValue } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { aminoSignBytes, type AminoSigner } from '../amino-json.ts';
import { packAny, schemaOf, type TypedMessage } from '../any.ts';
import { fromHex, fromUtf8, toHex } from '../bytes.ts';
import { chainJsonText } from '../chain-json.ts';
import { decode, encode } from '../codec.ts';
import { coin } from '../coin.ts';
import { attempt, type CaseVerdict, type VectorChecker } from '../conformance.ts';
import { isFault } from '../fault.ts';
import { SignMode } from '../gen/cosmos/tx/signing/v1beta1/signing_pb.ts';
import { TxSchema } from '../gen/cosmos/tx/v1beta1/tx_pb.ts';
import { file_pocket_application_types } from '../gen/pocket/application/types_pb.ts';
import { file_pocket_proof_params } from '../gen/pocket/proof/params_pb.ts';
import { file_pocket_proof_types } from '../gen/pocket/proof/types_pb.ts';
import { file_pocket_service_params } from '../gen/pocket/service/params_pb.ts';
import { file_pocket_service_relay_mining_difficulty } from '../gen/pocket/service/relay_mining_difficulty_pb.ts';
import { file_pocket_service_relay } from '../gen/pocket/service/relay_pb.ts';
import { file_pocket_session_types } from '../gen/pocket/session/types_pb.ts';
import { file_pocket_shared_params } from '../gen/pocket/shared/params_pb.ts';
import { file_pocket_shared_service } from '../gen/pocket/shared/service_pb.ts';
import { file_pocket_shared_supplier } from '../gen/pocket/shared/supplier_pb.ts';
import { fromChainJson } from '../parse-chain-json.ts';
import {
  assembleTransaction,
  directSignBytes,
  encodeDraft,
  signTransaction,
  type TransactionDraft,
} from '../sign-transaction.ts';
import { signMessage, verifyMessage } from '../signature.ts';
import { signersOf } from '../signers.ts';
import { decodeTransaction } from '../transaction.ts';

type Signer = { address: string; private: string; public: string };

type Signing = { accountNumber: number; fee: number; gas: number; memo: string; sequence: number } & {
  timeoutHeight: number;
  signBytes: string;
  signature: string;
  txBytes: string;
  txHash: string;
  txJson: JsonValue;
  valid: boolean;
};

/** Signed as JSON: the text instead of bytes, or the reason why there is none. */
type AminoSigning = Omit<Signing, 'signBytes' | 'txJson'> & { signBytesText: string; error?: string };

type TransactionCase = { name: string; direct: Signing; legacyAminoJson: AminoSigning; typeUrl?: string };

type MessageCase = TransactionCase & {
  typeUrl: string;
  messageBytes: string;
  anyBytes: string;
  json: JsonValue;
  anyJson: JsonValue;
  signers: string[];
};

type ObjectCase = { name: string; type: string; bytes: string; json: JsonValue };

type TransactionDocument = {
  chainId: string;
  signer: Signer;
  transactions: (TransactionCase | MessageCase)[];
  objects: ObjectCase[];
};

/** The types of state objects that a file may hold. */
const OBJECT_TYPES = createRegistry(
  file_pocket_application_types,
  file_pocket_proof_params,
  file_pocket_proof_types,
  file_pocket_service_params,
  file_pocket_service_relay,
  file_pocket_service_relay_mining_difficulty,
  file_pocket_session_types,
  file_pocket_shared_params,
  file_pocket_shared_service,
  file_pocket_shared_supplier,
);

export const transactionChecker: VectorChecker = {
  format: 'transactions',

  recognises(document) {
    const { transactions, objects } = (document ?? {}) as Partial<TransactionDocument>;
    return Array.isArray(transactions) && Array.isArray(objects) && 'direct' in (transactions[0] ?? {});
  },

  *check(document) {
    const { chainId, signer, transactions, objects } = document as TransactionDocument;
    for (const item of transactions) {
      if (isMessageCase(item)) yield checkMessage(item);
      yield checkDirect(item, chainId, signer);
      yield checkAmino(item, chainId, signer);
    }
    for (const item of objects) yield checkObject(item);
  },
};

function isMessageCase(item: TransactionCase | MessageCase): item is MessageCase {
  return item.typeUrl !== undefined;
}

function checkMessage(item: MessageCase): CaseVerdict {
  const { messageBytes, anyBytes, json, anyJson, signers } = item;
  return attempt(`${item.name}: message`, { messageBytes, anyBytes, json, anyJson, signers }, () => {
    const schema = schemaOf(item.typeUrl)!;
    const written = fromChainJson(schema, json);
    const any = packAny(schema, written);
    const read = decode(schema, fromHex(messageBytes), { unknownFields: 'refuse' });
    return {
      messageBytes: toHex(encode(schema, written)),
      anyBytes: toHex(encode(AnySchema, any)),
      json: JSON.parse(chainJsonText(schema, read)),
      anyJson: JSON.parse(chainJsonText(AnySchema, any)),
      signers: signersOf(schema, read),
    };
  });
}

function checkDirect(item: TransactionCase, chainId: string, signer: Signer): CaseVerdict {
  const { signBytes, signature, txBytes, txHash, txJson, valid } = item.direct;
  const expected = { signBytes, signature, txBytes, txHash, txJson, valid, signers: [signer.address] };
  return attempt(`${item.name}: SIGN_MODE_DIRECT`, expected, () => {
    const read = decodeTransaction(fromHex(txBytes));
    const draft = draftOf(item.direct, read.messages, signer, SignMode.DIRECT);
    const account = { chainId, accountNumber: BigInt(item.direct.accountNumber) };
    const signed = signTransaction(draft, account, (bytes) => signMessage(bytes, fromHex(signer.private)));
    const readSignBytes = directSignBytes(read, chainId, account.accountNumber);
    return {
      signBytes: toHex(directSignBytes(encodeDraft(draft), chainId, account.accountNumber)),
      signature: toHex(decodeTransaction(signed.bytes).signatures[0]!),
      txBytes: toHex(signed.bytes),
      txHash: read.hash,
      txJson: JSON.parse(chainJsonText(TxSchema, decode(TxSchema, signed.bytes))),
      valid: verifyMessage(readSignBytes, read.signatures[0]!, fromHex(signer.public)),
      signers: read.signers,
    };
  });
}

/** A transaction without such a text is one whose text we refuse to make, whatever the words. */
function checkAmino(item: TransactionCase, chainId: string, signer: Signer): CaseVerdict {
  const { signBytesText, signature, txBytes, txHash, valid, error } = item.legacyAminoJson;
  const name = `${item.name}: SIGN_MODE_LEGACY_AMINO_JSON`;
  const account = { chainId, accountNumber: BigInt(item.legacyAminoJson.accountNumber ?? 0) };
  if (error !== undefined) {
    const { bytes } = assembleTransaction(decodeTransaction(fromHex(item.direct.txBytes)), []);
    return attempt(name, 'AMINO_UNSUPPORTED', () => refusalOf(bytes, { ...account, sequence: 0n }));
  }
  return attempt(name, { signBytesText, signature, txBytes, txHash, valid }, () => {
    const read = decodeTransaction(fromHex(txBytes));
    const amino = { ...account, sequence: BigInt(item.legacyAminoJson.sequence) };
    const unsigned = encodeDraft(draftOf(item.legacyAminoJson, read.messages, signer, SignMode.LEGACY_AMINO_JSON));
    const signBytes = aminoSignBytes({ ...unsigned, authInfo: read.authInfo }, amino);
    const made = signMessage(signBytes, fromHex(signer.private));
    const signed = assembleTransaction(unsigned, [made]);
    return {
      signBytesText: fromUtf8(signBytes),
      signature: toHex(made),
      txBytes: toHex(signed.bytes),
      txHash: signed.hash,
      valid: verifyMessage(aminoSignBytes(read, amino), read.signatures[0]!, fromHex(signer.public)),
    };
  });
}

function refusalOf(txBytes: Uint8Array, signer: AminoSigner): string {
  try {
    return fromUtf8(aminoSignBytes(decodeTransaction(txBytes), signer));
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code;
    throw thrown;
  }
}

function draftOf(
  signing: Omit<AminoSigning, 'signBytesText'>,
  messages: readonly TypedMessage[],
  signer: Signer,
  mode: SignMode,
): TransactionDraft {
  return {
    messages,
    signers: [{ publicKey: fromHex(signer.public), sequence: BigInt(signing.sequence), mode }],
    fee: signing.fee === 0 ? [] : [coin(BigInt(signing.fee))],
    gasLimit: BigInt(signing.gas),
    memo: signing.memo,
    timeoutHeight: BigInt(signing.timeoutHeight),
  };
}

function checkObject({ name, type, bytes, json }: ObjectCase): CaseVerdict {
  return attempt(`${name}: ${type}`, { bytes, json }, () => {
    const schema = OBJECT_TYPES.getMessage(type);
    if (schema === undefined) throw new Error(`no object of type ${type} is known`);
    return {
      bytes: toHex(encode(schema, fromChainJson(schema, json))),
      json: JSON.parse(chainJsonText(schema, decode(schema, fromHex(bytes)))),
    };
  });
}
