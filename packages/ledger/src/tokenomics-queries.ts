/**
 * Source: pokt-network/poktroll `x/tokenomics/keeper/query_params.go`.
 */
import { Query } from '@decai/protocol/gen/pocket/tokenomics/query_pb';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';

export const TOKENOMICS_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.params, (state) => answered({ params: state.params.tokenomics.live() })),
];
