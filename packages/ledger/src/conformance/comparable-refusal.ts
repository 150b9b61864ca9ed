/**
 * Refusals and errors in one form, so that those of the reference and ours compare: codespace, code, status, registered text.
 */
import { refusalText, type Verdict } from '../refusal.ts';
import type { VectorEvent } from './vector-state.ts';
import type { ExpectedError, Json } from './claims-proofs-document.ts';

/** What a vector's error must have in common with our refusal. */
export function comparableError(error: ExpectedError | undefined): unknown {
  if (error === undefined) return undefined;
  const { codespace, code, grpcCode, message, abci } = error;
  return { codespace, code, grpcCode, text: registeredText(message), abci };
}

/** `abci` is what Go's transaction result shows of an error with a gRPC status; ours shows codespace and code themselves. */
export function comparableVerdict(verdict: Verdict): unknown {
  if (verdict.ok) return undefined;
  const { codespace, code, grpc } = verdict;
  const abci = grpc === undefined ? [codespace, code] : ['undefined', 1];
  return { codespace, code, grpcCode: grpc, text: registeredText(verdict.message), abci };
}

export function comparableValidation(
  failure: { codespace: string; code: number; message: string } | undefined,
): unknown {
  if (failure === undefined) return undefined;
  const { codespace, code, message } = failure;
  return { codespace, code, text: registeredText(message) };
}

export function comparableEvent({ type, data }: VectorEvent): unknown {
  const { failure_reason: reason, ...fields } = data as Json;
  return typeof reason === 'string'
    ? { type, data: { ...fields, failure_reason: registeredText(reason) } }
    : { type, data };
}

/** Details are worded freely; the registered text comes last and is the network's. */
function registeredText(message: string): string {
  return message.slice(message.lastIndexOf(': ') + 1).trim();
}

/** For what the setting itself needs. @throws where it is refused. */
export function mustAccept(verdict: Verdict): void {
  if (!verdict.ok) throw new Error(refusalText(verdict));
}
