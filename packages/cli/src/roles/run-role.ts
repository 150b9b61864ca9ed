/**
 * The life of a role's process: say what starts, serve until told to end, and end in order.
 *
 * The end is Ctrl-C, SIGTERM, or a supervising parent that is gone; all three arrive as one signal.
 */
import { curveName } from '@decai/protocol/curve';
import type { Invocation } from '../command.ts';
import { tellReady } from '../dev/role-process.ts';
import { whenAborted } from '../when-aborted.ts';

export type ServingRole = {
  readonly url: string;
  /** More for the parent, and for who reads the first lines. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Lines for who started it by hand. */
  readonly lines?: readonly string[];
  close(): Promise<void>;
};

/** Serves until the signal, then closes. Answers the exit code. */
export async function runRole(
  { print, signal }: Invocation,
  role: string,
  start: () => Promise<ServingRole>,
): Promise<number> {
  const serving = await start();
  print(`${role} serves at ${serving.url} (secp256k1: ${curveName()})`);
  for (const line of serving.lines ?? []) print(line);
  tellReady({ url: serving.url, curve: curveName(), ...serving.facts });
  await whenAborted(signal);
  await serving.close();
  return 0;
}
