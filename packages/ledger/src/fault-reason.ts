/**
 * Whose fault a throw is: that of what the ledger was given, which every node has, or of this machine alone.
 *
 * What all nodes have becomes a code or an event, in words that are the same on each. A machine that cannot read its store
 * must stop instead: it would answer otherwise than the others, and be wrong.
 */
import { isFault } from '@decai/protocol/fault';

/** What a store, a database or a worker throws when it fails. */
const OF_THE_MACHINE = /^(STORE|DATABASE|WORKER)_/;

/**
 * Why something could not be done, or undefined where this machine is the reason: a fault of its store, or an error that is
 * neither a Fault nor one of the language. What the language says of an error changes with its version, so it is not told.
 */
export function reasonOf(thrown: unknown): string | undefined {
  if (isFault(thrown)) return OF_THE_MACHINE.test(thrown.code) ? undefined : `${thrown.code}: ${thrown.message}`;
  const isOfLanguage = [TypeError, RangeError, SyntaxError].some((kind) => thrown instanceof kind);
  return isOfLanguage ? 'unexpected error' : undefined;
}
