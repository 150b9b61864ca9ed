/**
 * A failing town, told so that somebody can see what went wrong: seed, height, the shortest script, and what it sends.
 */
import { unpackAny } from '@decai/protocol/any';
import { chainJsonText } from '@decai/protocol/chain-json';
import { nameOf } from './members.ts';
import { drawScript, RandomTown, type Script } from './random-town.ts';
import { shrinkScript } from './shrink-script.ts';

type Failure = { readonly height: number; readonly why: string; readonly transactions: readonly string[] };

/** Characters of a transaction; proofs are long. */
const TOLD_MAX = 600;

/** Runs a town for so many blocks. Comes back with the town, or throws with the story of its end. */
export function liveTown(seed: number, blocks: number): RandomTown {
  const script = drawScript(seed, blocks);
  const town = new RandomTown(seed);
  try {
    for (const moves of script.blocks) town.block(moves);
    return town;
  } catch (thrown) {
    const failed = { seed, blocks: script.blocks.slice(0, town.ledger.lastBlock!.height + 1) };
    throw new Error(tellFailure(shrinkScript(failed, (shorter) => failureOf(shorter) !== undefined)), {
      cause: thrown,
    });
  }
}

/** How a script ends; undefined where it does not fail. */
export function failureOf({ seed, blocks }: Script): Failure | undefined {
  const town = new RandomTown(seed);
  const transactions: string[] = [];
  for (const [index, moves] of blocks.entries()) {
    try {
      town.block(moves);
    } catch (thrown) {
      transactions.push(...told(town, index + 1));
      return { height: index + 1, why: (thrown as Error).stack ?? String(thrown), transactions };
    }
    transactions.push(...told(town, index + 1));
  }
  return undefined;
}

function told({ lastTransactions }: RandomTown, height: number): string[] {
  return lastTransactions.map(({ content, bytes }) => {
    if (content === undefined) return `${height}: ${bytes.length} bytes that are no transaction`;
    const { messages, signer, sequence, isOwnKey, isSigned } = content;
    const texts = messages.map((any) => {
      const { schema, message } = unpackAny(any);
      return `${schema.name} ${chainJsonText(schema, message)}`;
    });
    const flaws = [isOwnKey ? [] : ["with somebody else's key"], isSigned ? [] : ['badly signed']].flat();
    const text = [`${height}: ${nameOf(signer)} (sequence ${sequence})`, ...flaws, ...texts].join(' ');
    return text.length > TOLD_MAX ? `${text.slice(0, TOLD_MAX)}…` : text;
  });
}

function tellFailure(script: Script): string {
  const { seed, blocks } = script;
  const { height, why, transactions } = failureOf(script)!;
  const moves = blocks.flatMap((each, index) => each.map(({ kind, seed: own }) => [index + 1, kind, own]));
  return [
    `town ${seed} fails at height ${height}: ${why}`,
    `once more: DECAI_TOWN_SEED=${seed} DECAI_TOWN_BLOCKS=1 npx vitest run packages/ledger/src/testing/town/random-towns-1`,
    'its shortest script, as [height, kind of move, seed of move]:',
    JSON.stringify(moves),
    'what it sends:',
    ...transactions,
  ].join('\n');
}
