/**
 * Who may sign for an application, and with which ring to sign.
 *
 * The members are the application, its gateways, and gateways that left it during the session in question or later. Each
 * key inside a signature must be one of theirs; order, repetition and number are free, so the two keys [application,
 * gateway] are a ring even where there are seven gateways.
 *
 * Source: pokt-network/poktroll `pkg/crypto/rings/client.go`, `pkg/crypto/rings/ring.go`; pokt-network/shannon-sdk.
 */
import { addressOf } from './address.ts';
import { compareBytes, equalBytes, fromHex, utf8 } from './bytes.ts';

/** The part of an application's record that decides about its ring. */
export type RingApplication = {
  readonly address: string;
  readonly delegateeGatewayAddresses: readonly string[];
  /** By end height of the session in which they left: the gateways that left. A `Map` will do. */
  readonly pendingUndelegations: Iterable<readonly [sessionEndHeight: number, gatewayAddresses: readonly string[]]>;
};

/** Why a signature's ring is not one of the application's. */
export type RingRefusal = {
  readonly code: 'RING_KEY_MISSING' | 'RING_MEMBER_FOREIGN';
  readonly message: string;
};

export type ExpectedRing =
  | { readonly ok: true; readonly publicKeys: readonly Uint8Array[] }
  | { readonly ok: false; readonly refusal: RingRefusal };

/** A ring and the place in it of the key that signs. */
export type SigningRing = { readonly ring: readonly Uint8Array[]; readonly signerIndex: number };

/**
 * The addresses whose keys may appear in a signature for a session that ends at `sessionEndHeight`, each once, in
 * ascending order of text.
 *
 * A gateway that left stays until the session in which it left has ended; one that was added counts at once, also for
 * sessions of the past.
 */
export function ringMemberAddresses(application: RingApplication, sessionEndHeight: number): string[] {
  const members = new Set([application.address, ...application.delegateeGatewayAddresses]);
  for (const [leftAt, gateways] of application.pendingUndelegations) {
    if (leftAt >= sessionEndHeight) for (const gateway of gateways) members.add(gateway);
  }
  return [...members].sort((a, b) => compareBytes(utf8(a), utf8(b)));
}

/**
 * The key that Shannon puts beside an application without gateways, because its ring library wants two members.
 *
 * Its private half follows from a published sentence, so anybody can sign for such an application. It is here because Go
 * clients of the live network sign with it, and a ledger that refused it would refuse honest relays. We never sign with
 * it: an application alone signs with itself twice.
 */
export const PLACEHOLDER_PUBLIC_KEY: Uint8Array = fromHex(
  '021066f293709356a33e9c13017867586baf52513e845bc4335233a15ed1e00baf',
);

/**
 * The public keys of an application's ring, or why there is none: a member that never signed a transaction has no key on
 * the ledger, and then nobody can sign for the application (`RING_KEY_MISSING`).
 *
 * `placeholder` says whether an application without gateways gets the placeholder key.
 */
export function expectedRing(
  application: RingApplication,
  sessionEndHeight: number,
  publicKeyOf: (address: string) => Uint8Array | undefined,
  placeholder: boolean,
): ExpectedRing {
  const publicKeys: Uint8Array[] = [];
  const addresses = ringMemberAddresses(application, sessionEndHeight);
  for (const address of addresses) {
    const publicKey = publicKeyOf(address);
    if (publicKey === undefined) {
      const refusal: RingRefusal = { code: 'RING_KEY_MISSING', message: `ring member ${address} has no public key` };
      return { ok: false, refusal };
    }
    publicKeys.push(publicKey);
  }
  if (placeholder && addresses.length === 1) publicKeys.push(PLACEHOLDER_PUBLIC_KEY);
  return { ok: true, publicKeys };
}

/** Refuses a signature with a key outside the expected set (`RING_MEMBER_FOREIGN`), naming the first. */
export function checkRingMembers(
  members: readonly Uint8Array[],
  expected: readonly Uint8Array[],
): RingRefusal | undefined {
  const foreign = members.find((member) => !expected.some((publicKey) => equalBytes(publicKey, member)));
  if (foreign === undefined) return undefined;
  return { code: 'RING_MEMBER_FOREIGN', message: `member ${addressOf(foreign)} is not in the application's ring` };
}

/** The ring in which a gateway signs: the application and itself. Cost grows with the ring, so no more than those. */
export function gatewayRing(application: Uint8Array, gateway: Uint8Array): SigningRing {
  return { ring: [application, gateway], signerIndex: 1 };
}

/** The ring in which an application signs: itself and one of its gateways, or itself twice when it has none. */
export function applicationRing(application: Uint8Array, gateway?: Uint8Array): SigningRing {
  return { ring: [application, gateway ?? application], signerIndex: 0 };
}
