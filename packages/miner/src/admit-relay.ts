/**
 * Whether a relay is served: cheap checks before dear ones, and nothing that touches anybody's budget before the signature.
 *
 * The order is part of the contract and tested: supplier, service, payload, heights, session, membership, replay, ring
 * signature, journal, budget. Whoever is admitted holds a ticket, and whatever happens to his relay ends it.
 *
 * Source: pokt-network/poktroll `pkg/relayer/proxy/sync.go`, `pkg/relayer/relay_authenticator`; the order is ours.
 */
import type { SessionClock } from '@decai/client/session-clock';
import { isFault } from '@decai/protocol/fault';
import { decodeHttpRequest, type HttpRequestMessage } from '@decai/protocol/http-message';
import type { Key } from '@decai/protocol/keys';
import { decodeRing, type RingSignature } from '@decai/protocol/ring';
import { sessionHeaderMismatch } from '@decai/protocol/session-header';
import { signingIdentity } from '@decai/protocol/signing-identity';
import { isPathAllowed, readBackendPath, type BackendPath } from './backend-path.ts';
import type { RingCheck } from './check-ring.ts';
import type { MinerConfig, ServiceConfig } from './miner-config.ts';
import { isRefusal, refuse, type MinerRefusal } from './miner-refusal.ts';
import type { OpenSession, OpenSessions } from './open-session.ts';
import type { ReceivedRelay } from './read-relay.ts';
import type { RelayJournal } from './relay-journal.ts';
import type { Reservation } from './relay-meter.ts';
import type { SessionTerms, TermsBook } from './session-terms.ts';

/** What admission asks. */
export type Admission = {
  readonly config: MinerConfig;
  readonly keys: ReadonlyMap<string, Key>;
  /** Services that the supplier is staked for at this moment; undefined when it is not staked. */
  readonly stakedServices: (supplier: string) => ReadonlySet<string> | undefined;
  /** The newest block; 0 while none is known. */
  readonly height: () => number;
  readonly clock: SessionClock;
  readonly terms: TermsBook;
  readonly checkRing: RingCheck;
  readonly sessions: OpenSessions;
  readonly journal: RelayJournal;
};

/** What the relay asks of the backend. */
export type RelayAsk = {
  readonly service: ServiceConfig;
  readonly serviceId: string;
  readonly message: HttpRequestMessage;
  readonly path: BackendPath;
};

/** The right to one answer, and the duty to end it: `settle` or `release`, the first counts. */
export type RelayTicket = {
  readonly relay: ReceivedRelay;
  /** What a copy of the request shares with it, and a fresh signature of the same words does not; 32 bytes. */
  readonly signing: Uint8Array;
  readonly key: Key;
  readonly ask: RelayAsk;
  readonly session: OpenSession;
  readonly paid: boolean;
  /** The relay was answered and is charged. */
  settle(computeUnits: bigint): void;
  /** Nothing came of it. */
  release(): void;
};

export async function admitRelay(
  admission: Admission,
  relay: ReceivedRelay,
  rpcType: string | undefined,
): Promise<RelayTicket | MinerRefusal> {
  const key = checkSupplier(admission, relay);
  if (isRefusal(key)) return key;
  const ask = checkService(admission.config, relay, rpcType);
  if (isRefusal(ask)) return ask;
  const heights = await checkHeights(admission, relay);
  if (heights !== undefined) return heights;
  const terms = await checkSession(admission, relay);
  if (isRefusal(terms)) return terms;
  const stranger = checkMembership(relay, terms);
  if (stranger !== undefined) return stranger;
  const session = admission.sessions.open(relay.supplier, terms);
  const ring = readRing(relay);
  if (isRefusal(ring)) return ring;
  const signing = signingIdentity(relay.requestHash, ring);
  const replayed = checkReplay(session, signing);
  if (replayed !== undefined) return replayed;
  const forged = await admission.checkRing(relay, ring, terms.session.endHeight);
  if (forged !== undefined) return forged;
  // A copy may have come in while the signature was checked.
  const overtaken = checkReplay(session, signing);
  if (overtaken !== undefined) return overtaken;
  const behind = checkJournal(admission.journal);
  if (behind !== undefined) return behind;
  const reservation = reserveBudget(session);
  if (isRefusal(reservation)) return reservation;
  return issueTicket({ relay, signing, key, ask, session }, reservation);
}

/** 3. A supplier whose key we hold and whose stake stands. */
function checkSupplier({ keys, stakedServices }: Admission, { supplier, header }: ReceivedRelay): Key | MinerRefusal {
  const key = keys.get(supplier);
  if (key === undefined) return refuse('SUPPLIER_NOT_SERVED', `supplier ${supplier} is not served here`);
  const services = stakedServices(supplier);
  if (services === undefined) return refuse('SUPPLIER_NOT_SERVED', `supplier ${supplier} is not staked`);
  if (services.has(header.serviceId)) return key;
  return refuse('SUPPLIER_NOT_SERVED', `supplier ${supplier} is not staked for ${header.serviceId}`);
}

/** 4. A service that is configured, and a request to it that may be passed on. */
function checkService(
  { services }: MinerConfig,
  { header: { serviceId }, request: { payload } }: ReceivedRelay,
  rpcType: string | undefined,
): RelayAsk | MinerRefusal {
  const service = services[serviceId];
  if (service === undefined) return refuse('SERVICE_UNKNOWN', `service ${serviceId} is not served here`);
  if (payload.length > service.bodyBytesMax) {
    const message = `a request to ${serviceId} has at most ${service.bodyBytesMax} bytes, this one ${payload.length}`;
    return refuse('RELAY_TOO_LARGE', message);
  }
  if (rpcType !== undefined && !RPC_TYPE.test(rpcType)) {
    return refuse('RPC_TYPE_UNREADABLE', 'header Rpc-Type is neither a number nor the name of a type');
  }
  const message = readPayload(payload);
  if (isRefusal(message)) return message;
  const path = readBackendPath(message.url);
  if (path === undefined || !isPathAllowed(path.path, service.allowedPaths)) {
    return refuse('PATH_NOT_ALLOWED', `service ${serviceId} does not serve the path that was asked for`);
  }
  return { service, serviceId, message, path };
}

/** A number, or one of Shannon's names. Whatever type it is, one backend serves it. */
const RPC_TYPE = /^(?:\d+|unknown_rpc|grpc|websocket|json_rpc|rest|comet_bft)$/i;

function readPayload(payload: Uint8Array): HttpRequestMessage | MinerRefusal {
  try {
    return decodeHttpRequest(payload);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return refuse('PAYLOAD_MALFORMED', `the payload is no HTTP request: ${thrown.message}`);
  }
}

/** 5. Heights that a session can have around now: nobody is asked about sessions of long ago or far ahead. */
async function checkHeights(
  { clock, height, config }: Admission,
  { header }: ReceivedRelay,
): Promise<MinerRefusal | undefined> {
  const now = height();
  if (now === 0) return refuse('LEDGER_UNREACHABLE', 'no block is known yet');
  const [start, end] = [Number(header.sessionStartBlockHeight), Number(header.sessionEndBlockHeight)];
  const skew = config.admission.heightSkewBlocks;
  const implausible = (why: string): MinerRefusal =>
    refuse('HEIGHTS_IMPLAUSIBLE', `session ${start} to ${end}: ${why}`);
  if (start > now + skew) return implausible(`it begins after height ${now}`);
  try {
    const timings = await clock.timingsAt(now);
    if (end < now - timings.gracePeriodEndOffsetBlocks - skew) return implausible(`its relays ended before ${now}`);
    const span = await clock.spanAt(start);
    if (span.startHeight !== start || span.endHeight !== end) {
      return implausible(`expected ${span.startHeight} to ${span.endHeight}`);
    }
    const { graceEnd, claimOpen } = await clock.windowsAt(end);
    const last = Math.min(graceEnd + skew, claimOpen - 1);
    return now <= last ? undefined : implausible(`its relays ended at ${last}, now is ${now}`);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return refuse('LEDGER_UNREACHABLE', `the ledger could not be asked: ${thrown.code}`);
  }
}

/** 6. The session that the ledger knows, field by field: a wrong one would cost the supplier its claim. */
async function checkSession(
  { terms, height }: Admission,
  { header }: ReceivedRelay,
): Promise<SessionTerms | MinerRefusal> {
  const found = await terms.termsOf(header, height());
  if (isRefusal(found)) return found;
  const mismatch = sessionHeaderMismatch(found.session.header, header);
  return mismatch === undefined ? found : refuse('SESSION_UNKNOWN', mismatch);
}

/** 7. A supplier that was drawn. */
function checkMembership({ supplier }: ReceivedRelay, { session }: SessionTerms): MinerRefusal | undefined {
  if (session.suppliers.some(({ operatorAddress }) => operatorAddress === supplier)) return undefined;
  return refuse('SUPPLIER_NOT_IN_SESSION', `supplier ${supplier} was not drawn for session ${session.id}`);
}

function readRing({ signature }: ReceivedRelay): RingSignature | MinerRefusal {
  try {
    return decodeRing(signature);
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return refuse('RING_SIGNATURE_INVALID', `no ring signature: ${thrown.message}`);
  }
}

/**
 * 8. A request that was not taken before: a copy of a signed request, however rewritten, must not cost a second answer.
 *
 * The same words signed afresh are another request: a user may ask the same thing twice, and both are paid.
 */
function checkReplay(session: OpenSession, signing: Uint8Array): MinerRefusal | undefined {
  if (!session.isTaken(signing)) return undefined;
  return refuse('RELAY_REPLAYED', 'this signed request was taken before; sign every request afresh');
}

/** 10. A journal that keeps up: work that cannot be recorded is work that nobody pays for. */
function checkJournal(journal: RelayJournal): MinerRefusal | undefined {
  if (!journal.isBehind) return undefined;
  const why = journal.isBroken ? 'the journal cannot be written' : `${journal.unsynced} relays wait for the disk`;
  return refuse('JOURNAL_BEHIND', why);
}

/** 11. A budget that covers it. */
function reserveBudget(session: OpenSession): Reservation | MinerRefusal {
  const { meter, terms, header } = session;
  const reservation = meter.reserve(terms.computeUnitsPerRelay);
  if (reservation !== undefined) return reservation;
  const message = `application ${header.applicationAddress} may spend ${meter.limitUpokt} uPOKT here in this session`;
  return refuse('BUDGET_USED_UP', `${message}, and has`);
}

function issueTicket(
  parts: Pick<RelayTicket, 'relay' | 'signing' | 'key' | 'ask' | 'session'>,
  reservation: Reservation,
): RelayTicket {
  const end = parts.session.take(parts.signing);
  return {
    ...parts,
    paid: reservation.paid,
    settle(computeUnits) {
      reservation.settle(computeUnits);
      end(true);
    },
    release() {
      reservation.release();
      end(false);
    },
  };
}
