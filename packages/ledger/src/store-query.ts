/**
 * The query for one record as it lies in the store, with a proof of it where one is asked for: `/store/state/key`.
 *
 * There is one store, whose root is the app hash. The answer holds at a height H; the header that carries its root is that
 * of block H + 1.
 *
 * Source: cosmos/cosmos-sdk `baseapp/abci.go` (handleQueryStore), `store/types/proof.go` (ProofOpSMTCommitment).
 */
import { EMPTY } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { CommitmentProofSchema } from '@decai/protocol/gen/cosmos/ics23/v1/proofs_pb';
import { proveState } from './prove-state.ts';
import { refuse, type Outcome } from './refusal.ts';
import { SDK } from './registered-error.ts';
import { isRecordKey } from './state-root.ts';
import type { State } from './state.ts';
import { keyText } from './store.ts';

/** A step of a proof, as clients of CometBFT read it. */
export type ProofOp = { readonly type: string; readonly key: Uint8Array; readonly data: Uint8Array };

export type StoredRecord = {
  /** Empty where there is no record. */
  readonly value: Uint8Array;
  /** From the record to the root; empty where no proof was asked for. */
  readonly proofOps: readonly ProofOp[];
};

export const STORE_QUERY_PREFIX = '/store/';

const STORE = 'state';
const PROOF_TYPE = 'ics23:smt';

/**
 * The record whose key is `data`.
 *
 * Refuses, in this order: another store (sdk 6); another question than `key` (sdk 6); no key, or one that the root does not
 * vouch for (18).
 */
export function queryRecord(state: State, path: string, data: Uint8Array, prove: boolean): Outcome<StoredRecord> {
  const [store, ...question] = path.slice(STORE_QUERY_PREFIX.length).split('/');
  if (store !== STORE) return refuse(SDK.UNKNOWN_REQUEST, `no such store: ${store}`);
  if (question.join('/') !== 'key') {
    return refuse(SDK.UNKNOWN_REQUEST, `unexpected query path: /${question.join('/')}`);
  }
  const key = keyText(data);
  if (key === '') return refuse(SDK.INVALID_REQUEST, 'query cannot be zero length');
  if (!isRecordKey(key)) return refuse(SDK.INVALID_REQUEST, 'this key is not of a record');
  const value = state.store.get(key) ?? EMPTY;
  const proof = prove ? proveState(state.store, key) : undefined;
  const proofOps =
    proof === undefined ? [] : [{ type: PROOF_TYPE, key: data, data: encode(CommitmentProofSchema, proof) }];
  return { ok: true, value: { value, proofOps } };
}
