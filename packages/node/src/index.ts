/** Where a ledger runs: blocks, disk, and the RPC in front of it. */

/** A node in one process. */
export { startNode, type NodeOptions, type RunningNode } from './start-node.ts';
/** The chain under it, for those who make blocks by hand. */
export { EmbeddedChain, type EmbeddedChainOptions } from './embedded/embedded-chain.ts';
export { produceBlocks, type BlockProducer } from './embedded/block-producer.ts';
/** The client's transport without sockets. */
export { inProcessTransport } from './in-process-transport.ts';
/** What RPC serves. */
export type { LedgerNode } from './ledger-node.ts';
/** CometBFT's RPC over HTTP and WebSocket. */
export { serveRpc } from './rpc/serve-rpc.ts';
export { serveSubscriptions } from './rpc/serve-subscriptions.ts';
/** The queries as REST: of a node, and of anything that answers queries. */
export { serveRest } from './rest/serve-rest.ts';
export { restHandler, type RestOptions } from './rest/rest-handler.ts';
export { answerUrl } from './rest/state-over-rest.ts';
export { REST_SERVICES } from './rest/rest-services.ts';
/** The explorer: an index of blocks in SQL, and its API. */
export { startExplorer, type Explorer } from './explorer/start-explorer.ts';
export { rebuildExplorer, type RebuildOptions } from './explorer/rebuild-explorer.ts';
/** A chain moved elsewhere: as a genesis, or as a snapshot of its state. */
export { exportChain } from './embedded/export-chain.ts';
export { restoreSnapshot, takeSnapshot, type ChainSnapshot } from './embedded/chain-snapshot.ts';
/** The key that signs blocks. */
export { sequencerKey, type SequencerKey } from './block/sequencer-key.ts';
