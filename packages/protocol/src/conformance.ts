/**
 * How a file of conformance vectors is checked: a checker recognises a format by its shape and yields one verdict a case.
 *
 * The same checkers serve the tests and `decai vectors DIR`.
 */

export type CaseVerdict =
  | { readonly name: string; readonly passed: true }
  | { readonly name: string; readonly passed: false; readonly expected: string; readonly actual: string };

export type VectorChecker = {
  /** Short name of the format, such as `ring` or `settlement`. */
  readonly format: string;
  /** Whether a parsed JSON document has this format; looks at its shape, never at a file name. */
  recognises(document: unknown): boolean;
  /** One verdict a case, in the order of the file. A throw inside a case is a failed case. */
  check(document: unknown): Iterable<CaseVerdict>;
};

/** Compares as text; a bigint prints in decimal, anything structured as JSON. */
export function verdict(name: string, expected: unknown, actual: unknown): CaseVerdict {
  const [expectedText, actualText] = [asText(expected), asText(actual)];
  if (expectedText === actualText) return { name, passed: true };
  return { name, passed: false, expected: expectedText, actual: actualText };
}

/** Runs one case; a throw becomes a failed verdict that shows the error. */
export function attempt(name: string, expected: unknown, actual: () => unknown): CaseVerdict {
  try {
    return verdict(name, expected, actual());
  } catch (thrown) {
    return { name, passed: false, expected: asText(expected), actual: `threw ${String(thrown)}` };
  }
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  return JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? 'undefined';
}
