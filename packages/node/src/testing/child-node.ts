/** A node in a process of its own, to be killed: tells on its standard output of every block that it let anybody hear of. */
import { toHex } from '@decai/protocol/bytes';
import { createWorld } from '@decai/world';
import { startNode } from '../start-node.ts';
import { proposerKey, testGenesis } from './test-genesis.ts';

const world = createWorld({ dataDirectory: process.argv[2]! });
const { node } = await startNode({ world, genesis: testGenesis(), proposerKey, blockTimeMs: 1 });
node.onBlock((height, { commit }) => process.stdout.write(`${height} ${toHex(commit.blockId!.hash)}\n`));
