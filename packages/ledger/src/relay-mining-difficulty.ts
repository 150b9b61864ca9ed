/**
 * The difficulty of a service as of a height: which relays count, for sessions that start there.
 *
 * The value at a session's start governs that session for good. A service that has never settled a claim is as easy as can be.
 *
 * Source: pokt-network/poktroll `x/service/keeper/relay_mining_difficulty.go`.
 */
import { create } from '@bufbuild/protobuf';
import { baseTarget } from '@decai/protocol/difficulty';
import {
  RelayMiningDifficultySchema,
  type RelayMiningDifficulty,
} from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { textKey } from './collection.ts';
import type { State } from './state.ts';

/** The newest difficulty in force at `height`; before the first, the base target with the wanted number of relays as average. */
export function difficultyAt(state: State, serviceId: string, height: number): RelayMiningDifficulty {
  return state.services.difficultyHistory.at(textKey(serviceId), height) ?? baseDifficulty(state, serviceId);
}

export function baseDifficulty(state: State, serviceId: string): RelayMiningDifficulty {
  return create(RelayMiningDifficultySchema, {
    serviceId,
    numRelaysEma: state.params.service.live().targetNumRelays,
    targetHash: baseTarget(),
  });
}
