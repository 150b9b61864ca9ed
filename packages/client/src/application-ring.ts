/**
 * The ring of an application at a session's end: whose keys may stand in a signature, and which to sign with.
 *
 * Source: pokt-network/poktroll `pkg/crypto/rings/client.go`; pokt-network/shannon-sdk `signer.go`.
 */
import { Fault } from '@decai/protocol/fault';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import {
  applicationRing,
  expectedRing,
  gatewayRing,
  ringMemberAddresses,
  type ExpectedRing,
  type RingApplication,
  type SigningRing,
} from '@decai/protocol/ring-members';
import type { LedgerClient } from './ledger-client.ts';
import type { PublicKeyBook } from './public-key-book.ts';
import { remember } from './remembered.ts';

export type RingBook = {
  /**
   * The keys that may stand in a signature for the application in a session that ends at `sessionEndHeight`.
   *
   * @throws APPLICATION_UNKNOWN when the ledger has no such application.
   */
  expectedRing(applicationAddress: string, sessionEndHeight: number): Promise<ExpectedRing>;
  /** Asks anew next time: a delegation counts at once. */
  forget(applicationAddress: string, sessionEndHeight: number): void;
};

export type RingBookOptions = {
  /** Whether an application without gateways gets Shannon's placeholder key, as Go's verifiers give it. On by default. */
  readonly placeholder?: boolean;
};

const RINGS_MAX = 4096;

export function createRingBook(
  ledger: Pick<LedgerClient, 'application'>,
  keys: Pick<PublicKeyBook, 'publicKeyOf'>,
  { placeholder = true }: RingBookOptions = {},
): RingBook {
  const rings = remember<ExpectedRing>(RINGS_MAX);
  const keyOf = (address: string, endHeight: number): string => `${address}/${endHeight}`;
  return {
    async expectedRing(address, endHeight) {
      const ring = await rings.get(keyOf(address, endHeight), async () => {
        const record = await ledger.application(address);
        if (record === undefined) throw new Fault('APPLICATION_UNKNOWN', 'no such application', { address });
        const application = ringApplication(record);
        const publicKeys = new Map<string, Uint8Array | undefined>();
        for (const member of ringMemberAddresses(application, endHeight)) {
          publicKeys.set(member, await keys.publicKeyOf(member));
        }
        return expectedRing(application, endHeight, (member) => publicKeys.get(member), placeholder);
      });
      if (!ring.ok) rings.forget(keyOf(address, endHeight));
      return ring;
    },
    forget: (address, endHeight) => rings.forget(keyOf(address, endHeight)),
  };
}

/** The part of an application's record that decides about its ring. */
export function ringApplication(record: Application): RingApplication {
  return {
    address: record.address,
    delegateeGatewayAddresses: record.delegateeGatewayAddresses,
    pendingUndelegations: Object.entries(record.pendingUndelegations).map(
      ([height, list]) => [Number(height), list.gatewayAddresses] as const,
    ),
  };
}

export type SigningRingRefusal = {
  readonly ok: false;
  readonly code: 'APPLICATION_KEY_MISSING' | 'GATEWAY_NOT_DELEGATED';
  readonly message: string;
};

/**
 * The ring with which `signer` signs for the application: a gateway with the application and itself; the application with
 * itself and one of its gateways, or with itself twice when no gateway of it has a key.
 *
 * Refuses, in this order: a gateway that the application has not delegated to; an application without a key on the ledger.
 */
export async function signingRing(
  application: Application,
  signer: { readonly address: string; readonly publicKey: Uint8Array },
  sessionEndHeight: number,
  keys: Pick<PublicKeyBook, 'publicKeyOf'>,
): Promise<({ readonly ok: true } & SigningRing) | SigningRingRefusal> {
  if (signer.address === application.address) {
    for (const gateway of application.delegateeGatewayAddresses) {
      const publicKey = await keys.publicKeyOf(gateway);
      if (publicKey !== undefined) return { ok: true, ...applicationRing(signer.publicKey, publicKey) };
    }
    return { ok: true, ...applicationRing(signer.publicKey) };
  }
  if (!ringMemberAddresses(ringApplication(application), sessionEndHeight).includes(signer.address)) {
    const message = `${application.address} has not delegated to ${signer.address}`;
    return { ok: false, code: 'GATEWAY_NOT_DELEGATED', message };
  }
  const publicKey = await keys.publicKeyOf(application.address);
  if (publicKey === undefined) {
    const message = `${application.address} has no public key on the ledger: it has signed nothing yet`;
    return { ok: false, code: 'APPLICATION_KEY_MISSING', message };
  }
  return { ok: true, ...gatewayRing(publicKey, signer.publicKey) };
}
