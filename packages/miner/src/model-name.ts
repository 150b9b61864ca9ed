/**
 * One model, two names: the network knows it by the name that was advertised, the backend by its own.
 *
 * Only the field `model` at the top of a JSON document changes. What is no JSON object passes untouched.
 */
import { fromUtf8, utf8 } from '@decai/protocol/bytes';

/** The document with another model name, and the name that it had. */
export type Renamed = { readonly body: Uint8Array; readonly before: string | undefined };

export function renameModel(body: Uint8Array, name: string): Renamed {
  const document = readObject(body);
  const before = document?.['model'];
  if (document === undefined || typeof before !== 'string') return { body, before: undefined };
  return { body: before === name ? body : utf8(JSON.stringify({ ...document, model: name })), before };
}

/** One unit of a stream with another model name: each `data:` line of an event, or a line of NDJSON. */
export function renameModelInUnit(unit: Uint8Array, name: string): Uint8Array {
  const text = Buffer.from(unit.buffer, unit.byteOffset, unit.byteLength).toString('utf8');
  if (!text.includes('"model"')) return unit;
  const renamed = text.replace(/^(data: ?)?(\{.*\})(?=\r?$)/gm, (line, field: string | undefined, json: string) => {
    const { body, before } = renameModel(utf8(json), name);
    return before === undefined ? line : `${field ?? ''}${fromUtf8(body)}`;
  });
  return utf8(renamed);
}

function readObject(body: Uint8Array): Record<string, unknown> | undefined {
  if (body[0] !== 0x7b) return undefined;
  try {
    return JSON.parse(fromUtf8(body)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
