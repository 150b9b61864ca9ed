import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import type { ClosestProof } from '@decai/protocol/closest-proof';
import { ClaimProofStatus, ClaimSchema, ProofSchema } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { decodeClosestProof, encodeClosestProof } from '@decai/protocol/proof-bytes';
import { proofPath } from '@decai/protocol/proof-path';
import { decodeRoot, encodeRoot } from '@decai/protocol/root';
import type { SumTrie } from '@decai/protocol/sum-trie';
import type { State } from './state.ts';
import { eventsOf, hashOf } from './test-chain.ts';
import {
  APPLICATION,
  GATEWAY,
  givePublicKey,
  HEIGHTS,
  honestTrie,
  proofMessage,
  relay,
  SERVICE_ID,
  sessionHeader,
  sessionState,
  STRANGER,
  SUPPLIER,
  trieOf,
} from './test-session.ts';
import { validateProofs } from './validate-proofs.ts';

type Waiting = { state: State; header: SessionHeader; trie: SumTrie; rootHash: Uint8Array; proof: Uint8Array };

/** A claim of a few honest relays and its proof, at the end of the block that took the proof in. */
function waiting(spoil: (waiting: Waiting) => void = () => undefined, relays = 5): Waiting {
  const state = sessionState(HEIGHTS.proofOpen);
  const header = sessionHeader(state);
  const trie = honestTrie(header, relays);
  const all = { state, header, trie, rootHash: trie.root(), proof: proofMessage(state, header, trie).proof };
  spoil(all);
  const supplierOperatorAddress = SUPPLIER.address;
  const { rootHash, proof } = all;
  state.claims.put(create(ClaimSchema, { supplierOperatorAddress, sessionHeader: header, rootHash }));
  state.proofs.put(create(ProofSchema, { supplierOperatorAddress, sessionHeader: header, closestMerkleProof: proof }));
  return all;
}

/** Validates and tells what became of the claim: its status, and the reason in the event. */
function outcome(spoil?: (waiting: Waiting) => void, relays?: number): [status: number, reason: string] {
  const { state, header } = waiting(spoil, relays);
  validateProofs(state);
  expect([...state.proofs.entries()]).toEqual([]);
  const { proofValidationStatus } = state.claims.get(header.sessionId, SUPPLIER.address)!;
  const [event, ...others] = eventsOf(state);
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    type: 'pocket.proof.EventProofValidityChecked',
    data: {
      block_height: String(HEIGHTS.proofOpen),
      service_id: SERVICE_ID,
      application_address: APPLICATION.address,
      session_end_block_height: String(HEIGHTS.end),
      claim_proof_status_int: proofValidationStatus,
      supplier_operator_address: SUPPLIER.address,
    },
  });
  return [proofValidationStatus, event!.data['failure_reason'] as string];
}

/** Changes the proof as it is before it is made compact. */
function reshape(change: (proof: ClosestProof) => Partial<ClosestProof>): (waiting: Waiting) => void {
  return (all) => {
    const proof = decodeClosestProof(all.proof);
    all.proof = encodeClosestProof({ ...proof, ...change(proof) });
  };
}

/** Makes the claim and its proof anew, of one relay. */
function ofOneRelay(bytes: (header: SessionHeader) => Uint8Array): (waiting: Waiting) => void {
  return (all) => {
    const trie = trieOf([bytes(all.header)]);
    all.rootHash = trie.root();
    all.proof = proofMessage(all.state, all.header, trie).proof;
  };
}

const { VALIDATED, INVALID } = ClaimProofStatus;

describe('an honest proof', () => {
  test.each([1, 2, 5, 40])('of %i relays validates its claim', (relays) => {
    expect(outcome(undefined, relays)).toEqual([VALIDATED, '']);
  });

  test('of a request signed with a gateway that has left since, but not before the session’s end', () => {
    const leave = (sessionEnd: string) => (all: Waiting) => {
      const application = all.state.applications.get(APPLICATION.address)!;
      const list = {
        $typeName: 'pocket.application.UndelegatingGatewayList' as const,
        gatewayAddresses: [GATEWAY.address],
      };
      all.state.applications.put({
        ...application,
        delegateeGatewayAddresses: [],
        pendingUndelegations: { [sessionEnd]: list },
      });
    };
    expect(outcome(leave('20'))).toEqual([VALIDATED, '']);
    expect(outcome(leave('30'))).toEqual([VALIDATED, '']);
    expect(outcome(leave('10'))[0]).toBe(INVALID);
  });
});

describe('the supplier', () => {
  test('without account', () => {
    const gone = ({ state }: Waiting): void => state.accounts.records.delete(`${SUPPLIER.address}/`);
    expect(outcome(gone)).toEqual([INVALID, expect.stringMatching(/: account not found$/)]);
  });

  test('without public key on the ledger', () => {
    expect(outcome(({ state }) => givePublicKey(state, SUPPLIER.address, undefined))).toEqual([
      INVALID,
      'public key not found',
    ]);
  });

  test('with a key of another kind', () => {
    const other = ({ state }: Waiting): void => {
      givePublicKey(state, SUPPLIER.address, SUPPLIER.publicKey, '/cosmos.crypto.ed25519.PubKey');
    };
    expect(outcome(other)).toEqual([INVALID, expect.stringMatching(/ed25519\.PubKey: not secp256k1 curve$/)]);
  });
});

describe('bytes', () => {
  test('cut short', () => {
    expect(outcome((all) => void (all.proof = all.proof.subarray(0, -1)))).toEqual([
      INVALID,
      expect.stringMatching(/^failed to unmarshal .*: invalid proof$/),
    ]);
  });

  test('whose leaf is no relay', () => {
    expect(outcome(ofOneRelay(() => new Uint8Array([1, 2, 3])))).toEqual([
      INVALID,
      expect.stringMatching(/: invalid relay$/),
    ]);
  });
});

describe('the request’s signature', () => {
  const reasonOf = (spoil: (waiting: Waiting) => void): string => {
    const [status, reason] = outcome(spoil);
    expect(status).toBe(INVALID);
    return reason;
  };

  test('of a foreign ring', () => {
    expect(reasonOf(ofOneRelay((header) => relay(header, { gateway: STRANGER })))).toBe(
      `ring signature in the relay request does not match the expected one for the app ${APPLICATION.address}: invalid relay request signature`,
    );
  });

  test('of another request', () => {
    const mixed = (header: SessionHeader): Uint8Array => {
      const honest = relay(header);
      const changed = Buffer.from(honest).toString('latin1').replace('question relay', 'question delay');
      return new Uint8Array(Buffer.from(changed, 'latin1'));
    };
    expect(reasonOf(ofOneRelay(mixed))).toBe(
      'invalid relay request signature or bytes: invalid relay request signature',
    );
  });

  test('that cannot be read', () => {
    const broken = (header: SessionHeader): Uint8Array => {
      const honest = relay(header);
      // The ring's size stands first in the signature: here it says 255 members.
      const size = Buffer.from(honest).indexOf(Buffer.from([0, 0, 0, 2]));
      return honest.map((byte, index) => (index === size + 3 ? 255 : byte));
    };
    expect(reasonOf(ofOneRelay(broken))).toMatch(
      /^error deserializing ring signature: .*: invalid relay request signature$/,
    );
  });

  test('where nobody could sign: a member without key, an application that is gone', () => {
    const named = `error getting ring for application address ${APPLICATION.address}`;
    const keyless = ({ state }: Waiting): void => givePublicKey(state, GATEWAY.address, undefined);
    expect(reasonOf(keyless)).toBe(`${named}: public key not found: invalid relay request`);
    const gone = ({ state }: Waiting): void => state.applications.delete(APPLICATION.address);
    expect(reasonOf(gone)).toBe(`${named}: application not found: invalid relay request`);
  });
});

test('a response signed by somebody else', () => {
  const foreign = ofOneRelay((header) => relay(header, { supplier: STRANGER }));
  expect(outcome(foreign)).toEqual([INVALID, 'invalid signature: invalid relay response']);
});

describe('the path', () => {
  test('of another lot', () => {
    const other = (all: Waiting): void => {
      all.proof = encodeClosestProof(all.trie.proveClosest(proofPath(hashOf(24), all.header.sessionId)));
    };
    expect(outcome(other)).toEqual([
      INVALID,
      expect.stringMatching(
        /^the path of the proof provided \([0-9a-f]{64}\) does not match one expected by the onchain protocol \([0-9a-f]{64}\): invalid proof$/,
      ),
    ]);
  });
});

describe('the trie', () => {
  const MISSED: [number, string] = [INVALID, 'invalid closest merkle proof: invalid proof'];

  test('with a wrong branch', () => {
    const wrong = reshape(({ closestProof }) => {
      const sideNodes = closestProof.sideNodes.map((node) =>
        node.map((byte, index) => (index === 0 ? byte ^ 1 : byte)),
      );
      return { closestProof: { ...closestProof, sideNodes, siblingData: null } };
    });
    expect(outcome(wrong)).toEqual(MISSED);
  });

  test('with a branch that claims another sum', () => {
    const wrong = reshape(({ closestProof }) => {
      const sideNodes = closestProof.sideNodes.map((node, level) =>
        level === 0 ? node.map((byte, index) => (index === 39 ? byte + 1 : byte)) : node,
      );
      return { closestProof: { ...closestProof, sideNodes, siblingData: null } };
    });
    expect(outcome(wrong)).toEqual(MISSED);
  });

  test('of a claim with a false sum', () => {
    const boast = (all: Waiting): void => {
      const root = decodeRoot(all.rootHash);
      all.rootHash = encodeRoot({ ...root, sum: root.sum * 1_000n, count: root.count * 1_000n });
    };
    expect(outcome(boast)).toEqual(MISSED);
  });

  test('of another claim', () => {
    const other = (all: Waiting): void => {
      const trie = honestTrie(all.header, 7);
      all.rootHash = trie.root();
    };
    expect(outcome(other)).toEqual(MISSED);
  });

  test('whose parts contradict each other', () => {
    const torn = (all: Waiting): void => {
      const proof = decodeClosestProof(all.proof);
      const honest = proof.closestProof.siblingData!;
      const siblingData = honest.map((byte, index) => (index === honest.length - 1 ? byte ^ 1 : byte));
      const bytes = encodeClosestProof(proof);
      const at = Buffer.from(bytes).lastIndexOf(Buffer.from(honest));
      bytes.set(siblingData, at);
      all.proof = bytes;
    };
    const [status, reason] = outcome(torn);
    expect(status).toBe(INVALID);
    expect(reason).toMatch(/^sibling data/);
  });
});

describe('what is done with it', () => {
  test('a proof whose claim is gone disappears without a word', () => {
    const { state, header } = waiting();
    state.claims.delete(header.sessionId, SUPPLIER.address);
    validateProofs(state);
    expect([...state.proofs.entries()]).toEqual([]);
    expect(eventsOf(state)).toEqual([]);
  });

  test('a claim whose proof failed is rescued by a good one', () => {
    const { state, header, proof } = waiting(ofOneRelay((of) => relay(of, { supplier: STRANGER })));
    validateProofs(state);
    const honest = waiting();
    const claim = state.claims.get(header.sessionId, SUPPLIER.address)!;
    expect(claim.proofValidationStatus).toBe(INVALID);
    state.claims.put({ ...claim, rootHash: honest.rootHash });
    expect(honest.proof).not.toEqual(proof);
    const again = {
      supplierOperatorAddress: SUPPLIER.address,
      sessionHeader: header,
      closestMerkleProof: honest.proof,
    };
    state.proofs.put(create(ProofSchema, again));
    validateProofs(state);
    expect(state.claims.get(header.sessionId, SUPPLIER.address)!.proofValidationStatus).toBe(VALIDATED);
  });
});

test('a proof that cannot be filed proves nothing, and its event says why', () => {
  const [status, reason] = outcome(({ state }) => {
    const keys = Array.from(state.store.range({ start: 'application', end: 'application~' }), ([key]) => key);
    for (const key of keys) if (key.includes(APPLICATION.address)) state.store.put(key, Uint8Array.of(0xff));
  });
  expect([status, reason]).toEqual([ClaimProofStatus.INVALID, expect.stringMatching(/^WIRE_\w+: .*invalid proof$/)]);
});
