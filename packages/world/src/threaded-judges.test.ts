import { afterEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Judge, Judges, SharedJudge } from '@decai/protocol/judge';
import { Docket } from './docket.ts';
import { threadedJudges } from './threaded-judges.ts';

/** A module that judges as its text says. */
const moduleOf = (judge: string): string =>
  `data:text/javascript,${encodeURIComponent(`export const judge = ${judge};`)}`;

/** The sum of the bytes, as a verdict. */
const sum: Judge = (task) => 1 + (task.reduce((total, byte) => total + byte, 0) % 255);
const SUM_TEXT = '(task) => 1 + (task.reduce((total, byte) => total + byte, 0) % 255)';

const tasksOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_unused, index) => Uint8Array.of(index & 255, index >> 8, 7));

let open: Judges[] = [];

afterEach(async () => {
  await Promise.all(open.map((judges) => judges.close()));
  open = [];
});

function judges(shared: SharedJudge, threads: number): Judges {
  const opened = threadedJudges(shared, threads);
  open.push(opened);
  return opened;
}

const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('verdicts', () => {
  test.each([0, 1, 2])('with %i threads are those of the function, in the order of the tasks', (threads) => {
    const pool = judges({ judge: sum, module: moduleOf(SUM_TEXT) }, threads);
    for (const count of [0, 1, 31, 32, 1_000]) {
      const tasks = tasksOf(count);
      expect([...pool.judgeAll(tasks)]).toEqual(tasks.map(sum));
    }
  });

  test('come from other threads too, once these are awake', async () => {
    const pool = judges({ judge: () => 1, module: moduleOf('() => 2') }, 1);
    const seen = new Set<number>();
    while (!seen.has(2)) {
      for (const verdict of pool.judgeAll(tasksOf(5_000))) seen.add(verdict);
      await moment();
    }
    expect(seen).toContain(1);
  });
});

describe('a thread', () => {
  test('that dies at a task leaves it, and the rest, to the caller', async () => {
    const dies = `(task) => (task[0] === 99 ? process.exit(1) : ${SUM_TEXT.replace('(task) =>', '')})`;
    const pool = judges({ judge: sum, module: moduleOf(dies) }, 2);
    const tasks = tasksOf(3_000);
    for (let block = 0; block < 20; block += 1) {
      expect([...pool.judgeAll(tasks)]).toEqual(tasks.map(sum));
      await moment();
    }
  });

  test('that throws at every task, or has no judge, changes nothing', async () => {
    for (const text of ['() => { throw new Error("never") }', '"no function"', 'null.judge']) {
      const pool = judges({ judge: sum, module: moduleOf(text) }, 1);
      for (let block = 0; block < 5; block += 1) {
        expect([...pool.judgeAll(tasksOf(500))]).toEqual(tasksOf(500).map(sum));
        await moment();
      }
    }
  });

  test('that never comes back is not waited for', () => {
    const pool = judges({ judge: sum, module: moduleOf('() => { for (;;); }') }, 1);
    for (let block = 0; block < 5; block += 1) expect([...pool.judgeAll(tasksOf(500))]).toEqual(tasksOf(500).map(sum));
  });
});

test('what the judge throws reaches the caller', () => {
  const pool = judges(
    {
      judge: () => {
        throw new Error('no verdict');
      },
      module: moduleOf(SUM_TEXT),
    },
    1,
  );
  expect(() => pool.judgeAll(tasksOf(1))).toThrow('no verdict');
});

test('without a built module the caller judges alone', () => {
  expect([...judges({ judge: sum }, 4).judgeAll(tasksOf(100))]).toEqual(tasksOf(100).map(sum));
});

test('after the judges have gone home the caller still can', async () => {
  const pool = judges({ judge: sum, module: moduleOf(SUM_TEXT) }, 2);
  pool.judgeAll(tasksOf(100));
  await pool.close();
  expect([...pool.judgeAll(tasksOf(100))]).toEqual(tasksOf(100).map(sum));
});

test('a docket keeps tasks of any bytes apart, however many open it', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.nat(40), (tasks, taken) => {
      const docket = Docket.of(tasks);
      let left = taken;
      const elsewhere = new Docket(docket.buffer);
      // The other one stops in the middle, as if it had died at a task.
      const mortal: Judge = (task) => {
        if (left-- === 0) throw new Error('died');
        return sum(task);
      };
      try {
        elsewhere.work(mortal);
      } catch {
        // Its task has no verdict.
      }
      docket.work(sum);
      expect([...docket.finish(sum)]).toEqual(tasks.map(sum));
    }),
  );
});
