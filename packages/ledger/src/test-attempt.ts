/**
 * A supplier on a running chain for tests: its claims and proofs as transactions, and what everybody has afterwards.
 */
import { expect } from 'vitest';
import { coin } from '@decai/protocol/coin';
import type { ClosestProof } from '@decai/protocol/closest-proof';
import { MsgCreateClaimSchema, MsgSubmitProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import type { Key } from '@decai/protocol/keys';
import { proofPath } from '@decai/protocol/proof-path';
import type { SumTrie } from '@decai/protocol/sum-trie';
import type { Profile } from './chain-record.ts';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { upoktCoin } from './stake.ts';
import { sent, TestChain } from './test-chain.ts';
import {
  APPLICATION,
  foundSession,
  HEIGHTS,
  honestTrie,
  sessionHeader,
  setProofParams,
  SOURCE,
  STAKE_UPOKT,
  SUPPLIER,
  SUPPLIER_OWNER,
} from './test-session.ts';

export const START_UPOKT = 1_000_000n;
export const FEE_UPOKT = 3n;
export const PROOF_FEE_UPOKT = 7n;
export const PENALTY_UPOKT = 400_000n;

export type Scene = { readonly chain: TestChain; readonly header: SessionHeader; readonly trie: SumTrie };

/** A chain whose next block has this height, and honest work of the session. */
export function before(height: number, profile: Profile = 'pocket'): Scene {
  const chain = new TestChain((state) => {
    foundSession(state);
    setProofParams(state, {
      proofSubmissionFee: upoktCoin(PROOF_FEE_UPOKT),
      proofMissingPenalty: upoktCoin(PENALTY_UPOKT),
    });
  }, profile);
  chain.blocksTo(Math.min(height, HEIGHTS.claimOpen) - 1);
  const header = sessionHeader(chain.state());
  const trie = honestTrie(header, 3);
  return { chain, header, trie };
}

export type Offer = {
  readonly header: SessionHeader;
  readonly rootHash: Uint8Array;
  readonly operator: string;
  readonly key: Key;
};

type Attempted = { readonly codespace: string; readonly code: number; readonly failure: string | undefined };

/** What became of one transaction, and why the block found a proof in it wrong. */
function inBlock(chain: TestChain, key: Key, message: ReturnType<typeof sent>): Attempted {
  const { results, events } = chain.block(chain.sign(key, [message], { fee: [coin(FEE_UPOKT)] }));
  const { codespace, code } = results[0]!;
  const checked = events.find(({ type }) => type === 'pocket.proof.EventProofValidityChecked');
  return {
    codespace,
    code,
    failure: checked?.attributes.find((attribute) => attribute.key === 'failure_reason')?.value,
  };
}

/** Sends a claim, honest except for what is changed. */
export function claim({ chain, header, trie }: Scene, changed: Partial<Offer> = {}): Attempted {
  const offer = { header, rootHash: trie.root(), operator: SUPPLIER.address, key: SUPPLIER, ...changed };
  const { operator: supplierOperatorAddress, header: sessionHeader, rootHash } = offer;
  const message = sent(MsgCreateClaimSchema, { supplierOperatorAddress, sessionHeader, rootHash });
  return inBlock(chain, offer.key, message);
}

/** Sends a proof, honest except for what is changed. */
export function prove({ chain, header }: Scene, proof: Uint8Array, changed: Partial<Offer> = {}): Attempted {
  const offer = { header, operator: SUPPLIER.address, key: SUPPLIER, ...changed };
  const message = sent(MsgSubmitProofSchema, {
    supplierOperatorAddress: offer.operator,
    sessionHeader: offer.header,
    proof,
  });
  return inBlock(chain, offer.key, message);
}

export function closest({ chain, header }: Scene, trie: SumTrie): ClosestProof {
  return trie.proveClosest(proofPath(chain.state().blockHashes.at(HEIGHTS.proofSeed), header.sessionId));
}

/** A claim that was taken, and a chain whose next block has this height. */
export function claimed(
  rootOf: (scene: Scene) => Uint8Array = ({ trie }) => trie.root(),
  height: number = HEIGHTS.proofOpen,
  profile: Profile = 'pocket',
): Scene {
  const scene = before(HEIGHTS.claimOpen, profile);
  expect(claim(scene, { rootHash: rootOf(scene) })).toMatchObject({ code: 0 });
  scene.chain.blocksTo(height - 1);
  return scene;
}

type Money = {
  readonly supply: bigint;
  readonly applicationStake: string | undefined;
  readonly application: bigint;
  readonly source: bigint;
  readonly owner: bigint;
  readonly proofFees: bigint;
  readonly supplierStake: string | undefined;
  readonly paidBySupplier: bigint;
};

/** What everybody but the supplier has, and what it has paid. */
export function money({ chain }: Scene): Money {
  const { bank, applications, suppliers } = chain.state();
  const held = (address: string): bigint => bank.balance(address, UPOKT);
  return {
    supply: bank.supply(UPOKT),
    applicationStake: applications.get(APPLICATION.address)?.stake?.amount,
    application: held(APPLICATION.address),
    source: held(SOURCE),
    owner: held(SUPPLIER_OWNER),
    proofFees: held(moduleNamed('proof').address),
    supplierStake: suppliers.get(SUPPLIER.address)?.stake?.amount,
    paidBySupplier: START_UPOKT - held(SUPPLIER.address),
  };
}

/** Before anything is settled. */
export const UNTOUCHED: Omit<Money, 'paidBySupplier'> = {
  supply: 4n * START_UPOKT + 2n * STAKE_UPOKT,
  applicationStake: String(STAKE_UPOKT),
  application: START_UPOKT,
  source: 0n,
  owner: 0n,
  proofFees: 0n,
  supplierStake: String(STAKE_UPOKT),
};
