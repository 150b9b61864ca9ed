/**
 * Keys: an account learns its own from the first transaction that it signs, and how many may sign at once is limited.
 *
 * An address is a hash of its key, so a key that fits is the right one, and it never changes.
 *
 * Source: cosmos/cosmos-sdk `x/auth/ante/sigverify.go` (SetPubKey, ValidateSigCount).
 */
import {
  accountKeyAddress,
  packAccountKey,
  plainKeysOf,
  readAccountKey,
  type AccountKey,
} from '@decai/protocol/account-key';
import { isFault } from '@decai/protocol/fault';
import type { SignerInfo } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import type { Admission } from './admission.ts';
import { refuse, type Outcome, type Refusal } from './refusal.ts';
import { SDK } from './registered-error.ts';
import { signersIn } from './transaction-signers.ts';

/** Stands for a key that is not known yet when a transaction is simulated: what it costs to store depends on its length. */
const ANY_KEY: AccountKey = { kind: 'secp256k1', publicKey: new Uint8Array(33).fill(2) };

/**
 * Stores the keys of signers whose accounts have none yet.
 *
 * Refuses, for each signer in turn: a key of another kind than secp256k1 or a threshold of such, or one that is not the
 * signer's (sdk 8); a signer without account (sdk 9). A signer who leaves his key out must have one already, which shows
 * later. A simulation takes any key for the signer's.
 */
export function rememberKeys({ state, transaction, mode }: Admission): Refusal | undefined {
  for (const [index, { address, info }] of signersIn(transaction).entries()) {
    const given = mode === 'simulate' ? placeholder(info) : givenKey(info);
    if (!given.ok) return given;
    const key = given.value;
    if (key === undefined) continue;
    if (mode !== 'simulate' && accountKeyAddress(key) !== address) {
      const details = `pubKey does not match signer address ${address} with signer index: ${index}`;
      return refuse(SDK.INVALID_PUBKEY, details);
    }
    const account = state.accounts.get(address);
    if (account === undefined) return refuse(SDK.UNKNOWN_ADDRESS, `account ${address} does not exist`);
    if (account.pubKey === undefined) state.accounts.put({ ...account, pubKey: packAccountKey(key) });
  }
  return undefined;
}

/** The key that a signer shows, if he shows one. */
function givenKey({ publicKey }: SignerInfo): Outcome<AccountKey | undefined> {
  if (publicKey === undefined) return { ok: true, value: undefined };
  try {
    const key = readAccountKey(publicKey);
    if (key.kind !== 'ed25519') return { ok: true, value: key };
    return refuse(SDK.INVALID_PUBKEY, 'only secp256k1 keys and thresholds of them sign here');
  } catch (thrown) {
    if (!isFault(thrown, 'ACCOUNT_KEY_INVALID')) throw thrown;
    return refuse(SDK.INVALID_PUBKEY, `only secp256k1 keys and thresholds of them sign here; ${thrown.message}`);
  }
}

function placeholder(info: SignerInfo): Outcome<AccountKey> {
  const given = givenKey(info);
  return { ok: true, value: (given.ok ? given.value : undefined) ?? ANY_KEY };
}

/** Refuses more signatures than allowed (sdk 14): each member of a threshold key counts, whether it signs or not. */
export function countSignatures({ state, transaction }: Admission): Refusal | undefined {
  const { txSigLimit } = state.params.auth.live();
  const count = signersIn(transaction).reduce((sum, { info }) => sum + keyCount(info), 0);
  if (BigInt(count) <= txSigLimit) return undefined;
  return refuse(SDK.TOO_MANY_SIGNATURES, `signatures: ${count}, limit: ${txSigLimit}`);
}

/** A key that is left out was counted when it was stored, and is one signer's now. */
function keyCount(info: SignerInfo): number {
  const given = givenKey(info);
  return given.ok && given.value !== undefined ? plainKeysOf(given.value).length : 1;
}
