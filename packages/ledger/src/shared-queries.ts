/**
 * Source: pokt-network/poktroll `x/shared/keeper/query_*.go`.
 */
import { Query } from '@decai/protocol/gen/pocket/shared/query_pb';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuseAs } from './refusal.ts';

export const SHARED_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.params, (state) => answered({ params: state.params.shared.live() })),

  /** Heights to come may be asked about: a change announced for them shows. */
  queryMethod(Query.method.paramsAtHeight, (state, { height }) => {
    if (height < 0n) return refuseAs('InvalidArgument', 'height must be non-negative');
    if (!state.params.shared.knows(Number(height))) {
      return refuseAs('NotFound', `what held at height ${height} is no longer kept`);
    }
    return answered({ params: state.params.shared.at(Number(height)) });
  }),
];
