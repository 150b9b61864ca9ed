import { expect, test } from 'vitest';
import { liveTown } from './live-town.ts';
import { drawScript, RandomTown } from './random-town.ts';

test('one seed is one town, to the last byte', () => {
  const [first, second] = [liveTown(3, 60), liveTown(3, 60)];
  expect(first.ledger.lastBlock).toEqual(second.ledger.lastBlock);
  expect(liveTown(4, 60).ledger.lastBlock).not.toEqual(first.ledger.lastBlock);
});

test('a town that fails is told with its seed, height and shortest script', () => {
  const seed = Array.from({ length: 100 }, (_, each) => each).find((each) =>
    drawScript(each, 15).blocks.some((moves) => moves.some(({ kind }) => kind === 'unstakeGateway')),
  )!;
  const block = RandomTown.prototype.block;
  // A ledger that cannot stand it when somebody unstakes a gateway.
  RandomTown.prototype.block = function (this: RandomTown, moves) {
    const result = block.call(this, moves);
    if (moves.some(({ kind }) => kind === 'unstakeGateway')) throw new Error('a gateway has left');
    return result;
  };
  try {
    const story = () => liveTown(seed, 15);
    expect(story).toThrow(`town ${seed} fails at height`);
    expect(story).toThrow(/: Error: a gateway has left/);
    expect(story).toThrow(/\n\[\[[0-9]+,"unstakeGateway",[0-9]+\]\]\n/);
    expect(story).toThrow(/what it sends:\n[0-9]+: .* MsgUnstakeGateway {"address":"pokt1[a-z0-9]+"}$/);
  } finally {
    RandomTown.prototype.block = block;
  }
});
