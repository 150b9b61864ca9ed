/** What a benchmark says: two things measured in one run, and their ratio. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { curveName } from '@decai/protocol/curve';

export type BenchLine = {
  readonly what: string;
  readonly ours: string;
  readonly baseline: string;
  /** Absent where one of the two is not to be had on this machine. */
  readonly ratio: number | undefined;
  /** How to read the ratio: `times faster than noble`. */
  readonly ratioMeans: string;
};

/** The machine, in words: figures without it mean nothing. */
export function machine(): string {
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${model}, ${availableParallelism()} cores, ${memoryGb} GB, Node.js ${process.versions.node}, ${curveName()} curve`;
}

export function printLine({ what, ours, baseline, ratio, ratioMeans }: BenchLine): string {
  const last = ratio === undefined ? 'no ratio' : `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)} ${ratioMeans}`;
  return `${what.padEnd(44)} ${ours.padEnd(24)} ${baseline.padEnd(44)} ${last}`;
}
