/**
 * Checks claim and proof vectors: sessions from their leaves to the validated claim with every value in between, both
 * transactions byte for byte, and altered claims and proofs with what becomes of each.
 */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { fromHex, toHex } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import type { CaseVerdict, VectorChecker } from '@decai/protocol/conformance';
import { BaseAccountSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { ParamsSchema as ProofParamsSchema } from '@decai/protocol/gen/pocket/proof/params_pb';
import { MsgCreateClaimSchema, MsgSubmitProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import {
  ClaimProofStatus,
  ClaimSchema,
  ProofRequirementReason,
  type Claim,
} from '@decai/protocol/gen/pocket/proof/types_pb';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { ParamsSchema as ServiceParamsSchema } from '@decai/protocol/gen/pocket/service/params_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { ParamsSchema as SessionParamsSchema } from '@decai/protocol/gen/pocket/session/params_pb';
import { SessionHeaderSchema, type SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { sha256 } from '@decai/protocol/hash';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import { proofPath } from '@decai/protocol/proof-path';
import { proofSample } from '@decai/protocol/proof-requirement';
import { relayHash } from '@decai/protocol/relay';
import { decodeRoot } from '@decai/protocol/root';
import { sessionWindows } from '@decai/protocol/session-grid';
import {
  directSignBytes,
  encodeDraft,
  assembleTransaction,
  type TransactionDraft,
} from '@decai/protocol/sign-transaction';
import { signMessage, verifyMessage } from '@decai/protocol/signature';
import { SumTrie } from '@decai/protocol/sum-trie';
import { decodeTransaction } from '@decai/protocol/transaction';
import { SECP256K1_KEY_TYPE } from '../account.ts';
import { priceClaim } from '../claim-price.ts';
import { claimHash, claimRequirement, proofSeedHash } from '../claim-requirement.ts';
import { textKey } from '../collection.ts';
import { UPOKT, upokt } from '../coins.ts';
import { checkCreateClaim, createClaim } from '../create-claim.ts';
import { type Refusal, refusalText, type Verdict, withStatus } from '../refusal.ts';
import { timingsAt } from '../session-timings.ts';
import { upoktCoin } from '../stake.ts';
import type { State } from '../state.ts';
import { checkSubmitProof, submitProof } from '../submit-proof.ts';
import { validateProof, validateProofs } from '../validate-proofs.ts';
import { compareCase } from './first-difference.ts';
import { underRule } from './known-stricter.ts';
import {
  type BlockHash,
  emptyStore,
  read,
  setBlockHashes,
  setSharedParams,
  stateAt,
  typedEvents,
  type VectorEvent,
} from './vector-state.ts';

type Json = { readonly [name: string]: JsonValue };

type VectorAccount = {
  readonly address: string;
  readonly balance: string;
  readonly private: string;
  readonly public: string;
};

type Setting = {
  readonly accounts: readonly VectorAccount[];
  readonly applications: readonly JsonValue[];
  readonly suppliers: readonly JsonValue[];
  readonly services: readonly JsonValue[];
  readonly blockHashes: readonly BlockHash[];
  readonly sharedParams: JsonValue;
  readonly sessionParams: JsonValue;
  readonly serviceParams: JsonValue;
  readonly proofParams: JsonValue;
  /** Claim open, claim close, proof open, proof close of the one session height that everything is about. */
  readonly windows: readonly number[];
};

type VectorTransaction = {
  readonly accountNumber: number;
  readonly sequence: number;
  readonly fee: number;
  readonly gas: number;
  readonly memo: string;
  readonly timeoutHeight: number;
  readonly signBytes: string;
  readonly signature: string;
  readonly txBytes: string;
  readonly txHash: string;
  readonly valid: boolean;
};

type HonestSession = {
  readonly name: string;
  readonly application: string;
  readonly supplier: string;
  readonly sessionHeader: JsonValue;
  readonly leaves: readonly { readonly key: string; readonly value: string; readonly weight: number }[];
  readonly createClaim: { readonly height: number; readonly messageBytes: string };
  readonly submitProof: { readonly height: number };
  readonly requirements: readonly { readonly probability: number; readonly threshold: number }[];
  readonly createClaimTx: VectorTransaction;
  readonly submitProofTx: VectorTransaction;
};

type ExpectedError = {
  readonly grpcCode: string;
  readonly codespace: string;
  readonly code: number;
  readonly message: string;
  readonly abci: readonly [codespace: string, code: number];
};

/** One of these keys each, or those that belong together. */
type Change = {
  readonly removeService?: string;
  readonly removeApplication?: string;
  readonly computeUnitsHistory?: readonly { readonly effectiveHeight: number; readonly computeUnitsPerRelay: number }[];
  readonly existingClaim?: string;
  readonly applicationUnstakeSessionEndHeight?: number;
  readonly difficulty?: { readonly effectiveHeight: number; readonly targetHash: string };
  readonly proofParams?: { readonly [name: string]: number | string };
  readonly balance?: readonly [address: string, amount: string];
  readonly noPublicKey?: string;
  readonly delegatees?: readonly string[];
  readonly pendingUndelegations?: { readonly [sessionEndHeight: string]: readonly string[] };
  readonly claimHeader?: readonly [start: number, end: number];
};

type Altered = {
  readonly name: string;
  readonly height: number;
  readonly messageBytes: string;
  readonly changes?: readonly Change[];
};

type ClaimCase = Altered & { readonly error?: ExpectedError; readonly events?: readonly VectorEvent[] };

type ProofCase = Altered & {
  readonly session: string;
  readonly claimRootHash?: string;
  readonly submitError?: ExpectedError;
  readonly submitEvents?: readonly VectorEvent[];
  readonly validationError?: { readonly codespace: string; readonly code: number; readonly message: string };
  readonly validationEvents?: readonly VectorEvent[];
  readonly claimStatus?: string;
};

type Document = {
  readonly chainId: string;
  readonly state: Setting;
  readonly sessionHeaders: { readonly [name: string]: JsonValue };
  readonly sessions: readonly HonestSession[];
  readonly batchTransactions: { readonly [name: string]: VectorTransaction };
  readonly claimCases: readonly ClaimCase[];
  readonly proofCases: readonly ProofCase[];
};

export const claimsProofsChecker: VectorChecker = {
  format: 'claims and proofs',

  recognises(document) {
    const { claimCases, proofCases, sessions } = (document ?? {}) as Partial<Document>;
    return Array.isArray(claimCases) && Array.isArray(proofCases) && Array.isArray(sessions);
  },

  *check(document) {
    const vectors = document as Document;
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

/** One honest session, from its leaves to the claim after validation. */
function checkSession({ state: setting }: Document, session: HonestSession): CaseVerdict {
  const { createClaimTx: _claimTx, submitProofTx: _proofTx, ...expected } = session;
  return compareCase(session.name, expected, () => {
    const header = read(SessionHeaderSchema, session.sessionHeader);
    const store = emptyStore();
    let state = buildState(setting, session.createClaim.height, store);

    const trie = new SumTrie();
    for (const { value, weight } of session.leaves)
      trie.update(relayHash(fromHex(value)), fromHex(value), BigInt(weight));
    const rootHash = trie.root();
    const { sum, count } = decodeRoot(rootHash);

    const message = create(MsgCreateClaimSchema, {
      supplierOperatorAddress: session.supplier,
      sessionHeader: header,
      rootHash,
    });
    mustAccept(checkCreateClaim(message) ?? createClaim(state, message));
    const claim = state.claims.get(header.sessionId, session.supplier)!;
    const { claimedUpokt } = priceClaim(state, header, claim.rootHash);
    const created = {
      height: state.height,
      messageBytes: toHex(encode(MsgCreateClaimSchema, message)),
      claimBytes: toHex(encode(ClaimSchema, claim)),
      claimHash: toHex(claimHash(claim)),
      claimed: claimedUpokt,
      events: typedEvents(state),
    };

    const endHeight = Number(header.sessionEndBlockHeight);
    const { proofSeed } = sessionWindows(timingsAt(state, endHeight), endHeight);
    const seedHash = proofSeedHash(state, endHeight);
    const sample = proofSample(claimHash(claim), seedHash);
    const path = proofPath(seedHash, header.sessionId);
    const proof = trie.proveClosest(path);

    state = stateAt(session.submitProof.height, store);
    const requirements = session.requirements.map(({ probability, threshold }) => {
      setProofParams(
        state,
        { proof_request_probability: probability, proof_requirement_threshold: `${threshold}${UPOKT}` },
        setting,
      );
      return { probability, threshold, requirement: requirementName(claimRequirement(state, claim, claimedUpokt)) };
    });
    setProofParams(state, {}, setting);
    const proofBytes = encodeClosestProof(proof);
    const submission = { supplierOperatorAddress: session.supplier, sessionHeader: header, proof: proofBytes };
    const submitMessage = create(MsgSubmitProofSchema, submission);
    mustAccept(checkSubmitProof(submitMessage) ?? submitProof(state, submitMessage));
    const submitted = {
      height: state.height,
      proof: toHex(proofBytes),
      closestPath: toHex(proof.closestPath),
      depth: proof.depth,
      flippedBits: proof.flippedBits,
      events: typedEvents(state),
    };

    return {
      name: session.name,
      application: header.applicationAddress,
      supplier: session.supplier,
      sessionHeader: session.sessionHeader,
      leaves: session.leaves.map(({ value, weight }) => ({ key: toHex(relayHash(fromHex(value))), value, weight })),
      rootHash: toHex(rootHash),
      sum,
      count,
      createClaim: created,
      seedHeight: proofSeed,
      seedHash: toHex(seedHash),
      sample: String(sample),
      sampleBits: float64Bits(sample),
      requirements,
      proofPath: toHex(path),
      submitProof: submitted,
      validation: validation(state, claim),
    };
  });
}

function validation(state: State, { sessionHeader, supplierOperatorAddress }: Claim): unknown {
  const mark = state.journal.mark();
  validateProofs(state);
  const claim = state.claims.get(sessionHeader!.sessionId, supplierOperatorAddress)!;
  const bytes = encode(ClaimSchema, claim);
  const isValid = claim.proofValidationStatus === ClaimProofStatus.VALIDATED;
  return {
    claimBytes: toHex(bytes),
    claimHash: toHex(sha256(bytes)),
    events: typedEvents(state, mark),
    valid: isValid ? 1 : 0,
    invalid: isValid ? 0 : 1,
  };
}

/** A transaction is read, drafted anew from what it says, and signed with the supplier's key: every byte must be the same. */
function checkTransaction(
  name: string,
  { chainId, state }: Document,
  expected: VectorTransaction,
  supplier: string,
): CaseVerdict {
  return compareCase(`${name} transaction`, expected, () => {
    const account = state.accounts.find(({ address }) => address === supplier)!;
    const publicKey = fromHex(account.public);
    const draft: TransactionDraft = {
      messages: decodeTransaction(fromHex(expected.txBytes)).messages,
      signers: [{ publicKey, sequence: BigInt(expected.sequence) }],
      fee: [upoktCoin(BigInt(expected.fee))],
      gasLimit: BigInt(expected.gas),
      memo: expected.memo,
      timeoutHeight: BigInt(expected.timeoutHeight),
    };
    const unsigned = encodeDraft(draft);
    const signBytes = directSignBytes(unsigned, chainId, BigInt(expected.accountNumber));
    const signature = signMessage(signBytes, fromHex(account.private));
    const { bytes, hash } = assembleTransaction(unsigned, [signature]);
    return {
      ...expected,
      signBytes: toHex(signBytes),
      signature: toHex(signature),
      txBytes: toHex(bytes),
      txHash: hash,
      valid: verifyMessage(signBytes, fromHex(expected.signature), publicKey),
    };
  });
}

function checkClaimCase(vectors: Document, item: ClaimCase): CaseVerdict {
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

function checkProofCase(vectors: Document, item: ProofCase): CaseVerdict {
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
function supplierOf({ sessions }: Document, session: string): string {
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
  { sessionHeaders }: Document,
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

function comparableError(error: ExpectedError | undefined): unknown {
  if (error === undefined) return undefined;
  const { codespace, code, grpcCode, message, abci } = error;
  return { codespace, code, grpcCode, text: registeredText(message), abci };
}

/** `abci` is what Go's transaction result shows of an error with a gRPC status; ours shows codespace and code themselves. */
function comparableVerdict(verdict: Verdict): unknown {
  if (verdict.ok) return undefined;
  const { codespace, code, grpc } = verdict;
  const abci = grpc === undefined ? [codespace, code] : ['undefined', 1];
  return { codespace, code, grpcCode: grpc, text: registeredText(verdict.message), abci };
}

function comparableValidation(failure: { codespace: string; code: number; message: string } | undefined): unknown {
  if (failure === undefined) return undefined;
  const { codespace, code, message } = failure;
  return { codespace, code, text: registeredText(message) };
}

function comparableEvent({ type, data }: VectorEvent): unknown {
  const { failure_reason: reason, ...fields } = data as Json;
  return typeof reason === 'string'
    ? { type, data: { ...fields, failure_reason: registeredText(reason) } }
    : { type, data };
}

/** Details are worded freely; the registered text comes last and is the network's. */
function registeredText(message: string): string {
  return message.slice(message.lastIndexOf(': ') + 1).trim();
}

function mustAccept(verdict: Verdict): void {
  if (!verdict.ok) throw new Error(refusalText(verdict));
}

function requirementName(requirement: ProofRequirementReason): string {
  return Object.entries(ProofRequirementReason).find(([, value]) => value === requirement)![0];
}

function float64Bits(value: number): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return toHex(bytes);
}

function buildState(setting: Setting, height: number, store = emptyStore()): State {
  const state = stateAt(height, store);
  setSharedParams(state, setting.sharedParams);
  state.params.session.setLive(read(SessionParamsSchema, setting.sessionParams));
  state.params.service.setLive(read(ServiceParamsSchema, setting.serviceParams));
  setProofParams(state, {}, setting);
  setBlockHashes(state, setting.blockHashes);
  for (const service of setting.services) state.services.put(read(ServiceSchema, service));
  for (const application of setting.applications) state.applications.put(read(ApplicationSchema, application));
  for (const json of setting.suppliers) {
    const supplier = read(SupplierSchema, json);
    state.suppliers.put(supplier);
    for (const config of supplier.serviceConfigHistory) state.suppliers.putConfig(config);
  }
  for (const account of setting.accounts) {
    addAccount(state, account.address, fromHex(account.public));
    state.bank.endow(account.address, upokt(BigInt(account.balance)));
  }
  return state;
}

function addAccount(state: State, address: string, publicKey: Uint8Array | undefined): void {
  const { accountNumber } = state.accounts.ensure(address);
  const value = publicKey === undefined ? undefined : encode(PubKeySchema, create(PubKeySchema, { key: publicKey }));
  const pubKey = value === undefined ? {} : { pubKey: { typeUrl: SECP256K1_KEY_TYPE, value } };
  state.accounts.put(create(BaseAccountSchema, { address, accountNumber, ...pubKey }));
}

/** The setting's parameters with some replaced; coins as texts such as `43upokt`. */
function setProofParams(state: State, changed: NonNullable<Change['proofParams']>, { proofParams }: Setting): void {
  const replaced = Object.entries(changed).map(([name, value]) => [
    name,
    typeof value === 'string' ? coinJson(value) : value,
  ]);
  const json = { ...(proofParams as Json), ...(Object.fromEntries(replaced) as Json) };
  state.params.proof.setLive(read(ProofParamsSchema, json));
}

function coinJson(text: string): JsonValue {
  const [, amount = '', denom = ''] = /^([0-9]+)([a-z]+)$/.exec(text) ?? [];
  return { amount, denom };
}

function applyChanges(
  state: State,
  changes: readonly Change[] | undefined,
  header: SessionHeader,
  setting: Setting,
  supplier = '',
): void {
  for (const change of changes ?? []) {
    for (const [name, value] of Object.entries(change)) {
      if (!Object.hasOwn(CHANGES, name)) throw new Error(`change of unknown kind: ${name}`);
      CHANGES[name as keyof typeof CHANGES](value as never, { state, header, setting, supplier });
    }
  }
}

type Changing = {
  readonly state: State;
  readonly header: SessionHeader;
  readonly setting: Setting;
  readonly supplier: string;
};

const CHANGES: {
  readonly [Name in keyof Required<Change>]: (value: Required<Change>[Name], changing: Changing) => void;
} = {
  removeService: (id, { state }) => state.store.delete(`service/Service/id/${textKey(id)}`),
  removeApplication: (address, { state }) => state.applications.delete(address),
  computeUnitsHistory: (history, { state, header: { serviceId } }) => {
    for (const { effectiveHeight, computeUnitsPerRelay } of history) {
      const units = {
        serviceId,
        effectiveHeight: BigInt(effectiveHeight),
        computeUnitsPerRelay: BigInt(computeUnitsPerRelay),
      };
      const update = create(ServiceComputeUnitsPerRelayUpdateSchema, units);
      state.services.unitsHistory.put(textKey(serviceId), effectiveHeight, update);
    }
  },
  existingClaim: (bytes, { state }) => state.claims.put(decode(ClaimSchema, fromHex(bytes))),
  applicationUnstakeSessionEndHeight: (height, { state, header }) => {
    const application = state.applications.get(header.applicationAddress)!;
    state.applications.put({ ...application, unstakeSessionEndHeight: BigInt(height) });
  },
  difficulty: ({ effectiveHeight, targetHash }, { state, header: { serviceId } }) => {
    const target = { serviceId, blockHeight: BigInt(effectiveHeight), targetHash: fromHex(targetHash) };
    state.services.difficultyHistory.put(
      textKey(serviceId),
      effectiveHeight,
      create(RelayMiningDifficultySchema, target),
    );
  },
  proofParams: (params, { state, setting }) => setProofParams(state, params, setting),
  balance: ([address, amount], { state }) => {
    const present = state.bank.balance(address, UPOKT);
    if (present > 0n) mustAccept(state.bank.send(address, state.accounts.ensure('elsewhere').address, upokt(present)));
    state.bank.endow(address, upokt(BigInt(amount)));
    state.journal.take();
  },
  noPublicKey: (address, { state }) => addAccount(state, address, undefined),
  delegatees: (gateways, { state, header }) => {
    const application = state.applications.get(header.applicationAddress)!;
    state.applications.put({ ...application, delegateeGatewayAddresses: [...gateways] });
  },
  pendingUndelegations: (archive, { state, header }) => {
    const application = state.applications.get(header.applicationAddress)!;
    const pendingUndelegations = Object.entries(archive).map(([height, gateways]) => [
      height,
      { gatewayAddresses: [...gateways] },
    ]);
    const { pendingUndelegations: lists } = create(ApplicationSchema, {
      pendingUndelegations: Object.fromEntries(pendingUndelegations),
    });
    state.applications.put({ ...application, pendingUndelegations: lists });
  },
  claimHeader: ([start, end], { state, header, supplier }) => {
    const claim = state.claims.get(header.sessionId, supplier)!;
    const heights = { sessionStartBlockHeight: BigInt(start), sessionEndBlockHeight: BigInt(end) };
    state.claims.put({ ...claim, sessionHeader: { ...claim.sessionHeader!, ...heights } });
  },
};
