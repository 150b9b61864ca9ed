/**
 * From a script that fails to a short one that fails: parts of it are left out as long as it still does.
 *
 * Source: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input (ddmin).
 */
import type { Move, Script } from './random-town.ts';

type Placed = { readonly block: number; readonly move: Move };

/** How often a shorter script may be tried. */
const TRIES_MAX = 200;

/** A script of as many blocks with fewer moves. `fails` says whether a script does. */
export function shrinkScript(script: Script, fails: (shorter: Script) => boolean): Script {
  let placed: readonly Placed[] = script.blocks.flatMap((moves, block) => moves.map((move) => ({ block, move })));
  let chunk = Math.ceil(placed.length / 2);
  let tries = 0;
  while (chunk >= 1 && tries < TRIES_MAX) {
    let shortened = false;
    for (let start = 0; start < placed.length && tries < TRIES_MAX;) {
      const without = [...placed.slice(0, start), ...placed.slice(start + chunk)];
      tries += 1;
      if (fails(scriptOf(script, without))) {
        placed = without;
        shortened = true;
      } else {
        start += chunk;
      }
    }
    if (chunk === 1 && !shortened) break;
    chunk = chunk === 1 ? 1 : Math.ceil(chunk / 2);
  }
  return scriptOf(script, placed);
}

function scriptOf({ seed, blocks }: Script, placed: readonly Placed[]): Script {
  const kept: Move[][] = blocks.map(() => []);
  for (const { block, move } of placed) kept[block]!.push(move);
  return { seed, blocks: kept };
}
