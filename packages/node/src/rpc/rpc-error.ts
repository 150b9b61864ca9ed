/**
 * Errors of JSON-RPC as CometBFT words them.
 *
 * Source: cometbft/cometbft v0.38 `rpc/jsonrpc/types/types.go`.
 */
import type { Json } from './block-json.ts';

export class RpcError extends Error {
  readonly code: number;
  /** What exactly was wrong; `message` is only the kind. */
  readonly data: string;

  constructor(code: number, message: string, data: string) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    this.data = data;
  }

  toJson(): Json {
    return { code: this.code, message: this.message, data: this.data };
  }
}

export function parseError(data: string): RpcError {
  return new RpcError(-32700, 'Parse error. Invalid JSON', data);
}

export function invalidRequest(data: string): RpcError {
  return new RpcError(-32600, 'Invalid Request', data);
}

export function methodNotFound(): RpcError {
  return new RpcError(-32601, 'Method not found', '');
}

export function invalidParams(data: string): RpcError {
  return new RpcError(-32602, 'Invalid params', data);
}

export function internalError(data: string): RpcError {
  return new RpcError(-32603, 'Internal error', data);
}
