/**
 * Source: pokt-network/poktroll `x/proof/keeper/query_*.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import {
  Query,
  type QueryAllClaimsRequest,
  type QueryAllProofsRequest,
} from '@decai/protocol/gen/pocket/proof/query_pb';
import type { CollectionRange } from './collection.ts';
import type { ClaimRecords, ProofRecords } from './claim-records.ts';
import { paginate } from './pagination.ts';
import { answered, queryMethod, type QueryMethod } from './query-method.ts';
import { refuse, type Refusal } from './refusal.ts';
import { PROOF } from './registered-error.ts';

export const PROOF_QUERIES: readonly QueryMethod[] = [
  queryMethod(Query.method.params, (state) => answered({ params: state.params.proof.live() })),

  queryMethod(Query.method.claim, (state, { sessionId, supplierOperatorAddress }) => {
    const refusal = checkKey('claim', sessionId, supplierOperatorAddress);
    if (refusal !== undefined) return refusal;
    const claim = state.claims.get(sessionId, supplierOperatorAddress);
    if (claim !== undefined) return answered({ claim });
    return refuse(PROOF.CLAIM_NOT_FOUND, keyText(sessionId, supplierOperatorAddress), 'NotFound');
  }),

  queryMethod(Query.method.allClaims, (state, { pagination, filter }) => {
    const page = paginate((range) => filtered(state.claims, filter, range), pagination);
    return page.ok ? answered({ claims: [...page.value.rows], pagination: page.value.pagination }) : page;
  }),

  queryMethod(Query.method.proof, (state, { sessionId, supplierOperatorAddress }) => {
    const refusal = checkKey('proof', sessionId, supplierOperatorAddress);
    if (refusal !== undefined) return refusal;
    const proof = state.proofs.get(sessionId, supplierOperatorAddress);
    if (proof !== undefined) return answered({ proof });
    return refuse(PROOF.PROOF_NOT_FOUND, keyText(sessionId, supplierOperatorAddress), 'NotFound');
  }),

  queryMethod(Query.method.allProofs, (state, { pagination, filter }) => {
    const refusal = checkFilter(filter);
    if (refusal !== undefined) return refusal;
    const page = paginate((range) => filtered(state.proofs, filter, range), pagination);
    return page.ok ? answered({ proofs: [...page.value.rows], pagination: page.value.pagination }) : page;
  }),
];

type Filter = QueryAllClaimsRequest['filter'] | QueryAllProofsRequest['filter'];

/** A filter's value is looked up as it is; an odd one matches nothing. */
function filtered<Records extends ClaimRecords | ProofRecords>(
  records: Records,
  filter: Filter,
  range: CollectionRange,
): ReturnType<Records['entries']> {
  return select(records, filter, range) as ReturnType<Records['entries']>;
}

function select(records: ClaimRecords | ProofRecords, filter: Filter, range: CollectionRange): Iterable<unknown> {
  switch (filter.case) {
    case 'supplierOperatorAddress':
      return records.ofOperator(filter.value, range);
    case 'sessionId':
      return records.ofSession(filter.value, range);
    case 'sessionEndHeight':
      return filter.value > BigInt(Number.MAX_SAFE_INTEGER) ? [] : records.entriesEndingAt(Number(filter.value), range);
    default:
      return records.entries(range);
  }
}

/** Refuses, in this order: a malformed operator address (1101), no session id (1116). */
function checkKey(what: string, sessionId: string, operatorAddress: string): Refusal | undefined {
  const problem = addressProblem(operatorAddress);
  if (problem !== undefined) {
    const details = `invalid supplier operator address for ${what} being retrieved ${operatorAddress}; (${problem})`;
    return refuse(PROOF.INVALID_ADDRESS, details, 'InvalidArgument');
  }
  if (sessionId !== '') return undefined;
  return refuse(PROOF.INVALID_SESSION_ID, `invalid empty session ID for ${what} being retrieved`, 'InvalidArgument');
}

function checkFilter(filter: Filter): Refusal | undefined {
  if (filter.case === 'supplierOperatorAddress') {
    const problem = addressProblem(filter.value);
    if (problem === undefined) return undefined;
    const details = `invalid supplier operator address for proofs being retrieved ${filter.value}; (${problem})`;
    return refuse(PROOF.INVALID_ADDRESS, details, 'InvalidArgument');
  }
  if (filter.case !== 'sessionId' || filter.value !== '') return undefined;
  return refuse(PROOF.INVALID_SESSION_ID, 'invalid empty session ID for proofs being retrieved', 'InvalidArgument');
}

function keyText(sessionId: string, operatorAddress: string): string {
  return `session ID "${sessionId}" and supplier "${operatorAddress}"`;
}
