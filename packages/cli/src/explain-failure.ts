/** What a failed command says: what went wrong, what to do about it, and a stack only for what nobody foresaw. */
import { isFault } from '@decai/protocol/fault';
import { UsageError } from './command.ts';

/** Lines for standard error, without an end of line. */
export function explainFailure(thrown: unknown): string {
  if (thrown instanceof UsageError) {
    return [`decai: ${thrown.message}`, ...(thrown.advice === undefined ? [] : [`       ${thrown.advice}`])].join('\n');
  }
  if (isFault(thrown)) {
    const facts = Object.entries(thrown.details).map(([name, value]) => `  ${name}: ${value}`);
    return [`decai: ${thrown.message} (${thrown.code})`, ...facts].join('\n');
  }
  if (isSystemError(thrown)) return `decai: ${thrown.message}`;
  return `decai: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`;
}

/** A disk that is full, a folder that is none, a file of somebody else: the message names the call, the path and why. */
function isSystemError(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && 'syscall' in thrown && 'code' in thrown;
}
