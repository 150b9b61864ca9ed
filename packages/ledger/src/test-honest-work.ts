/**
 * Honest suppliers in a small network of profile `decai`: they serve when the ledger says that they may, write down on what
 * terms, and later claim, prove and are paid by those terms or find out that they were not.
 */
import { expect } from 'vitest';
import { utf8 } from '@decai/protocol/bytes';
import { claimedUpokt, type ComputeUnitPrice } from '@decai/protocol/claim-amount';
import { isRelayApplicable } from '@decai/protocol/difficulty';
import type { SharePercentages } from './split-reward.ts';
import { MsgCreateClaimSchema, MsgSubmitProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { sha256 } from '@decai/protocol/hash';
import type { Key } from '@decai/protocol/keys';
import { encodeClosestProof } from '@decai/protocol/proof-bytes';
import { proofPath } from '@decai/protocol/proof-path';
import { proofRequirement } from '@decai/protocol/proof-requirement';
import {
  newRelayRequest,
  newRelayResponse,
  relayBytes,
  relayHash,
  requestHash,
  responseHash,
} from '@decai/protocol/relay';
import { decodeRoot } from '@decai/protocol/root';
import { signRing } from '@decai/protocol/ring';
import { applicationRing, gatewayRing } from '@decai/protocol/ring-members';
import { signResponseHash } from '@decai/protocol/signature';
import { SumTrie } from '@decai/protocol/sum-trie';
import { claimHash } from './claim-requirement.ts';
import { difficultyAt } from './relay-mining-difficulty.ts';
import type { RevenueShare } from './revenue-share.ts';
import { hydrateSession } from './session.ts';
import { amountUpoktOf } from './stake.ts';
import type { State } from './state.ts';
import { hashOf, sent } from './test-chain.ts';
import type { Sets } from './test-param-model.ts';
import { chosen, PARTIES } from './test-pinned-network.ts';
import { rewardClaim, rewardRules } from './token-logic.ts';

/** One relay that was served, and everything that its supplier knew then. */
export type Work = {
  readonly header: SessionHeader;
  readonly supplier: Key;
  readonly trie: SumTrie;
  /** The parameters that held when its session began. */
  readonly sets: Sets;
  readonly targetHash: Uint8Array;
  readonly revenueShares: readonly RevenueShare[];
  readonly windows: Windows;
};

type Windows = {
  readonly claimOpen: number;
  readonly claimClose: number;
  readonly proofSeed: number;
  readonly proofOpen: number;
  readonly proofClose: number;
};

type Parties = { readonly application: Key; readonly supplier: Key; readonly signer: Key };

/** How many relays are tried until one counts at the difficulty. */
const TRIES_MAX = 12;

/**
 * Serves one relay in the session that runs; numbers choose among those who may serve it, and among those who may sign it:
 * the application and its gateways.
 *
 * Undefined where there is no such session.
 */
export function serve(
  state: State,
  serviceId: string,
  application: Key,
  choice: { readonly supplier: number; readonly signer: number },
  sets: Sets,
): Work | undefined {
  const query = { applicationAddress: application.address, serviceId, blockHeight: state.height };
  const session = hydrateSession(state, query);
  if (!session.ok) return undefined;
  const { header, suppliers } = session.value;
  const { delegateeGatewayAddresses: gateways } = session.value.application;
  const [operator, config] = chosen([...suppliers], choice.supplier);
  const parties = {
    application,
    supplier: PARTIES.get(operator)!,
    signer: PARTIES.get(chosen([application.address, ...gateways], choice.signer))!,
  };
  const startHeight = Number(header.sessionStartBlockHeight);
  const { targetHash } = difficultyAt(state, serviceId, startHeight);
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const bytes = signedRelay(header, parties, String(attempt));
    if (!isRelayApplicable(relayHash(bytes), targetHash)) continue;
    const trie = new SumTrie();
    trie.update(relayHash(bytes), bytes, state.services.unitsPerRelayAt(serviceId, startHeight)!);
    const windows = windowsOf(Number(header.sessionEndBlockHeight), sets);
    const { revShare: revenueShares } = config.service!;
    return { header, supplier: parties.supplier, trie, sets, targetHash, revenueShares, windows };
  }
  return undefined;
}

function windowsOf(endHeight: number, { shared }: Sets): Windows {
  const claimOpen = endHeight + 1 + Number(shared['claimWindowOpenOffsetBlocks']);
  const claimClose = claimOpen + Number(shared['claimWindowCloseOffsetBlocks']);
  const proofOpen = claimClose + Number(shared['proofWindowOpenOffsetBlocks']);
  const proofClose = proofOpen + Number(shared['proofWindowCloseOffsetBlocks']);
  return { claimOpen, claimClose, proofSeed: proofOpen - 1, proofOpen, proofClose };
}

function signedRelay(header: SessionHeader, { application, supplier, signer }: Parties, payload: string): Uint8Array {
  const request = newRelayRequest(header, supplier.address, utf8(`question ${payload}`));
  const { ring, signerIndex } =
    signer === application
      ? applicationRing(application.publicKey)
      : gatewayRing(application.publicKey, signer.publicKey);
  let drawn = 0;
  request.meta!.signature = signRing({
    message: requestHash(request),
    ring: [...ring],
    signerIndex,
    privateKey: signer.privateKey,
    randomBytes: (length) => {
      drawn += 1;
      return sha256(utf8(`${header.sessionId}/${payload}/${drawn}`)).subarray(0, length);
    },
  });
  const response = newRelayResponse(header, utf8('answer'));
  response.meta!.supplierOperatorSignature = signResponseHash(responseHash(response), supplier.privateKey);
  return relayBytes(request, response);
}

export function claimOf({ header, supplier, trie }: Work): ReturnType<typeof sent> {
  const fields = { supplierOperatorAddress: supplier.address, sessionHeader: header, rootHash: trie.root() };
  return sent(MsgCreateClaimSchema, fields);
}

export function proofOf({ header, supplier, trie, windows }: Work): ReturnType<typeof sent> {
  const path = proofPath(hashOf(windows.proofSeed), header.sessionId);
  const proof = encodeClosestProof(trie.proveClosest(path));
  return sent(MsgSubmitProofSchema, { supplierOperatorAddress: supplier.address, sessionHeader: header, proof });
}

/** What the work is worth by its terms. */
function worthUpokt({ trie, targetHash, sets }: Work): bigint {
  return claimedUpokt(decodeRoot(trie.root()), targetHash, sets.shared as unknown as ComputeUnitPrice);
}

/** Whether a claim that is stored must be proven, by the terms of its session. */
export function isProofAsked(state: State, work: Work): boolean {
  const { proof } = work.sets;
  const claim = state.claims.get(work.header.sessionId, work.supplier.address)!;
  const at = { claimedUpokt: worthUpokt(work), claimHash: claimHash(claim), seedHash: hashOf(work.windows.proofSeed) };
  const lot = {
    proofRequirementThresholdUpokt: amountUpoktOf(
      proof['proofRequirementThreshold'] as Parameters<typeof amountUpoktOf>[0],
    ),
    proofRequestProbability: proof['proofRequestProbability'] as number,
  };
  return proofRequirement(at, lot) !== 'NOT_REQUIRED';
}

/** What the event of its settlement must say: the whole worth, and who is paid how much of it by its terms. */
export function expectedSettlement(after: State, work: Work): { settledUpokt: string; rewards: object } {
  const { header, supplier, revenueShares } = work;
  const params = work.sets.tokenomics as unknown as Parameters<typeof rewardRules>[0] & {
    readonly mintEqualsBurnClaimDistribution: SharePercentages;
  };
  const reward = rewardClaim(
    worthUpokt(work),
    {
      applicationAddress: header.applicationAddress,
      supplierOperatorAddress: supplier.address,
      supplierOwnerAddress: supplier.address,
      // Whoever owns the service when it is paid: that does not belong to the session.
      sourceOwnerAddress: after.services.get(header.serviceId)!.ownerAddress,
      serviceId: header.serviceId,
      revenueShares,
    },
    rewardRules(params),
  );
  if (!reward.ok) throw new Error(reward.message);
  const rewards = new Map<string, bigint>();
  for (const { type, recipient, amountUpokt } of reward.value.operations) {
    if (type === 'mod_to_acct') rewards.set(recipient, (rewards.get(recipient) ?? 0n) + amountUpokt);
  }
  expect(rewards.size).toBeGreaterThan(0);
  return {
    settledUpokt: `${worthUpokt(work)}upokt`,
    rewards: Object.fromEntries([...rewards].map(([recipient, amount]) => [recipient, `${amount}upokt`])),
  };
}
