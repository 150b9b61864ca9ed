/**
 * An embedded node, started: the chain in its store, a block every `blockTimeMs`, RPC, REST and an explorer in front of it.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import type { LedgerTransport } from '@decai/client/ledger-transport';
import type { Fault } from '@decai/protocol/fault';
import type { Listening, World } from '@decai/protocol/world';
import { PROOF_JUDGE, proofJudges } from '@decai/ledger/judge-proof';
import type { LedgerOptions } from '@decai/ledger/ledger';
import { sequencerKey } from './block/sequencer-key.ts';
import { produceBlocks } from './embedded/block-producer.ts';
import { EmbeddedChain } from './embedded/embedded-chain.ts';
import type { MempoolLimits } from './embedded/mempool.ts';
import { startExplorer, type Explorer } from './explorer/start-explorer.ts';
import { inProcessTransport } from './in-process-transport.ts';
import type { LedgerNode } from './ledger-node.ts';
import { serveRest } from './rest/serve-rest.ts';
import { serveRpc, type FaultListener } from './rpc/serve-rpc.ts';
import { serveSubscriptions } from './rpc/serve-subscriptions.ts';

type Address = { readonly host: string; readonly port: number };

export type NodeOptions = {
  readonly world: Pick<World, 'now' | 'sleep' | 'listen' | 'openStore' | 'openDatabase' | 'openJudges'>;
  /** The parsed document; may be left out when the store has a chain. */
  readonly genesis?: JsonValue;
  /** 32 bytes: the ed25519 key that signs blocks. */
  readonly proposerKey: Uint8Array;
  readonly blockTimeMs?: number;
  /** Left out, nobody listens: for a node that is used in its own process. */
  readonly rpc?: Address;
  /** The queries as REST; left out, nobody listens. */
  readonly rest?: Address;
  /** What happened so far, kept in SQL and answered in JSON; left out, nothing is kept and nobody listens. */
  readonly explorer?: Address;
  readonly moniker?: string;
  readonly votingPower?: bigint;
  readonly ledger?: LedgerOptions;
  readonly mempool?: Partial<MempoolLimits>;
  /** How many states before the last can be asked about; 10,000 unless given. */
  readonly historyBlocks?: number;
  /** Threads that help with the proofs of a large block; 0: none. Left out: as many as the machine is good for. */
  readonly proofThreads?: number;
  /** Hears of faults inside RPC methods. */
  readonly onFault?: FaultListener;
};

export type RunningNode = {
  /** `http://host:port`; empty without RPC. */
  readonly url: string;
  /** The same for REST. */
  readonly restUrl: string;
  /** And for the explorer. */
  readonly explorerUrl: string;
  readonly node: LedgerNode;
  /** The ledger as a client sees it, without a socket. */
  readonly transport: LedgerTransport;
  /** Resolves with the fault when the chain stands still, with undefined when the node was closed. */
  readonly ended: Promise<Fault | undefined>;
  /** Finishes the block in the making, says goodbye to clients, and closes the store. */
  close(): Promise<void>;
};

const BLOCK_TIME_MS = 1_000;
/** Name of the store with blocks and state. */
export const NODE_STORE = 'node';

/** @throws what `EmbeddedChain.open` throws; ADDRESS_IN_USE. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { world, blockTimeMs = BLOCK_TIME_MS, onFault } = options;
  const store = world.openStore(NODE_STORE);
  const judges = world.openJudges(PROOF_JUDGE, options.proofThreads);
  let chain: EmbeddedChain;
  try {
    const ledger = { ...options.ledger, proofJudges: proofJudges((tasks) => judges.judgeAll(tasks)) };
    chain = await EmbeddedChain.open({ ...options, ledger, store, sequencer: sequencerKey(options.proposerKey) });
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
  const subscriptions = serveSubscriptions(chain, onFault);
  const { rpc, rest, explorer } = await listen(options, chain, subscriptions.accept);
  const producer = produceBlocks(world, chain, blockTimeMs);
  return {
    url: rpc?.url ?? '',
    restUrl: rest?.url ?? '',
    explorerUrl: explorer?.url ?? '',
    node: chain,
    transport: inProcessTransport(chain),
    ended: producer.ended,
    async close() {
      await producer.stop();
      subscriptions.close();
      await rpc?.close();
      await rest?.close();
      await explorer?.close();
      await chain.close();
      await judges.close();
    },
  };
}

type Doors = { rpc?: Listening; rest?: Listening; explorer?: Explorer };

/** Opens every door that is wanted, or none. */
async function listen(
  { world, rpc, rest, explorer, onFault }: NodeOptions,
  chain: EmbeddedChain,
  onSocket: ReturnType<typeof serveSubscriptions>['accept'],
): Promise<Doors> {
  const open: Doors = {};
  try {
    if (rpc !== undefined) open.rpc = await world.listen(serveRpc(chain, onFault), { ...rpc, onSocket });
    if (rest !== undefined) open.rest = await world.listen(serveRest(chain, onFault), rest);
    if (explorer !== undefined) open.explorer = await startExplorer(world, chain, explorer, onFault);
    return open;
  } catch (thrown) {
    await open.rpc?.close();
    await open.rest?.close();
    await chain.close();
    throw thrown;
  }
}
