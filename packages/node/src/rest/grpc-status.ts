/**
 * Statuses of gRPC, which every answer of a service ends with, and what HTTP makes of them.
 *
 * A refusal here is the body that a REST client gets: code, text, and no details. The blanks after its commas are part of
 * what Shannon's nodes send.
 *
 * Source: grpc/grpc `doc/statuscodes.md`; grpc-ecosystem/grpc-gateway v1 `runtime/errors.go`.
 */
import type { GrpcCode } from '@decai/ledger/refusal';

export type GrpcStatus = GrpcCode | 'Unimplemented' | 'Unavailable';

export type RestRefusal = { readonly ok: false; readonly status: GrpcStatus; readonly message: string };

export type RestOutcome<T> = { readonly ok: true; readonly value: T } | RestRefusal;

type Meaning = { readonly code: number; readonly httpStatus: number };

const MEANINGS: Readonly<Record<GrpcStatus, Meaning>> = {
  Unknown: { code: 2, httpStatus: 500 },
  InvalidArgument: { code: 3, httpStatus: 400 },
  NotFound: { code: 5, httpStatus: 404 },
  AlreadyExists: { code: 6, httpStatus: 409 },
  PermissionDenied: { code: 7, httpStatus: 403 },
  FailedPrecondition: { code: 9, httpStatus: 400 },
  Unimplemented: { code: 12, httpStatus: 501 },
  Internal: { code: 13, httpStatus: 500 },
  Unavailable: { code: 14, httpStatus: 503 },
  Unauthenticated: { code: 16, httpStatus: 401 },
};

export const NOT_IMPLEMENTED: RestRefusal = restRefusal('Unimplemented', 'Not Implemented');

export function restRefusal(status: GrpcStatus, message: string): RestRefusal {
  return { ok: false, status, message };
}

export function isGrpcStatus(name: string): name is GrpcStatus {
  return Object.hasOwn(MEANINGS, name);
}

export function httpStatusOf({ status }: RestRefusal): number {
  return MEANINGS[status].httpStatus;
}

/** `{"code":5, "message":"…", "details":[]}` */
export function refusalBody({ status, message }: RestRefusal): string {
  return `{"code":${MEANINGS[status].code}, "message":${JSON.stringify(message)}, "details":[]}`;
}
