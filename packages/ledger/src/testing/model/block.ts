/**
 * One block in the model, from its first step to its last.
 *
 * Source: pokt-network/poktroll `app/app_config.go` (begin and end blockers).
 */
import { releaseApplications } from './applications.ts';
import { completeTransfers } from './application-transfers.ts';
import { judgeProofs } from './claims.ts';
import { forgetUndelegations, leaveInactiveGateways } from './delegations.ts';
import { releaseGateways } from './gateways.ts';
import { promoteShared } from './governance.ts';
import { expireGrants } from './grants.ts';
import type { BlockInProgress } from './messages.ts';
import type { Model } from './model.ts';
import { settleClaims } from './settlement.ts';
import { forgetConfigs, releaseSuppliers } from './suppliers.ts';
import { enterTransaction, forgetNonces, type SentTransaction } from './transactions.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

export type SentBlock = {
  readonly height: number;
  readonly hash: Uint8Array;
  readonly transactions: readonly SentTransaction[];
};

/** What the ledger says about a transaction where the model cannot know. */
export type GasOf = (index: number) => { readonly isOutOfGas: boolean; readonly isAdmitted: boolean };

/** Enters a block; comes back with the verdict on each transaction. */
export function enterBlock(
  model: Model,
  { height, hash, transactions }: SentBlock,
  contentOf: BlockInProgress['contentOf'],
  gasOf: GasOf,
): Verdict[] {
  model.height = height;
  forgetNonces(model);
  expireGrants(model);
  const block: BlockInProgress = { waiting: new Map(), contentOf };
  const verdicts = transactions.map((sent, index) => enterTransaction(model, sent, block, gasOf(index)));
  for (const verdict of verdicts) if (verdict !== ACCEPTED) model.count(`transaction refused ${verdict}`);
  model.book.blockHashes.set(String(height), hash);
  judgeProofs(model, block.waiting);
  settleClaims(model);
  releaseGateways(model);
  leaveInactiveGateways(model);
  forgetUndelegations(model);
  releaseApplications(model);
  completeTransfers(model);
  releaseSuppliers(model);
  forgetConfigs(model);
  promoteShared(model);
  for (const { address, delegateeGatewayAddresses } of model.book.applications.values()) {
    model.delegateesAt.set(`${address}@${height}`, delegateeGatewayAddresses);
  }
  return verdicts;
}
