/**
 * Transactions for tests: good ones, and good ones with something changed.
 */
import { create } from '@bufbuild/protobuf';
import { decode, encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
  type AuthInfo,
  type TxBody,
} from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import {
  assembleTransaction,
  directSignBytes,
  encodeDraft,
  type TransactionDraft,
} from '@decai/protocol/sign-transaction';
import { signMessage } from '@decai/protocol/signature';
import { addressNamed, CHAIN_ID, endow, keyNamed, sent, TestChain } from './test-chain.ts';
import { runTransaction } from './run-transaction.ts';
import type { AdmissionMode, TransactionPolicy } from './admission.ts';
import type { TransactionResult } from './transaction-result.ts';
import type { Key } from '@decai/protocol/keys';

export const ALICE: Key = keyNamed('alice');
export const BOB: Key = keyNamed('bob');
export const GHOST: Key = keyNamed('ghost');
export const TO: string = addressNamed('to');

export const START_UPOKT: bigint = 1_000_000_000n;

export function chain(): TestChain {
  return new TestChain((state) => {
    for (const { address } of [ALICE, BOB]) endow(state, address, START_UPOKT);
  });
}

export const send = (from: string, amountUpokt: bigint, to: string = TO): ReturnType<typeof sent> =>
  sent(MsgSendSchema, { fromAddress: from, toAddress: to, amount: [coin(amountUpokt)] });

export function run(
  town: TestChain,
  bytes: Uint8Array,
  mode: AdmissionMode = 'execute',
  policy: TransactionPolicy = {},
): TransactionResult {
  return runTransaction(town.state(), bytes, mode, policy);
}

type Parts = { body: TxBody; authInfo: AuthInfo; sign: boolean; signatures: Uint8Array[] | undefined };

/** A good transaction of Alice's with something changed; signed again after the change, unless the change says not to. */
export function changed(town: TestChain, change: (parts: Parts) => void): Uint8Array {
  const raw = decode(TxRawSchema, town.sign(ALICE, [send(ALICE.address, 1n)]));
  const parts: Parts = {
    body: decode(TxBodySchema, raw.bodyBytes),
    authInfo: decode(AuthInfoSchema, raw.authInfoBytes),
    sign: true,
    signatures: undefined,
  };
  change(parts);
  const bodyBytes = encode(TxBodySchema, parts.body);
  const authInfoBytes = encode(AuthInfoSchema, parts.authInfo);
  const { accountNumber } = town.state().accounts.get(ALICE.address)!;
  const signature = signMessage(
    directSignBytes({ bodyBytes, authInfoBytes }, CHAIN_ID, accountNumber),
    ALICE.privateKey,
  );
  const signatures = parts.signatures ?? [parts.sign ? signature : raw.signatures[0]!];
  return encode(TxRawSchema, create(TxRawSchema, { bodyBytes, authInfoBytes, signatures }));
}

/** A payment of Alice's whose fee Bob pays; both sign. */
export function twoSigned(town: TestChain, draft: Partial<TransactionDraft> = {}): Uint8Array {
  const keys = [ALICE, BOB];
  const accounts = keys.map(({ address }) => town.state().accounts.get(address)!);
  const signers = keys.map(({ publicKey }, index) => {
    return { publicKey, sequence: draft.unordered === true ? 0n : accounts[index]!.sequence };
  });
  const messages = [send(ALICE.address, 1n)];
  const unsigned = encodeDraft({ messages, signers, fee: [], gasLimit: 1_000_000n, feePayer: BOB.address, ...draft });
  const signatures = keys.map(({ privateKey }, index) =>
    signMessage(directSignBytes(unsigned, CHAIN_ID, accounts[index]!.accountNumber), privateKey),
  );
  return assembleTransaction(unsigned, signatures).bytes;
}
