import { expect, test } from 'vitest';
import { drawScript, type Script } from './random-town.ts';
import { shrinkScript } from './shrink-script.ts';

const kindsOf = ({ blocks }: Script) => blocks.flatMap((moves) => moves.map(({ kind }) => kind));

test('what remains of a failing script is what it fails for', () => {
  const fails = (shorter: Script): boolean => {
    const kinds = kindsOf(shorter);
    return kinds.includes('unstakeGateway') && kinds.lastIndexOf('decree') > kinds.indexOf('unstakeGateway');
  };
  const script = Array.from({ length: 100 }, (_, seed) => drawScript(seed, 200)).find(fails)!;
  const short = shrinkScript(script, fails);
  expect(kindsOf(short)).toEqual(['unstakeGateway', 'decree']);
  expect(short.blocks.length).toBe(200);
});

test('a script that fails for nothing in it loses all its moves', () => {
  expect(kindsOf(shrinkScript(drawScript(2, 50), () => true))).toEqual([]);
});
