/**
 * From bytes to a relay request: size, decoding, completeness. No question to anybody, no effect on anything.
 *
 * Whatever the method, path and content type of the outer request: gateways differ in them, and only the body counts.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy/sync.go`.
 */
import { decode } from '@decai/protocol/codec';
import { Fault, isFault } from '@decai/protocol/fault';
import { RelayRequestSchema, type RelayRequest } from '@decai/protocol/gen/pocket/service/relay_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { readBody, type HttpExchange } from '@decai/protocol/http';
import { relayRequestProblem, requestHash } from '@decai/protocol/relay';
import { refuse, type MinerRefusal } from './miner-refusal.ts';

/** A complete request. Nothing in it has been believed yet. */
export type ReceivedRelay = {
  readonly request: RelayRequest;
  readonly header: SessionHeader;
  readonly supplier: string;
  readonly signature: Uint8Array;
  /** SHA-256 of the request without its signature: what the ring signed, and the name of this relay. */
  readonly requestHash: Uint8Array;
};

/** Reads one relay. Refuses, in this order: too many bytes, bytes that are no request, a request that lacks something. */
export async function readRelay(exchange: HttpExchange, bodyBytesMax: number): Promise<ReceivedRelay | MinerRefusal> {
  const announced = Number(exchange.headers['content-length'] ?? 0);
  if (announced > bodyBytesMax) return tooLarge(announced, bodyBytesMax);
  let body: Uint8Array;
  try {
    body = await readBody(exchange.body, bodyBytesMax, (seen) => new Fault('BODY_TOO_LARGE', 'too large', { seen }));
  } catch (thrown) {
    if (isFault(thrown, 'BODY_TOO_LARGE')) return tooLarge(Number(thrown.details['seen']), bodyBytesMax);
    throw thrown;
  }
  return decodeRelay(body);
}

function decodeRelay(body: Uint8Array): ReceivedRelay | MinerRefusal {
  let request: RelayRequest;
  try {
    request = decode(RelayRequestSchema, body);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return refuse('RELAY_MALFORMED', `${body.length} bytes are no relay request: ${thrown.message}`);
  }
  const problem = relayRequestProblem(request);
  if (problem !== undefined) return refuse('RELAY_INVALID', problem.message);
  const { sessionHeader, signature, supplierOperatorAddress } = request.meta!;
  return {
    request,
    header: sessionHeader!,
    supplier: supplierOperatorAddress,
    signature,
    requestHash: requestHash(request),
  };
}

function tooLarge(seen: number, bytesMax: number): MinerRefusal {
  return refuse('RELAY_TOO_LARGE', `a request has at most ${bytesMax} bytes, this one at least ${seen}`);
}
