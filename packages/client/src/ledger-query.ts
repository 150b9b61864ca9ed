/**
 * One typed question to a ledger: a method of a protobuf service, asked through `abci_query`.
 *
 * That the ledger has no such record is an answer (`undefined`), everything else that is not success is a fault.
 *
 * Source: cosmos/cosmos-sdk `baseapp/grpcrouter.go`; error codes in `types/errors/errors.go`.
 */
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { decode, encode } from '@decai/protocol/codec';
import { Fault } from '@decai/protocol/fault';
import type { LedgerTransport } from './ledger-transport.ts';

export type QueryOptions = {
  /** Asks for the state after this block; the latest if absent. */
  readonly height?: number;
  readonly signal?: AbortSignal;
};

/** Codespace `sdk`: what gRPC's NotFound becomes. */
const KEY_NOT_FOUND = 22;

/** `/<service>/<Method>`. */
export function queryPath(method: DescMethodUnary): string {
  return `/${method.parent.typeName}/${method.name}`;
}

/**
 * The answer, or undefined when the ledger has no such record.
 *
 * @throws LEDGER_QUERY_REFUSED with the ledger's code and text, and what the transport throws.
 */
export async function find<Input extends DescMessage, Output extends DescMessage>(
  transport: LedgerTransport,
  method: DescMethodUnary<Input, Output>,
  request: MessageInitShape<Input>,
  { height, signal }: QueryOptions = {},
): Promise<MessageShape<Output> | undefined> {
  const path = queryPath(method);
  const data = encode(method.input, create(method.input, request));
  const { code, codespace, log, value } = await transport.abciQuery(path, data, height, signal);
  if (code === 0) return decode(method.output, value);
  if (code === KEY_NOT_FOUND && codespace === 'sdk') return undefined;
  throw new Fault('LEDGER_QUERY_REFUSED', `${path} was refused: ${log}`, { path, code, codespace });
}

/** The answer. @throws LEDGER_RECORD_MISSING when there is none; else as `find`. */
export async function ask<Input extends DescMessage, Output extends DescMessage>(
  transport: LedgerTransport,
  method: DescMethodUnary<Input, Output>,
  request: MessageInitShape<Input>,
  options?: QueryOptions,
): Promise<MessageShape<Output>> {
  const answer = await find(transport, method, request, options);
  if (answer === undefined) {
    throw new Fault('LEDGER_RECORD_MISSING', `${queryPath(method)} found nothing`, { path: queryPath(method) });
  }
  return answer;
}
