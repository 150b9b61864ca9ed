/** What is piped into a command: whole, or line by line as it comes. */
import { createInterface } from 'node:readline/promises';

/** Everything up to the end of the input. */
export async function readStandardInput(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** Lines until the input ends or the signal aborts. On a terminal each is asked for with `prompt`. */
export async function* readLines(prompt: string, signal: AbortSignal): AsyncGenerator<string> {
  const terminal = process.stdin.isTTY;
  const reader = createInterface({ input: process.stdin, ...(terminal ? { output: process.stderr } : {}) });
  const close = (): void => reader.close();
  signal.addEventListener('abort', close, { once: true });
  // On a terminal Ctrl-C reaches the reader first.
  reader.on('SIGINT', close);
  try {
    reader.setPrompt(terminal ? prompt : '');
    reader.prompt();
    for await (const line of reader) {
      if (signal.aborted) return;
      yield line;
      reader.prompt();
    }
  } finally {
    signal.removeEventListener('abort', close);
    reader.close();
  }
}
