/**
 * The life of a role's process: say what starts, serve until told to end, and end in order.
 *
 * The end is Ctrl-C, SIGTERM, or a supervising parent that is gone; all three arrive as one signal. A role that fails of
 * itself ends with its fault, so that whoever supervises it starts it again.
 */
import { curveName } from '@decai/protocol/curve';
import type { Invocation } from '../command.ts';
import { tellReady } from '../dev/role-process.ts';
import { whenAborted } from '../when-aborted.ts';

export type ServingRole = {
  readonly url: string;
  /** More for the parent. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** More for who started it by hand. */
  readonly lines?: readonly string[];
  /** Resolves with what made it fail, if it can fail of itself. */
  readonly failed?: Promise<unknown>;
  close(): Promise<void>;
};

/** Serves until the signal, then closes. Answers the exit code. @throws what made the role fail. */
export async function runRole(
  { print, signal }: Invocation,
  role: string,
  start: () => Promise<ServingRole>,
): Promise<number> {
  const serving = await start();
  print(`${role} serves at ${serving.url} (secp256k1: ${curveName()})`);
  for (const line of serving.lines ?? []) print(line);
  tellReady({ url: serving.url, curve: curveName(), ...serving.facts });
  const failure = await Promise.race([whenAborted(signal), serving.failed ?? new Promise<never>(() => undefined)]);
  await serving.close();
  if (failure !== undefined) throw failure;
  return 0;
}
