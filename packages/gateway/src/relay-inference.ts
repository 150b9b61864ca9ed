/**
 * Has a request answered by the network: finds a session and a supplier, asks, and asks somebody else where that may help.
 *
 * Retries happen only before the first byte of the answer, never twice with one supplier, and within one deadline.
 */
import { isFault } from '@decai/protocol/fault';
import type { NetworkSession } from '@decai/client/session-book';
import type { SupplierOutcome } from '@decai/protocol/supplier-outcome';
import type { CatalogEntry } from './catalog.ts';
import { chooseSupplier } from './choose-supplier.ts';
import type { Gateway } from './gateway.ts';
import type { InferenceRequest } from './inference-request.ts';
import { type ApiRefusal, apiRefusal } from './openai-error.ts';
import { type Answered, attemptRelay, type Place } from './relay-attempt.ts';
import type { Tracing } from './trace-book.ts';

export type Relayed = {
  readonly ok: true;
  readonly answered: Answered;
  readonly place: Place;
  readonly attempts: number;
  /** To be called once the answer is over, with what it said of the supplier. */
  readonly end: (outcome: SupplierOutcome) => void;
};

/**
 * Refuses, in this order of certainty: what no supplier would take (its own refusal), no session or supplier
 * (`no_supplier`, `network_capacity`), every attempt failed (`upstream_timeout` when all ran out of time, else
 * `all_suppliers_failed`).
 *
 * @throws the signal's reason when it aborts.
 */
export async function relayInference(
  gateway: Gateway,
  request: InferenceRequest,
  entry: CatalogEntry,
  tracing: Tracing,
  signal: AbortSignal,
): Promise<Relayed | ApiRefusal> {
  const excluded = new Set<string>();
  const outcomes: SupplierOutcome[] = [];
  let doubted = false;
  while (outcomes.length < gateway.limits.attemptsMax) {
    const place = await findPlace(gateway, entry, excluded, tracing);
    if (!place.ok) return outcomes.length === 0 ? place : allFailed(outcomes);
    const { session, supplier } = place;
    tracing.tell('supplier.chosen', { supplier, url: place.target.url, attempt: outcomes.length + 1 });

    const startedMs = gateway.world.now();
    gateway.suppliers.begin(entry.model, supplier);
    const end = (outcome: SupplierOutcome, firstByteMs?: number): void => {
      gateway.suppliers.end(entry.model, supplier, session.id, outcome, gateway.world.now(), firstByteMs);
      gateway.metrics.relayEnded(entry.model, outcome);
    };
    const result = await attemptRelay(gateway, request, place, tracing, signal).catch((thrown: unknown) => {
      end(signal.aborted ? 'user_error' : 'unreachable');
      throw thrown;
    });
    if (result.ok) {
      const firstByteMs = gateway.world.now() - startedMs;
      return {
        ok: true,
        answered: result.answered,
        place,
        attempts: outcomes.length + 1,
        end: (outcome) => end(outcome, firstByteMs),
      };
    }
    end(result.outcome);
    outcomes.push(result.outcome);
    if (result.refusal !== undefined) return result.refusal;
    if (result.sessionDoubted && !doubted) {
      // Once: what was believed of the session may be old; the supplier may well be right.
      doubted = true;
      await gateway.sessions.forget(session.applicationAddress, entry.model, session.endHeight);
    } else {
      excluded.add(supplier);
    }
  }
  return allFailed(outcomes);
}

function allFailed(outcomes: readonly SupplierOutcome[]): ApiRefusal {
  if (outcomes.every((outcome) => outcome === 'timeout')) {
    return apiRefusal('upstream_timeout', `No supplier answered in time (${outcomes.length} were asked).`);
  }
  return apiRefusal('all_suppliers_failed', `Every supplier that was asked failed (${outcomes.length} were asked).`);
}

/** A supplier of the current session of one of the paying applications. */
async function findPlace(
  gateway: Gateway,
  entry: CatalogEntry,
  excluded: ReadonlySet<string>,
  tracing: Tracing,
): Promise<({ readonly ok: true } & Place) | ApiRefusal> {
  const { world, suppliers } = gateway;
  const random = (): number => new DataView(world.randomBytes(4).slice().buffer).getUint32(0) / 2 ** 32;
  let capacity: ApiRefusal | undefined;
  for (const application of turned(entry.applications, random())) {
    const session = await sessionFor(gateway, application, entry.model);
    if (session === undefined) continue;
    const candidates = session.suppliers.flatMap(({ operatorAddress: supplier, endpoint }) =>
      endpoint === undefined ? [] : [{ supplier, url: endpoint.url, rpcType: endpoint.rpcType }],
    );
    const choice = { serviceId: entry.model, sessionId: session.id, candidates, excluded, nowMs: world.now(), random };
    const chosen = chooseSupplier(suppliers, choice);
    if (chosen === undefined) {
      if (suppliers.allExhausted(entry.model, session.id, candidates)) capacity = usedUp(gateway, session);
      continue;
    }
    const target = candidates.find(({ supplier }) => supplier === chosen.supplier)!;
    tracing.tell('session.found', {
      session: session.id,
      application,
      service: entry.model,
      startHeight: session.startHeight,
      endHeight: session.endHeight,
    });
    return { ok: true, session, supplier: chosen.supplier, target };
  }
  const nobody = 'No supplier serves this model at the moment.';
  return capacity ?? apiRefusal('no_supplier', nobody, { retryAfterS: 5 });
}

/** The session of the newest block, or nothing where the ledger knows none or does not answer. */
export async function sessionFor(
  gateway: Gateway,
  application: string,
  serviceId: string,
): Promise<NetworkSession | undefined> {
  const height = gateway.blocks.latest?.height;
  if (height === undefined) return undefined;
  try {
    return await gateway.sessions.sessionFor(application, serviceId, height);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    gateway.onTrouble(thrown);
    return undefined;
  }
}

function usedUp(gateway: Gateway, session: NetworkSession): ApiRefusal {
  const message = 'The budget for this model is used up until the next session.';
  return apiRefusal('network_capacity', message, { retryAfterS: gateway.pace.secondsUntil(session.endHeight + 1) });
}

/** The same list, beginning somewhere else, so that several applications share the load. */
function turned<T>(list: readonly T[], turn: number): readonly T[] {
  const start = Math.floor(turn * list.length);
  return [...list.slice(start), ...list.slice(0, start)];
}
