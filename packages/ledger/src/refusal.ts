/**
 * Verdicts: what became of something that was asked of the ledger.
 *
 * A refusal is a value with a codespace and a code, found by checks in a documented order. It is never thrown. What is
 * thrown is a Fault: something that no rule foresaw.
 */
import { UNREGISTERED, type RegisteredError } from './registered-error.ts';

/** The gRPC statuses that Shannon's handlers wrap around a registered error. */
export type GrpcCode =
  | 'InvalidArgument'
  | 'NotFound'
  | 'AlreadyExists'
  | 'PermissionDenied'
  | 'FailedPrecondition'
  | 'Internal'
  | 'Unauthenticated'
  | 'Unknown';

export type Refusal = {
  readonly ok: false;
  readonly codespace: string;
  readonly code: number;
  /** Absent where Shannon returns the registered error itself. */
  readonly grpc?: GrpcCode;
  /** Details first, the registered text last, as in Shannon. */
  readonly message: string;
};

export type Accepted = { readonly ok: true };

export type Verdict = Accepted | Refusal;

/** A verdict that carries what was asked for. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refusal;

export const ACCEPTED: Accepted = { ok: true };

/** Refuses with a registered error; `details` shows expected and actual. */
export function refuse([codespace, code, text]: RegisteredError, details = '', grpc?: GrpcCode): Refusal {
  const message = details !== '' && text !== '' ? `${details}: ${text}` : details + text;
  return { ok: false, codespace, code, message, ...(grpc !== undefined && { grpc }) };
}

/** Refuses with a status alone, where no registered error stands behind it. */
export function refuseAs(grpc: GrpcCode, details: string): Refusal {
  return refuse(UNREGISTERED, details, grpc);
}

/** The same refusal under another error: `details: <its message>: <text of the error>`. */
export function wrapRefusal(inner: Refusal, error: RegisteredError, grpc?: GrpcCode): Refusal {
  return refuse(error, inner.message, grpc);
}

/** The same refusal inside a gRPC status, codespace and code kept. */
export function withStatus(inner: Refusal, grpc: GrpcCode): Refusal {
  return { ...inner, grpc };
}

/** The text that clients see: `rpc error: code = … desc = …` where there is a status. */
export function refusalText(refusal: Refusal): string {
  return refusal.grpc === undefined ? refusal.message : `rpc error: code = ${refusal.grpc} desc = ${refusal.message}`;
}
