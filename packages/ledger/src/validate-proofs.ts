/**
 * End of block: the proofs that came in with the block are verified, and their claims know from then on what they are worth.
 *
 * A proof is looked at once and then gone. A claim whose proof failed may get another one while its window is open; what
 * counts is its status when it is settled. Three steps: the state is asked about every proof; the cases are judged, by
 * whomever (judge-proof.ts); the verdicts are recorded in the order of the proofs.
 *
 * Source: pokt-network/poktroll `x/proof/keeper/validate_proofs.go`, `x/proof/keeper/proof_validation.go`.
 */
import { toHex } from '@decai/protocol/bytes';
import { verifyClosestProof } from '@decai/protocol/closest-proof';
import { decode } from '@decai/protocol/codec';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { EventProofValidityCheckedSchema } from '@decai/protocol/gen/pocket/proof/event_pb';
import { ClaimProofStatus, type Claim, type Proof } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { proofPath } from '@decai/protocol/proof-path';
import { SECP256K1_KEY_TYPE } from './account.ts';
import { claimSubject } from './claim-event.ts';
import { proofSeedHash } from './claim-requirement.ts';
import { orDiscard } from './discard-culprit.ts';
import { inlineProofJudges, type ProofCase, type ProofJudges, type ProofVerdict, readRing } from './judge-proof.ts';
import { type Outcome, type Refusal, refuse } from './refusal.ts';
import { PROOF, RINGS, SERVICE, UNREGISTERED } from './registered-error.ts';
import { readRelayProof, type RelayProof } from './relay-proof.ts';
import { sessionRing } from './session-ring.ts';
import type { State } from './state.ts';

type Ring = Outcome<readonly Uint8Array[]>;

/** A proof with what the state says about it. */
type Filed = { readonly header: SessionHeader; readonly case: ProofCase; readonly ring: Ring };

/** Validates all proofs that wait, by session id, then operator, and raises EventProofValidityChecked for each. */
export function validateProofs(state: State, judges: ProofJudges = inlineProofJudges): void {
  const facts = new ProofFacts(state);
  const waiting = [...state.proofs.entries()].map(([, proof]) => {
    const claim = state.claims.get(proof.sessionHeader?.sessionId ?? '', proof.supplierOperatorAddress);
    if (claim === undefined) return { proof, claim, filed: undefined };
    const file = (): Outcome<Filed> => fileProof(facts, proof, claim);
    return { proof, claim, filed: orDiscard(state, file, (reason) => refuse(PROOF.INVALID_PROOF, reason)) };
  });
  const cases = waiting.flatMap(({ filed }) => (filed?.ok === true ? [filed.value.case] : []));
  const verdicts = judges(cases).values();
  for (const { proof, claim, filed } of waiting) {
    if (claim !== undefined) {
      const failure = filed!.ok ? refusalOf(verdicts.next().value!, filed!.value) : filed!;
      recordValidity(state, claim, failure);
    }
    state.proofs.remove(proof);
  }
}

function recordValidity(state: State, claim: Claim, failure: Refusal | undefined): void {
  const proofValidationStatus = failure === undefined ? ClaimProofStatus.VALIDATED : ClaimProofStatus.INVALID;
  const validated = { ...claim, proofValidationStatus };
  state.claims.replace(validated);
  state.journal.emit(EventProofValidityCheckedSchema, {
    blockHeight: BigInt(state.height),
    failureReason: failure?.message ?? '',
    ...claimSubject(validated),
  });
}

/**
 * Why a proof does not prove its claim, or undefined when it does.
 *
 * Looked for in this order: the operator has no account (proof 1124), no public key on the ledger (1114), or one of another
 * kind (1112); the proof or its relay cannot be read (1108, 1109); the request is not signed by the application's ring
 * (rings 3, or 2 where nobody could sign for it); the response is not signed by the operator (service 1110); the proof is
 * for another path than the one drawn (proof 1108); it does not lead to the claim's root (1108).
 */
export function validateProof(state: State, proof: Proof, claim: Claim): Refusal | undefined {
  const filed = fileProof(new ProofFacts(state), proof, claim);
  return filed.ok ? refusalOf(inlineProofJudges([filed.value.case])[0]!, filed.value) : filed;
}

/** Asks the state all that concerns a proof. Refuses for the operator's account and key alone: the rest has its order. */
function fileProof(facts: ProofFacts, proof: Proof, { rootHash }: Claim): Outcome<Filed> {
  const header = proof.sessionHeader!;
  const supplierKey = facts.supplierKeyOf(proof.supplierOperatorAddress);
  if (!supplierKey.ok) return supplierKey;
  const { ring, path } = facts.sessionOf(header);
  const proofCase = {
    proof: proof.closestMerkleProof,
    supplierKey: supplierKey.value,
    path,
    rootHash,
    ring: ring.ok ? ring.value : [],
  };
  return { ok: true, value: { header, case: proofCase, ring } };
}

/** What a session asks of all its proofs. */
type ProvenSession = { readonly ring: Ring; readonly path: Uint8Array };

/** What proofs have in common, asked of the state once: twenty suppliers prove one session, one supplier proves many. */
class ProofFacts {
  readonly #state: State;
  readonly #sessions = new Map<string, ProvenSession>();
  readonly #supplierKeys = new Map<string, Outcome<Uint8Array>>();

  constructor(state: State) {
    this.#state = state;
  }

  sessionOf({ sessionId, applicationAddress, sessionEndBlockHeight }: SessionHeader): ProvenSession {
    const key = `${sessionId}/${applicationAddress}/${sessionEndBlockHeight}`;
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const endHeight = Number(sessionEndBlockHeight);
    const session = {
      ring: sessionRing(this.#state, applicationAddress, endHeight),
      path: proofPath(proofSeedHash(this.#state, endHeight), sessionId),
    };
    this.#sessions.set(key, session);
    return session;
  }

  supplierKeyOf(operator: string): Outcome<Uint8Array> {
    const known = this.#supplierKeys.get(operator);
    if (known !== undefined) return known;
    const supplierKey = readSupplierKey(this.#state, operator);
    this.#supplierKeys.set(operator, supplierKey);
    return supplierKey;
  }
}

function readSupplierKey(state: State, operator: string): Outcome<Uint8Array> {
  const account = state.accounts.get(operator);
  if (account === undefined) return refuse(PROOF.ACCOUNT_NOT_FOUND, `account of supplier operator ${operator}`);
  if (account.pubKey === undefined) return refuse(PROOF.PUBLIC_KEY_NOT_FOUND);
  const { typeUrl, value } = account.pubKey;
  if (typeUrl !== SECP256K1_KEY_TYPE)
    return refuse(PROOF.NOT_SECP256K1, `public key of ${operator} is of type ${typeUrl}`);
  return { ok: true, value: decode(PubKeySchema, value).key };
}

/** A verdict in the network's words: they are in the event of the failed proof. */
function refusalOf(verdict: ProofVerdict, filed: Filed): Refusal | undefined {
  if (verdict === 'valid') return undefined;
  const read = readRelayProof(filed.case.proof);
  return read.ok ? refusalOfRead(verdict, filed, read.value) : read;
}

function refusalOfRead(
  verdict: Exclude<ProofVerdict, 'valid'>,
  { header, case: { path, rootHash }, ring }: Filed,
  { proof, request }: RelayProof,
): Refusal {
  const invalid = (details: string): Refusal => refuse(RINGS.INVALID_REQUEST_SIGNATURE, details);
  switch (verdict) {
    case 'unreadable':
    case 'signature unreadable':
      return invalid(
        `error deserializing ring signature: ${String(readRing(request.meta?.signature ?? new Uint8Array()))}`,
      );
    case 'no ring':
      return ring as Refusal;
    case 'foreign ring':
      return invalid(
        `ring signature in the relay request does not match the expected one for the app ${header.applicationAddress}`,
      );
    case 'request not signed':
      return invalid('invalid relay request signature or bytes');
    case 'response not signed':
      return refuse(SERVICE.INVALID_RELAY_RESPONSE, 'invalid signature');
    case 'other path':
      return refuse(
        PROOF.INVALID_PROOF,
        `the path of the proof provided (${toHex(proof.path)}) does not match one expected by the onchain protocol (${toHex(path)})`,
      );
    case 'other root': {
      const trie = verifyClosestProof(proof, rootHash);
      // A proof whose parts contradict each other is an error that no module has registered; one that leads elsewhere has a code.
      return !trie.valid && trie.flaw !== 'PROOF_ROOT'
        ? refuse(UNREGISTERED, trie.message)
        : refuse(PROOF.INVALID_PROOF, 'invalid closest merkle proof');
    }
  }
}
