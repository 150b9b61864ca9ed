/**
 * Who signed: keys belong to signers, sequences or nonces are fresh, signatures verify.
 *
 * Signatures are secp256k1, over the bytes of the transaction (SIGN_MODE_DIRECT) or over its text (amino JSON, as hardware
 * wallets show it); other keys and modes are refused. An account learns its key from the first transaction that it signs.
 *
 * Source: cosmos/cosmos-sdk `x/auth/ante/sigverify.go`.
 */
import { addressOf } from '@decai/protocol/address';
import { aminoSignBytes } from '@decai/protocol/amino-json';
import { toBase64 } from '@decai/protocol/bytes';
import { decode } from '@decai/protocol/codec';
import { isFault } from '@decai/protocol/fault';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { SignMode } from '@decai/protocol/gen/cosmos/tx/signing/v1beta1/signing_pb';
import type { SignerInfo } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { directSignBytes } from '@decai/protocol/sign-transaction';
import { verifyMessage } from '@decai/protocol/signature';
import { SECP256K1_KEY_TYPE } from './account.ts';
import { timeoutNsOf, type Admission } from './admission.ts';
import { refuse, type Refusal } from './refusal.ts';
import { SDK } from './registered-error.ts';

/** How far ahead an unordered transaction's timeout may lie: its nonce is kept for as long. */
const UNORDERED_TTL_NS = 600_000_000_000n;

const UNORDERED_GAS = 2240;

const PUBLIC_KEY_BYTES = 33;

/** One signer with what the transaction says about him. */
type Signer = { readonly address: string; readonly info: SignerInfo; readonly signature: Uint8Array };

function signersIn({ transaction }: Admission): Signer[] {
  const { signers, signatures, authInfo } = transaction;
  return signers.map((address, index) => ({
    address,
    info: authInfo.signerInfos[index]!,
    signature: signatures[index] ?? new Uint8Array(0),
  }));
}

/**
 * Stores the keys of signers whose accounts have none yet, and raises `tx{acc_seq}` and `tx{signature}` for each signer.
 *
 * Refuses, for each signer in turn: a key of another kind than secp256k1, or one that is not the signer's (sdk 8); a
 * signer without account (sdk 9). A signer who leaves his key out must have one already, which shows later.
 */
export function rememberKeys(admission: Admission): Refusal | undefined {
  const { state, transaction, mode } = admission;
  for (const { address, info } of signersIn(admission)) {
    const { publicKey } = info;
    if (publicKey === undefined) continue;
    const key = publicKey.typeUrl === SECP256K1_KEY_TYPE ? decode(PubKeySchema, publicKey.value).key : undefined;
    const isPlaceholder = mode === 'simulate' && (key === undefined || key.length !== PUBLIC_KEY_BYTES);
    if (isPlaceholder) continue;
    if (key === undefined || key.length !== PUBLIC_KEY_BYTES) {
      return refuse(SDK.INVALID_PUBKEY, `only secp256k1 keys of ${PUBLIC_KEY_BYTES} bytes sign here`);
    }
    if (mode !== 'simulate' && addressOf(key) !== address) {
      return refuse(SDK.INVALID_PUBKEY, `pubKey does not match signer address ${address}`);
    }
    const account = state.accounts.get(address);
    if (account === undefined) return refuse(SDK.UNKNOWN_ADDRESS, `account ${address} does not exist`);
    if (account.pubKey === undefined) state.accounts.put({ ...account, pubKey: publicKey });
  }
  for (const { address, info, signature } of signersIn(admission)) {
    // Without sequence there is nothing to count; only the signature tells such transactions apart.
    if (!transaction.body.unordered) state.journal.emitPlain('tx', { acc_seq: `${address}/${info.sequence}` });
    state.journal.emitPlain('tx', { signature: toBase64(signature) });
  }
  return undefined;
}

/** Refuses more signatures than allowed (sdk 14). */
export function countSignatures({ state, transaction }: Admission): Refusal | undefined {
  const { txSigLimit } = state.params.auth.live();
  const count = transaction.signatures.length;
  if (BigInt(count) <= txSigLimit) return undefined;
  return refuse(SDK.TOO_MANY_SIGNATURES, `signatures: ${count}, limit: ${txSigLimit}`);
}

export function chargeSignatures({ state, transaction }: Admission): undefined {
  const { sigVerifyCostSecp256k1 } = state.params.auth.live();
  state.store.meter?.consume(Number(sigVerifyCostSecp256k1) * transaction.signers.length);
}

/**
 * Refuses, for an unordered transaction first: its nonce (see `useNonces`). Then for each signer in turn: no account
 * (sdk 9), no key (8), another sequence than the account's (32), another mode or a signature that does not verify (4).
 */
export function checkSignatures(admission: Admission): Refusal | undefined {
  const { state, transaction, mode } = admission;
  const { unordered } = transaction.body;
  const nonce = unordered ? useNonces(admission) : undefined;
  if (nonce !== undefined) return nonce;
  for (const { address, info, signature } of signersIn(admission)) {
    const account = state.accounts.get(address);
    if (account === undefined) return refuse(SDK.UNKNOWN_ADDRESS, `account ${address} does not exist`);
    const publicKey = state.accounts.publicKey(address);
    if (publicKey === undefined && mode !== 'simulate') {
      return refuse(SDK.INVALID_PUBKEY, 'pubkey on account is not set');
    }
    if (!unordered && info.sequence !== account.sequence) {
      const details = `account sequence mismatch, expected ${account.sequence}, got ${info.sequence}`;
      return refuse(SDK.WRONG_SEQUENCE, details);
    }
    if (publicKey === undefined || mode === 'simulate' || mode === 'recheck') continue;
    const { chainId } = state.block;
    const signed = signBytesOf(transaction, info, chainId, account.accountNumber);
    if (signed === undefined || !verifyMessage(signed, signature, publicKey)) {
      const details = `signature verification failed; please verify account number (${account.accountNumber}) and chain-id (${chainId})`;
      return refuse(SDK.UNAUTHORIZED, `${details}: (unable to verify single signer signature)`);
    }
  }
  return undefined;
}

/** What a signer signs in the mode that he names; undefined for another mode, and for a transaction that has no text in it. */
function signBytesOf(
  transaction: Admission['transaction'],
  { modeInfo, sequence }: SignerInfo,
  chainId: string,
  accountNumber: bigint,
): Uint8Array | undefined {
  switch (modeInfo?.sum.case === 'single' ? modeInfo.sum.value.mode : SignMode.UNSPECIFIED) {
    case SignMode.DIRECT:
      return directSignBytes(transaction, chainId, accountNumber);
    case SignMode.LEGACY_AMINO_JSON:
      try {
        return aminoSignBytes(transaction, { chainId, accountNumber, sequence });
      } catch (thrown) {
        if (isFault(thrown)) return undefined;
        throw thrown;
      }
    default:
      return undefined;
  }
}

/**
 * Refuses (sdk 18), in this order: no timeout; one that is not after the block's time, so that its nonce would be forgotten
 * before it; one more than ten minutes ahead; a signer who has used it before; a sequence other than 0.
 */
function useNonces(admission: Admission): Refusal | undefined {
  const { state, transaction, mode } = admission;
  const timeoutNs = timeoutNsOf(transaction) ?? 0n;
  const { timeNs } = state.block;
  if (timeoutNs <= 0n) return refuse(SDK.INVALID_REQUEST, 'unordered transaction must have timeout_timestamp set');
  if (timeoutNs <= timeNs) {
    return refuse(SDK.INVALID_REQUEST, 'unordered transaction has a timeout_timestamp that has already passed');
  }
  if (timeoutNs > timeNs + UNORDERED_TTL_NS) return refuse(SDK.INVALID_REQUEST, 'unordered tx ttl exceeds 10m0s');
  state.store.meter?.consume(UNORDERED_GAS);
  for (const address of transaction.signers) {
    if (state.nonces.has(timeoutNs, address)) {
      return refuse(SDK.INVALID_REQUEST, `already used timeout ${timeoutNs} for address ${address}`);
    }
    if (mode !== 'simulate') state.nonces.add(timeoutNs, address);
  }
  const withSequence = transaction.authInfo.signerInfos.some(({ sequence }) => sequence !== 0n);
  return withSequence ? refuse(SDK.INVALID_REQUEST, 'sequence is not allowed for unordered transactions') : undefined;
}

/** Counts the transaction for each signer; an unordered one is not counted. */
export function raiseSequences({ state, transaction }: Admission): undefined {
  if (transaction.body.unordered) return;
  for (const address of transaction.signers) {
    const account = state.accounts.get(address)!;
    state.accounts.put({ ...account, sequence: account.sequence + 1n });
  }
}
