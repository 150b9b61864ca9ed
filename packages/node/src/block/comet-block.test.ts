/** A block that CometBFT made: our hashes of it are the ones it carries. */
import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { fromBase64, fromHex, toHex } from '@decai/protocol/bytes';
import { BlockSchema } from '@decai/protocol/gen/tendermint/types/block_pb';
import {
  BlockIDSchema,
  CommitSchema,
  CommitSigSchema,
  HeaderSchema,
  type BlockID,
  type Commit,
  type Header,
} from '@decai/protocol/gen/tendermint/types/types_pb';
import { BlockIDFlag } from '@decai/protocol/gen/tendermint/types/validator_pb';
import { parseTimestamp } from '@decai/protocol/time-text';
import { commitHash, consensusHash, dataHash, partSet, resultsHash, validatorsHash } from './block-roots.ts';
import { headerHash } from './header-hash.ts';
import { sha256 } from '@decai/protocol/hash';
import { merkleProof, merkleRoot } from './merkle-root.ts';
import { precommitSignBytes, sequencerAddress, sequencerKey, verifySequencer } from './sequencer-key.ts';

const recorded = JSON.parse(readFileSync(new URL('../../vectors/comet-block.json', import.meta.url), 'utf8'));
const { block } = recorded.block;
const transactions: Uint8Array[] = block.data.txs.map(fromBase64);
const header = readHeader(block.header);
const lastCommit = readCommit(block.last_commit);
const publicKey = fromBase64(recorded.validators.validators[0].pub_key.value);

function upper(bytes: Uint8Array): string {
  return toHex(bytes).toUpperCase();
}

function readBlockId(json: { hash: string; parts: { total: number; hash: string } }): BlockID {
  const partSetHeader = { total: json.parts.total, hash: fromHex(json.parts.hash) };
  return create(BlockIDSchema, { hash: fromHex(json.hash), partSetHeader });
}

function readHeader(json: Record<string, string> & { last_block_id: Parameters<typeof readBlockId>[0] }): Header {
  return create(HeaderSchema, {
    version: { block: 11n },
    chainId: json['chain_id']!,
    height: BigInt(json['height']!),
    time: parseTimestamp(json['time']!),
    lastBlockId: readBlockId(json.last_block_id),
    lastCommitHash: fromHex(json['last_commit_hash']!),
    dataHash: fromHex(json['data_hash']!),
    validatorsHash: fromHex(json['validators_hash']!),
    nextValidatorsHash: fromHex(json['next_validators_hash']!),
    consensusHash: fromHex(json['consensus_hash']!),
    appHash: fromHex(json['app_hash']!),
    lastResultsHash: fromHex(json['last_results_hash']!),
    evidenceHash: fromHex(json['evidence_hash']!),
    proposerAddress: fromHex(json['proposer_address']!),
  });
}

function readCommit(json: {
  height: string;
  block_id: Parameters<typeof readBlockId>[0];
  signatures: { validator_address: string; timestamp: string; signature: string }[];
}): Commit {
  return create(CommitSchema, {
    height: BigInt(json.height),
    blockId: readBlockId(json.block_id),
    signatures: json.signatures.map(({ validator_address, timestamp, signature }) =>
      create(CommitSigSchema, {
        blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_COMMIT,
        validatorAddress: fromHex(validator_address),
        timestamp: parseTimestamp(timestamp),
        signature: fromBase64(signature),
      }),
    ),
  });
}

describe('a block of CometBFT', () => {
  test('its own hash and that of its parts', () => {
    expect(upper(headerHash(header))).toBe(recorded.block.block_id.hash);
    const { total, hash } = partSet(
      create(BlockSchema, { header, data: { txs: transactions }, evidence: {}, lastCommit }),
    );
    expect([total, upper(hash)]).toEqual([recorded.block.block_id.parts.total, recorded.block.block_id.parts.hash]);
  });

  test('the roots in its header', () => {
    expect(upper(dataHash(transactions))).toBe(block.header.data_hash);
    expect(upper(commitHash(lastCommit))).toBe(block.header.last_commit_hash);
    expect(upper(consensusHash(BigInt(recorded.max_bytes), BigInt(recorded.max_gas)))).toBe(
      block.header.consensus_hash,
    );
    expect(upper(merkleRoot([]))).toBe(block.header.evidence_hash);
    // The block before it was empty.
    expect(upper(resultsHash([]))).toBe(block.header.last_results_hash);
    const power = BigInt(recorded.validators.validators[0].voting_power);
    // At height 1, before a delegation raised its power.
    expect(upper(validatorsHash([{ publicKey, votingPower: power }]))).toBe(
      'C835A92B77490D40613306D3EFC2E914E637CD3CCF74C2F59768B81C5D383714',
    );
  });

  test("its validator's signature", () => {
    const { commit } = recorded.commit.signed_header;
    const [signature] = readCommit(commit).signatures;
    const signed = precommitSignBytes({
      height: BigInt(commit.height),
      blockId: readBlockId(commit.block_id),
      time: signature!.timestamp!,
      chainId: block.header.chain_id,
    });
    expect(upper(sequencerAddress(publicKey))).toBe(commit.signatures[0].validator_address);
    expect(verifySequencer(publicKey, signed, signature!.signature)).toBe(true);
    signed[5]! ^= 1;
    expect(verifySequencer(publicKey, signed, signature!.signature)).toBe(false);
  });

  test('any field of the header changes its hash', () => {
    const hash = upper(headerHash(header));
    const otherHash = fromHex('11'.repeat(32));
    const changes: Partial<Header>[] = [
      { chainId: 'other' },
      { height: 6n },
      { time: parseTimestamp('2026-11-21T09:46:26.855051088Z') },
      { lastBlockId: create(BlockIDSchema) },
      { proposerAddress: otherHash.subarray(0, 20) },
      ...(['lastCommitHash', 'dataHash', 'validatorsHash', 'nextValidatorsHash'] as const).map((name) => ({
        [name]: otherHash,
      })),
      ...(['consensusHash', 'appHash', 'lastResultsHash', 'evidenceHash'] as const).map((name) => ({
        [name]: otherHash,
      })),
    ];
    for (const change of changes) expect(upper(headerHash({ ...header, ...change }))).not.toBe(hash);
  });
});

describe('merkleProof', () => {
  test('leads every item of a list of any length to its root', () => {
    for (let length = 1; length <= 20; length += 1) {
      const items = Array.from({ length }, (_, index) => Uint8Array.of(index));
      for (let index = 0; index < length; index += 1) {
        const proof = merkleProof(items, index);
        expect(proof).toMatchObject({ total: length, index });
        expect(climbed(proof)).toEqual(merkleRoot(items));
      }
    }
  });
});

/** From leaf to root, as the reference checks a proof: the place of an item decides on which side each aunt stands. */
function climbed({ total, index, leafHash, aunts }: ReturnType<typeof merkleProof>): Uint8Array {
  if (total === 1) return leafHash;
  const left = 2 ** Math.floor(Math.log2(total - 1));
  const [aunt, rest] = [aunts.at(-1)!, aunts.slice(0, -1)];
  const isLeft = index < left;
  const below = climbed({
    total: isLeft ? left : total - left,
    index: isLeft ? index : index - left,
    leafHash,
    aunts: rest,
  });
  return sha256(Buffer.concat([Buffer.of(1), ...(isLeft ? [below, aunt] : [aunt, below])]));
}

describe('merkleRoot', () => {
  test('tells lists apart that hold the same bytes otherwise divided', () => {
    const [a, b] = [new Uint8Array([1, 2]), new Uint8Array([3])];
    const roots = [[a, b], [b, a], [new Uint8Array([1, 2, 3])], [a, b, b], [a]].map((list) => upper(merkleRoot(list)));
    expect(new Set(roots).size).toBe(roots.length);
  });
});

describe('sequencerKey', () => {
  test('signs as ed25519 does (RFC 8032, test 2), and refuses a seed of another length', () => {
    const key = sequencerKey(fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'));
    expect(toHex(key.publicKey)).toBe('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    expect(toHex(key.sign(new Uint8Array([0x72])))).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    expect(() => sequencerKey(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'SEQUENCER_KEY_INVALID' }));
  });
});
