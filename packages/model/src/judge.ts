/**
 * Judges an answer to a held-out question by what it must and must not contain.
 *
 * The rule is mechanical so that everybody gets the same score: every group of alternatives has a hit, nothing forbidden
 * occurs, the last number (of a sum) is right, a story has its length, and the answer does not run on without an end.
 */

export type Question = {
  readonly id: string;
  readonly topic: string;
  /** The question, where it is a single one … */
  readonly ask?: string;
  /** … or the conversation that leads to it. */
  readonly messages?: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  /** Of each group at least one must occur; case does not matter. */
  readonly mustContain: readonly (readonly string[])[];
  readonly mustNotContain: readonly string[];
  /** The last number in the answer. */
  readonly lastNumber?: number;
  readonly minWords?: number;
};

/** Why the answer is wrong, or undefined where it is right. */
export function judge(question: Question, text: string, finishReason: 'stop' | 'length'): string | undefined {
  const lower = text.toLowerCase();
  if (finishReason !== 'stop') return 'the answer did not end';
  for (const group of question.mustContain) {
    if (!group.some((one) => containsWord(lower, one.toLowerCase()))) return `none of: ${group.join(', ')}`;
  }
  for (const forbidden of question.mustNotContain) {
    if (containsWord(lower, forbidden.toLowerCase())) return `contains: ${forbidden}`;
  }
  if (question.lastNumber !== undefined) {
    const last = text.match(/\d+/g)?.at(-1);
    if (Number(last) !== question.lastNumber) return `expected ${question.lastNumber}, got ${last ?? 'no number'}`;
  }
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  if (question.minWords !== undefined && words < question.minWords) return `only ${words} words`;
  return undefined;
}

/** Whether `part` occurs at the beginning of a word: `royalt` is found in `royalties`, `no` is not found in `know`. */
function containsWord(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!) || !/[\p{L}\p{N}]/u.test(part[0]!)) return true;
  }
  return false;
}
