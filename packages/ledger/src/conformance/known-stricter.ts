/**
 * Names of cases whose outcome one of our stricter rules decides.
 *
 * A checker may expect another outcome than a vector's only by such a rule, and only after it has found for itself that the
 * rule applies to exactly this case; every other difference is a failed case.
 */
import { STRICTER_RULES, type StricterRule } from '../stricter-rule.ts';

/** The name of a case, with the rules by which it is expected to differ from its vector. */
export function underRule(name: string, ...rules: readonly (StricterRule | undefined)[]): string {
  const named = rules.filter((rule) => rule !== undefined);
  if (named.length === 0) return name;
  return `${name} (by our stricter ${named.map((rule) => `rule ${rule}: ${STRICTER_RULES[rule]}`).join('; ')})`;
}
