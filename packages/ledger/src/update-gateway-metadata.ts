/**
 * Publishing a gateway's card.
 *
 * Source: pokt-network/poktroll `x/gateway/keeper/msg_server_update_gateway_metadata.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import { equalBytes } from '@decai/protocol/bytes';
import { EventGatewayMetadataUpdatedSchema } from '@decai/protocol/gen/pocket/gateway/event_pb';
import type { MsgUpdateGatewayMetadata } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { ACCEPTED, refuse, type Refusal, type Verdict } from './refusal.ts';
import { GATEWAY } from './registered-error.ts';
import { checkMetadata } from './service-check.ts';
import { currentSessionEnd } from './session-timings.ts';
import type { State } from './state.ts';

/** Refuses, in this order: address (1101), card (shared 1111). */
export function checkUpdateGatewayMetadata({ address, metadata }: MsgUpdateGatewayMetadata): Refusal | undefined {
  const problem = addressProblem(address);
  if (problem !== undefined) return refuse(GATEWAY.INVALID_ADDRESS, `invalid gateway address: ${problem}`);
  return checkMetadata(metadata);
}

/** Refuses an unknown gateway (1104). No metadata, or the card that is there already, changes nothing and is no event. */
export function updateGatewayMetadata(state: State, { address, metadata }: MsgUpdateGatewayMetadata): Verdict {
  const stored = state.gateways.get(address);
  if (stored === undefined) return refuse(GATEWAY.NOT_FOUND, `gateway with address ${address}`, 'NotFound');
  if (metadata === undefined) return ACCEPTED;
  if (stored.metadata !== undefined && equalBytes(stored.metadata.card, metadata.card)) return ACCEPTED;
  state.gateways.put({ ...stored, metadata });
  state.journal.emit(EventGatewayMetadataUpdatedSchema, {
    gatewayAddress: address,
    sessionEndHeight: BigInt(currentSessionEnd(state)),
    cardSizeBytes: BigInt(metadata.card.length),
  });
  return ACCEPTED;
}
