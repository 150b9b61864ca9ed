/**
 * From the right to an answer to the answer: a place at the backend, the call, the signature, the evidence.
 *
 * The ticket is ended on every way out, also when a step throws: settled when something payable was delivered, released
 * when not. A stream takes the ticket along and ends it when it ends itself.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy/sync.go`; what is payable is ours.
 */
import { toHex } from '@decai/protocol/bytes';
import { isFault } from '@decai/protocol/fault';
import type { RelayResponse } from '@decai/protocol/gen/pocket/service/relay_pb';
import type { HttpAnswer } from '@decai/protocol/http';
import type { RelayTicket } from './admit-relay.ts';
import { RELAY_CONTENT_TYPE } from './answer-refusal.ts';
import { backendRefusal, callBackend, readWhole, type Backend, type BackendAnswer } from './backend.ts';
import type { GateVerdict } from './backend-gate.ts';
import type { StreamKind } from './event-units.ts';
import { mineRelay } from './mine-relay.ts';
import { isRefusal, refuse, type MinerRefusal } from './miner-refusal.ts';
import type { ReceivedRelay } from './read-relay.ts';
import { factsOf, signerFor, type RelayService } from './relay-service.ts';
import { signResponse, type ResponseSigner } from './sign-response.ts';
import { streamRelay, type StreamEnd, type StreamOptions } from './stream-relay.ts';

/** From the ticket to the answer. Whoever leaves this function has ended the ticket, or handed it to a stream. */
/**
 * Answers an admitted relay, or says why not; either way the ticket is taken care of.
 *
 * @throws whatever a step throws that is nobody's choice, with the ticket released.
 */
export async function answerRelay(
  service: RelayService,
  ticket: RelayTicket,
  signal: AbortSignal,
): Promise<HttpAnswer | MinerRefusal> {
  const call: RunningCall = { ticket, place: undefined, answer: undefined };
  try {
    const outcome = await runCall(service, call, signal);
    if (isRefusal(outcome)) abandon(call);
    return outcome;
  } catch (thrown) {
    abandon(call);
    throw thrown;
  }
}

async function runCall(
  service: RelayService,
  call: RunningCall,
  signal: AbortSignal,
): Promise<HttpAnswer | MinerRefusal> {
  const backend = await enterBackend(service, call, signal);
  if (isRefusal(backend)) return backend;
  const answered = await askBackend(service, backend, call, signal);
  if (isRefusal(answered)) return answered;
  return hasStream(answered)
    ? await answerStream(service, backend, call, answered, signal)
    : await answerWhole(service, backend, call, answered, signal);
}

/** What a relay holds while it runs. */
type RunningCall = {
  readonly ticket: RelayTicket;
  place: Extract<GateVerdict, { kind: 'pass' }> | undefined;
  answer: BackendAnswer | undefined;
};

function leaveBackend({ place, answer }: RunningCall): void {
  answer?.end();
  place?.leave();
}

function abandon(call: RunningCall): void {
  leaveBackend(call);
  call.ticket.release();
}

/** 12. A backend that works, and a place in it. */
async function enterBackend(
  service: RelayService,
  call: RunningCall,
  signal: AbortSignal,
): Promise<Backend | MinerRefusal> {
  const { serviceId } = call.ticket.ask;
  const backend = service.backends.get(serviceId)!;
  if (!backend.health.isHealthy) return refuse('BACKEND_UNHEALTHY', `the backend of ${serviceId} does not work`);
  const verdict = await backend.gate.enter(call.ticket.session.header.applicationAddress, signal);
  if (verdict.kind === 'pass') {
    call.place = verdict;
    return backend;
  }
  if (verdict.kind === 'gone') return refuse('CLIENT_GONE', 'the client left while it waited');
  const { inflight, queued } = backend.gate;
  return refuse('MINER_BUSY', `${inflight} requests run and ${queued} wait (${verdict.kind})`);
}

async function askBackend(
  service: RelayService,
  backend: Backend,
  call: RunningCall,
  signal: AbortSignal,
): Promise<BackendAnswer | MinerRefusal> {
  const { relay, ask } = call.ticket;
  service.tell('backend.called', factsOf(relay));
  const answered = await callBackend(service.world, backend, { ...ask, about: aboutHeaders(relay) }, signal);
  if (!isRefusal(answered)) {
    call.answer = answered;
    service.tell('backend.answered', { ...factsOf(relay), status: answered.status });
  }
  return answered;
}

async function answerWhole(
  service: RelayService,
  backend: Backend,
  call: RunningCall,
  answered: BackendAnswer,
  signal: AbortSignal,
): Promise<HttpAnswer | MinerRefusal> {
  const body = await readWhole(backend, answered, signal);
  if (isRefusal(body)) return body;
  leaveBackend(call);
  const { status, headers } = answered;
  const signed = signResponse(signerOf(service, call.ticket), { status, headers, body });
  service.tell('relay.served', { ...factsOf(call.ticket.relay), status, bytes: body.length });
  conclude(service, call.ticket, isPayable(status) ? signed.response : undefined);
  return { status: 200, headers: { 'content-type': RELAY_CONTENT_TYPE }, body: signed.bytes };
}

async function answerStream(
  service: RelayService,
  backend: Backend,
  call: RunningCall,
  answered: BackendAnswer & { readonly stream: StreamKind },
  signal: AbortSignal,
): Promise<HttpAnswer | MinerRefusal> {
  const { status, headers } = answered;
  const signer = signerOf(service, call.ticket);
  const options: StreamOptions = {
    world: service.world,
    limits: service.admission.config.stream,
    eventBytesMax: backend.config.streamEventBytesMax,
    signing: service.signing,
    sign: (body) => signResponse(signer, { status, headers: {}, body }),
    signal,
  };
  try {
    const body = await streamRelay(answered, options, (end) => {
      leaveBackend(call);
      concludeStream(service, call.ticket, status, end);
      if (end.kind !== 'failed') return;
      service.onRefusal(streamRefusal(backend, end.failure, signal), backend.serviceId, call.ticket.relay);
    });
    // Anything between here and the client that collects a stream before it passes it on would defeat it.
    return { status, headers: { ...headers, 'cache-control': 'no-cache', 'x-accel-buffering': 'no' }, body };
  } catch (thrown) {
    return streamRefusal(backend, thrown, signal);
  }
}

function streamRefusal(backend: Backend, thrown: unknown, signal: AbortSignal): MinerRefusal {
  if (isFault(thrown, 'STREAM_EVENT_TOO_LARGE')) return refuse('RESPONSE_TOO_LARGE', thrown.message);
  return backendRefusal(thrown, backend.health, signal);
}

function concludeStream(service: RelayService, ticket: RelayTicket, status: number, end: StreamEnd): void {
  const { kind, last, batches } = end;
  if (kind !== 'failed') {
    service.tell('relay.served', { ...factsOf(ticket.relay), status, batches, cut: kind === 'cut' ? 1 : 0 });
  }
  const isDue = kind === 'ended' || (kind === 'cut' && service.admission.config.stream.payPartial);
  conclude(service, ticket, isDue && isPayable(status) ? last : undefined);
}

/** 13. Charges and records what is payable; gives back the rest. Nobody waits for the disk here. */
function conclude(service: RelayService, ticket: RelayTicket, response: RelayResponse | undefined): void {
  if (response === undefined) {
    ticket.release();
    service.onConcluded('unpayable', ticket);
    return;
  }
  const { session, relay } = ticket;
  // Written before the ticket ends: a session without running relays may be sealed at once.
  const mining = mineRelay(service.evidence, session, ticket, response);
  ticket.settle(session.terms.computeUnitsPerRelay);
  mining.then(
    (mined) => {
      if (mined.kind === 'mined') {
        const { key, weight } = mined.leaf;
        service.tell('relay.mined', { ...factsOf(relay), leaf: toHex(key), computeUnits: `${weight}` });
      }
      service.onConcluded(mined.kind, ticket);
    },
    (trouble: unknown) => service.onTrouble(trouble),
  );
}

/** An answer that did work. A backend that fails, or refuses because it is busy, is not paid for saying so. */
function isPayable(status: number): boolean {
  return status < 500 && status !== 408 && status !== 425 && status !== 429;
}

function hasStream(answered: BackendAnswer): answered is BackendAnswer & { readonly stream: StreamKind } {
  return answered.stream !== undefined && answered.status < 400;
}

function signerOf(service: RelayService, { relay, key }: RelayTicket): ResponseSigner {
  return signerFor(service, relay, key.privateKey);
}

/** What the backend may be told: Go's relay miner names the same. */
function aboutHeaders({ header, supplier }: ReceivedRelay): Record<string, string> {
  return {
    'pocket-supplier': supplier,
    'pocket-service': header.serviceId,
    'pocket-session-id': header.sessionId,
    'pocket-application': header.applicationAddress,
    'pocket-session-start-height': `${header.sessionStartBlockHeight}`,
    'pocket-session-end-height': `${header.sessionEndBlockHeight}`,
  };
}
