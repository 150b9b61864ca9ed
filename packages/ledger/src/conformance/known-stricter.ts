/**
 * Where our ledger knowingly decides otherwise than the implementation that made the vectors.
 *
 * Each rule is named here once, with its reason. A checker may expect another outcome than a vector's only by one of these,
 * and only after it has found for itself that the rule applies to exactly this case; every other difference is a failed case.
 */
export type StricterRule = 'SESSION_HEIGHTS' | 'REQUIREMENT_WITHOUT_STATUS';

export const KNOWN_STRICTER: Readonly<Record<StricterRule, string>> = {
  SESSION_HEIGHTS:
    'A claim or proof names the first and last height of its session. Every window is counted from the header, so one with ' +
    'other heights would settle at another time than its session, and its honest proof would fail.',
  REQUIREMENT_WITHOUT_STATUS:
    'Whether a claim must be proven is drawn over the claim without the status of a failed proof. Otherwise a claim whose ' +
    'required proof has failed would draw a second time, with another hash.',
};

/** The name of a case, with the rule by which it is expected to differ from its vector. */
export function underRule(name: string, rule: StricterRule | undefined): string {
  return rule === undefined ? name : `${name} (by our stricter rule ${rule}: ${KNOWN_STRICTER[rule]})`;
}
