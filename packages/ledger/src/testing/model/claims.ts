/**
 * Claims and proofs in the model. It does not verify signatures: whoever makes a proof tells it what the proof shows.
 *
 * Source: pokt-network/poktroll `x/proof/keeper`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { toHex } from '@decai/protocol/bytes';
import { claimedUpokt } from '@decai/protocol/claim-amount';
import { encode } from '@decai/protocol/codec';
import { isRelayApplicable } from '@decai/protocol/difficulty';
import type { MsgCreateClaim, MsgSubmitProof } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { ClaimProofStatus, ClaimSchema, type Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { sha256 } from '@decai/protocol/hash';
import { proofPath } from '@decai/protocol/proof-path';
import { proofRequirement } from '@decai/protocol/proof-requirement';
import { ringMemberAddresses } from '@decai/protocol/ring-members';
import { decodeRoot } from '@decai/protocol/root';
import { sessionHeaderProblem } from '@decai/protocol/session-header';
import type { Model } from './model.ts';
import { balance, toModule, upoktOf } from './money.ts';
import { targetAt, unitsAt } from './services.ts';
import { blockHash, drawSession, windowsAt } from './sessions.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

/** What the bytes of a proof show, as far as they can be read. */
export type ProofContent = {
  /** Of the trie that the leaf is in, in hexadecimal. */
  readonly root: string;
  readonly path: string;
  readonly relayHash: Uint8Array;
  /** Of the relay, the same in its request and in its response. */
  readonly sessionId: string;
  /** Whether that session is one that relays can be of: not of a single block. */
  readonly isOfSession: boolean;
  readonly supplierOperatorAddress: string;
  /** Addresses whose keys are in the ring. */
  readonly ring: readonly string[];
  readonly isRingSigned: boolean;
  /** Who signed the response; undefined where nobody did. */
  readonly responder: string | undefined;
};

/** A proof that waits for the end of its block. */
export type WaitingProof = { readonly claim: string; readonly header: SessionHeader; readonly content: ProofContent };

export function checkCreateClaim({ supplierOperatorAddress, sessionHeader, rootHash }: MsgCreateClaim): Verdict {
  if (addressProblem(supplierOperatorAddress) !== undefined) return 'proof/1101';
  if (sessionHeader === undefined || sessionHeaderProblem(sessionHeader) !== undefined) return 'proof/1115';
  if (rootHash.length !== 48) return 'proof/1104';
  const { sum, count } = decodeRoot(rootHash);
  return sum === 0n || count === 0n ? 'proof/1104' : ACCEPTED;
}

export function createClaim(model: Model, msg: MsgCreateClaim): Verdict {
  const header = msg.sessionHeader!;
  const operator = msg.supplierOperatorAddress;
  const session = checkSession(model, header, operator);
  if (session !== ACCEPTED) return session;
  const { claimOpen, claimClose } = windowsAt(model, Number(header.sessionEndBlockHeight));
  if (model.height < claimOpen || model.height > claimClose) return 'proof/1121';
  const units = unitsAt(model, header.serviceId, Number(header.sessionStartBlockHeight));
  if (units === undefined) return 'proof/1125';
  const { sum, count } = decodeRoot(msg.rootHash);
  if (sum !== count * units) return 'proof/1126';
  const claim = create(ClaimSchema, {
    supplierOperatorAddress: operator,
    sessionHeader: header,
    rootHash: msg.rootHash,
    proofValidationStatus: ClaimProofStatus.PENDING_VALIDATION,
  });
  model.book.claims.set(`${header.sessionId}/${operator}`, claim);
  return ACCEPTED;
}

/** Refuses a header that is not the session's own, and an operator that was not drawn. */
function checkSession(model: Model, header: SessionHeader, operator: string): Verdict {
  const { applicationAddress, serviceId, sessionStartBlockHeight, sessionEndBlockHeight } = header;
  const session = drawSession(model, applicationAddress, serviceId, Number(sessionStartBlockHeight));
  if (typeof session === 'string') return session;
  if (session.header.sessionId !== header.sessionId) return 'proof/1116';
  if (!session.operators.includes(operator)) return 'proof/1102';
  if (session.header.sessionStartBlockHeight !== sessionStartBlockHeight) return 'proof/1118';
  return session.header.sessionEndBlockHeight === sessionEndBlockHeight ? ACCEPTED : 'proof/1117';
}

export function checkSubmitProof({ supplierOperatorAddress, sessionHeader, proof }: MsgSubmitProof): Verdict {
  if (addressProblem(supplierOperatorAddress) !== undefined) return 'sdk/7';
  if (sessionHeader === undefined || sessionHeaderProblem(sessionHeader) !== undefined) return 'proof/1115';
  return proof.length === 0 ? 'proof/1108' : ACCEPTED;
}

/** `content`: what the proof shows; undefined for bytes that are none. */
export function submitProof(
  model: Model,
  msg: MsgSubmitProof,
  content: ProofContent | undefined,
  waiting: Map<string, WaitingProof>,
): Verdict {
  const header = msg.sessionHeader!;
  const operator = msg.supplierOperatorAddress;
  const session = checkSession(model, header, operator);
  if (session !== ACCEPTED) return session;
  const { proofOpen, proofClose } = windowsAt(model, Number(header.sessionEndBlockHeight));
  if (model.height < proofOpen || model.height > proofClose) return 'proof/1122';
  if (content === undefined) return 'proof/1108';
  if (!content.isOfSession) return 'service/1111';
  if (content.supplierOperatorAddress !== operator) return 'proof/1123';
  if (content.responder === undefined) return 'service/1110';
  if (content.sessionId !== header.sessionId) return 'proof/1109';
  const target = targetAt(model, header.serviceId, Number(header.sessionStartBlockHeight));
  if (!isRelayApplicable(content.relayHash, target)) return 'proof/1130';
  const name = `${header.sessionId}/${operator}`;
  const claim = model.book.claims.get(name);
  if (claim === undefined) return 'proof/1106';
  const feeUpokt = upoktOf(model.live('proof').proofSubmissionFee);
  if (balance(model, operator) <= feeUpokt) return 'proof/1127';
  toModule(model, operator, 'proof', feeUpokt);
  if (!isRequired(model, claim)) return 'proof/1129';
  waiting.set(name, { claim: name, header, content });
  return ACCEPTED;
}

export function claimedAmount(model: Model, { sessionHeader, rootHash }: Claim): bigint {
  const { serviceId, sessionStartBlockHeight } = sessionHeader!;
  const start = Number(sessionStartBlockHeight);
  return claimedUpokt(decodeRoot(rootHash), targetAt(model, serviceId, start), model.at('shared', start));
}

/** Whether a claim needs a proof, by the parameters of now; a proof that failed does not change the lot. */
export function isRequired(model: Model, claim: Claim): boolean {
  const { proofRequirementThreshold, proofRequestProbability } = model.live('proof');
  const status = claim.proofValidationStatus;
  const asClaimed = { ...claim, proofValidationStatus: status === ClaimProofStatus.INVALID ? 0 : status };
  const lot = {
    claimedUpokt: claimedAmount(model, claim),
    claimHash: sha256(encode(ClaimSchema, asClaimed)),
    seedHash: seedOf(model, claim.sessionHeader!),
  };
  const params = { proofRequirementThresholdUpokt: upoktOf(proofRequirementThreshold), proofRequestProbability };
  return proofRequirement(lot, params) !== 'NOT_REQUIRED';
}

export function seedOf(model: Model, { sessionEndBlockHeight }: SessionHeader): Uint8Array {
  return blockHash(model, windowsAt(model, Number(sessionEndBlockHeight)).proofSeed);
}

/** End of a block: every proof that came is judged once. */
export function judgeProofs(model: Model, waiting: ReadonlyMap<string, WaitingProof>): void {
  for (const { claim: name, header, content } of waiting.values()) {
    const claim = model.book.claims.get(name)!;
    const isValid = proves(model, content, header, claim);
    model.count(isValid ? 'proof valid' : 'proof invalid');
    const proofValidationStatus = isValid ? ClaimProofStatus.VALIDATED : ClaimProofStatus.INVALID;
    model.book.claims.set(name, { ...claim, proofValidationStatus });
  }
}

function proves(model: Model, content: ProofContent, header: SessionHeader, claim: Claim): boolean {
  const { accounts, applications } = model.book;
  const application = applications.get(header.applicationAddress)!;
  const archive = Object.entries(application.pendingUndelegations).map(
    ([height, { gatewayAddresses }]) => [Number(height), gatewayAddresses] as const,
  );
  const members = ringMemberAddresses(
    { ...application, pendingUndelegations: archive },
    Number(header.sessionEndBlockHeight),
  );
  checkRingIsKept(model, content, header, members);
  return (
    content.isRingSigned &&
    members.every((member) => accounts.get(member)?.publicKey !== undefined) &&
    content.ring.every((signer) => members.includes(signer)) &&
    content.responder === claim.supplierOperatorAddress &&
    content.path === toHex(proofPath(seedOf(model, header), header.sessionId)) &&
    content.root === toHex(claim.rootHash)
  );
}

/**
 * Whoever could sign at a session's end can sign for it until its proofs have been judged, whatever has been changed since.
 *
 * @throws Error where a rule of the model itself has lost one.
 */
function checkRingIsKept(
  model: Model,
  { ring }: ProofContent,
  { applicationAddress, sessionEndBlockHeight }: SessionHeader,
  members: readonly string[],
): void {
  const then = model.delegateesAt.get(`${applicationAddress}@${sessionEndBlockHeight}`) ?? [];
  const lost = ring.find((signer) => then.includes(signer) && !members.includes(signer));
  if (lost !== undefined) throw new Error(`${lost} signed for ${applicationAddress} and is forgotten`);
}
