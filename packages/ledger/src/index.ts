/** Agreement: the state machine that keeps accounts, actors, sessions, claims, proofs and settlement. Pure and synchronous. */

/** The state machine: genesis, transactions for the pool, blocks, queries. */
export { Ledger, type Block, type BlockResult, type LedgerOptions } from './ledger.ts';
/** The document that a chain begins with. */
export { parseGenesis, type Genesis } from './genesis.ts';
/** Its modules with Shannon's default parameters and nobody in them. */
export { defaultAppState } from './default-app-state.ts';
/** What genesis fixed for good, and the last block. */
export type { ChainRecord, LastBlock, Profile } from './chain-record.ts';
/** What became of a transaction. */
export type { TransactionResult } from './transaction-result.ts';
/** What can be asked, and how it is answered. */
export { queryPaths, type QueryAnswer, type QueryRequest } from './query.ts';
/** The state as a genesis that another chain goes on from, and as a snapshot. */
export { exportGenesis, type GenesisDocument } from './export-genesis.ts';
export { restoreState, snapshotChunks } from './snapshot.ts';
/** Refusals as values, and the errors that they carry. */
export type { GrpcCode, Outcome, Refusal, Verdict } from './refusal.ts';
export type { RegisteredError } from './registered-error.ts';
/** The accounts of modules. */
export {
  isBlocked,
  moduleAt,
  moduleNamed,
  MODULE_ACCOUNTS,
  type ModuleAccount,
  type ModuleName,
} from './module-account.ts';
