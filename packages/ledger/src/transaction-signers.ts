/**
 * Who signs a transaction, each beside what it says about him.
 *
 * Source: cosmos/cosmos-sdk `x/auth/tx/builder.go` (GetSigners, GetSignaturesV2).
 */
import type { SignerInfo } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import type { Transaction } from '@decai/protocol/transaction';

export type Signer = { readonly address: string; readonly info: SignerInfo; readonly signature: Uint8Array };

/** One for each address that must sign, in order. Expects as many signer infos as signers (`checkBasics`). */
export function signersIn({ signers, signatures, authInfo }: Transaction): Signer[] {
  return signers.map((address, index) => ({
    address,
    info: authInfo.signerInfos[index]!,
    signature: signatures[index] ?? new Uint8Array(0),
  }));
}
