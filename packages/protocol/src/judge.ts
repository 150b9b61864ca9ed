/**
 * Judging many things at once: a pure function from bytes to a verdict, and somebody who applies it to a list of tasks.
 *
 * Whoever judges, on one thread or on many, comes back with what the function says of each task, in the order of the tasks.
 */

/**
 * From a task to its verdict, a number from 1 to 255; 0 stands for "not judged yet" and is never a verdict.
 *
 * Pure: the same bytes have the same verdict on every thread of every machine.
 */
export type Judge = (task: Uint8Array) => number;

/** A judge, and where another thread finds the same one. */
export type SharedJudge = {
  readonly judge: Judge;
  /** A built module, as a `file:` URL, that exports the same function as `judge`. Absent: nobody but the caller's thread can judge. */
  readonly module?: string;
};

/** Judges who sit ready until they are sent home. */
export type Judges = {
  /** One verdict a task, in order. Comes back when all are known; what `judge` throws passes through. */
  judgeAll(tasks: readonly Uint8Array[]): Uint8Array;
  close(): Promise<void>;
};

/** The caller's own thread, one task after the other. */
export function inlineJudges({ judge }: SharedJudge): Judges {
  return {
    judgeAll: (tasks) => Uint8Array.from(tasks, judge),
    close: async () => undefined,
  };
}
