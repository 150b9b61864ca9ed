/** Every command of the binary, in the order in which `decai --help` lists them. */
import type { Command } from './command.ts';
import { bench } from './commands/bench.ts';
import { chat } from './commands/chat.ts';
import { dev } from './commands/dev.ts';
import { gatewayStart } from './commands/gateway-start.ts';
import { keysImport } from './commands/keys-import.ts';
import { keysList } from './commands/keys-list.ts';
import { keysNew } from './commands/keys-new.ts';
import { keysShow } from './commands/keys-show.ts';
import { minerStart } from './commands/miner-start.ts';
import { modelEvaluate } from './commands/model-evaluate.ts';
import { modelServe } from './commands/model-serve.ts';
import { nodeReindex } from './commands/node-reindex.ts';
import { nodeExport } from './commands/node-export.ts';
import { nodeRestore } from './commands/node-restore.ts';
import { nodeSnapshot } from './commands/node-snapshot.ts';
import { nodeStart } from './commands/node-start.ts';
import { ACTOR_QUERIES } from './commands/query/actors.ts';
import { CHAIN_QUERIES } from './commands/query/chain.ts';
import { WORK_QUERIES } from './commands/query/work.ts';
import { trace } from './commands/trace.ts';
import { txAddService } from './commands/tx/add-service.ts';
import { txDelegate, txUndelegate } from './commands/tx/delegate.ts';
import { txSend } from './commands/tx/send.ts';
import { txStakeApplication } from './commands/tx/stake-application.ts';
import { txStakeGateway } from './commands/tx/stake-gateway.ts';
import { txStakeSupplier } from './commands/tx/stake-supplier.ts';
import { txUnstakeApplication, txUnstakeGateway, txUnstakeSupplier } from './commands/tx/unstake.ts';
import { txUpdateParam } from './commands/tx/update-param.ts';
import { vectors } from './commands/vectors.ts';

/** What commands of two words have in common, by their first word. */
export const GROUPS: Readonly<Record<string, string>> = {
  keys: 'Keys in files that only you can read.',
  query: 'Ask a ledger; answers are JSON.',
  tx: 'Sign a transaction, send it and wait for its block.',
  node: 'A ledger node.',
  miner: 'A relay miner: what a supplier runs in front of a model server.',
  gateway: 'A gateway.',
  model: 'The small models in the box.',
};

export const COMMANDS: readonly Command[] = [
  dev,
  chat,
  trace,
  keysNew,
  keysShow,
  keysList,
  keysImport,
  ...CHAIN_QUERIES,
  ...ACTOR_QUERIES,
  ...WORK_QUERIES,
  txSend,
  txStakeApplication,
  txDelegate,
  txUndelegate,
  txUnstakeApplication,
  txStakeSupplier,
  txUnstakeSupplier,
  txStakeGateway,
  txUnstakeGateway,
  txUpdateParam,
  txAddService,
  nodeStart,
  nodeExport,
  nodeSnapshot,
  nodeRestore,
  nodeReindex,
  minerStart,
  gatewayStart,
  modelServe,
  modelEvaluate,
  vectors,
  bench,
];
