/**
 * Source: pokt-network/poktroll `x/service/keeper/query_*.go`.
 */
import { create } from '@bufbuild/protobuf';
import { Query } from '@decai/protocol/gen/pocket/service/query_pb';
import { RelayMiningDifficultyUpdateSchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import type { Service } from '@decai/protocol/gen/pocket/shared/service_pb';
import { textKey } from './collection.ts';
import type { HeightHistory } from './height-history.ts';
import { segmentHeight } from './key.ts';
import { paginate } from './pagination.ts';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuse, refuseAs, type Refusal } from './refusal.ts';
import { SERVICE } from './registered-error.ts';
import { baseDifficulty, difficultyAt } from './relay-mining-difficulty.ts';
import type { State } from './state.ts';
import { isForgotten } from './unsettled-sessions.ts';

export const SERVICE_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.params, (state) => answered({ params: state.params.service.live() })),

  queryMethod(Query.method.service, (state, { id, dehydrated }) => {
    const service = state.services.get(id);
    if (service === undefined) return refuseAs('NotFound', `service ID not found: "${id}"`);
    return answered({ service: dehydrated ? withoutCard(service) : service });
  }),

  queryMethod(Query.method.allServices, (state, { pagination, dehydrated }) => {
    const page = paginate((range) => state.services.entries(range), pagination);
    if (!page.ok) return page;
    const service = page.value.rows.map((row) => (dehydrated ? withoutCard(row) : row));
    return answered({ service, pagination: page.value.pagination });
  }),

  queryMethod(Query.method.relayMiningDifficulty, (state, { serviceId }) => {
    const refusal = checkService(state, serviceId);
    if (refusal !== undefined) return refusal;
    const newest = state.services.newestDifficulties.get(textKey(serviceId));
    const base = { ...baseDifficulty(state, serviceId), blockHeight: BigInt(state.height) };
    return answered({ relayMiningDifficulty: newest ?? base });
  }),

  queryMethod(Query.method.relayMiningDifficultyAll, (state, { pagination }) => {
    const page = paginate((range) => state.services.newestDifficulties.entries(range), pagination);
    return page.ok
      ? answered({ relayMiningDifficulty: [...page.value.rows], pagination: page.value.pagination })
      : page;
  }),

  queryMethod(Query.method.relayMiningDifficultyAtHeight, (state, { serviceId, blockHeight }) => {
    const refusal = checkServiceAt(state, serviceId, blockHeight, state.services.difficultyHistory);
    if (refusal !== undefined) return refusal;
    return answered({ relayMiningDifficulty: difficultyAt(state, serviceId, Number(blockHeight)) });
  }),

  queryMethod(Query.method.relayMiningDifficultyHistory, (state, { serviceId, pagination }) => {
    const refusal = checkService(state, serviceId);
    if (refusal !== undefined) return refusal;
    const page = paginate(function* (range) {
      for (const [key, difficulty] of state.services.difficultyHistory.page(textKey(serviceId), range)) {
        const effectiveHeight = BigInt(segmentHeight(key));
        yield [key, create(RelayMiningDifficultyUpdateSchema, { effectiveHeight, difficulty })] as const;
      }
    }, pagination);
    if (!page.ok) return page;
    return answered({ relayMiningDifficultyHistory: [...page.value.rows], pagination: page.value.pagination });
  }),

  queryMethod(Query.method.computeUnitsPerRelayAtHeight, (state, { serviceId, blockHeight }) => {
    const refusal = checkServiceAt(state, serviceId, blockHeight, state.services.unitsHistory);
    if (refusal !== undefined) return refusal;
    return answered({ computeUnitsPerRelay: state.services.unitsPerRelayAt(serviceId, Number(blockHeight)) ?? 0n });
  }),

  queryMethod(Query.method.computeUnitsPerRelayHistory, (state, { serviceId, pagination }) => {
    const refusal = checkService(state, serviceId);
    if (refusal !== undefined) return refusal;
    const page = paginate((range) => state.services.unitsHistory.page(textKey(serviceId), range), pagination);
    if (!page.ok) return page;
    return answered({ computeUnitsPerRelayHistory: [...page.value.rows], pagination: page.value.pagination });
  }),
];

function checkService(state: State, serviceId: string): Refusal | undefined {
  if (serviceId === '') return refuseAs('InvalidArgument', 'service ID must not be empty');
  if (state.services.get(serviceId) !== undefined) return undefined;
  return refuse(SERVICE.NOT_FOUND, `serviceID: ${serviceId}`, 'NotFound');
}

function checkServiceAt(
  state: State,
  serviceId: string,
  blockHeight: bigint,
  history: HeightHistory<unknown>,
): Refusal | undefined {
  if (serviceId !== '' && blockHeight < 0n) {
    return refuseAs('InvalidArgument', 'block height must be non-negative');
  }
  const refusal = checkService(state, serviceId);
  if (refusal !== undefined) return refusal;
  const isGone = isForgotten(state, history, textKey(serviceId), Number(blockHeight));
  return isGone ? refuseAs('NotFound', `what held at height ${blockHeight} is no longer kept`) : undefined;
}

function withoutCard(service: Service): Service {
  return { ...service, metadata: undefined };
}
