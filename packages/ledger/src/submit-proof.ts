/**
 * MsgSubmitProof: a supplier shows one relay of the work that it claimed, the one that the ledger's lot fell on.
 *
 * The transaction only makes sure that the proof is in form, in time and asked for. Signatures, path and root are verified
 * at the end of the block (validate-proofs.ts).
 *
 * Source: pokt-network/poktroll `x/proof/types/message_submit_proof.go`, `x/proof/keeper/msg_server_submit_proof.go`,
 * `x/proof/keeper/proof_validation.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { isRelayApplicable } from '@decai/protocol/difficulty';
import { EventProofSubmittedSchema, EventProofUpdatedSchema } from '@decai/protocol/gen/pocket/proof/event_pb';
import type { MsgSubmitProof } from '@decai/protocol/gen/pocket/proof/tx_pb';
import {
  ClaimProofStatus,
  ProofRequirementReason,
  ProofSchema,
  type Claim,
} from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { relayHash, relayRequestProblem, relayResponseProblem } from '@decai/protocol/relay';
import type { RelayRefusal } from '@decai/protocol/relay-error';
import { sessionHeaderMismatch } from '@decai/protocol/session-header';
import { sessionWindows } from '@decai/protocol/session-grid';
import { claimEventFields } from './claim-event.ts';
import { priceClaim } from './claim-price.ts';
import { claimRequirement } from './claim-requirement.ts';
import { UPOKT, upokt } from './coins.ts';
import { checkHeader, checkSessionHeights, claimedSession } from './create-claim.ts';
import { ACCEPTED, type Outcome, type Refusal, refuse, type Verdict, withStatus } from './refusal.ts';
import { PROOF, SDK, type RegisteredError } from './registered-error.ts';
import { readRelayProof, type RelayProof } from './relay-proof.ts';
import { difficultyAt } from './relay-mining-difficulty.ts';
import { timingsAt } from './session-timings.ts';
import { amountUpoktOf } from './stake.ts';
import type { State } from './state.ts';

/** Refuses what no state could accept, in this order: operator address (sdk 7); session header (proof 1115); no proof (1108). */
export function checkSubmitProof(msg: MsgSubmitProof): Refusal | undefined {
  const addressFlaw = addressProblem(msg.supplierOperatorAddress);
  if (addressFlaw !== undefined) {
    return refuse(
      SDK.INVALID_ADDRESS,
      `supplier operator address "${msg.supplierOperatorAddress}", error: ${addressFlaw}`,
    );
  }
  const header = checkHeader(msg.sessionHeader);
  if (header !== undefined) return header;
  return msg.proof.length === 0 ? refuse(PROOF.INVALID_PROOF, 'proof cannot be empty') : undefined;
}

/**
 * Takes a proof in, to be validated at the end of the block, for a message that `checkSubmitProof` has passed.
 *
 * Refuses, all with status FailedPrecondition and in this order: a session that cannot be drawn (its error), another id
 * (proof 1116), an operator that was not drawn (1102); heights other than the session's (1118, 1117); a height outside the
 * proof window, both of whose ends belong to it (1122); bytes that are no proof (1108) of a relay (1109); a request that is
 * incomplete (service 1111) or for another supplier (proof 1123); a response that is incomplete (service 1110); a request
 * or response of another session (proof 1109); a relay that does not count at the session's difficulty (1130); no claim
 * (1106), or one of other heights (1118, 1117), application (1101) or service (1103); a balance not above the fee (1127);
 * a fee that cannot be taken (1128); a claim that needs no proof (1129).
 *
 * A second proof replaces the first.
 */
export function submitProof(state: State, msg: MsgSubmitProof): Verdict {
  const { supplierOperatorAddress } = msg;
  const wellFormed = checkWellFormed(state, msg);
  if (!wellFormed.ok) return withStatus(wellFormed, 'FailedPrecondition');
  const { claim, sessionHeader } = wellFormed.value;

  const unpaid = takeFee(state, supplierOperatorAddress, sessionHeader);
  if (unpaid !== undefined) return withStatus(unpaid, 'FailedPrecondition');
  const price = priceClaim(state, sessionHeader, claim.rootHash);
  if (claimRequirement(state, claim, price.claimedUpokt) === ProofRequirementReason.NOT_REQUIRED) {
    return refuse(PROOF.PROOF_NOT_REQUIRED, '', 'FailedPrecondition');
  }

  const isUpdate = state.proofs.get(sessionHeader.sessionId, supplierOperatorAddress) !== undefined;
  state.proofs.put(create(ProofSchema, { supplierOperatorAddress, sessionHeader, closestMerkleProof: msg.proof }));
  // The event never tells how far an earlier proof came.
  const fields = { ...claimEventFields(claim, price), claimProofStatusInt: ClaimProofStatus.PENDING_VALIDATION };
  if (isUpdate) state.journal.emit(EventProofUpdatedSchema, fields);
  else state.journal.emit(EventProofSubmittedSchema, fields);
  return ACCEPTED;
}

type ProvenClaim = { readonly claim: Claim; /** The session's own. */ readonly sessionHeader: SessionHeader };

function checkWellFormed(state: State, msg: MsgSubmitProof): Outcome<ProvenClaim> {
  const operator = msg.supplierOperatorAddress;
  const session = claimedSession(state, msg.sessionHeader!, operator, 'FailedPrecondition');
  if (!session.ok) return session;
  const { header } = session.value;
  const outOfPlace =
    checkSessionHeights(msg.sessionHeader!, header, 'FailedPrecondition') ?? checkProofWindow(state, header);
  if (outOfPlace !== undefined) return outOfPlace;

  const relayProof = readRelayProof(msg.proof);
  if (!relayProof.ok) return relayProof;
  const unfit = checkRelay(relayProof.value, header, operator) ?? checkDifficulty(state, relayProof.value, header);
  if (unfit !== undefined) return unfit;

  const claim = state.claims.get(header.sessionId, operator);
  if (claim === undefined) {
    const details = `no claim found for session ID "${header.sessionId}" and supplier "${operator}"`;
    return refuse(PROOF.CLAIM_NOT_FOUND, details);
  }
  return checkClaimHeader(claim.sessionHeader!, header) ?? { ok: true, value: { claim, sessionHeader: header } };
}

function checkProofWindow(state: State, { sessionEndBlockHeight }: SessionHeader): Refusal | undefined {
  const endHeight = Number(sessionEndBlockHeight);
  const { proofOpen, proofClose } = sessionWindows(timingsAt(state, endHeight), endHeight);
  const { height } = state;
  if (height < proofOpen) {
    const details = `current block height (${height}) is less than session's earliest proof commit height (${proofOpen})`;
    return refuse(PROOF.PROOF_OUTSIDE_WINDOW, details);
  }
  if (height > proofClose) {
    const details = `current block height (${height}) is greater than session proof window close height (${proofClose})`;
    return refuse(PROOF.PROOF_OUTSIDE_WINDOW, details);
  }
  return undefined;
}

function checkRelay({ request, response }: RelayProof, header: SessionHeader, operator: string): Refusal | undefined {
  const requestFlaw = relayRequestProblem(request);
  if (requestFlaw !== undefined) return ofRelay(requestFlaw);
  if (request.meta?.supplierOperatorAddress !== operator)
    return refuse(PROOF.SUPPLIER_MISMATCH, 'supplier type mismatch');
  const responseFlaw = relayResponseProblem(response);
  if (responseFlaw !== undefined) return ofRelay(responseFlaw);
  const mismatch =
    sessionHeaderMismatch(header, request.meta.sessionHeader) ??
    sessionHeaderMismatch(header, response?.meta?.sessionHeader);
  return mismatch === undefined ? undefined : refuse(PROOF.INVALID_RELAY, mismatch);
}

function ofRelay({ codespace, code, message }: RelayRefusal): Refusal {
  return { ok: false, codespace, code, message };
}

function checkDifficulty(state: State, { relayBytes }: RelayProof, header: SessionHeader): Refusal | undefined {
  const { targetHash } = difficultyAt(state, header.serviceId, Number(header.sessionStartBlockHeight));
  if (isRelayApplicable(relayHash(relayBytes), targetHash)) return undefined;
  return refuse(
    PROOF.INVALID_RELAY_DIFFICULTY,
    `the relay does not count at the difficulty of service ${header.serviceId}`,
  );
}

/** Claims of this ledger have their session's header; one that a genesis brought along may not. */
function checkClaimHeader(claimed: SessionHeader, header: SessionHeader): Refusal | undefined {
  const compared: [name: string, claimed: bigint | string, proven: bigint | string, error: RegisteredError][] = [
    [
      'start height',
      claimed.sessionStartBlockHeight,
      header.sessionStartBlockHeight,
      PROOF.INVALID_SESSION_START_HEIGHT,
    ],
    ['end height', claimed.sessionEndBlockHeight, header.sessionEndBlockHeight, PROOF.INVALID_SESSION_END_HEIGHT],
    ['application', claimed.applicationAddress, header.applicationAddress, PROOF.INVALID_ADDRESS],
    ['service', claimed.serviceId, header.serviceId, PROOF.INVALID_SERVICE],
  ];
  for (const [name, ofClaim, ofProof, error] of compared) {
    if (ofClaim !== ofProof)
      return refuse(error, `claim session ${name} ${ofClaim} does not match proof session ${name} ${ofProof}`);
  }
  return undefined;
}

/** Takes the submission fee. The balance must be above it, so that a fee of zero still asks for some coins. */
function takeFee(state: State, operator: string, { sessionStartBlockHeight }: SessionHeader): Refusal | undefined {
  const { proofSubmissionFee } = state.params.proof.governing(Number(sessionStartBlockHeight));
  const feeUpokt = amountUpoktOf(proofSubmissionFee);
  const balanceUpokt = state.bank.balance(operator, UPOKT);
  if (balanceUpokt <= feeUpokt) {
    const details = `account has ${balanceUpokt}, but the proof submission fee is ${feeUpokt}${UPOKT}`;
    return refuse(PROOF.NOT_ENOUGH_FUNDS, details);
  }
  if (feeUpokt === 0n) return undefined;
  const taken = state.bank.escrow(operator, 'proof', upokt(feeUpokt));
  return taken.ok ? undefined : refuse(PROOF.FAILED_TO_DEDUCT_FEE, taken.message);
}
