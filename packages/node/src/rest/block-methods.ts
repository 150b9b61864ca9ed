/**
 * `cosmos.base.tendermint.v1beta1.Service` and `cosmos.base.node.v1beta1.Service`: blocks, validators, and the node itself.
 *
 * Source: cosmos/cosmos-sdk `client/grpc/cmtservice/*.go`, `client/grpc/node/service.go`.
 */
import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { encodeAddress } from '@decai/protocol/address';
import { packAny } from '@decai/protocol/any';
import { toHex } from '@decai/protocol/bytes';
import {
  Service as NodeService,
  type StatusResponseSchema,
} from '@decai/protocol/gen/cosmos/base/node/v1beta1/query_pb';
import {
  Service,
  type GetNodeInfoResponseSchema,
  type ValidatorSchema,
} from '@decai/protocol/gen/cosmos/base/tendermint/v1beta1/query_pb';
import {
  BlockSchema as SdkBlockSchema,
  type Block as SdkBlock,
  type Header as SdkHeader,
} from '@decai/protocol/gen/cosmos/base/tendermint/v1beta1/types_pb';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/ed25519/keys_pb';
import type { Block } from '@decai/protocol/gen/tendermint/types/block_pb';
import type { BlockID } from '@decai/protocol/gen/tendermint/types/types_pb';
import type { StoredBlock } from '../embedded/block-store.ts';
import { COMET_VERSION, type LedgerNode } from '../ledger-node.ts';
import { restRefusal, type RestOutcome } from './grpc-status.ts';
import { restMethod, type RestMethod } from './rest-method.ts';

/** Clients choose how to read answers by it: this is the line whose forms are served. */
const SDK_VERSION = 'v0.53.7';
const { getNodeInfo, getSyncing, getLatestBlock, getBlockByHeight, aBCIQuery } = Service.method;
const { getLatestValidatorSet, getValidatorSetByHeight } = Service.method;

export function blockMethods(node: LedgerNode): readonly RestMethod[] {
  return [
    restMethod(getNodeInfo, () => ({ ok: true, value: nodeInfo(node) })),
    restMethod(getSyncing, () => ({ ok: true, value: { syncing: false } })),
    restMethod(getLatestBlock, () => {
      const latest = latestBlock(node);
      return latest.ok ? { ok: true, value: wholeBlock(latest.value) } : latest;
    }),
    restMethod(getBlockByHeight, ({ height }) => {
      if (height < 1n) return restRefusal('InvalidArgument', `height must be greater than 0, but got ${height}`);
      if (height > node.latestHeight()) {
        return restRefusal('InvalidArgument', 'requested block height is bigger then the chain length');
      }
      const stored = node.blocks.block(Number(height));
      if (stored === undefined) return restRefusal('NotFound', `there is no block ${height}`);
      return { ok: true, value: wholeBlock(stored) };
    }),
    restMethod(getLatestValidatorSet, () => ({ ok: true, value: validatorSet(node, node.latestHeight()) })),
    restMethod(getValidatorSetByHeight, ({ height }) => {
      if (height < 1n) return restRefusal('InvalidArgument', `height must be greater than 0, but got ${height}`);
      if (height > node.latestHeight()) {
        return restRefusal('InvalidArgument', 'requested block height is bigger then the chain length');
      }
      return { ok: true, value: validatorSet(node, Number(height)) };
    }),
    restMethod(aBCIQuery, ({ path, data, height, prove }) => {
      const isHeight = height >= 0n && height <= Number.MAX_SAFE_INTEGER;
      if (!isHeight) return restRefusal('InvalidArgument', `height ${height} is none`);
      const { record, ...answer } = node.query({ path, data, height: Number(height), prove });
      const { key, proofOps = [] } = record ?? {};
      const proven = { ...(key && { key }), ...(proofOps.length > 0 && { proofOps: { ops: [...proofOps] } }) };
      return { ok: true, value: { ...answer, ...proven, height: BigInt(answer.height) } };
    }),
    restMethod(NodeService.method.config, () => ({
      ok: true,
      value: { minimumGasPrice: node.minGasPrice, pruningKeepRecent: '0', pruningInterval: '0' },
    })),
    restMethod(NodeService.method.status, () => {
      const latest = latestBlock(node);
      return latest.ok ? { ok: true, value: standing(node, latest.value) } : latest;
    }),
  ];
}

function latestBlock(node: LedgerNode): RestOutcome<StoredBlock> {
  const stored = node.blocks.block(node.latestHeight());
  return stored === undefined ? restRefusal('Unavailable', 'there is no block yet') : { ok: true, value: stored };
}

type Fields<Output extends DescMessage> = MessageInitShape<Output>;
type WholeBlock = { readonly blockId?: BlockID; readonly block: Block; readonly sdkBlock: SdkBlock };

/** Once as it is, and once with the proposer's address as text. */
function wholeBlock({ block, commit }: StoredBlock): WholeBlock {
  const { blockId } = commit;
  const { header, data, evidence, lastCommit } = block;
  const proposerAddress = encodeAddress(header!.proposerAddress, 'poktvalcons');
  const sdkHeader: SdkHeader = { ...header!, $typeName: 'cosmos.base.tendermint.v1beta1.Header', proposerAddress };
  const sdkBlock = create(SdkBlockSchema, {
    header: sdkHeader,
    ...(data && { data }),
    ...(evidence && { evidence }),
    ...(lastCommit && { lastCommit }),
  });
  return { ...(blockId && { blockId }), block, sdkBlock };
}

function nodeInfo({ identity, chainId }: LedgerNode): Fields<typeof GetNodeInfoResponseSchema> {
  return {
    defaultNodeInfo: {
      protocolVersion: { p2p: 8n, block: 11n, app: 0n },
      defaultNodeId: toHex(identity.address),
      listenAddr: 'tcp://127.0.0.1:0',
      network: chainId,
      version: COMET_VERSION,
      moniker: identity.moniker,
      other: { txIndex: 'on', rpcAddress: '' },
    },
    applicationVersion: { name: 'decai', appName: 'decai', version: '0.1.0', cosmosSdkVersion: SDK_VERSION },
  };
}

type ValidatorSet = {
  readonly blockHeight: bigint;
  readonly validators: MessageInitShape<typeof ValidatorSchema>[];
  readonly pagination: { readonly total: bigint };
};

/** One and the same at every height: whoever makes the blocks. */
function validatorSet({ identity }: LedgerNode, height: number): ValidatorSet {
  const { address, publicKey, votingPower } = identity;
  const validator = {
    address: encodeAddress(address, 'poktvalcons'),
    pubKey: packAny(PubKeySchema, create(PubKeySchema, { key: publicKey })),
    votingPower,
  };
  return { blockHeight: BigInt(height), validators: [validator], pagination: { total: 1n } };
}

function standing(
  { blocks, firstHeight }: LedgerNode,
  { block, results }: StoredBlock,
): Fields<typeof StatusResponseSchema> {
  const { height, time, validatorsHash } = block.header!;
  return {
    earliestStoreHeight: BigInt(Math.max(firstHeight, blocks.earliestStateHeight())),
    height: BigInt(height),
    ...(time && { timestamp: time }),
    appHash: results.appHash,
    validatorHash: validatorsHash,
  };
}
