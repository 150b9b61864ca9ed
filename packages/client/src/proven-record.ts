/**
 * A record of the ledger's state that need not be believed: it is checked against the state's root in a block's header.
 *
 * The root of the state after block H stands in the header of block H + 1. Whoever asks one node for records and another,
 * whom he trusts, for headers has to trust the first for nothing.
 *
 * Source: cometbft/cometbft v0.38 `rpc/core/abci.go`; cosmos/ics23 `go/proof.go`.
 */
import { decode } from '@decai/protocol/codec';
import { Fault, isFault } from '@decai/protocol/fault';
import { CommitmentProofSchema, type CommitmentProof } from '@decai/protocol/gen/cosmos/ics23/v1/proofs_pb';
import { verifyStateProof } from '@decai/protocol/state-proof';
import type { LedgerTransport } from './ledger-transport.ts';

export type ProvenRecord = {
  /** The state after this block was asked. */
  readonly height: number;
  /** 32 bytes: what the record was proven against. */
  readonly root: Uint8Array;
  /** The record's bytes; undefined where it is proven that there is none. */
  readonly value: Uint8Array | undefined;
};

export type ProvenRecordQuestion = {
  /** Of the state's store, such as `application/Application/address/<address>/`. */
  readonly key: Uint8Array;
  /** At most one below the latest; that one unless given. */
  readonly height?: number;
  /** Whose headers are believed; the same node unless given. */
  readonly headers?: Pick<LedgerTransport, 'block' | 'status'>;
  readonly signal?: AbortSignal;
};

const RECORD_PATH = '/store/state/key';

/**
 * Asks for a record with its proof, and checks it.
 *
 * @throws STATE_UNPROVEN when the node gives no proof, or one that does not hold; what the transport throws.
 */
export async function provenRecord(
  transport: LedgerTransport,
  { key, headers = transport, signal, ...asked }: ProvenRecordQuestion,
): Promise<ProvenRecord> {
  const height = asked.height ?? (await headers.status(signal)).latestHeight - 1;
  const { appHash: root } = await headers.block(height + 1, signal);
  const answer = await transport.abciQuery(RECORD_PATH, key, height, signal, true);
  if (answer.code !== 0) throw unproven(`the node refuses: ${answer.log}`, height);
  if (answer.height !== height) throw unproven(`the answer is about height ${answer.height}`, height);
  if (answer.proof === undefined) throw unproven('the node gives no proof', height);
  const verdict = verifyStateProof(root, key, readProof(answer.proof, height));
  if (!verdict.valid) throw unproven(verdict.message, height);
  return { height, root, value: verdict.value };
}

function readProof(bytes: Uint8Array, height: number): CommitmentProof {
  try {
    return decode(CommitmentProofSchema, bytes);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    throw unproven(`the proof is none: ${thrown.message}`, height);
  }
}

function unproven(message: string, height: number): Fault<'STATE_UNPROVEN'> {
  return new Fault('STATE_UNPROVEN', `the record is not proven: ${message}`, { height });
}
