/**
 * A refusal of the ledger as a REST client sees it: the status that stands in the text, and the text without what the
 * ledger's query interface put around it.
 *
 * Where no status stands in the text, the code speaks: what was asked cannot be answered by anybody (InvalidArgument), is
 * not there (NotFound), is no query at all (Unimplemented), or went wrong inside (Unknown).
 *
 * Source: cosmos/cosmos-sdk `baseapp/abci.go` (gRPCErrorToSDKError).
 */
import { SDK } from '@decai/ledger/registered-error';
import type { StateAnswer } from '../ledger-node.ts';
import { isGrpcStatus, NOT_IMPLEMENTED, restRefusal, type GrpcStatus, type RestRefusal } from './grpc-status.ts';

const STATUS_IN_TEXT = /^rpc error: code = ([A-Za-z]+) desc = (.*)$/s;

const BY_CODE: Readonly<Record<number, GrpcStatus>> = {
  [SDK.UNAUTHORIZED[1]]: 'Unauthenticated',
  [SDK.INVALID_REQUEST[1]]: 'InvalidArgument',
  [SDK.INVALID_HEIGHT[1]]: 'InvalidArgument',
  [SDK.KEY_NOT_FOUND[1]]: 'NotFound',
};

/** @param answer one whose code is not 0. */
export function stateRefusal({ code, codespace, log }: StateAnswer): RestRefusal {
  if (codespace !== SDK.UNKNOWN_REQUEST[0]) return restRefusal('Unknown', log);
  const text = withoutSuffix(code, log);
  const [, name = '', message = ''] = STATUS_IN_TEXT.exec(text) ?? [];
  if (isGrpcStatus(name)) return restRefusal(name, message);
  if (code === SDK.UNKNOWN_REQUEST[1]) return NOT_IMPLEMENTED;
  return restRefusal(BY_CODE[code] ?? 'Unknown', text);
}

/** The text of the code ends what the query interface says; the client's text is what stands before it. */
function withoutSuffix(code: number, log: string): string {
  const suffix = Object.values(SDK).find(([, number]) => number === code)?.[2];
  return suffix !== undefined && log.endsWith(`: ${suffix}`) ? log.slice(0, -suffix.length - 2) : log;
}
