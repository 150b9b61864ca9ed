/**
 * The header that ties a relay, a claim and a proof to one session: who pays, for what, and when.
 *
 * A header can be well formed and still name a session that never was; only the ledger, or someone who draws the session
 * himself, can tell.
 *
 * Source: pokt-network/poktroll `x/session/types/session_header.go` (`ValidateBasic`), `x/proof/keeper/proof_validation.go`
 * (`compareSessionHeaders`), `proto/pocket/session/types.proto`.
 */
import { addressProblem } from './address.ts';
import type { SessionHeader } from './gen/pocket/session/types_pb.ts';
import { serviceIdProblem } from './service-id.ts';

/**
 * Why a header is malformed, ending in the text that the chain registers for it, or undefined when it is well formed.
 *
 * Checked in this order: the application's address, the session id (any text but the empty one), the service id, start at
 * height 1 or later, end after start.
 */
export function sessionHeaderProblem(header: SessionHeader): string | undefined {
  const addressFlaw = addressProblem(header.applicationAddress);
  if (addressFlaw !== undefined) {
    return `"${header.applicationAddress}"; (${addressFlaw}): invalid application address for session`;
  }
  if (header.sessionId === '') return '"": invalid sessionId';
  const serviceFlaw = serviceIdProblem(header.serviceId);
  if (serviceFlaw !== undefined) return `${serviceFlaw}: invalid service ID`;
  if (header.sessionStartBlockHeight < 1n) {
    return 'sessions can only start at height 1 or greater: invalid block height for session';
  }
  if (header.sessionEndBlockHeight <= header.sessionStartBlockHeight) {
    return 'session end block height cannot be less than or equal to session start block height: invalid block height for session';
  }
  return undefined;
}

/**
 * How a header differs from the expected one, in the chain's words, or undefined when all five fields agree.
 *
 * Compared in this order: application, service, start, end, session id. An absent header counts as an empty one.
 */
export function sessionHeaderMismatch(expected: SessionHeader, actual: SessionHeader | undefined): string | undefined {
  for (const [name, read, isText] of COMPARED) {
    const [wanted, got] = [read(expected), actual === undefined ? (isText ? '' : 0n) : read(actual)];
    if (wanted === got) continue;
    const [wantedText, gotText] = isText ? [JSON.stringify(wanted), JSON.stringify(got)] : [wanted, got];
    return `session headers ${name} mismatch; expected: ${wantedText}, got: ${gotText}`;
  }
  return undefined;
}

type Compared = readonly [name: string, read: (header: SessionHeader) => string | bigint, isText: boolean];

const COMPARED: readonly Compared[] = [
  ['application addresses', (header) => header.applicationAddress, true],
  ['service IDs', (header) => header.serviceId, true],
  ['session start heights', (header) => header.sessionStartBlockHeight, false],
  ['session end heights', (header) => header.sessionEndBlockHeight, false],
  ['session IDs', (header) => header.sessionId, true],
];
