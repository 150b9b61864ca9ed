/**
 * Checks claim and proof vectors: sessions from their leaves to the validated claim with every value in between, both
 * transactions byte for byte, and altered claims and proofs with what becomes of each.
 */
import { create } from '@bufbuild/protobuf';
import { fromHex } from '@decai/protocol/bytes';
import { decode } from '@decai/protocol/codec';
import type { CaseVerdict, VectorChecker } from '@decai/protocol/conformance';
import { MsgCreateClaimSchema, MsgSubmitProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { ClaimProofStatus, ClaimSchema } from '@decai/protocol/gen/pocket/proof/types_pb';
import { SessionHeaderSchema, type SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { checkCreateClaim, createClaim } from '../create-claim.ts';
import { type Refusal, type Verdict, withStatus } from '../refusal.ts';
import { checkSubmitProof, submitProof } from '../submit-proof.ts';
import { validateProof, validateProofs } from '../validate-proofs.ts';
import { compareCase } from './first-difference.ts';
import { underRule } from './known-stricter.ts';
import { read, typedEvents } from './vector-state.ts';
import type { ClaimCase, ClaimsProofsDocument, ExpectedError, ProofCase } from './claims-proofs-document.ts';
import { applyChanges, buildState } from './claims-proofs-state.ts';
import { comparableError, comparableEvent, comparableValidation, comparableVerdict } from './comparable-refusal.ts';
import { checkSession } from './honest-session.ts';
import { checkTransaction } from './claim-transaction.ts';

export const claimsProofsChecker: VectorChecker = {
  format: 'claims and proofs',

  recognises(document) {
    const { claimCases, proofCases, sessions } = (document ?? {}) as Partial<ClaimsProofsDocument>;
    return Array.isArray(claimCases) && Array.isArray(proofCases) && Array.isArray(sessions);
  },

  *check(document) {
    const vectors = document as ClaimsProofsDocument;
    for (const session of vectors.sessions) {
      yield checkSession(vectors, session);
      yield checkTransaction(`${session.name}: claim`, vectors, session.createClaimTx, session.supplier);
      yield checkTransaction(`${session.name}: proof`, vectors, session.submitProofTx, session.supplier);
    }
    for (const [name, transaction] of Object.entries(vectors.batchTransactions)) {
      yield checkTransaction(`batch of ${name}`, vectors, transaction, vectors.sessions[0]!.supplier);
    }
    for (const item of vectors.claimCases) yield checkClaimCase(vectors, item);
    for (const item of vectors.proofCases) yield checkProofCase(vectors, item);
  },
};

function checkClaimCase(vectors: ClaimsProofsDocument, item: ClaimCase): CaseVerdict {
  const message = decode(MsgCreateClaimSchema, fromHex(item.messageBytes));
  const stricter = heightsRefusal(vectors, message.sessionHeader, item.error, 'InvalidArgument');
  const expected = {
    error: stricter ?? comparableError(item.error),
    events: stricter === undefined ? (item.events ?? []) : [],
  };
  return compareCase(underRule(item.name, stricter && 'SESSION_HEIGHTS'), expected, () => {
    const state = buildState(vectors.state, item.height);
    applyChanges(state, item.changes, message.sessionHeader!, vectors.state);
    const verdict = handled(checkCreateClaim(message), () => createClaim(state, message));
    return { error: comparableVerdict(verdict), events: typedEvents(state) };
  });
}

function checkProofCase(vectors: ClaimsProofsDocument, item: ProofCase): CaseVerdict {
  const message = decode(MsgSubmitProofSchema, fromHex(item.messageBytes));
  const stricter = heightsRefusal(vectors, message.sessionHeader, item.submitError, 'FailedPrecondition');
  const expected =
    stricter !== undefined
      ? { submitError: stricter, submitEvents: [] }
      : {
          submitError: comparableError(item.submitError),
          submitEvents: item.submitEvents ?? [],
          ...(item.submitError === undefined && {
            validationError: comparableValidation(item.validationError),
            validationEvents: item.validationEvents?.map(comparableEvent),
            claimStatus: item.claimStatus,
          }),
        };
  return compareCase(underRule(item.name, stricter && 'SESSION_HEIGHTS'), expected, () => {
    const header = read(SessionHeaderSchema, vectors.sessionHeaders[item.session]!);
    const supplier = supplierOf(vectors, item.session);
    const state = buildState(vectors.state, item.height);
    if (item.claimRootHash !== undefined) {
      const rootHash = fromHex(item.claimRootHash);
      state.claims.put(create(ClaimSchema, { supplierOperatorAddress: supplier, sessionHeader: header, rootHash }));
    }
    applyChanges(state, item.changes, header, vectors.state, supplier);

    const verdict = handled(checkSubmitProof(message), () => state.atomically(() => submitProof(state, message)));
    const submitted = { submitError: comparableVerdict(verdict), submitEvents: typedEvents(state) };
    if (!verdict.ok) return submitted;
    const proof = state.proofs.get(header.sessionId, supplier)!;
    const failure = validateProof(state, proof, state.claims.get(header.sessionId, supplier)!);
    const mark = state.journal.mark();
    validateProofs(state);
    const status = state.claims.get(header.sessionId, supplier)!.proofValidationStatus;
    return {
      ...submitted,
      validationError: failure === undefined ? undefined : comparableValidation(failure),
      validationEvents: typedEvents(state, mark).map(comparableEvent),
      claimStatus: Object.entries(ClaimProofStatus).find(([, value]) => value === status)![0],
    };
  });
}

/** One supplier has served all sessions of a file. */
function supplierOf({ sessions }: ClaimsProofsDocument, session: string): string {
  return (sessions.find(({ name }) => name === session) ?? sessions[0]!).supplier;
}

/** As the handlers answer: what the message's own check refuses is an invalid argument. */
function handled(malformed: Refusal | undefined, handle: () => Verdict): Verdict {
  return malformed === undefined ? handle() : withStatus(malformed, 'InvalidArgument');
}

/**
 * The refusal of a message whose header has not the heights of its session (SESSION_HEIGHTS), if that rule is
 * what decides: the header names a session of the file, and the vector's outcome comes from a later check than ours.
 */
function heightsRefusal(
  { sessionHeaders }: ClaimsProofsDocument,
  header: SessionHeader | undefined,
  error: ExpectedError | undefined,
  grpcCode: string,
): object | undefined {
  const session = Object.values(sessionHeaders)
    .map((json) => read(SessionHeaderSchema, json))
    .find(({ sessionId }) => sessionId === header?.sessionId);
  if (header === undefined || session === undefined) return undefined;
  const isStart = header.sessionStartBlockHeight !== session.sessionStartBlockHeight;
  const isEnd = header.sessionEndBlockHeight !== session.sessionEndBlockHeight;
  if (!isStart && !isEnd) return undefined;
  if (error !== undefined && !isLaterCheck(error, grpcCode)) return undefined;
  const [code, text] = isStart ? [1118, 'invalid session start height'] : [1117, 'invalid session end height'];
  return { codespace: 'proof', code, grpcCode, text, abci: ['undefined', 1] };
}

/** Whether an error is found only after the session, its id and its suppliers have been looked at. */
function isLaterCheck({ codespace, code, grpcCode }: ExpectedError, ownGrpcCode: string): boolean {
  if (codespace === 'session' || (codespace === 'proof' && (code === 1116 || code === 1102))) return false;
  const isOfTheMessage = grpcCode === 'InvalidArgument' && !(codespace === 'proof' && code === 1126);
  return !isOfTheMessage || (ownGrpcCode === 'InvalidArgument' && code === 1126);
}
