/** Compares what a vector says with what came out, and shows the first place where they part instead of both in full. */
import type { CaseVerdict } from '@decai/protocol/conformance';

type Difference = { readonly path: string; readonly expected: unknown; readonly actual: unknown };

/** One verdict for a case. A throw is a failed case. Values are compared as JSON; a bigint counts as its decimal text. */
export function compareCase(name: string, expected: unknown, actual: () => unknown): CaseVerdict {
  let found: unknown;
  try {
    found = actual();
  } catch (thrown) {
    return { name, passed: false, expected: text(expected), actual: `threw ${String(thrown)}` };
  }
  const difference = firstDifference(plain(expected), plain(found), '');
  if (difference === undefined) return { name, passed: true };
  const at = (value: unknown): string => `${difference.path}: ${text(value)}`;
  return { name, passed: false, expected: at(difference.expected), actual: at(difference.actual) };
}

function firstDifference(expected: unknown, actual: unknown, path: string): Difference | undefined {
  if (!isObject(expected) || !isObject(actual) || Array.isArray(expected) !== Array.isArray(actual)) {
    return Object.is(expected, actual) ? undefined : { path, expected, actual };
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const difference = firstDifference(expected[key], actual[key], `${path}/${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function plain(value: unknown): unknown {
  const json = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
  return json === undefined ? undefined : JSON.parse(json);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(plain(value)) ?? 'nothing');
}
