/**
 * Putting messages into transactions: well made ones mostly, and now and then one with something wrong around its messages.
 */
import { packAny } from '@decai/protocol/any';
import { utf8 } from '@decai/protocol/bytes';
import { coin } from '@decai/protocol/coin';
import type { Key } from '@decai/protocol/keys';
import { signTransaction } from '@decai/protocol/sign-transaction';
import { signMessage } from '@decai/protocol/signature';
import type { Draw } from './draw.ts';
import { CHAIN_ID } from './founding.ts';
import { EVERYBODY } from './members.ts';
import { SECOND_NS, type Model } from '../model/model.ts';
import type { Sent } from './scene.ts';
import type { SentTransaction } from '../model/transactions.ts';

/** Enough for whatever members send. */
export const AMPLE_GAS = 50_000_000n;

const OLD_KEPT = 64;

export class Post {
  private readonly model: Model;
  private readonly ahead = new Map<string, bigint>();
  private readonly old: SentTransaction[] = [];

  constructor(model: Model) {
    this.model = model;
  }

  /** To be called before the transactions of each block. */
  beginBlock(): void {
    this.ahead.clear();
  }

  /** One transaction of messages that all name the same sender. */
  send(draw: Draw, sent: readonly [Sent, ...Sent[]]): SentTransaction {
    if (draw.perMille(12) && this.old.length > 0) return draw.pick(this.old);
    if (draw.perMille(4)) return { bytes: utf8(`no transaction ${draw.bits()}`) };
    const transaction = this.signed(draw, sent);
    this.old.push(transaction);
    if (this.old.length > OLD_KEPT) this.old.shift();
    return transaction;
  }

  private signed(draw: Draw, sent: readonly [Sent, ...Sent[]]): SentTransaction {
    const { model } = this;
    const signer = sent[0].by;
    const next = model.height + 1;
    const account = model.book.accounts.get(signer.address);
    const isUnordered = draw.perMille(40);
    const expected = (account?.sequence ?? 0n) + (this.ahead.get(signer.address) ?? 0n);
    const keyHolder = draw.perMille(990) ? signer : draw.pick(EVERYBODY);
    const isSigned = draw.perMille(990);
    const sequence = isUnordered ? 0n : draw.perMille(985) ? expected : expected + BigInt(draw.pick([1, 1000]));
    const timeoutNs = BigInt(next + draw.pick([-1, 0, 1, 3, 600, 601])) * SECOND_NS;
    const content = {
      messages: sent.map(({ message }) => packAny(message.schema, message.message)),
      signer: signer.address,
      publicKey: keyHolder.publicKey,
      isOwnKey: keyHolder.address === signer.address,
      isSigned,
      accountNumber: account?.number ?? 0n,
      sequence,
      fee: someFee(draw),
      gasLimit: draw.perMille(985) ? AMPLE_GAS : draw.pick([0n, 1n, draw.upokt(20_000, 120_000)]),
      timeoutHeight: draw.perMille(970) ? 0 : Math.max(0, next + draw.between(-1, 2)),
      ...(isUnordered && { timeoutNs: timeoutNs > 0n ? timeoutNs : SECOND_NS }),
    };
    if (!isUnordered) this.ahead.set(signer.address, (this.ahead.get(signer.address) ?? 0n) + 1n);
    const bytes = signedBytes(content, sent, keyHolder);
    return { bytes, content };
  }
}

function someFee(draw: Draw) {
  return draw.perMille(600) ? [] : [coin(draw.perMille(970) ? draw.upokt(1, 500) : 10n ** 9n)];
}

function signedBytes(
  content: NonNullable<SentTransaction['content']>,
  sent: readonly Sent[],
  keyHolder: Key,
): Uint8Array {
  const { publicKey, sequence, fee, gasLimit, timeoutHeight, timeoutNs, isSigned, accountNumber } = content;
  const draft = {
    messages: sent.map(({ message }) => message),
    signers: [{ publicKey, sequence }],
    fee,
    gasLimit,
    timeoutHeight: BigInt(timeoutHeight),
    ...(timeoutNs !== undefined && {
      unordered: true,
      timeout: { seconds: timeoutNs / SECOND_NS, nanos: Number(timeoutNs % SECOND_NS) },
    }),
  };
  // Whoever signs for another chain has not signed for this one.
  const chainId = isSigned ? CHAIN_ID : 'another-town';
  return signTransaction(draft, { chainId, accountNumber }, (bytes) => signMessage(bytes, keyHolder.privateKey)).bytes;
}
