/**
 * Whether the application, or a gateway that it trusts, signed a request. Nobody learns which of them.
 *
 * The ring of an application is remembered for its session. A delegation counts at once, so a signature by a key that is
 * not in the remembered ring has it fetched anew, at most once a block: strangers must not make us ask for every relay.
 *
 * Source: pokt-network/poktroll `pkg/crypto/rings/client.go` (`VerifyRelayRequestSignature`).
 */
import type { RingBook } from '@decai/client/application-ring';
import { isFault } from '@decai/protocol/fault';
import { verifyRing, type RingSignature } from '@decai/protocol/ring';
import { checkRingMembers } from '@decai/protocol/ring-members';
import { refuse, type MinerRefusal } from './miner-refusal.ts';
import type { ReceivedRelay } from './read-relay.ts';

export type RingCheck = (
  relay: ReceivedRelay,
  ring: RingSignature,
  sessionEndHeight: number,
) => Promise<MinerRefusal | undefined>;

export function createRingCheck(rings: RingBook, height: () => number): RingCheck {
  /** When an application's ring was last fetched anew. */
  const renewedAt = new Map<string, number>();

  const mayRenew = (application: string): boolean => {
    if (renewedAt.get(application) === height()) return false;
    renewedAt.delete(application);
    renewedAt.set(application, height());
    if (renewedAt.size > APPLICATIONS_MAX) renewedAt.delete(renewedAt.keys().next().value!);
    return true;
  };

  return async ({ header, requestHash }, ring, sessionEndHeight) => {
    const { applicationAddress } = header;
    let refusal = await checkMembers(rings, applicationAddress, sessionEndHeight, ring);
    if (refusal?.code === 'RING_SIGNATURE_INVALID' && mayRenew(applicationAddress)) {
      rings.forget(applicationAddress, sessionEndHeight);
      refusal = await checkMembers(rings, applicationAddress, sessionEndHeight, ring);
    }
    if (refusal !== undefined) return refusal;
    if (verifyRing(requestHash, ring)) return undefined;
    return refuse('RING_SIGNATURE_INVALID', 'the ring signature does not hold for this request');
  };
}

const APPLICATIONS_MAX = 10_000;

async function checkMembers(
  rings: RingBook,
  application: string,
  sessionEndHeight: number,
  { members }: RingSignature,
): Promise<MinerRefusal | undefined> {
  try {
    const expected = await rings.expectedRing(application, sessionEndHeight);
    const refusal = expected.ok ? checkRingMembers(members, expected.publicKeys) : expected.refusal;
    return refusal === undefined ? undefined : refuse('RING_SIGNATURE_INVALID', refusal.message);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return refuse('LEDGER_UNREACHABLE', `the ring could not be asked for: ${thrown.code}`);
  }
}
