/** What an operator does with the state of a node: real files, a real store, and nodes that go on from each. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonValue } from '@bufbuild/protobuf';
import { startNode } from '@decai/node/start-node';
import { proposerKey, testGenesis } from '@decai/node/testing/test-genesis';
import { createWorld } from '@decai/world';
import type { Command, Invocation } from '../command.ts';
import { nodeExport } from './node-export.ts';
import { nodeRestore } from './node-restore.ts';
import { nodeSnapshot } from './node-snapshot.ts';

const genesis = testGenesis();
let folder: string;
/** Of the blocks that the first node has made. */
let rootOf: (height: number) => string;
let latest: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decai-node-'));
  await makeHome('first', genesis);
  await live('first', genesis, async ({ node }) => {
    await new Promise<void>((resolve) => node.onBlock((height) => height >= 6 && resolve()));
    latest = node.latestHeight();
    const roots = Array.from({ length: latest }, (_, index) => node.blocks.block(index + 1)!.results.appHash);
    rootOf = (height) =>
      Buffer.from(roots[height - 1]!)
        .toString('hex')
        .toUpperCase();
  });
});
afterAll(() => rm(folder, { recursive: true }));

async function makeHome(name: string, document: JsonValue): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'node.yaml'), '{}');
  await writeFile(join(folder, name, 'genesis.json'), JSON.stringify(document));
}

async function live(
  name: string,
  document: JsonValue,
  act: (running: Awaited<ReturnType<typeof startNode>>) => Promise<void>,
): Promise<void> {
  const world = createWorld({ dataDirectory: join(folder, name, 'data') });
  const running = await startNode({ world, genesis: document, proposerKey, blockTimeMs: 20 });
  try {
    await act(running);
  } finally {
    await running.close();
    await world.close();
  }
}

async function run(command: Command, name: string, words: string[], options: Invocation['options'] = {}) {
  const printed: string[] = [];
  const print = (line: string): void => void printed.push(line);
  const config = join(folder, name, 'node.yaml');
  const { signal } = new AbortController();
  const given = { arguments: words, options: { config, ...options }, signal, print, write: print, note: print };
  return await command.run(given).then(
    () => printed.join('\n'),
    (thrown: Error) => thrown.message,
  );
}

describe('a node', () => {
  test('is exported at any height that it keeps, and another begins with the export', async () => {
    const out = join(folder, 'exported.json');
    expect(await run(nodeExport, 'first', [], { height: '4', out })).toContain(`after block 4, root ${rootOf(4)}`);
    const document = JSON.parse(await readFile(out, 'utf8')) as Record<string, JsonValue>;
    expect(document).toMatchObject({ initial_height: '5', app_hash: rootOf(4) });
    expect(document['consensus']).toEqual((genesis as Record<string, JsonValue>)['consensus']);
    await makeHome('second', document);
    await live('second', document, async ({ node }) => {
      await new Promise<void>((resolve) => node.onBlock((height) => height >= 6 && resolve()));
      expect(Buffer.from(node.blocks.block(5)!.block.header!.appHash).toString('hex').toUpperCase()).toBe(rootOf(4));
    });
    expect(await run(nodeExport, 'first', [], { height: '1000' })).toContain('is not kept; there are those after');
    expect(
      JSON.parse(await run(nodeExport, 'first', []).then((text) => text.slice(0, text.lastIndexOf('}') + 1))),
    ).toMatchObject({
      initial_height: `${latest + 1}`,
    });
  });

  test('is restored from a snapshot and its root, and goes on from there', async () => {
    const snapshot = join(folder, 'snapshot');
    expect(await run(nodeSnapshot, 'first', [snapshot], { height: '5' })).toBe(`block 5, root ${rootOf(5)}`);
    expect(await run(nodeSnapshot, 'first', [snapshot])).toContain('cannot make the folder');
    expect(await run(nodeSnapshot, 'first', [`${snapshot}-2`], { height: '1000' })).toContain('is not kept');
    await makeHome('third', genesis);
    expect(await run(nodeRestore, 'third', [snapshot], { appHash: rootOf(4) })).toContain('trusted is');
    expect(await run(nodeRestore, 'third', [snapshot], {})).toContain('64 hexadecimal digits');
    expect(await run(nodeRestore, 'third', [folder], { appHash: rootOf(5) })).toContain('there is no snapshot');
    expect(await run(nodeRestore, 'third', [snapshot], { appHash: rootOf(5) })).toBe('the node goes on after block 5');
    expect(await run(nodeRestore, 'third', [snapshot], { appHash: rootOf(5) })).toBe('the store has a chain already');
    await live('third', genesis, async ({ node }) => {
      await new Promise<void>((resolve) => node.onBlock((height) => height >= 7 && resolve()));
      expect(node.firstHeight).toBe(5);
    });
  });

  test('needs to know of what and where to', async () => {
    expect(await run(nodeSnapshot, 'first', [])).toBe('into which folder?');
    expect(await run(nodeRestore, 'first', [])).toBe('which folder?');
    expect(await run(nodeExport, 'nowhere', [])).toContain('cannot read');
    await makeHome('empty', genesis);
    expect(await run(nodeExport, 'empty', [])).toBe('there is no chain in the store');
    expect(await run(nodeSnapshot, 'empty', [join(folder, 'none')])).toBe('there is no block to go on from');
  });
});
