/**
 * The order of a block: one list, and for each step why it stands where it stands.
 *
 * Source: pokt-network/poktroll `app/app_config.go` (begin and end blockers).
 */
import { announceServices } from './announce-services.ts';
import { completeTransfers } from './complete-transfers.ts';
import { detachGateways } from './detach-gateways.ts';
import { expireGrants } from './expire-grants.ts';
import type { ProofJudges } from './judge-proof.ts';
import { promoteParams } from './promote-params.ts';
import { pruneSupplierConfigs } from './prune-supplier-configs.ts';
import { pruneUndelegations } from './prune-undelegations.ts';
import { recordBlockHash } from './record-block-hash.ts';
import { releaseApplications } from './release-applications.ts';
import { releaseGateways } from './release-gateways.ts';
import { releaseSuppliers } from './release-suppliers.ts';
import { settleClaims, settledRelays } from './settle-claims.ts';
import type { State } from './state.ts';
import { updateDifficulty } from './update-difficulty.ts';
import { validateProofs } from './validate-proofs.ts';

/** Transactions run between `BeginBlock` and `EndBlock`. */
export type BlockPhase = 'PreBlock' | 'BeginBlock' | 'EndBlock';

export type BlockStep = {
  readonly phase: BlockPhase;
  /** `judges` are for proofs; no step can tell who they are. */
  run(state: State, judges?: ProofJudges): void;
  /** Why here. */
  readonly why: string;
};

export const BLOCK_ORDER: readonly BlockStep[] = [
  { phase: 'PreBlock', run: purgeNonces, why: 'the block time decides which transactions can still come' },
  { phase: 'BeginBlock', run: expireGrants, why: 'the block time decides which rights have ended' },
  { phase: 'BeginBlock', run: announceServices, why: 'a session opens before anybody uses it' },
  { phase: 'EndBlock', run: recordBlockHash, why: 'draws of this block are made by those who come after it' },
  {
    phase: 'EndBlock',
    run: validateProofs,
    why: 'a proof of the closing block counts in the settlement of that block',
  },
  { phase: 'EndBlock', run: settle, why: 'actors are paid and slashed while they still have stakes' },
  { phase: 'EndBlock', run: releaseGateways, why: 'after settlement, and before applications look for their gateways' },
  { phase: 'EndBlock', run: detachGateways, why: 'before archives are pruned: it adds to them' },
  { phase: 'EndBlock', run: pruneUndelegations, why: 'proofs of this block have been validated with their rings' },
  { phase: 'EndBlock', run: releaseApplications, why: 'what settlement took from a stake does not come back' },
  { phase: 'EndBlock', run: completeTransfers, why: 'an application that is gone is not transferred' },
  { phase: 'EndBlock', run: releaseSuppliers, why: 'what slashing took from a stake does not come back' },
  {
    phase: 'EndBlock',
    run: pruneSupplierConfigs,
    why: 'settlement has read the configurations of the sessions it paid',
  },
  { phase: 'EndBlock', run: promoteParams, why: 'everything above belongs to the old parameters' },
];

function purgeNonces(state: State): void {
  state.nonces.purge(state.block.timeNs);
}

/** Difficulty follows from what was settled. */
function settle(state: State): void {
  updateDifficulty(state, settledRelays(settleClaims(state)));
}
