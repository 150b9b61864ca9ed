/**
 * What the model says about a message: nothing, or `<codespace>/<code>` for which it must be refused.
 */

export type Verdict = string;

export const ACCEPTED: Verdict = '';
