/** The vectors committed with this repository, and what a checker says about them. For tests. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { CaseVerdict, VectorChecker } from '../conformance.ts';

/** A document of `vectors/`, by its name without `.gz`. */
export function committedVectors(name: string): unknown {
  return JSON.parse(committedText(name));
}

/** The values of a file of `vectors/` that has one a line, by its name without `.gz`. */
export function committedLines(name: string): unknown[] {
  return committedText(name)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

function committedText(name: string): string {
  const file = new URL(`../../../../vectors/${name}.gz`, import.meta.url);
  return gunzipSync(readFileSync(file)).toString('utf8');
}

export type Failure = Extract<CaseVerdict, { passed: false }>;

/** How many cases the checker saw, and those that failed. */
export function failuresOf(checker: VectorChecker, document: unknown): { checked: number; failures: Failure[] } {
  const verdicts = [...checker.check(document)];
  return { checked: verdicts.length, failures: verdicts.filter((one): one is Failure => !one.passed) };
}
