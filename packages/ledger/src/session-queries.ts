/**
 * Source: pokt-network/poktroll `x/session/keeper/query_*.go`.
 */
import { Query } from '@decai/protocol/gen/pocket/session/query_pb';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { checkSessionQuery, hydrateSession, sessionMessage } from './session.ts';

export const SESSION_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.params, (state) => answered({ params: state.params.session.live() })),

  queryMethod(Query.method.getSession, (state, { applicationAddress, serviceId, blockHeight }) => {
    const query = { applicationAddress, serviceId, blockHeight: Number(blockHeight) };
    const refusal = checkSessionQuery(query);
    if (refusal !== undefined) return refusal;
    const session = hydrateSession(state, query);
    return session.ok ? answered({ session: sessionMessage(state, session.value) }) : session;
  }),
];
