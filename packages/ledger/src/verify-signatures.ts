/**
 * Who signed: sequences are fresh, signatures are those of the signers' keys.
 *
 * A signature is over the bytes of the transaction (SIGN_MODE_DIRECT) or over its text (amino JSON, as hardware wallets show
 * it); other modes are refused. For a threshold key the members sign, each in the mode that is named beside his signature.
 *
 * Source: cosmos/cosmos-sdk `x/auth/ante/sigverify.go`.
 */
import type { AccountKey } from '@decai/protocol/account-key';
import {
  readAccountSignature,
  shapeProblem,
  signatureProblem,
  signatureTexts,
  signingMembers,
  type AccountSignature,
  type SignBytesOf,
} from '@decai/protocol/account-signature';
import { aminoSignBytes } from '@decai/protocol/amino-json';
import { toBase64 } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import type { BaseAccount } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { SignMode } from '@decai/protocol/gen/cosmos/tx/signing/v1beta1/signing_pb';
import type { ModeInfo } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { directSignBytes } from '@decai/protocol/sign-transaction';
import type { Transaction } from '@decai/protocol/transaction';
import { keyOf } from './account.ts';
import type { Admission } from './admission.ts';
import { refuse, type Outcome, type Refusal } from './refusal.ts';
import { SDK, UNREGISTERED } from './registered-error.ts';
import { signersIn, type Signer } from './transaction-signers.ts';

/**
 * Charges for every signature and raises `tx{acc_seq}` and `tx{signature}` for each signer; for a threshold key one for each
 * member's signature and one for all of them together.
 *
 * Refuses, for each signer in turn: no account (sdk 9), signatures of members that cannot be read (undefined 1), one of a
 * member who is no secp256k1 key (sdk 8). Signatures that do not fit their key are neither counted nor announced: they are
 * refused later.
 */
export function chargeSignatures({ state, transaction, mode }: Admission): Refusal | undefined {
  const { sigVerifyCostSecp256k1 } = state.params.auth.live();
  const charge = (count: number): void => state.store.meter?.consume(Number(sigVerifyCostSecp256k1) * count);
  for (const signer of signersIn(transaction)) {
    const { address, info } = signer;
    const account = state.accounts.get(address);
    if (account === undefined) return refuse(SDK.UNKNOWN_ADDRESS, `account ${address} does not exist`);
    const key = keyOf(account);
    const signature = signatureOf(signer);
    if (!signature.ok) return signature;
    // Without sequence there is nothing to count; only the signature tells such transactions apart.
    if (!transaction.body.unordered) state.journal.emitPlain('tx', { acc_seq: `${address}/${info.sequence}` });
    const isFit = key === undefined || shapeProblem(key, signature.value) === undefined;
    const texts = isFit ? signatureTexts(signature.value) : [signer.signature];
    for (const bytes of texts) state.journal.emitPlain('tx', { signature: toBase64(bytes) });
    if (key === undefined || !isFit) {
      charge(mode === 'simulate' && key?.kind === 'threshold' ? key.threshold : 1);
      continue;
    }
    const keys = signingKeys(key, signature.value);
    if (keys.some(({ kind }) => kind !== 'secp256k1')) {
      return refuse(SDK.INVALID_PUBKEY, 'ED25519 public keys are unsupported');
    }
    charge(keys.length);
  }
  return undefined;
}

/** The plain keys whose signatures these are. */
function signingKeys(key: AccountKey, signature: AccountSignature): AccountKey[] {
  if (key.kind !== 'threshold' || signature.kind !== 'members') return [key];
  return signingMembers(key, signature).flatMap((index, at) =>
    signingKeys(key.members[index]!, signature.signatures[at]!),
  );
}

function signatureOf({ info, signature }: Signer): Outcome<AccountSignature> {
  try {
    return { ok: true, value: readAccountSignature(info.modeInfo, signature) };
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return refuse(UNREGISTERED, `signatures of members: ${thrown.message}`);
  }
}

/**
 * Refuses, for each signer in turn: no account (sdk 9), no key (8), another sequence than the account's (32), a mode in which
 * nothing can be signed or a signature that does not verify (4); for a threshold key also too few signatures, or bits that
 * are not those of its members (4). A simulation and a recheck look at no signature.
 */
export function checkSignatures({ state, transaction, mode }: Admission): Refusal | undefined {
  for (const signer of signersIn(transaction)) {
    const { address, info } = signer;
    const account = state.accounts.get(address);
    if (account === undefined) return refuse(SDK.UNKNOWN_ADDRESS, `account ${address} does not exist`);
    const key = keyOf(account);
    if (key === undefined) return refuse(SDK.INVALID_PUBKEY, 'pubkey on account is not set');
    if (!transaction.body.unordered && info.sequence !== account.sequence) {
      const details = `account sequence mismatch, expected ${account.sequence}, got ${info.sequence}`;
      return refuse(SDK.WRONG_SEQUENCE, details);
    }
    if (mode === 'simulate' || mode === 'recheck') continue;
    const problem = verify(key, signer, (signMode) =>
      signBytesOf(transaction, signMode, state.block.chainId, { ...account, sequence: info.sequence }),
    );
    if (problem !== undefined) {
      return refuse(SDK.UNAUTHORIZED, unverified(signer, problem, state.block.chainId, account));
    }
  }
  return undefined;
}

function verify(key: AccountKey, signer: Signer, signBytes: SignBytesOf): string | undefined {
  const read = signatureOf(signer);
  if (!read.ok) return read.message;
  return shapeProblem(key, read.value) ?? signatureProblem(key, read.value, signBytes);
}

/** What a signer is told: the JSON text holds his sequence, so that may be what he got wrong. */
function unverified({ info }: Signer, problem: string, chainId: string, account: BaseAccount): string {
  const { accountNumber, sequence } = account;
  const verified = (what: string): string => `signature verification failed; please verify account number ${what}`;
  return info.modeInfo !== undefined && isAminoOnly(info.modeInfo)
    ? verified(`(${accountNumber}), sequence (${sequence}) and chain-id (${chainId})`)
    : verified(`(${accountNumber}) and chain-id (${chainId}): (${problem})`);
}

function isAminoOnly({ sum }: ModeInfo): boolean {
  if (sum.case === 'multi') return sum.value.modeInfos.every(isAminoOnly);
  return sum.case === 'single' && sum.value.mode === SignMode.LEGACY_AMINO_JSON;
}

/** What is signed in a mode; undefined for another mode, and for a transaction that has no text in it. */
function signBytesOf(
  transaction: Transaction,
  mode: SignMode,
  chainId: string,
  { accountNumber, sequence }: BaseAccount,
): Uint8Array | undefined {
  switch (mode) {
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

/** Counts the transaction for each signer; an unordered one is not counted. */
export function raiseSequences({ state, transaction }: Admission): undefined {
  if (transaction.body.unordered) return;
  for (const address of transaction.signers) {
    const account = state.accounts.get(address)!;
    state.accounts.put({ ...account, sequence: account.sequence + 1n });
  }
}
