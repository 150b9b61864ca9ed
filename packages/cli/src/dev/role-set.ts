/**
 * The processes of a network and the order in which they end: nobody loses his backend before he is gone himself.
 *
 * A role counts from the moment its start is asked for, so that an end in the middle of a start leaves nobody behind.
 */
import { createStop } from '@decai/client/stop-signal';
import { Fault } from '@decai/protocol/fault';
import type { KeptRole } from './keep-role.ts';

/** Starts a role and keeps it up. An aborted signal gives up a start, and ends no role that serves already. */
export type LaunchRole = (name: string, args: readonly string[], signal: AbortSignal) => Promise<KeptRole>;

/** Beginnings of names. */
const ENDING_ORDER = ['gateway', 'supplier', 'model', 'node'];

export class RoleSet {
  readonly #launch: LaunchRole;
  readonly #giveUp: AbortController;
  /** Aborts when the network ends, for whatever reason. */
  readonly signal: AbortSignal;
  readonly #starting = new Map<string, Promise<KeptRole>>();

  /** `signal` gives up every start that is under way. */
  constructor(launch: LaunchRole, signal: AbortSignal) {
    this.#launch = launch;
    this.#giveUp = createStop(signal);
    this.signal = this.#giveUp.signal;
  }

  start(name: string, args: readonly string[]): Promise<KeptRole> {
    const starting = this.#launch(name, args, this.signal);
    this.#starting.set(name, starting);
    // `stop` asks for it whether or not whoever started it still does.
    starting.catch(() => undefined);
    return starting;
  }

  /** Gives up what is starting, and ends the others in order. */
  async stop(): Promise<void> {
    this.#giveUp.abort(new Fault('NETWORK_ENDING', 'the network ends'));
    for (const beginning of ENDING_ORDER) {
      const ending = [...this.#starting].filter(([name]) => name.startsWith(beginning));
      // What never started needs no end.
      await Promise.all(ending.map(async ([, starting]) => (await starting.catch(() => undefined))?.stop()));
    }
  }
}
