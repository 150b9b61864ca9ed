/**
 * The proof of a relay as it is submitted: a compact closest proof whose leaf holds the relay, request and response.
 *
 * Source: pokt-network/poktroll `x/proof/keeper/proof_validation.go`.
 */
import { create } from '@bufbuild/protobuf';
import { type ClosestProof, provenLeaf } from '@decai/protocol/closest-proof';
import { decode } from '@decai/protocol/codec';
import { isFault } from '@decai/protocol/fault';
import {
  RelayRequestSchema,
  RelaySchema,
  type RelayRequest,
  type RelayResponse,
} from '@decai/protocol/gen/pocket/service/relay_pb';
import { decodeClosestProof } from '@decai/protocol/proof-bytes';
import { type Outcome, refuse } from './refusal.ts';
import { PROOF } from './registered-error.ts';

export type RelayProof = {
  readonly proof: ClosestProof;
  /** The leaf's value. */
  readonly relayBytes: Uint8Array;
  /** Empty where the relay has none. */
  readonly request: RelayRequest;
  readonly response: RelayResponse | undefined;
};

/** Refuses, in this order: bytes that are no compact closest proof (proof 1108); a leaf that is no relay (1109). */
export function readRelayProof(bytes: Uint8Array): Outcome<RelayProof> {
  const proof = orMessage(() => decodeClosestProof(bytes));
  if (typeof proof === 'string')
    return refuse(PROOF.INVALID_PROOF, `failed to unmarshal sparse compact merkle closest proof: ${proof}`);
  const leaf = provenLeaf(proof);
  if (leaf === null) return refuse(PROOF.INVALID_RELAY, 'the proof shows no leaf');
  const relay = orMessage(() => decode(RelaySchema, leaf.value));
  if (typeof relay === 'string') return refuse(PROOF.INVALID_RELAY, `failed to unmarshal relay: ${relay}`);
  const request = relay.req ?? create(RelayRequestSchema);
  return { ok: true, value: { proof, relayBytes: leaf.value, request, response: relay.res } };
}

/** What strangers chose may be anything: a fault in reading it is only a reason to refuse. */
function orMessage<T>(read: () => T): T | string {
  try {
    return read();
  } catch (thrown) {
    if (isFault(thrown)) return thrown.message;
    throw thrown;
  }
}
