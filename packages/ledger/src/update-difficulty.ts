/**
 * Steering the difficulty of services by how many relays were claimed for them.
 *
 * After a settlement the moving average of each service's counted relays decides which target its sessions from the next
 * one on start with. Only settled claims count: what expired or was discarded says nothing about demand.
 *
 * Source: pokt-network/poktroll `x/service/keeper/update_relay_mining_difficulty.go`.
 */
import { create } from '@bufbuild/protobuf';
import { toHex } from '@decai/protocol/bytes';
import { targetFor } from '@decai/protocol/difficulty';
import { EventRelayMiningDifficultyUpdatedSchema } from '@decai/protocol/gen/pocket/service/event_pb';
import {
  RelayMiningDifficultySchema,
  type RelayMiningDifficulty,
} from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { nextMovingAverage } from '@decai/protocol/moving-average';
import { textKey } from './collection.ts';
import { orDiscard, recordDiscarded } from './discard-culprit.ts';
import { nextSessionStartHeight } from './session-timings.ts';
import type { State } from './state.ts';
import { pruneHistory } from './unsettled-sessions.ts';

/**
 * Updates the difficulty of every service in `relaysByService`, in ascending order of ids, and raises
 * EventRelayMiningDifficultyUpdated for each. The new difficulties take effect with the next session. A service whose next
 * one cannot be worked out keeps its own, with `record_discarded`.
 */
export function updateDifficulty(state: State, relaysByService: ReadonlyMap<string, bigint>): void {
  const effectiveHeight = nextSessionStartHeight(state);
  const serviceIds = [...relaysByService.keys()].sort((a, b) => (a < b ? -1 : 1));
  for (const serviceId of serviceIds) {
    orDiscard(
      state,
      () => updateService(state, serviceId, relaysByService.get(serviceId)!, effectiveHeight),
      (reason) => recordDiscarded(state, 'service', serviceId, reason),
    );
  }
}

function updateService(state: State, serviceId: string, relays: bigint, effectiveHeight: number): void {
  const { newestDifficulties, difficultyHistory } = state.services;
  const key = textKey(serviceId);
  const target = state.params.service.live().targetNumRelays;
  const previous =
    newestDifficulties.get(key) ?? difficulty(serviceId, state.height, relays, targetFor(target, relays));

  const average = nextMovingAverage(previous.numRelaysEma, relays);
  const next = difficulty(serviceId, effectiveHeight, average, targetFor(target, average));

  // The history begins with what held until now, so that sessions of the past can be looked up too.
  if (difficultyHistory.isEmpty(key)) difficultyHistory.put(key, state.height, previous);
  difficultyHistory.put(key, effectiveHeight, next);
  pruneHistory(state, difficultyHistory, key);
  newestDifficulties.put(key, next);
  state.journal.emit(
    EventRelayMiningDifficultyUpdatedSchema,
    create(EventRelayMiningDifficultyUpdatedSchema, {
      serviceId,
      prevTargetHashHexEncoded: toHex(previous.targetHash),
      newTargetHashHexEncoded: toHex(next.targetHash),
      prevNumRelaysEma: previous.numRelaysEma,
      newNumRelaysEma: next.numRelaysEma,
    }),
  );
}

function difficulty(serviceId: string, height: number, average: bigint, targetHash: Uint8Array): RelayMiningDifficulty {
  return create(RelayMiningDifficultySchema, {
    serviceId,
    blockHeight: BigInt(height),
    numRelaysEma: average,
    targetHash,
  });
}
