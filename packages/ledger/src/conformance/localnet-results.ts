/**
 * Transactions' results and events of a recorded run and of ours, in one form, so that they compare.
 *
 * What cannot be alike is named in `localnet-exceptions.ts`, each with its reason; nothing else is left out.
 */
import { toBase64 } from '@decai/protocol/bytes';
import type { ChainEvent } from '@decai/protocol/typed-event';
import type { TransactionResult } from '../transaction-result.ts';
import { comparableText, isCompared } from './localnet-exceptions.ts';
import type { RecordedEvent, RecordedResult } from './localnet-run.ts';

export function comparableResult(result: RecordedResult): unknown {
  const { code, codespace, log, data, gas_wanted: gasWanted, events } = result;
  return { code, codespace, log: comparableText(log), data: data ?? '', gasWanted, events: texts(events) };
}

/** Codespace and code are those of the error; where the record hides them behind a status, they are hidden here too. */
export function comparableOurs(result: TransactionResult, expected: RecordedResult): unknown {
  const { code, codespace, log, data, gasWanted, events } = result;
  const hidden = expected.codespace === 'undefined' && code !== 0 && log.includes('rpc error: code = ');
  return {
    code: hidden ? 1 : code,
    codespace: hidden ? 'undefined' : codespace,
    log: comparableText(log),
    data: toBase64(data),
    gasWanted: String(gasWanted),
    events: texts(events),
  };
}

/** The events of a block itself. */
export function comparableEvents(events: readonly (RecordedEvent | ChainEvent)[]): readonly string[] {
  return validitySorted(texts(events.filter(isCompared)));
}

/** One text an event. */
function texts(events: readonly (RecordedEvent | ChainEvent)[]): string[] {
  return events.map(({ type, attributes }) =>
    comparableText(`${type} ${attributes.map(({ key, value }) => `${key}=${value}`).join(' ')}`),
  );
}

const VALIDITY = 'pocket.proof.EventProofValidityChecked ';

/** Proofs are validated in parallel there: among themselves their events are put in the order of their texts. */
function validitySorted(all: readonly string[]): string[] {
  const sorted = all.filter((text) => text.startsWith(VALIDITY)).sort();
  return all.map((text) => (text.startsWith(VALIDITY) ? sorted.shift()! : text));
}
