/**
 * What a supplier may try on a running chain: each attempt is refused with its code, or fails when its block ends. Nobody but
 * the supplier pays for it, no proof fee is taken for what is refused, and the chain goes on.
 */
import { describe, expect, it } from 'vitest';
import { utf8 } from '@decai/protocol/bytes';
import type { ClosestProof } from '@decai/protocol/closest-proof';
import { ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import { proofPath } from '@decai/protocol/proof-path';
import { decodeRoot, encodeRoot } from '@decai/protocol/root';
import { HEIGHTS, honestTrie, relay, STAKE_UPOKT, STRANGER, SUPPLIER, trieOf } from './test-session.ts';
import {
  before,
  claim,
  claimed,
  closest,
  FEE_UPOKT,
  money,
  PENALTY_UPOKT,
  PROOF_FEE_UPOKT,
  prove,
  type Offer,
  type Scene,
  UNTOUCHED,
} from './test-attempt.ts';

describe('a claim is refused, and nothing but its transaction is paid for', () => {
  const boast = ({ trie }: Scene): Partial<Offer> => ({
    rootHash: encodeRoot({ ...decodeRoot(trie.root()), sum: 301n }),
  });
  const cut = ({ trie }: Scene): Partial<Offer> => ({ rootHash: trie.root().subarray(0, -1) });
  const attempts: [
    what: string,
    height: number,
    change: (scene: Scene) => Partial<Offer>,
    codespace: string,
    code: number,
    paid: bigint,
  ][] = [
    ['signed by a stranger', 22, () => ({ key: STRANGER }), 'sdk', 8, 0n],
    ['of somebody who was not drawn', 22, () => ({ key: STRANGER, operator: STRANGER.address }), 'proof', 1102, 0n],
    [
      'of a session that never was',
      22,
      ({ header }) => ({ header: { ...header, sessionId: 'ab'.repeat(32) } }),
      'proof',
      1116,
      FEE_UPOKT,
    ],
    [
      'of another application',
      22,
      ({ header }) => ({ header: { ...header, applicationAddress: STRANGER.address } }),
      'session',
      1102,
      FEE_UPOKT,
    ],
    ['before its window', 21, () => ({}), 'proof', 1121, FEE_UPOKT],
    ['after its window', 27, () => ({}), 'proof', 1121, FEE_UPOKT],
    [
      'for a session that is made longer',
      22,
      ({ header }) => ({ header: { ...header, sessionEndBlockHeight: 21n } }),
      'proof',
      1117,
      FEE_UPOKT,
    ],
    ['with a false sum', 22, boast, 'proof', 1126, FEE_UPOKT],
    ['with half a root', 22, cut, 'proof', 1104, 0n],
  ];
  it.each(attempts)('%s', (_what, height, change, codespace, code, paidBySupplier) => {
    const scene = before(height);
    scene.chain.blocksTo(height - 1);
    expect(claim(scene, change(scene))).toMatchObject({ codespace, code });
    expect(money(scene)).toEqual({ ...UNTOUCHED, paidBySupplier });
    expect([...scene.chain.state().claims.entries()]).toEqual([]);
    scene.chain.blocksTo(HEIGHTS.proofClose + 1);
    expect(money(scene)).toEqual({ ...UNTOUCHED, paidBySupplier });
  });
});

describe('a proof is refused, and its fee is not taken', () => {
  const attempts: [
    what: string,
    height: number,
    bytes: (honest: ClosestProof, scene: Scene) => Uint8Array,
    change: (scene: Scene) => Partial<Offer>,
    codespace: string,
    code: number,
  ][] = [
    ['before its window', 25, (honest) => encodeClosestProof(honest), () => ({}), 'proof', 1122],
    ['after its window', 31, (honest) => encodeClosestProof(honest), () => ({}), 'proof', 1122],
    [
      'of a session that never was',
      26,
      (honest) => encodeClosestProof(honest),
      ({ header }) => ({ header: { ...header, sessionId: 'other' } }),
      'proof',
      1116,
    ],
    ['cut short', 26, (honest) => encodeClosestProof(honest).subarray(0, -1), () => ({}), 'proof', 1108],
    ['cut in half', 26, (honest) => encodeClosestProof(honest).subarray(0, 300), () => ({}), 'proof', 1108],
    ['of something else', 26, () => utf8('not a gob'), () => ({}), 'proof', 1108],
    [
      'of a relay of another session',
      26,
      (_honest, scene) => encodeClosestProof(closest(scene, trieOf([relay({ ...scene.header, sessionId: 'other' })]))),
      () => ({}),
      'proof',
      1109,
    ],
    [
      'of a relay for another supplier',
      26,
      (_honest, scene) =>
        encodeClosestProof(
          closest(scene, trieOf([relay(scene.header, { supplierOperatorAddress: STRANGER.address })])),
        ),
      () => ({}),
      'proof',
      1123,
    ],
  ];
  it.each(attempts)('%s', (_what, height, bytes, change, codespace, code) => {
    const scene = claimed(undefined, height);
    const proof = bytes(closest(scene, scene.trie), scene);
    expect(prove(scene, proof, change(scene))).toMatchObject({ codespace, code });
    expect([...scene.chain.state().proofs.entries()]).toEqual([]);
    const { applicationStake } = UNTOUCHED;
    expect(money(scene)).toMatchObject({
      proofFees: 0n,
      paidBySupplier: 2n * FEE_UPOKT,
      source: 0n,
      owner: 0n,
      applicationStake,
    });
  });

  it('of a claim that was never made', () => {
    const scene = before(HEIGHTS.claimOpen);
    scene.chain.blocksTo(HEIGHTS.proofOpen - 1);
    expect(prove(scene, encodeClosestProof(closest(scene, scene.trie)))).toMatchObject({
      codespace: 'proof',
      code: 1106,
    });
    expect(money(scene)).toEqual({ ...UNTOUCHED, paidBySupplier: FEE_UPOKT });
  });
});

describe('a proof in form proves nothing: its claim expires, and the supplier pays', () => {
  const honestRoot = ({ trie }: Scene): Uint8Array => trie.root();
  const rootOfOne =
    (bytes: (header: SessionHeader) => Uint8Array) =>
    ({ header }: Scene) =>
      trieOf([bytes(header)]).root();
  const proofOfOne = (bytes: (header: SessionHeader) => Uint8Array) => (scene: Scene) =>
    closest(scene, trieOf([bytes(scene.header)]));
  const foreignRing = (header: SessionHeader): Uint8Array => relay(header, { gateway: STRANGER });
  const foreignResponse = (header: SessionHeader): Uint8Array => relay(header, { supplier: STRANGER });
  const tampered = (header: SessionHeader): Uint8Array => {
    const text = Buffer.from(relay(header)).toString('latin1').replace('question relay', 'question delay');
    return new Uint8Array(Buffer.from(text, 'latin1'));
  };
  const wrongBranch = (scene: Scene): ClosestProof => {
    const proof = closest(scene, scene.trie);
    const sideNodes = proof.closestProof.sideNodes.map((node) =>
      node.map((byte, index) => (index === 0 ? byte ^ 1 : byte)),
    );
    return { ...proof, closestProof: { ...proof.closestProof, sideNodes, siblingData: null } };
  };
  const boast = ({ trie }: Scene): Uint8Array => {
    const root = decodeRoot(trie.root());
    return encodeRoot({ ...root, sum: root.sum * 1_000n, count: root.count * 1_000n });
  };
  const otherPath = ({ chain, header, trie }: Scene): ClosestProof =>
    trie.proveClosest(proofPath(chain.state().blockHashes.at(HEIGHTS.proofSeed - 1), header.sessionId));

  const attempts: [
    what: string,
    root: (scene: Scene) => Uint8Array,
    proof: (scene: Scene) => ClosestProof,
    reason: RegExp,
  ][] = [
    [
      'a request signed by a foreign ring',
      rootOfOne(foreignRing),
      proofOfOne(foreignRing),
      /does not match the expected one/,
    ],
    [
      'a request changed after it was signed',
      rootOfOne(tampered),
      proofOfOne(tampered),
      /invalid relay request signature or bytes/,
    ],
    [
      'a response signed by somebody else',
      rootOfOne(foreignResponse),
      proofOfOne(foreignResponse),
      /invalid signature: invalid relay response/,
    ],
    ['a wrong branch', honestRoot, wrongBranch, /invalid closest merkle proof/],
    ['a root with a false sum', boast, (scene) => closest(scene, scene.trie), /invalid closest merkle proof/],
    [
      'work of another claim',
      ({ header }) => honestTrie(header, 4).root(),
      (scene) => closest(scene, scene.trie),
      /invalid closest merkle proof/,
    ],
    ['a leaf that was not asked for', honestRoot, otherPath, /the path of the proof provided/],
  ];
  it.each(attempts)('%s', (_what, root, proof, reason) => {
    const scene = claimed(root);
    const { chain, header } = scene;
    expect(prove(scene, encodeClosestProof(proof(scene)))).toMatchObject({
      code: 0,
      failure: expect.stringMatching(reason),
    });
    const { proofValidationStatus } = chain.state().claims.get(header.sessionId, SUPPLIER.address)!;
    expect(proofValidationStatus).toBe(ClaimProofStatus.INVALID);
    chain.blocksTo(HEIGHTS.proofClose);
    expect([...chain.state().claims.entries()]).toEqual([]);
    expect(money(scene)).toEqual({
      ...UNTOUCHED,
      supply: UNTOUCHED.supply - PENALTY_UPOKT,
      proofFees: PROOF_FEE_UPOKT,
      supplierStake: String(STAKE_UPOKT - PENALTY_UPOKT),
      paidBySupplier: 2n * FEE_UPOKT + PROOF_FEE_UPOKT,
    });
  });
});
