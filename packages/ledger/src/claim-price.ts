/**
 * What a claim is worth, and how much it stands for: read off its root with the difficulty and the price of its session's start.
 *
 * Parameters that changed meanwhile do not matter; the price of a session is fixed when it begins.
 *
 * Source: pokt-network/poktroll `x/proof/types/claim.go`.
 */
import { claimAmounts, type ClaimAmounts } from '@decai/protocol/claim-amount';
import type { SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { decodeRoot, type Root } from '@decai/protocol/root';
import { difficultyAt } from './relay-mining-difficulty.ts';
import type { State } from './state.ts';

export type ClaimPrice = ClaimAmounts & { readonly root: Root };

/** @throws ROOT_LENGTH for a root that is not 48 bytes; DIFFICULTY_TARGET, COMPUTE_UNIT_PRICE for a state that cannot price. */
export function priceClaim(state: State, header: SessionHeader, rootHash: Uint8Array): ClaimPrice {
  const startHeight = Number(header.sessionStartBlockHeight);
  const root = decodeRoot(rootHash);
  const target = difficultyAt(state, header.serviceId, startHeight).targetHash;
  const { claimedUpokt, estimatedComputeUnits, estimatedRelays } = claimAmounts(
    root,
    target,
    state.params.shared.at(startHeight),
  );
  return { root, claimedUpokt, estimatedComputeUnits, estimatedRelays };
}
