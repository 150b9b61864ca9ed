/** REST in front of a node: the state by its queries, blocks, transactions and the node itself beside it. */
import type { HttpHandler } from '@decai/protocol/http';
import type { LedgerNode } from '../ledger-node.ts';
import type { FaultListener } from '../rpc/serve-rpc.ts';
import { blockMethods } from './block-methods.ts';
import { restHandler } from './rest-handler.ts';
import type { RestMethod } from './rest-method.ts';
import { REST_SERVICES } from './rest-services.ts';
import { transactionMethods } from './transaction-methods.ts';

/** Paths, parameters, answers and refusals as Shannon's nodes have them. Never throws for what a stranger sends. */
export function serveRest(node: LedgerNode, onFault?: FaultListener): HttpHandler {
  const methods = nodeMethods(node);
  return restHandler({ ledger: node, services: REST_SERVICES, methods, ...(onFault && { onFault }) });
}

/** What is answered beside the state. */
export function nodeMethods(node: LedgerNode): readonly RestMethod[] {
  return [...blockMethods(node), ...transactionMethods(node)];
}
