/**
 * MsgCreateClaim: a supplier commits to the work of one session by the root of its trie.
 *
 * Nothing is paid yet and nothing is held back: what a claim is worth is looked at when it is settled.
 *
 * Source: pokt-network/poktroll `x/proof/types/message_create_claim.go`, `x/proof/keeper/msg_server_create_claim.go`,
 * `x/proof/keeper/session.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { toHex } from '@decai/protocol/bytes';
import { EventClaimCreatedSchema, EventClaimUpdatedSchema } from '@decai/protocol/gen/pocket/proof/event_pb';
import type { MsgCreateClaim } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { ClaimProofStatus, ClaimSchema, type Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { decodeRoot, ROOT_BYTES } from '@decai/protocol/root';
import { sessionHeaderProblem } from '@decai/protocol/session-header';
import { sessionWindows } from '@decai/protocol/session-grid';
import { claimEventFields } from './claim-event.ts';
import { priceClaim } from './claim-price.ts';
import { ACCEPTED, type GrpcCode, type Outcome, type Refusal, refuse, type Verdict, withStatus } from './refusal.ts';
import { PROOF } from './registered-error.ts';
import { hydrateSession, type HydratedSession } from './session.ts';
import { timingsAt } from './session-timings.ts';
import type { State } from './state.ts';

/**
 * Refuses what no state could accept, in this order: operator address (proof 1101); session header absent or malformed
 * (1115); a root that is not 48 bytes, or claims no relays or no work (1104).
 */
export function checkCreateClaim(msg: MsgCreateClaim): Refusal | undefined {
  const addressFlaw = addressProblem(msg.supplierOperatorAddress);
  if (addressFlaw !== undefined) return refuse(PROOF.INVALID_ADDRESS, `${msg.supplierOperatorAddress}: ${addressFlaw}`);
  const header = checkHeader(msg.sessionHeader);
  if (header !== undefined) return header;
  if (msg.rootHash.length !== ROOT_BYTES) {
    const details = `expecting root hash to be ${ROOT_BYTES} bytes, got ${msg.rootHash.length} bytes`;
    return refuse(PROOF.INVALID_ROOT_HASH, details);
  }
  const { sum, count } = decodeRoot(msg.rootHash);
  const nothing = count === 0n ? 'count' : sum === 0n ? 'sum' : undefined;
  if (nothing === undefined) return undefined;
  return refuse(PROOF.INVALID_ROOT_HASH, `has zero ${nothing} in Merkle root (hex) ${toHex(msg.rootHash)}`);
}

/**
 * Records a supplier's claim to the work of one session, for a message that `checkCreateClaim` has passed.
 *
 * Refuses, in this order: a session that cannot be drawn (its error); another session id than the ledger draws (1116); an
 * operator that was not drawn (1102); heights other than the session's (1118, 1117); a height outside the claim window,
 * both of whose ends belong to it (1121); an unknown service (1125); a sum other than count times the units per relay at
 * the session's start (1126).
 *
 * A second claim of the same supplier for the same session replaces the first and is pending anew.
 */
export function createClaim(state: State, msg: MsgCreateClaim): Verdict {
  const header = msg.sessionHeader!;
  const session = claimedSession(state, header, msg.supplierOperatorAddress, 'InvalidArgument');
  if (!session.ok) return session;
  // Every later step reads heights from the header. One that was let through with other heights would move the window,
  // and its honest proof would fail.
  const heights = checkSessionHeights(header, session.value.header, 'InvalidArgument');
  if (heights !== undefined && !state.relaxes('SESSION_HEIGHTS')) return heights;
  const tooEarlyOrLate = checkClaimWindow(state, header);
  if (tooEarlyOrLate !== undefined) return tooEarlyOrLate;

  const { serviceId } = header;
  const unitsPerRelay = state.services.unitsPerRelayAt(serviceId, Number(header.sessionStartBlockHeight));
  if (unitsPerRelay === undefined) return refuse(PROOF.SERVICE_NOT_FOUND, `service ${serviceId} not found`, 'NotFound');
  const { sum, count } = decodeRoot(msg.rootHash);
  if (sum !== count * unitsPerRelay) {
    const expected = `number of relays ${count} * compute units per relay ${unitsPerRelay} for service ${serviceId}`;
    return refuse(
      PROOF.COMPUTE_UNITS_MISMATCH,
      `claim compute units: ${sum} is not equal to ${expected}`,
      'InvalidArgument',
    );
  }

  const claim = create(ClaimSchema, {
    supplierOperatorAddress: msg.supplierOperatorAddress,
    sessionHeader: header,
    rootHash: msg.rootHash,
    proofValidationStatus: ClaimProofStatus.PENDING_VALIDATION,
  });
  const isUpdate = state.claims.get(header.sessionId, msg.supplierOperatorAddress) !== undefined;
  state.claims.put(claim);
  emitClaimRecorded(state, claim, isUpdate);
  return ACCEPTED;
}

/** Refuses an absent or malformed header (proof 1115). */
export function checkHeader(header: SessionHeader | undefined): Refusal | undefined {
  if (header === undefined) return refuse(PROOF.INVALID_SESSION_HEADER, 'session header is nil');
  const flaw = sessionHeaderProblem(header);
  return flaw === undefined ? undefined : refuse(PROOF.INVALID_SESSION_HEADER, `invalid session header: ${flaw}`);
}

/**
 * The session that a claim's or proof's header speaks of, as the ledger draws it at the header's start.
 *
 * Refuses with status `grpc`, in this order: a session that cannot be drawn (its error); another id (proof 1116); an
 * operator that was not drawn (1102).
 */
export function claimedSession(
  state: State,
  header: SessionHeader,
  operator: string,
  grpc: GrpcCode,
): Outcome<HydratedSession> {
  const { applicationAddress, serviceId } = header;
  const session = hydrateSession(state, {
    applicationAddress,
    serviceId,
    blockHeight: Number(header.sessionStartBlockHeight),
  });
  if (!session.ok) return withStatus(session, grpc);
  const { sessionId } = session.value.header;
  if (sessionId !== header.sessionId) {
    const details = `session ID does not match onchain session ID; expected "${sessionId}", got "${header.sessionId}"`;
    return refuse(PROOF.INVALID_SESSION_ID, details, grpc);
  }
  if (!session.value.suppliers.has(operator)) {
    const details = `supplier operator address "${operator}" not found in session ID "${sessionId}"`;
    return refuse(PROOF.SUPPLIER_NOT_IN_SESSION, details, grpc);
  }
  return session;
}

/** Refuses a header whose start (proof 1118) or end (1117) is not the session's own. */
export function checkSessionHeights(
  header: SessionHeader,
  session: SessionHeader,
  grpc: GrpcCode,
): Refusal | undefined {
  const mismatch = (expected: bigint, actual: bigint): string => `expected session height ${expected}, got ${actual}`;
  if (header.sessionStartBlockHeight !== session.sessionStartBlockHeight) {
    const details = mismatch(session.sessionStartBlockHeight, header.sessionStartBlockHeight);
    return refuse(PROOF.INVALID_SESSION_START_HEIGHT, details, grpc);
  }
  if (header.sessionEndBlockHeight !== session.sessionEndBlockHeight) {
    const details = mismatch(session.sessionEndBlockHeight, header.sessionEndBlockHeight);
    return refuse(PROOF.INVALID_SESSION_END_HEIGHT, details, grpc);
  }
  return undefined;
}

function checkClaimWindow(state: State, { sessionEndBlockHeight }: SessionHeader): Refusal | undefined {
  const endHeight = Number(sessionEndBlockHeight);
  const { claimOpen, claimClose } = sessionWindows(timingsAt(state, endHeight), endHeight);
  const { height } = state;
  const outside = (details: string): Refusal => refuse(PROOF.CLAIM_OUTSIDE_WINDOW, details, 'FailedPrecondition');
  if (height < claimOpen) {
    return outside(
      `current block height (${height}) is less than the session's earliest claim commit height (${claimOpen})`,
    );
  }
  if (height > claimClose) {
    return outside(
      `current block height (${height}) is greater than session claim window close height (${claimClose})`,
    );
  }
  return undefined;
}

function emitClaimRecorded(state: State, claim: Claim, isUpdate: boolean): void {
  const price = priceClaim(state, claim.sessionHeader!, claim.rootHash);
  // In these two events the estimate of work is not scaled by difficulty: it repeats what is claimed.
  const fields = { ...claimEventFields(claim, price), numEstimatedComputeUnits: price.root.sum };
  if (isUpdate) state.journal.emit(EventClaimUpdatedSchema, create(EventClaimUpdatedSchema, fields));
  else state.journal.emit(EventClaimCreatedSchema, create(EventClaimCreatedSchema, fields));
}
