/**
 * One role as a process of its own: started, waited for, watched, and never left behind.
 *
 * A role says that it is ready over the channel to its parent, and ends itself when that channel closes; so even a parent
 * that is killed outright leaves no process behind. Its output goes to a file; the last lines of it are the best
 * explanation of why it ended.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Fault } from '@decai/protocol/fault';

/** What a role says once, when it serves. */
export type ReadyMessage = { readonly type: 'ready'; readonly url: string; readonly [fact: string]: unknown };

export type RoleProcess = {
  readonly name: string;
  readonly ready: ReadyMessage;
  /** Settles when the process has ended, however it came. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Asks it to end, and insists after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
};

const BINARY = fileURLToPath(new URL('../../bin/decai.js', import.meta.url));
const READY_MS_MAX = 60_000;

/**
 * Starts `decai ...args` and waits until it serves.
 *
 * @throws ROLE_ENDED when it ends first, ROLE_SLOW when it is not ready in time; both with the last lines of its log. The
 * signal's reason when it aborts first; the process is gone then.
 */
export async function startRole(
  name: string,
  args: readonly string[],
  logFile: string,
  signal?: AbortSignal,
): Promise<RoleProcess> {
  signal?.throwIfAborted();
  const log = await open(logFile, 'a', 0o600);
  const { size: earlier } = await log.stat();
  const child = spawn(process.execPath, [BINARY, ...args], {
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    // Ctrl-C in a terminal reaches the whole process group; the parent decides in which order roles end.
    detached: true,
  });
  await log.close();
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const stop = (graceMs = 10_000) => stopChild(child, ended, graceMs);
  const giveUp = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const ready = await firstOf(child, ended);
    return { name, ready, ended, stop };
  } catch (thrown) {
    await stop(signal?.aborted ? undefined : 1_000);
    signal?.throwIfAborted();
    throw new Fault((thrown as Fault).code, `the ${name} did not start`, {
      log: logFile,
      last: await lastLines(logFile, earlier),
    });
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** Tells the parent, if there is one, that this process serves. */
export function tellReady(facts: Omit<ReadyMessage, 'type'> & { readonly url: string }): void {
  process.send?.({ type: 'ready', ...facts });
}

function firstOf(child: ChildProcess, ended: Promise<unknown>): Promise<ReadyMessage> {
  return new Promise((resolve, reject) => {
    const slow = setTimeout(() => reject(new Fault('ROLE_SLOW', 'not ready in time')), READY_MS_MAX);
    child.on('message', (message: ReadyMessage) => {
      if (message.type !== 'ready') return;
      clearTimeout(slow);
      resolve(message);
    });
    void ended.then(() => {
      clearTimeout(slow);
      reject(new Fault('ROLE_ENDED', 'ended before it was ready'));
    });
  });
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>, graceMs: number): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(insist);
  }
}

/** The end of what was written after the first `earlier` bytes, which are of earlier starts. */
async function lastLines(file: string, earlier: number): Promise<string> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  return `\n${bytes.subarray(earlier).toString('utf8').trimEnd().split('\n').slice(-8).join('\n')}`;
}
