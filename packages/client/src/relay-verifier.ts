/**
 * Verifies the answers to one relay with the supplier's key from the ledger.
 *
 * A signature that fails is no proof of fraud while the key is an old one: it is asked for once more before the supplier is
 * blamed.
 */
import { equalBytes } from '@decai/protocol/bytes';
import type { PublicKeyBook } from './public-key-book.ts';
import type { SignedRelay } from './sign-relay.ts';
import { verifyRelay, type RelayVerdict, type VerificationOptions } from './verify-relay.ts';

export type RelayVerifier = (bytes: Uint8Array) => Promise<RelayVerdict>;

export function createRelayVerifier(
  keys: PublicKeyBook,
  sent: SignedRelay,
  options: VerificationOptions = {},
): RelayVerifier {
  const supplier = sent.request.meta!.supplierOperatorAddress;
  let refreshed = false;
  return async (bytes) => {
    const key = await keys.publicKeyOf(supplier);
    const verdict = verifyRelay(sent, bytes, key, options);
    if (verdict.ok || verdict.refusal.code !== 'RELAY_SIGNATURE_INVALID' || refreshed) return verdict;
    refreshed = true;
    keys.forget(supplier);
    const current = await keys.publicKeyOf(supplier);
    const isSame = key !== undefined && current !== undefined && equalBytes(key, current);
    return isSame ? verdict : verifyRelay(sent, bytes, current, options);
  };
}
