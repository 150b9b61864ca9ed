/**
 * The ring of a session: whose keys a request of that session may be signed with.
 *
 * Under Shannon's rules it is worked out from the application's record as it is now. Where sessions are pinned it is what
 * the delegations were during the session, so nobody who comes later signs for it, and nobody who leaves takes it along.
 *
 * Source: pokt-network/poktroll `pkg/crypto/rings/client.go`.
 */
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { expectedRing } from '@decai/protocol/ring-members';
import { type Outcome, type Refusal, refuse } from './refusal.ts';
import { PROOF, RINGS } from './registered-error.ts';
import type { State } from './state.ts';

/**
 * The public keys of an application's ring for its session that ends at a height.
 *
 * Refuses (rings 2) an application that is not there, and a ring of which a member has no public key. In a pinned session
 * that is the application alone: a gateway without a key cannot have signed anything.
 */
export function sessionRing(state: State, address: string, sessionEndHeight: number): Outcome<readonly Uint8Array[]> {
  const application = state.applications.get(address);
  if (application === undefined) return noRing(address, 'application not found');
  const publicKeyOf = (member: string): Uint8Array | undefined => state.accounts.publicKey(member);
  const ring =
    state.delegations === undefined
      ? // Go clients of applications without gateways sign with the placeholder; to refuse it would refuse honest relays.
        expectedRing(ringApplication(application), sessionEndHeight, publicKeyOf, true)
      : expectedRing(
          {
            address,
            delegateeGatewayAddresses: state.delegations
              .gatewaysOf(address, sessionEndHeight)
              .filter((gateway) => publicKeyOf(gateway) !== undefined),
            pendingUndelegations: [],
          },
          sessionEndHeight,
          publicKeyOf,
          false,
        );
  return ring.ok ? { ok: true, value: ring.publicKeys } : noRing(address, PROOF.PUBLIC_KEY_NOT_FOUND[2]);
}

function ringApplication({ address, delegateeGatewayAddresses, pendingUndelegations }: Application) {
  const left = Object.entries(pendingUndelegations);
  return {
    address,
    delegateeGatewayAddresses,
    pendingUndelegations: left.map(([end, { gatewayAddresses }]) => [Number(end), gatewayAddresses] as const),
  };
}

function noRing(applicationAddress: string, why: string): Refusal {
  return refuse(RINGS.INVALID_REQUEST, `error getting ring for application address ${applicationAddress}: ${why}`);
}
