/**
 * The nonce of an unordered transaction: its timeout, which each of its signers can use once.
 *
 * A nonce is kept until the timeout has passed; only then can it be forgotten without a second use, so a timeout must lie
 * ahead, and not further than memory reaches.
 *
 * Source: cosmos/cosmos-sdk `x/auth/ante/sigverify.go` (verifyUnorderedNonce).
 */
import { timeoutNsOf, type Admission } from './admission.ts';
import { refuse, type Refusal } from './refusal.ts';
import { SDK } from './registered-error.ts';

/** How far ahead an unordered transaction's timeout may lie: its nonce is kept for as long. */
const UNORDERED_TTL_NS = 600_000_000_000n;

const UNORDERED_GAS = 2240;

/**
 * Uses the nonce of every signer; nothing of an ordered transaction. A simulation uses none.
 *
 * Refuses (sdk 18), in this order: no timeout; one that is not after the block's time, so that its nonce would be forgotten
 * before it; one more than ten minutes ahead; a signer who has used it before; a sequence other than 0.
 */
export function useNonces({ state, transaction, mode }: Admission): Refusal | undefined {
  if (!transaction.body.unordered) return undefined;
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
      const details = `sender ${address} has already used timeout ${timeoutNs}`;
      return refuse(SDK.INVALID_REQUEST, `failed to add unordered nonce: ${details}`);
    }
    if (mode !== 'simulate') state.nonces.add(timeoutNs, address);
  }
  const withSequence = transaction.authInfo.signerInfos.some(({ sequence }) => sequence !== 0n);
  return withSequence ? refuse(SDK.INVALID_REQUEST, 'sequence is not allowed for unordered transactions') : undefined;
}
