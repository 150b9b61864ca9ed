/**
 * Faults at the end of a block: what a record makes impossible ends with that record, and the block goes on without it.
 *
 * Nobody asked for what happens there, so nobody can be answered; a throw would stop every node at the same block, for
 * good. What has begun is undone as a whole, and an event keeps why. A fault of this machine is another matter: the other
 * nodes do not have it, so this one stops before it disagrees with them.
 */
import { reasonOf } from './fault-reason.ts';
import type { State } from './state.ts';

/**
 * What `act` returns. When it throws, nothing of it is left, and what `discard` makes of the reason is returned.
 *
 * @throws what is not due to a record (`reasonOf`).
 */
export function orDiscard<T>(state: State, act: () => T, discard: (reason: string) => T): T {
  try {
    return state.atomically(() => ({ ok: true, value: act() })).value;
  } catch (thrown) {
    const reason = reasonOf(thrown);
    if (reason === undefined) throw thrown;
    return discard(reason);
  }
}

/** Raises `record_discarded`, where the network has no event of its own for it. */
export function recordDiscarded(state: State, module: string, record: string, reason: string): void {
  state.journal.emitPlain('record_discarded', { module, record, reason });
}
