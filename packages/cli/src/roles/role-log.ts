/**
 * The log of a role: one JSON object a line on standard error. Faults are told by code, message and facts; neither they
 * nor anything else here contains keys, prompts or answers.
 */
import { isFault } from '@decai/protocol/fault';
import { type Logger, pino } from 'pino';

export function openRoleLog(role: string): Logger {
  return pino({ base: { role }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
}

/** What went wrong and was survived. */
export function logTrouble(log: Logger, thrown: unknown, requestId?: string): void {
  const facts = isFault(thrown) ? { code: thrown.code, ...textOf(thrown.details) } : {};
  const stack = isFault(thrown) || !(thrown instanceof Error) ? {} : { stack: thrown.stack };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  log.warn({ ...facts, ...stack, ...(requestId === undefined ? {} : { requestId }) }, message);
}

/** JSON has no bigint. */
function textOf(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value]),
  );
}
