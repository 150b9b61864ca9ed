/**
 * What a block says it paid for one claim.
 *
 * Source: pokt-network/poktroll `proto/pocket/tokenomics/event.proto`.
 */
import type { LedgerBlockResults } from '@decai/client/ledger-transport';
import { amountOf, parseCoin } from '@decai/protocol/coin';
import {
  EventClaimExpiredSchema,
  EventClaimSettledSchema,
  type EventClaimExpired,
  type EventClaimSettled,
} from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { messageOfEvent } from '@decai/protocol/typed-event';

export type Settlement =
  { readonly expired: false; readonly settledUpokt: bigint } | { readonly expired: true; readonly reason: string };

/** What names a claim in these events: an expired one does not tell its session's id. */
export type SettledClaim = {
  readonly supplier: string;
  readonly applicationAddress: string;
  readonly serviceId: string;
  readonly endHeight: number;
};

/** The settlement of a claim, or undefined when the block says nothing of it. */
export function readSettlement(block: LedgerBlockResults, claim: SettledClaim): Settlement | undefined {
  for (const event of block.blockEvents) {
    const isSettled = event.type === EventClaimSettledSchema.typeName;
    if (!isSettled && event.type !== EventClaimExpiredSchema.typeName) continue;
    const message = messageOfEvent(event)?.message as EventClaimSettled | EventClaimExpired;
    if (!isAbout(message, claim)) continue;
    if (!isSettled) return { expired: true, reason: 'a proof was required and the ledger had none that held' };
    return { expired: false, settledUpokt: amountOf(parseCoin((message as EventClaimSettled).settledUpokt)) };
  }
  return undefined;
}

function isAbout(event: EventClaimSettled | EventClaimExpired, claim: SettledClaim): boolean {
  return (
    event.supplierOperatorAddress === claim.supplier &&
    event.applicationAddress === claim.applicationAddress &&
    event.serviceId === claim.serviceId &&
    event.sessionEndBlockHeight === BigInt(claim.endHeight)
  );
}
