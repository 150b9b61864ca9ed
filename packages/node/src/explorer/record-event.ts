/**
 * One event of a block, written down: every kind of event that the explorer follows, and who writes it down.
 *
 * The supply is followed by the bank's own events, whatever moved it.
 *
 * Source: pokt-network/poktroll `proto/pocket/<module>/event.proto`; cosmos/cosmos-sdk `x/bank/types/events.go`.
 */
import { amountOf, parseCoins, UPOKT } from '@decai/protocol/coin';
import type {
  EventApplicationStaked,
  EventApplicationUnbondingBegin,
  EventTransferEnd,
} from '@decai/protocol/gen/pocket/application/event_pb';
import type {
  EventClaimCreated,
  EventProofSubmitted,
  EventProofValidityChecked,
} from '@decai/protocol/gen/pocket/proof/event_pb';
import type { EventSupplierUnbondingBegin } from '@decai/protocol/gen/pocket/supplier/event_pb';
import type {
  EventClaimDiscarded,
  EventClaimExpired,
  EventClaimSettled,
  EventSettlementBatch,
  EventSupplierSlashed,
} from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { messageOfEvent, type ChainEvent } from '@decai/protocol/typed-event';
import type { BlockChanges } from './block-changes.ts';
import type { ActorStatus } from './explorer-tables.ts';
import { recordApplication, recordApplicationTransfer, recordSupplierStatus } from './record-actors.ts';
import { recordClaimCreated, recordClaimUpdated, recordProof, recordValidity } from './record-claim.ts';
import type { SessionNames } from './record-message.ts';
import { recordBatch, recordDiscarded, recordExpired, recordSettled, recordSlash } from './record-settlement.ts';

type Recorder = (changes: BlockChanges, message: never, sessions: SessionNames) => void;

const application =
  (status: ActorStatus): Recorder =>
  (changes, event: EventApplicationStaked | EventApplicationUnbondingBegin) => {
    if (event.application !== undefined) recordApplication(changes, event.application, status);
  };

const supplier =
  (status: ActorStatus): Recorder =>
  (changes, event: EventSupplierUnbondingBegin) =>
    recordSupplierStatus(changes, event.supplier?.operatorAddress ?? '', status);

/** By type of the event. Those that are not here tell the explorer nothing. */
const RECORDERS: ReadonlyMap<string, Recorder> = new Map<string, Recorder>([
  [
    'pocket.proof.EventClaimCreated',
    (changes, event: EventClaimCreated, sessions) => recordClaimCreated(changes, event, sessions.of(event)),
  ],
  [
    'pocket.proof.EventClaimUpdated',
    (changes, event: never, sessions) => recordClaimUpdated(changes, event, sessions.of(event)),
  ],
  ['pocket.proof.EventProofSubmitted', (changes, event: EventProofSubmitted) => recordProof(changes, event)],
  ['pocket.proof.EventProofUpdated', (changes, event: never) => recordProof(changes, event)],
  [
    'pocket.proof.EventProofValidityChecked',
    (changes, event: EventProofValidityChecked) => recordValidity(changes, event),
  ],
  ['pocket.tokenomics.EventClaimSettled', (changes, event: EventClaimSettled) => recordSettled(changes, event)],
  ['pocket.tokenomics.EventClaimExpired', (changes, event: EventClaimExpired) => recordExpired(changes, event)],
  ['pocket.tokenomics.EventClaimDiscarded', (changes, event: EventClaimDiscarded) => recordDiscarded(changes, event)],
  ['pocket.tokenomics.EventSupplierSlashed', (changes, event: EventSupplierSlashed) => recordSlash(changes, event)],
  ['pocket.tokenomics.EventSettlementBatch', (changes, event: EventSettlementBatch) => recordBatch(changes, event)],
  ['pocket.application.EventApplicationStaked', application('staked')],
  ['pocket.application.EventApplicationUnbondingBegin', application('unbonding')],
  ['pocket.application.EventApplicationUnbondingCanceled', application('staked')],
  ['pocket.application.EventApplicationUnbondingEnd', application('unstaked')],
  [
    'pocket.application.EventTransferEnd',
    (changes, event: EventTransferEnd) => recordApplicationTransfer(changes, event),
  ],
  ['pocket.supplier.EventSupplierUnbondingBegin', supplier('unbonding')],
  ['pocket.supplier.EventSupplierUnbondingCanceled', supplier('staked')],
  ['pocket.supplier.EventSupplierUnbondingEnd', supplier('unstaked')],
]);

/** @throws a Fault of `messageOfEvent` for an event that is not what its type says. */
export function recordEvent(changes: BlockChanges, event: ChainEvent, sessions: SessionNames): void {
  if (event.type === 'coinbase') changes.mintedUpokt += upoktOf(event);
  if (event.type === 'burn') changes.burnedUpokt += upoktOf(event);
  const record = RECORDERS.get(event.type);
  if (record !== undefined) record(changes, messageOfEvent(event)!.message as never, sessions);
}

function upoktOf({ attributes }: ChainEvent): bigint {
  return attributes
    .filter(({ key, value }) => key === 'amount' && value !== '')
    .flatMap(({ value }) => parseCoins(value))
    .reduce((sum, one) => (one.denom === UPOKT ? sum + amountOf(one) : sum), 0n);
}
