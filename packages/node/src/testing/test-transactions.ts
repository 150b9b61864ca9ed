/** Transactions for tests. */
import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import type { TypedMessage } from '@decai/protocol/any';
import type { Key } from '@decai/protocol/keys';
import { signMessage } from '@decai/protocol/signature';
import { signTransaction } from '@decai/protocol/sign-transaction';
import { CHAIN_ID } from './test-genesis.ts';

export function sendMessage(from: Key, to: string, amount: bigint): TypedMessage {
  const message = create(MsgSendSchema, { fromAddress: from.address, toAddress: to, amount: [coin(amount)] });
  return { schema: MsgSendSchema, message };
}

export function signedSend(
  from: { readonly key: Key; readonly accountNumber: bigint; readonly sequence: bigint },
  to: string,
  amount: bigint,
  memo = '',
): Uint8Array {
  const { key, accountNumber, sequence } = from;
  const draft = {
    messages: [sendMessage(key, to, amount)],
    signers: [{ publicKey: key.publicKey, sequence }],
    fee: [],
    gasLimit: 400_000n,
    memo,
  };
  return signTransaction(draft, { chainId: CHAIN_ID, accountNumber }, (bytes) => signMessage(bytes, key.privateKey))
    .bytes;
}
