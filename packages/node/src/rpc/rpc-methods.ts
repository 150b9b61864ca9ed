/**
 * The methods of CometBFT's RPC that this node serves, each with the names of its parameters and what it answers.
 *
 * Field by field as CometBFT 0.38 answers, so that clients made for it need not know whom they talk to.
 *
 * Source: cometbft/cometbft v0.38 `rpc/core/*.go`, `rpc/core/routes.go`.
 */
import { toBase64, toHex } from '@decai/protocol/bytes';
import type { StoredBlock } from '../embedded/block-store.ts';
import { COMET_VERSION, type LedgerNode, type ProofOp } from '../ledger-node.ts';
import {
  blockIdJson,
  blockJson,
  blockMetaJson,
  commitJson,
  headerJson,
  hexText,
  timeText,
  type Json,
} from './block-json.ts';
import { blockResultsJson } from './result-json.ts';
import { internalError } from './rpc-error.ts';
import type { RpcMethod } from './rpc-method.ts';
import type { RpcParams } from './rpc-params.ts';
import { TRANSACTION_METHODS } from './transaction-methods.ts';

const BLOCK_METAS_MAX = 20;

export const RPC_METHODS: Readonly<Record<string, RpcMethod>> = {
  health: { params: [], answer: health },
  status: { params: [], answer: status },
  net_info: { params: [], answer: () => ({ listening: true, listeners: [], n_peers: '0', peers: [] }) },
  abci_info: { params: [], answer: abciInfo },
  abci_query: { params: ['path', 'data', 'height', 'prove'], answer: abciQuery },
  block: { params: ['height'], answer: (node, params) => wholeBlock(storedAt(node, params.integer('height'))) },
  block_by_hash: { params: ['hash'], answer: blockByHash },
  block_results: { params: ['height'], answer: blockResults },
  blockchain: { params: ['minHeight', 'maxHeight'], answer: blockchain },
  header: { params: ['height'], answer: (node, params) => wholeHeader(storedAt(node, params.integer('height'))) },
  commit: { params: ['height'], answer: commit },
  validators: { params: ['height', 'page', 'per_page'], answer: validators },
  consensus_params: { params: ['height'], answer: consensusParams },
  genesis: { params: [], answer: (node) => ({ genesis: node.genesis }) },
  ...TRANSACTION_METHODS,
};

function health(node: LedgerNode): Json {
  if (node.failure !== undefined) throw internalError(`no block follows: ${node.failure.message}`);
  return {};
}

function status(node: LedgerNode): Json {
  const height = node.latestHeight();
  const latest = node.blocks.block(height);
  const earliest = node.blocks.block(node.firstHeight);
  const { identity } = node;
  return {
    node_info: {
      protocol_version: { p2p: '8', block: '11', app: '0' },
      id: toHex(identity.address),
      listen_addr: 'tcp://127.0.0.1:0',
      network: node.chainId,
      version: COMET_VERSION,
      channels: '',
      moniker: identity.moniker,
      other: { tx_index: 'on', rpc_address: '' },
    },
    sync_info: {
      latest_block_hash: latest === undefined ? '' : hexText(latest.commit.blockId!.hash),
      latest_app_hash: latest === undefined ? '' : hexText(latest.block.header!.appHash),
      latest_block_height: `${height}`,
      latest_block_time: latest === undefined ? '1970-01-01T00:00:00Z' : timeText(latest.block.header!.time!),
      earliest_block_hash: earliest === undefined ? '' : hexText(earliest.commit.blockId!.hash),
      earliest_app_hash: earliest === undefined ? '' : hexText(earliest.block.header!.appHash),
      earliest_block_height: earliest === undefined ? '0' : `${node.firstHeight}`,
      earliest_block_time: earliest === undefined ? '1970-01-01T00:00:00Z' : timeText(earliest.block.header!.time!),
      catching_up: false,
    },
    validator_info: {
      address: hexText(identity.address),
      pub_key: publicKeyJson(identity.publicKey),
      voting_power: `${identity.votingPower}`,
    },
  };
}

function abciInfo(node: LedgerNode): Json {
  const height = node.latestHeight();
  const appHash = node.blocks.block(height)?.results.appHash ?? new Uint8Array(0);
  return {
    response: {
      data: 'decai',
      version: '0.1.0',
      last_block_height: `${height}`,
      last_block_app_hash: toBase64(appHash),
    },
  };
}

function abciQuery(node: LedgerNode, params: RpcParams): Json {
  const path = params.text('path') ?? '';
  const height = params.integer('height') ?? 0;
  const prove = params.boolean('prove');
  const answer = node.query({ path, data: params.hexBytes('data'), height, prove });
  return {
    response: {
      code: answer.code,
      log: answer.log,
      info: '',
      index: '0',
      key: answer.record === undefined ? null : toBase64(answer.record.key),
      value: answer.value.length === 0 ? null : toBase64(answer.value),
      proofOps: proofOpsJson(answer.record?.proofOps ?? []),
      height: `${answer.height}`,
      codespace: answer.codespace,
    },
  };
}

function proofOpsJson(proofOps: readonly ProofOp[]): Json {
  if (proofOps.length === 0) return null;
  return { ops: proofOps.map(({ type, key, data }) => ({ type, key: toBase64(key), data: toBase64(data) })) };
}

function blockByHash(node: LedgerNode, params: RpcParams): Json {
  const hash = params.bytes('hash');
  const height = hash.length === 32 ? node.blocks.heightOf(hash) : undefined;
  const stored = height === undefined ? undefined : node.blocks.block(height);
  return stored === undefined ? { block_id: blockIdJson(), block: null } : wholeBlock(stored);
}

function blockResults(node: LedgerNode, params: RpcParams): Json {
  const stored = storedAt(node, params.integer('height'));
  return blockResultsJson(Number(stored.block.header!.height), stored.results);
}

/** The newest first, at most twenty. */
function blockchain(node: LedgerNode, params: RpcParams): Json {
  const latest = node.latestHeight();
  const to = Math.min(params.integer('maxHeight') || latest, latest);
  const from = Math.max(params.integer('minHeight') ?? 1, node.firstHeight, to - BLOCK_METAS_MAX + 1);
  if (from > to && latest > 0) throw internalError(`min height ${from} can't be greater than max height ${to}`);
  const metas: Json[] = [];
  for (let height = to; height >= from; height -= 1) {
    const { block, commit: signed } = storedAt(node, height);
    metas.push(blockMetaJson(block, signed.blockId));
  }
  return { last_height: `${latest}`, block_metas: metas };
}

function commit(node: LedgerNode, params: RpcParams): Json {
  const { block, commit: signed } = storedAt(node, params.integer('height'));
  return { signed_header: { header: headerJson(block.header), commit: commitJson(signed) }, canonical: true };
}

function validators(node: LedgerNode, params: RpcParams): Json {
  const height = heightOr(node, params.integer('height'));
  const { address, publicKey, votingPower } = node.identity;
  const validator = {
    address: hexText(address),
    pub_key: publicKeyJson(publicKey),
    voting_power: `${votingPower}`,
    proposer_priority: '0',
  };
  return { block_height: `${height}`, validators: [validator], count: '1', total: '1' };
}

function consensusParams(node: LedgerNode, params: RpcParams): Json {
  const { blockBytesMax, blockGasMax } = node.limits;
  return {
    block_height: `${heightOr(node, params.integer('height'))}`,
    consensus_params: {
      block: { max_bytes: `${blockBytesMax}`, max_gas: `${blockGasMax}` },
      evidence: { max_age_num_blocks: '100000', max_age_duration: '172800000000000', max_bytes: '1048576' },
      validator: { pub_key_types: ['ed25519'] },
      version: { app: '0' },
      abci: { vote_extensions_enable_height: '0' },
    },
  };
}

function wholeBlock({ block, commit: signed }: StoredBlock): Json {
  return { block_id: blockIdJson(signed.blockId), block: blockJson(block) };
}

function wholeHeader({ block }: StoredBlock): Json {
  return { header: headerJson(block.header) };
}

function storedAt(node: LedgerNode, height: number | undefined): StoredBlock {
  const stored = node.blocks.block(heightOr(node, height));
  if (stored === undefined) throw internalError('there is no block yet');
  return stored;
}

/** The latest when none is given. */
function heightOr(node: LedgerNode, height: number | undefined): number {
  const latest = node.latestHeight();
  if (height === undefined) return latest;
  if (height < 1) throw internalError(`height must be greater than 0, but got ${height}`);
  if (height < node.firstHeight) {
    throw internalError(`height ${height} is not available, lowest height is ${node.firstHeight}`);
  }
  if (height > latest) {
    throw internalError(`height ${height} must be less than or equal to the current blockchain height ${latest}`);
  }
  return height;
}

function publicKeyJson(publicKey: Uint8Array): Json {
  return { type: 'tendermint/PubKeyEd25519', value: toBase64(publicKey) };
}
