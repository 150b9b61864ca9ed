/**
 * What the model says about a message: nothing, or `<codespace>/<code>` for which it must be refused.
 */

export type Verdict = string;

export const ACCEPTED: Verdict = '';

/** The first that is not acceptance. */
export function firstOf(...checks: readonly (() => Verdict)[]): Verdict {
  for (const check of checks) {
    const verdict = check();
    if (verdict !== ACCEPTED) return verdict;
  }
  return ACCEPTED;
}
