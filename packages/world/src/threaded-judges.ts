/**
 * Judges on several threads: the caller's own, which waits for nobody, and others that take work off it.
 *
 * The caller judges too, and at the end judges whatever the others have left undone. So it needs none of them: a thread
 * that is slow to start, stuck or dead costs time and nothing else, and no verdict depends on who gave it.
 *
 * Source: nodejs/node `doc/api/worker_threads.md`.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { inlineJudges, type Judges, type SharedJudge } from '@decai/protocol/judge';
import { Docket } from './docket.ts';

/** Threads run built code, also when this file itself runs from its sources. */
const SCRIPT = new URL('../dist/judge-thread.js', import.meta.url);

/** Fewer tasks are judged before another thread has woken up. */
const SHARED_TASKS_MIN = 32;

/** Threads that die are replaced, but not for ever: what kills them may be lasting. */
const DEATHS_MAX = 16;

/**
 * Judges on `threads` threads beside the caller's. They start with the first list of `SHARED_TASKS_MIN` tasks or more, and
 * do not keep the process alive.
 *
 * Where the judge names no built module, or this room itself is not built, the caller judges alone.
 */
export function threadedJudges(shared: SharedJudge, threads: number): Judges {
  const { judge, module } = shared;
  const alone = inlineJudges(shared);
  if (module === undefined || threads < 1 || !existsSync(SCRIPT)) return alone;

  const crew = new Crew(module, threads);
  return {
    judgeAll(tasks) {
      if (tasks.length < SHARED_TASKS_MIN) return alone.judgeAll(tasks);
      const docket = Docket.of(tasks);
      crew.send(docket);
      docket.work(judge);
      return docket.finish(judge);
    },
    close: () => crew.dismiss(),
  };
}

/** The threads that live, and the starting of those that are wanted. */
class Crew {
  readonly #module: string;
  readonly #wanted: number;
  readonly #living = new Set<Worker>();
  #deaths = 0;
  #dismissed = false;

  constructor(module: string, wanted: number) {
    this.#module = module;
    this.#wanted = wanted;
  }

  send({ buffer, count }: Docket): void {
    if (!this.#dismissed) this.#start(Math.min(this.#wanted, count - 1));
    for (const thread of this.#living) thread.postMessage(buffer);
  }

  async dismiss(): Promise<void> {
    this.#dismissed = true;
    await Promise.all([...this.#living].map((thread) => thread.terminate()));
  }

  #start(wanted: number): void {
    while (this.#living.size < wanted && this.#deaths < DEATHS_MAX) {
      // Whatever this process was started with concerns its own script: conditions, loaders and debuggers stay here.
      const thread = new Worker(SCRIPT, { workerData: this.#module, execArgv: [], stdin: false });
      thread.unref();
      // Heard of, or else it would be thrown here; what the thread left undone the caller has done.
      thread.on('error', () => undefined);
      thread.on('exit', () => {
        this.#living.delete(thread);
        this.#deaths += 1;
      });
      this.#living.add(thread);
    }
  }
}
