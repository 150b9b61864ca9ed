/**
 * Transactions of the claim and proof vectors, byte for byte.
 */
import { fromHex, toHex } from '@decai/protocol/bytes';
import type { CaseVerdict } from '@decai/protocol/conformance';
import {
  directSignBytes,
  encodeDraft,
  assembleTransaction,
  type TransactionDraft,
} from '@decai/protocol/sign-transaction';
import { signMessage, verifyMessage } from '@decai/protocol/signature';
import { decodeTransaction } from '@decai/protocol/transaction';
import { upoktCoin } from '../stake.ts';
import { compareCase } from './first-difference.ts';
import type { ClaimsProofsDocument, VectorTransaction } from './claims-proofs-document.ts';

/** A transaction is read, drafted anew from what it says, and signed with the supplier's key: every byte must be the same. */
export function checkTransaction(
  name: string,
  { chainId, state }: ClaimsProofsDocument,
  expected: VectorTransaction,
  supplier: string,
): CaseVerdict {
  return compareCase(`${name} transaction`, expected, () => {
    const account = state.accounts.find(({ address }) => address === supplier)!;
    const publicKey = fromHex(account.public);
    const draft: TransactionDraft = {
      messages: decodeTransaction(fromHex(expected.txBytes)).messages,
      signers: [{ publicKey, sequence: BigInt(expected.sequence) }],
      fee: [upoktCoin(BigInt(expected.fee))],
      gasLimit: BigInt(expected.gas),
      memo: expected.memo,
      timeoutHeight: BigInt(expected.timeoutHeight),
    };
    const unsigned = encodeDraft(draft);
    const signBytes = directSignBytes(unsigned, chainId, BigInt(expected.accountNumber));
    const signature = signMessage(signBytes, fromHex(account.private));
    const { bytes, hash } = assembleTransaction(unsigned, [signature]);
    return {
      ...expected,
      signBytes: toHex(signBytes),
      signature: toHex(signature),
      txBytes: toHex(bytes),
      txHash: hash,
      valid: verifyMessage(signBytes, fromHex(expected.signature), publicKey),
    };
  });
}
