/**
 * The public keys of accounts, asked of the ledger once.
 *
 * A key is on the ledger from the first transaction that the account signed; until then there is none, and that is asked
 * again each time. A supplier may rotate to another key, so whoever is about to blame somebody forgets and asks anew first.
 */
import type { LedgerClient } from './ledger-client.ts';
import { remember } from './remembered.ts';

export type PublicKeyBook = {
  /** 33 bytes, or undefined while the account has none. */
  publicKeyOf(address: string): Promise<Uint8Array | undefined>;
  forget(address: string): void;
};

const KEYS_MAX = 16_384;

export function createPublicKeyBook(ledger: Pick<LedgerClient, 'account'>): PublicKeyBook {
  const keys = remember<Uint8Array | undefined>(KEYS_MAX);
  return {
    async publicKeyOf(address) {
      const key = await keys.get(address, async () => (await ledger.account(address))?.publicKey);
      if (key === undefined) keys.forget(address);
      return key;
    },
    forget: (address) => keys.forget(address),
  };
}
