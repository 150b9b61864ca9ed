/**
 * Writes streams of version 1 so that no answer can break them: where a batch would contain the delimiter, its body is cut
 * in the middle of it and goes out as two batches. The reader joins bodies, so it sees no difference.
 *
 * Without this, anybody who makes a model print the delimiter makes an honest supplier look like one that forges.
 *
 * Source: pokt-network/pocket-relay-miner `relayer/http_stream.go` (the form); the cutting is ours.
 */
import { concat } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import { STREAM_DELIMITER } from './stream-v1.ts';

export type StreamBatch<Signed> = {
  /** What `sign` made of the batch's body. */
  readonly signed: Signed;
  /** The marshalled response and the delimiter: written to the socket as they are. */
  readonly wire: Uint8Array;
};

/**
 * The batches that carry `body`, in order: one, or more where the delimiter would occur.
 *
 * `sign` wraps and signs a part of the body and gives the marshalled RelayResponse with whatever the caller wants to keep.
 *
 * @throws STREAM_BATCH_UNSAFE when a body of one byte cannot be written, which takes a delimiter in a signature.
 */
export function writeStreamBatches<Signed extends { readonly bytes: Uint8Array }>(
  body: Uint8Array,
  sign: (body: Uint8Array) => Signed,
): StreamBatch<Signed>[] {
  const batches: StreamBatch<Signed>[] = [];
  const waiting = [body];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const inside = find(part);
    if (inside === -1) {
      const signed = sign(part);
      const wire = concat(signed.bytes, STREAM_DELIMITER);
      // Also found where the end of the response and the delimiter behind it make an earlier one.
      if (find(wire) === signed.bytes.length) {
        batches.push({ signed, wire });
        continue;
      }
    }
    if (part.length < 2) throw new Fault('STREAM_BATCH_UNSAFE', 'a batch contains the delimiter and cannot be cut');
    const at = inside === -1 ? part.length >> 1 : inside + (STREAM_DELIMITER.length >> 1);
    waiting.push(part.subarray(at), part.subarray(0, at));
  }
  return batches;
}

function find(bytes: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(STREAM_DELIMITER);
}
