/**
 * End of block: the proofs that came in with the block are verified, and their claims know from then on what they are worth.
 *
 * A proof is looked at once and then gone. A claim whose proof failed may get another one while its window is open; what
 * counts is its status when it is settled.
 *
 * Source: pokt-network/poktroll `x/proof/keeper/validate_proofs.go`, `x/proof/keeper/proof_validation.go`,
 * `pkg/crypto/rings/client.go`.
 */
import { equalBytes, toHex } from '@decai/protocol/bytes';
import { verifyClosestProof } from '@decai/protocol/closest-proof';
import { decode } from '@decai/protocol/codec';
import { isFault } from '@decai/protocol/fault';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { EventProofValidityCheckedSchema } from '@decai/protocol/gen/pocket/proof/event_pb';
import { ClaimProofStatus, type Claim, type Proof } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { RelayRequest, RelayResponse } from '@decai/protocol/gen/pocket/service/relay_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { proofPath } from '@decai/protocol/proof-path';
import { requestHash, responseHash } from '@decai/protocol/relay';
import { decodeRing, type RingSignature, verifyRing } from '@decai/protocol/ring';
import { checkRingMembers, expectedRing } from '@decai/protocol/ring-members';
import { verifyResponseHash } from '@decai/protocol/signature';
import { SECP256K1_KEY_TYPE } from './account.ts';
import { claimSubject } from './claim-event.ts';
import { proofSeedHash } from './claim-requirement.ts';
import { type Outcome, type Refusal, refuse } from './refusal.ts';
import { PROOF, RINGS, SERVICE, UNREGISTERED } from './registered-error.ts';
import { readRelayProof, type RelayProof } from './relay-proof.ts';
import type { State } from './state.ts';

/** Validates all proofs that wait, by session id, then operator, and raises EventProofValidityChecked for each. */
export function validateProofs(state: State): void {
  for (const [, proof] of state.proofs.entries()) {
    const { supplierOperatorAddress, sessionHeader } = proof;
    const sessionId = sessionHeader?.sessionId ?? '';
    const claim = state.claims.get(sessionId, supplierOperatorAddress);
    if (claim !== undefined) recordValidity(state, claim, validateProof(state, proof, claim));
    state.proofs.delete(sessionId, supplierOperatorAddress);
  }
}

function recordValidity(state: State, claim: Claim, failure: Refusal | undefined): void {
  const proofValidationStatus = failure === undefined ? ClaimProofStatus.VALIDATED : ClaimProofStatus.INVALID;
  const validated = { ...claim, proofValidationStatus };
  state.claims.put(validated);
  state.journal.emit(EventProofValidityCheckedSchema, {
    ...claimSubject(validated),
    blockHeight: BigInt(state.height),
    failureReason: failure?.message ?? '',
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
  const header = proof.sessionHeader!;
  const publicKey = supplierKey(state, proof.supplierOperatorAddress);
  if (!publicKey.ok) return publicKey;
  const relayProof = readRelayProof(proof.closestMerkleProof);
  if (!relayProof.ok) return relayProof;
  const { request, response } = relayProof.value;
  return (
    checkRequestSignature(state, request, header) ??
    checkResponseSignature(response, publicKey.value) ??
    checkPath(state, relayProof.value, header) ??
    checkTrie(relayProof.value, claim.rootHash)
  );
}

function supplierKey(state: State, operator: string): Outcome<Uint8Array> {
  const account = state.accounts.get(operator);
  if (account === undefined) return refuse(PROOF.ACCOUNT_NOT_FOUND, `account of supplier operator ${operator}`);
  if (account.pubKey === undefined) return refuse(PROOF.PUBLIC_KEY_NOT_FOUND);
  const { typeUrl, value } = account.pubKey;
  if (typeUrl !== SECP256K1_KEY_TYPE)
    return refuse(PROOF.NOT_SECP256K1, `public key of ${operator} is of type ${typeUrl}`);
  return { ok: true, value: decode(PubKeySchema, value).key };
}

function checkRequestSignature(state: State, request: RelayRequest, header: SessionHeader): Refusal | undefined {
  const invalid = (details: string): Refusal => refuse(RINGS.INVALID_REQUEST_SIGNATURE, details);
  const { applicationAddress } = header;
  const signature = decodeSignature(request.meta?.signature ?? new Uint8Array());
  if (typeof signature === 'string') return invalid(`error deserializing ring signature: ${signature}`);

  const application = state.applications.get(applicationAddress);
  if (application === undefined) return noRing(applicationAddress, 'application not found');
  const ring = expectedRing(
    {
      address: application.address,
      delegateeGatewayAddresses: application.delegateeGatewayAddresses,
      pendingUndelegations: Object.entries(application.pendingUndelegations).map(
        ([sessionEnd, { gatewayAddresses }]) => [Number(sessionEnd), gatewayAddresses],
      ),
    },
    Number(header.sessionEndBlockHeight),
    (address) => state.accounts.publicKey(address),
    // Go clients of applications without gateways sign with the placeholder; to refuse it would refuse honest relays.
    true,
  );
  if (!ring.ok) return noRing(applicationAddress, PROOF.PUBLIC_KEY_NOT_FOUND[2]);
  if (checkRingMembers(signature.members, ring.publicKeys) !== undefined) {
    return invalid(
      `ring signature in the relay request does not match the expected one for the app ${applicationAddress}`,
    );
  }
  return verifyRing(requestHash(request), signature) ? undefined : invalid('invalid relay request signature or bytes');
}

function noRing(applicationAddress: string, why: string): Refusal {
  return refuse(RINGS.INVALID_REQUEST, `error getting ring for application address ${applicationAddress}: ${why}`);
}

function decodeSignature(bytes: Uint8Array): RingSignature | string {
  try {
    return decodeRing(bytes);
  } catch (thrown) {
    if (isFault(thrown)) return thrown.message;
    throw thrown;
  }
}

function checkResponseSignature(response: RelayResponse | undefined, publicKey: Uint8Array): Refusal | undefined {
  const signature = response?.meta?.supplierOperatorSignature;
  const isSigned = signature !== undefined && verifyResponseHash(responseHash(response!), signature, publicKey);
  return isSigned ? undefined : refuse(SERVICE.INVALID_RELAY_RESPONSE, 'invalid signature');
}

function checkPath(
  state: State,
  { proof }: RelayProof,
  { sessionId, sessionEndBlockHeight }: SessionHeader,
): Refusal | undefined {
  const expected = proofPath(proofSeedHash(state, Number(sessionEndBlockHeight)), sessionId);
  if (equalBytes(proof.path, expected)) return undefined;
  return refuse(PROOF.INVALID_PROOF, pathMismatch(toHex(proof.path), toHex(expected)));
}

/** The network's words: they are in the event of the failed proof. */
function pathMismatch(path: string, expected: string): string {
  return `the path of the proof provided (${path}) does not match one expected by the onchain protocol (${expected})`;
}

function checkTrie({ proof }: RelayProof, rootHash: Uint8Array): Refusal | undefined {
  const verdict = verifyClosestProof(proof, rootHash);
  if (verdict.valid) return undefined;
  // A proof whose parts contradict each other is an error that no module has registered; one that leads elsewhere has a code.
  if (verdict.flaw !== 'PROOF_ROOT') return refuse(UNREGISTERED, verdict.message);
  return refuse(PROOF.INVALID_PROOF, 'invalid closest merkle proof');
}
