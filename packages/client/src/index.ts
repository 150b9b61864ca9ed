/** The border: asking a ledger, signing transactions, building, sending and verifying relays. */

/** The questions that a ledger answers, over whatever transport. */
export type {
  BlockReference,
  BroadcastAnswer,
  IncludedTransaction,
  LedgerBlock,
  LedgerBlockResults,
  LedgerStatus,
  LedgerTransport,
  QueryAnswer,
  TransactionPage,
  TransactionResult,
  TransactionSearch,
} from './ledger-transport.ts';
/** A ledger over CometBFT's JSON-RPC. */
export { createRpcTransport, type RpcTransportOptions } from './rpc-transport.ts';
/** One typed question through `abci_query`. */
export { ask, find, queryPath, type QueryOptions } from './ledger-query.ts';
/** The typed questions that roles ask. */
export { createLedgerClient, type LedgerAccount, type LedgerClient } from './ledger-client.ts';
/** New blocks without a gap. */
export { startBlockWatch, type BlockWatch, type BlockWatchOptions } from './block-watch.ts';
/** Where heights lie among the sessions. */
export { createSessionClock, type SessionClock } from './session-clock.ts';
/** Sessions, remembered and recomputed. */
export { createSessionBook, type NetworkSession, type SessionBook, type SessionSupplier } from './session-book.ts';
/** Public keys of accounts. */
export { createPublicKeyBook, type PublicKeyBook } from './public-key-book.ts';
/** Rings of applications. */
export { createRingBook, ringApplication, signingRing, type RingBook } from './application-ring.ts';
/** All of these over one transport. */
export { openNetworkView, type NetworkView, type NetworkViewOptions } from './network-view.ts';
/** Transactions of one account, sent until a block has them. */
export {
  createTransactionSender,
  type SendOptions,
  type TransactionOutcome,
  type TransactionRefusal,
  type TransactionSender,
  type TransactionSenderOptions,
} from './transaction-sender.ts';
/** What a transaction may use and pays. */
export { estimateGas, feeFor } from './transaction-fee.ts';
/** A relay, signed by a ring. */
export { signRelay, type RelaySigning, type SignedRelay } from './sign-relay.ts';
/** A relay, sent and its answer verified. */
export {
  sendRelay,
  RELAY_LIMITS,
  type RelayAnswer,
  type RelayLimits,
  type RelaySending,
  type RelayTarget,
} from './send-relay.ts';
/** Whether an answer is the supplier's, unchanged. */
export { isMisbehaviour, verifyRelay, type RelayVerdict, type VerificationCode } from './verify-relay.ts';
export { createRelayVerifier, type RelayVerifier } from './relay-verifier.ts';
/** Streams of signed batches, read and written. */
export { isStreamV1, readStreamV1, STREAM_DELIMITER, type StreamPiece, type StreamRefusal } from './stream-v1.ts';
export { writeStreamBatches, type StreamBatch } from './stream-v1-writer.ts';
/** What a failed relay means. */
export {
  failureOfRefusal,
  failureOfStatus,
  failureOfTransport,
  type NextStep,
  type RelayFailure,
} from './relay-outcome.ts';
/** An application without a gateway. */
export {
  createSovereignApplication,
  type ApplicationAnswer,
  type ApplicationRequest,
  type SovereignApplication,
  type SovereignOptions,
} from './sovereign-application.ts';
/** Records of the state that need not be believed. */
export { provenRecord, type ProvenRecord, type ProvenRecordQuestion } from './proven-record.ts';
/** Keys in files. */
export { createKeyFile, parseSecret, readKeyFile, type SecretFiles } from './keyring.ts';
/** Deadlines on the world's clock. */
export { pause, withDeadline } from './deadline.ts';
/** A stop that any number may follow. */
export { createStop } from './stop-signal.ts';
