/**
 * One relay from its bytes to its signed answer: received, admitted, answered, or declined on the way.
 *
 * It answers everything, also a fault of its own. The order of the checks is documented in admit-relay.ts, what happens to
 * an admitted relay in answer-relay.ts.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy/sync.go`.
 */
import type { HttpAnswer, HttpExchange } from '@decai/protocol/http';
import { admitRelay } from './admit-relay.ts';
import { answerRefusal } from './answer-refusal.ts';
import { answerRelay } from './answer-relay.ts';
import { isRefusal, refuse, type MinerRefusal } from './miner-refusal.ts';
import { readRelay, type ReceivedRelay } from './read-relay.ts';
import { factsOf, signerFor, type RelayService } from './relay-service.ts';

export async function serveRelay(service: RelayService, exchange: HttpExchange): Promise<HttpAnswer> {
  const guarded = guardOf(service, exchange.signal);
  const relay = await guarded(() => receiveRelay(service, exchange));
  if (isRefusal(relay)) return decline(service, exchange, relay);
  service.tell('relay.received', factsOf(relay));

  const ticket = await guarded(() => admitRelay(service.admission, relay, exchange.headers['rpc-type']));
  if (isRefusal(ticket)) return decline(service, exchange, ticket, relay);
  service.tell('relay.admitted', { ...factsOf(relay), paid: ticket.paid ? 1 : 0 });

  const answer = await guarded(() => answerRelay(service, ticket, exchange.signal));
  return isRefusal(answer) ? decline(service, exchange, answer, relay) : answer;
}

async function receiveRelay(service: RelayService, exchange: HttpExchange): Promise<ReceivedRelay | MinerRefusal> {
  if (service.isClosing()) return refuse('MINER_CLOSING', 'this miner takes no new relays');
  return await readRelay(exchange, requestBytesMax(service));
}

/** The largest request that any service takes; which service it is for is known only when it is read. */
function requestBytesMax({ admission }: RelayService): number {
  return ENVELOPE_BYTES + Math.max(...Object.values(admission.config.services).map(({ bodyBytesMax }) => bodyBytesMax));
}

/** What a request has besides its payload: header, addresses, and a ring signature of the largest ring. */
const ENVELOPE_BYTES = 16 * 1024;

function decline(
  service: RelayService,
  exchange: HttpExchange,
  refusal: MinerRefusal,
  relay?: ReceivedRelay,
): HttpAnswer {
  const { config, keys } = service.admission;
  const serviceId = relay?.header.serviceId ?? '';
  service.onRefusal(refusal, serviceId in config.services ? serviceId : '', relay);
  const key = relay === undefined ? undefined : keys.get(relay.supplier);
  const signer = key === undefined ? undefined : signerFor(service, relay!, key.privateKey);
  return answerRefusal(refusal, { accept: exchange.headers['accept'], signer, errorStatus: config.errorStatus });
}

/** Runs a step; a fault becomes a refusal that says nothing about it, and is told to whoever watches. */
function guardOf(
  service: RelayService,
  signal: AbortSignal,
): <Outcome>(step: () => Promise<Outcome>) => Promise<Outcome | MinerRefusal> {
  return async (step) => {
    try {
      return await step();
    } catch (trouble) {
      if (signal.aborted) return refuse('CLIENT_GONE', 'the client left');
      service.onTrouble(trouble);
      return refuse('MINER_FAULT', 'the miner failed');
    }
  };
}
