/** Turns a supplier's LLM server into paid relays. */
export * from './start-miner.ts'; // a running miner, put together from its parts and a World
export * from './miner-config.ts'; // its configuration file
export * from './session-record.ts'; // how far a session is, and everything needed to go on
export { earningsOf, type ServiceEarnings } from './earnings.ts'; // what the work came to
export { MINER_REFUSALS, type MinerRefusalCode } from './miner-refusal.ts'; // every refusal that a gateway can meet
