/**
 * Relays of a recorded run: what a miner answered, and whether the ledger knows whose signatures are on them.
 *
 * An answer must be read and written to the byte; one without an error is signed by the supplier that was asked. A request
 * about a session that the ledger draws is signed by the ring of that session, unless the miner found that it is not.
 */
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { toChainJson } from '@decai/protocol/chain-json';
import { decode, encode } from '@decai/protocol/codec';
import type { CaseVerdict } from '@decai/protocol/conformance';
import { isFault } from '@decai/protocol/fault';
import {
  RelayRequestSchema,
  RelayResponseSchema,
  type RelayRequest,
} from '@decai/protocol/gen/pocket/service/relay_pb';
import { SessionHeaderSchema } from '@decai/protocol/gen/pocket/session/types_pb';
import { equalBytes, fromBase64, toBase64 } from '@decai/protocol/bytes';
import { requestHash, responseHash } from '@decai/protocol/relay';
import { verifyRing } from '@decai/protocol/ring';
import { checkRingMembers } from '@decai/protocol/ring-members';
import { verifyResponseHash } from '@decai/protocol/signature';
import { readRing } from '../judge-proof.ts';
import { hydrateSession } from '../session.ts';
import { sessionRing } from '../session-ring.ts';
import type { State } from '../state.ts';
import { compareCase } from './first-difference.ts';
import type { RecordedRelay } from './localnet-run.ts';

/** The cases of a relay, in the state after the block at which it was sent. */
export function* relayCases(state: State, relay: RecordedRelay): Generator<CaseVerdict> {
  const name = `block ${relay.height}, ${relay.label ?? 'relay'}`;
  const answer = bodyOf(relay.response_http_b64);
  yield compareCase(`${name}, its answer`, { bytes: toBase64(answer), json: relay.response_json }, () => {
    const read = decode(RelayResponseSchema, answer);
    const json = relay.response_json && toChainJson(RelayResponseSchema, read);
    return { bytes: toBase64(encode(RelayResponseSchema, read)), json };
  });
  const request = readOrNot(RelayRequestSchema, bodyOf(relay.request_http_b64));
  const response = readOrNot(RelayResponseSchema, answer);
  if (response === undefined || !request?.meta?.signature.length) return;
  const { relayMinerError } = response;
  // The ledger learns a key with its owner's first transaction.
  const key = state.accounts.publicKey(request.meta.supplierOperatorAddress);
  if (relayMinerError === undefined && key !== undefined) {
    const signature = response.meta?.supplierOperatorSignature ?? new Uint8Array();
    yield compareCase(`${name}, whose answer it is`, true, () =>
      verifyResponseHash(responseHash(response), signature, key),
    );
  }
  if (!isDrawn(state, request)) return;
  const isSignedThere = !/ring signature/.test(relayMinerError?.message ?? '');
  yield compareCase(`${name}, whose request it is`, isSignedThere, () => isRingSigned(state, request));
}

function readOrNot<Desc extends DescMessage>(schema: Desc, bytes: Uint8Array): MessageShape<Desc> | undefined {
  try {
    return decode(schema, bytes);
  } catch (thrown) {
    if (isFault(thrown)) return undefined;
    throw thrown;
  }
}

/** Whether the ledger draws the very session that the request names. */
function isDrawn(state: State, { meta }: RelayRequest): boolean {
  const header = meta?.sessionHeader;
  if (header === undefined) return false;
  const { applicationAddress, serviceId, sessionStartBlockHeight } = header;
  const blockHeight = Number(sessionStartBlockHeight);
  if (blockHeight < 1) return false;
  const session = hydrateSession(state, { applicationAddress, serviceId, blockHeight });
  if (!session.ok) return false;
  return equalBytes(encode(SessionHeaderSchema, session.value.header), encode(SessionHeaderSchema, header));
}

function isRingSigned(state: State, request: RelayRequest): boolean {
  const { applicationAddress, sessionEndBlockHeight } = request.meta!.sessionHeader!;
  const ring = sessionRing(state, applicationAddress, Number(sessionEndBlockHeight));
  const signature = readRing(request.meta!.signature);
  if (!ring.ok || typeof signature === 'string') return false;
  return checkRingMembers(signature.members, ring.value) === undefined && verifyRing(requestHash(request), signature);
}

/** The body of an HTTP message: all that follows the empty line, or the chunks that do. */
function bodyOf(base64: string): Uint8Array {
  const message = Buffer.from(fromBase64(base64));
  const end = message.indexOf('\r\n\r\n');
  const head = message.subarray(0, end).toString('latin1');
  const body = message.subarray(end + 4);
  return new Uint8Array(/^transfer-encoding: chunked$/im.test(head) ? joinChunks(body) : body);
}

function joinChunks(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let offset = 0; ;) {
    const lineEnd = body.indexOf('\r\n', offset);
    const length = Number.parseInt(body.subarray(offset, lineEnd).toString('latin1'), 16);
    if (!(length > 0)) return Buffer.concat(chunks);
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    offset = lineEnd + 2 + length + 2;
  }
}
