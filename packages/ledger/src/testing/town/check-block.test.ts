/**
 * The judge is judged: whatever is wrong with a ledger by one byte, one coin or one verdict is a difference.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { KeyValueWrite } from '@decai/protocol/key-value-store';
import { liveTown } from './live-town.ts';
import { checkBlock, checkWholeStore, Difference } from './check-block.ts';
import { drawScript, RandomTown } from './random-town.ts';

const textOf = (key: Uint8Array): string => Buffer.from(key).toString('latin1');

function livedIn(): RandomTown {
  return liveTown(7, 120);
}

test('a record that is changed, missing or too many is a difference, wherever it lies', () => {
  const { disk, model } = livedIn();
  const entries = [...disk.range({})].filter(([key]) => model.book.store.has(textOf(key)));
  const kinds = new Map(entries.map((entry) => [textOf(entry[0]).split(/\/(?=pokt1)/)[0]!, entry]));
  expect(kinds.size).toBeGreaterThan(20);
  for (const [key, value] of kinds.values()) {
    const spoiled: KeyValueWrite[] = [
      { key, value: null },
      { key, value: Buffer.concat([value, Uint8Array.of(0)]) },
      { key: Buffer.concat([key, Uint8Array.of(1)]), value },
    ];
    for (const write of spoiled) {
      const before = disk.get(write.key) ?? null;
      disk.write([write]);
      expect(() => checkWholeStore(model, disk), textOf(key)).toThrow(Difference);
      disk.write([{ key: write.key, value: before }]);
    }
  }
  checkWholeStore(model, disk);
});

test('another verdict, and a coin that no event tells of, are differences', () => {
  const town = new RandomTown(7);
  const script = drawScript(7, 40);
  for (const moves of script.blocks.slice(0, 39)) {
    const supplyBefore = new Map(town.model.book.supply.sorted());
    const result = town.block(moves);
    const verdicts = result.results.map(({ codespace, code }) => (code === 0 ? '' : `${codespace}/${code}`));
    const ours = { model: town.model, disk: town.disk, supplyBefore };
    checkBlock(ours, result, verdicts);
    if (verdicts.length === 0) continue;
    expect(() => checkBlock(ours, result, [...verdicts.slice(1), 'sdk/1'])).toThrow(Difference);
    const coins = [{ key: 'amount', value: '1upokt' }];
    const minted = { ...result, events: [...result.events, { type: 'coinbase', attributes: coins }] };
    expect(() => checkBlock(ours, minted, verdicts)).toThrow(Difference);
  }
});

test('the model knows nothing of the ledger', () => {
  const folder = new URL('../model/', import.meta.url);
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(15);
  for (const name of sources) {
    const imports = [...readFileSync(new URL(name, folder), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, from]) => from!,
    );
    expect(
      imports.filter((from) => !/^(\.\/[a-z-]+\.ts|@decai\/protocol\/.*|@bufbuild\/protobuf.*)$/.test(from)),
      name,
    ).toEqual([]);
  }
});
