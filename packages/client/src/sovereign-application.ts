/**
 * An application that needs no gateway: it finds its session, signs with its own key, sends to a supplier, verifies, and
 * goes to another supplier when one fails.
 *
 * Until the first verified byte has been given back a failed try is invisible; after it, never is anything sent again.
 */
import type { HttpHeaders } from '@decai/protocol/http';
import type { Key } from '@decai/protocol/keys';
import type { World } from '@decai/protocol/world';
import { signingRing } from './application-ring.ts';
import type { NetworkView } from './network-view.ts';
import { failureOfTransport, type RelayFailure } from './relay-outcome.ts';
import { sendRelay, type RelayAnswer, type RelayLimits } from './send-relay.ts';
import type { NetworkSession, SessionSupplier } from './session-book.ts';
import { signRelay } from './sign-relay.ts';

export type SovereignOptions = {
  readonly world: Pick<World, 'request' | 'sleep' | 'now' | 'randomBytes'>;
  readonly network: NetworkView;
  readonly key: Key;
  readonly limits?: Partial<RelayLimits>;
  /** Suppliers tried for one request. */
  readonly attemptsMax?: number;
};

export type ApplicationRequest = {
  readonly method?: string;
  /** Path and query, such as `/v1/chat/completions`. */
  readonly path: string;
  readonly headers?: HttpHeaders;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
};

export type ApplicationAnswer = RelayAnswer & {
  /** Who answered last; undefined when there was nobody to ask. */
  readonly supplierOperatorAddress: string | undefined;
  readonly sessionId: string;
};

export type SovereignApplication = {
  readonly address: string;
  /**
   * The answer of some supplier of the service, whole or as a stream; or the last failure when all failed.
   *
   * @throws what finding a session throws, and the signal's reason.
   */
  request(serviceId: string, request: ApplicationRequest): Promise<ApplicationAnswer>;
};

const ATTEMPTS_MAX = 3;

export function createSovereignApplication(options: SovereignOptions): SovereignApplication {
  const { network, key, attemptsMax = ATTEMPTS_MAX } = options;
  /** Suppliers to leave alone, each until its session is over: `session/supplier`. */
  const resting = new Set<string>();

  return {
    address: key.address,
    async request(serviceId, request) {
      let session = await network.currentSession(key.address, serviceId, request.signal);
      const tried = new Set<string>();
      let refreshed = false;
      let last: { supplier: SessionSupplier; failure: RelayFailure } | undefined;
      while (tried.size < attemptsMax) {
        const supplier = chooseSupplier(options.world, session, tried, resting);
        if (supplier === undefined) break;
        const answer = await tryOnce(options, session, supplier, request);
        if (answer.ok) return { ...answer, ...asked(supplier, session) };
        last = { supplier, failure: answer.failure };
        if (answer.failure.next === 'give_up') break;
        if (answer.failure.restOfSession) rest(resting, session, supplier);
        if (answer.failure.next === 'refresh_session' && !refreshed) {
          refreshed = true;
          await network.sessions.forget(key.address, serviceId, session.startHeight);
          session = await network.currentSession(key.address, serviceId, request.signal);
          continue;
        }
        tried.add(supplier.operatorAddress);
      }
      const failure = last?.failure ?? failureOfTransport('SUPPLIER_UNREACHABLE', 'the session has no supplier to ask');
      return { ok: false, failure, ...asked(last?.supplier, session) };
    },
  };
}

async function tryOnce(
  { world, network, key, limits }: SovereignOptions,
  session: NetworkSession,
  supplier: SessionSupplier,
  request: ApplicationRequest,
): Promise<RelayAnswer> {
  const ring = await signingRing(session.application, key, session.endHeight, network.keys);
  if (!ring.ok) return { ok: false, failure: failureOfTransport('SUPPLIER_UNREACHABLE', ring.message) };
  const target = supplier.endpoint!;
  const relay = signRelay({
    sessionHeader: session.header,
    supplierOperatorAddress: supplier.operatorAddress,
    http: {
      method: request.method ?? 'POST',
      url: new URL(request.path, target.url).href,
      headers: { 'content-type': 'application/json', ...request.headers },
      body: request.body,
    },
    ring: { ring: ring.ring, signerIndex: ring.signerIndex },
    privateKey: key.privateKey,
    randomBytes: world.randomBytes,
  });
  const { signal } = request;
  return await sendRelay({ world, keys: network.keys, relay, target, signal, ...(limits !== undefined && { limits }) });
}

/** Any supplier with an endpoint that was not tried and does not rest, each as likely as the other. */
function chooseSupplier(
  world: Pick<World, 'randomBytes'>,
  session: NetworkSession,
  tried: ReadonlySet<string>,
  resting: ReadonlySet<string>,
): SessionSupplier | undefined {
  const open = session.suppliers.filter(
    ({ operatorAddress, endpoint }) =>
      endpoint !== undefined && !tried.has(operatorAddress) && !resting.has(`${session.id}/${operatorAddress}`),
  );
  const [high, low] = world.randomBytes(2) as unknown as [number, number];
  return open[(high * 256 + low) % open.length];
}

const RESTING_MAX = 10_000;

function rest(resting: Set<string>, session: NetworkSession, supplier: SessionSupplier): void {
  resting.add(`${session.id}/${supplier.operatorAddress}`);
  if (resting.size > RESTING_MAX) resting.delete(resting.values().next().value!);
}

function asked(
  supplier: SessionSupplier | undefined,
  session: NetworkSession,
): { supplierOperatorAddress: string | undefined; sessionId: string } {
  return { supplierOperatorAddress: supplier?.operatorAddress, sessionId: session.id };
}
