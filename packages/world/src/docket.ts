/**
 * A list of tasks in shared memory, and their verdicts as they come in: what the threads that judge have in common.
 *
 * Layout: `next (4) | count (4) | (count + 1) offsets (4 each) | count verdicts (1 each) | tasks`, integers in the machine's
 * order. A thread takes the next few tasks by counting `next` up, so each task is taken once; it writes a verdict when it
 * has one, so a task whose thread has died keeps the verdict 0.
 */
import type { Judge } from '@decai/protocol/judge';

const HEADER_WORDS = 2;

/** Tasks taken at once: neighbours have things in common that a thread works out once. */
const TAKEN_TOGETHER = 16;

export class Docket {
  readonly buffer: SharedArrayBuffer;
  readonly count: number;
  /** Counts the tasks that somebody has taken; runs past `count` when all are. */
  readonly #next: Int32Array;
  readonly #offsets: Uint32Array;
  readonly #verdicts: Uint8Array;

  /** Opens a docket that another thread has drawn up. */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#next = new Int32Array(buffer, 0, 1);
    this.count = new Uint32Array(buffer, 4, 1)[0]!;
    this.#offsets = new Uint32Array(buffer, 4 * HEADER_WORDS, this.count + 1);
    this.#verdicts = new Uint8Array(buffer, this.#offsets.byteOffset + this.#offsets.byteLength, this.count);
  }

  static of(tasks: readonly Uint8Array[]): Docket {
    const first = 4 * (HEADER_WORDS + tasks.length + 1) + tasks.length;
    const buffer = new SharedArrayBuffer(tasks.reduce((size, { length }) => size + length, first));
    const words = new Uint32Array(buffer, 0, HEADER_WORDS + tasks.length + 1);
    const bytes = new Uint8Array(buffer);
    words[1] = tasks.length;
    words[HEADER_WORDS] = first;
    let end = first;
    for (const [index, task] of tasks.entries()) {
      bytes.set(task, end);
      end += task.length;
      words[HEADER_WORDS + index + 1] = end;
    }
    return new Docket(buffer);
  }

  /** Takes tasks and judges them until none is left to take. Others may still be at theirs. */
  work(judge: Judge): void {
    for (let first = this.#take(); first < this.count; first = this.#take()) {
      const end = Math.min(first + TAKEN_TOGETHER, this.count);
      for (let index = first; index < end; index += 1) this.#judgeOne(index, judge);
    }
  }

  /** Judges what has no verdict yet, and comes back with all of them. */
  finish(judge: Judge): Uint8Array {
    // Whoever took it is about to say the same, or dead: to wait for him would be no faster, or for ever. From the last task
    // to the first, because he comes the other way.
    for (let index = this.count - 1; index >= 0; index -= 1) {
      if (Atomics.load(this.#verdicts, index) === 0) this.#judgeOne(index, judge);
    }
    return this.#verdicts.slice();
  }

  #take(): number {
    return Atomics.add(this.#next, 0, TAKEN_TOGETHER);
  }

  #judgeOne(index: number, judge: Judge): void {
    // A copy: not everything that reads bytes takes shared ones.
    const task = new Uint8Array(this.buffer, this.#offsets[index]!, this.#offsets[index + 1]! - this.#offsets[index]!);
    Atomics.store(this.#verdicts, index, judge(task.slice()));
  }
}
