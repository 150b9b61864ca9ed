/**
 * Reads typed fields out of parsed JSON that a node sent: 64-bit integers are decimal text, hashes upper-case hexadecimal,
 * other bytes base64, and Go writes `null` where a list is empty.
 */
import { EMPTY, fromBase64, fromHex } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectField(parent: JsonObject, name: string): JsonObject {
  return asObject(parent[name], name);
}

export function asObject(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, 'an object');
  return value as JsonObject;
}

/** The list, or an empty one for null or nothing. */
export function listField(parent: JsonObject, name: string): readonly unknown[] {
  const value = parent[name] ?? [];
  if (!Array.isArray(value)) throw wrong(name, 'a list');
  return value;
}

/** The text, or an empty one for null or nothing. */
export function textField(parent: JsonObject, name: string): string {
  const value = parent[name] ?? '';
  if (typeof value !== 'string') throw wrong(name, 'a text');
  return value;
}

/** A number written as number or as decimal text; 0 when absent. */
export function numberField(parent: JsonObject, name: string): number {
  const value = parent[name] ?? 0;
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw wrong(name, 'an integer');
  return number;
}

/** A 64-bit integer written as decimal text or as number; 0 when absent. */
export function bigintField(parent: JsonObject, name: string): bigint {
  const value = parent[name] ?? 0;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) throw wrong(name, 'a 64-bit integer');
  return BigInt(value);
}

export function hexField(parent: JsonObject, name: string): Uint8Array {
  const text = textField(parent, name);
  try {
    return fromHex(text);
  } catch {
    throw wrong(name, 'hexadecimal');
  }
}

/** Bytes in base64; none for null or nothing. */
export function base64Field(parent: JsonObject, name: string): Uint8Array {
  return asBase64(textField(parent, name), name);
}

export function asBase64(value: unknown, name: string): Uint8Array {
  if (value === '') return EMPTY;
  if (typeof value !== 'string') throw wrong(name, 'base64');
  try {
    return fromBase64(value);
  } catch {
    throw wrong(name, 'base64');
  }
}

export function booleanField(parent: JsonObject, name: string): boolean {
  return parent[name] === true;
}

function wrong(name: string, expected: string): Fault {
  return new Fault('LEDGER_ANSWER_INVALID', `the node's answer has no ${expected} in ${name}`, {
    field: name,
    expected,
  });
}
