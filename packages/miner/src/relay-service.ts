/**
 * What serving a relay needs, as one value: the parts of a running miner, and who hears of what happens.
 */
import { toHex } from '@decai/protocol/bytes';
import type { HopName } from '@decai/protocol/hop';
import type { World } from '@decai/protocol/world';
import type { Admission, RelayTicket } from './admit-relay.ts';
import type { Backend } from './backend.ts';
import type { Evidence, MinedRelay } from './mine-relay.ts';
import type { MinerRefusal } from './miner-refusal.ts';
import type { ReceivedRelay } from './read-relay.ts';
import type { ResponseSigner } from './sign-response.ts';
import type { TokenBucket } from './token-bucket.ts';

/** `unpayable`: answered, but with nothing that is paid for, or cut before anything was delivered. */
export type Conclusion = MinedRelay['kind'] | 'unpayable';

export type RelayService = {
  readonly world: World;
  readonly admission: Admission;
  readonly backends: ReadonlyMap<string, Backend>;
  readonly evidence: Evidence;
  /** Signatures that streams may make. */
  readonly signing: TokenBucket;
  /** Whether new relays are still taken. */
  readonly isClosing: () => boolean;
  /** Hears of each step. */
  readonly tell: (hop: HopName, facts: Readonly<Record<string, string | number>>) => void;
  /** Hears of each refusal; service and relay as far as they are known. */
  readonly onRefusal: (refusal: MinerRefusal, serviceId: string, relay?: ReceivedRelay) => void;
  /** Hears what became of each relay that was answered. */
  readonly onConcluded: (kind: Conclusion, ticket: RelayTicket) => void;
  /** Hears of faults that were survived. */
  readonly onTrouble: (trouble: unknown) => void;
};

/** What every hop of a relay is known by. */
export function factsOf({ requestHash, header, supplier }: ReceivedRelay): Record<string, string> {
  return { request: toHex(requestHash), session: header.sessionId, service: header.serviceId, supplier };
}

/** Who signs what is answered to a relay. */
export function signerFor(
  service: RelayService,
  { header, requestHash }: ReceivedRelay,
  privateKey: Uint8Array,
): ResponseSigner {
  return service.admission.config.responseBinding ? { privateKey, header, requestHash } : { privateKey, header };
}
