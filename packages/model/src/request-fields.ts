/**
 * Reads the fields of a request one by one, each against what the API allows.
 *
 * A field that is absent or null takes its default. The first field at fault refuses the request and names itself.
 */
import { INVALID_VALUE, MISSING_VALUE, type ApiRefusal } from './api-refusal.ts';

export type JsonObject = { readonly [field: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Thrown and caught inside this room only, so that a reader of many fields need not look at each for a refusal. */
export class FieldRefused extends Error {
  readonly refusal: ApiRefusal;
  constructor(refusal: ApiRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export function refuse(refusal: ApiRefusal): never {
  throw new FieldRefused(refusal);
}

export function readNumber(
  body: JsonObject,
  field: string,
  range: { readonly min: number; readonly max: number; readonly integer?: boolean },
): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  const { min, max, integer = false } = range;
  if (typeof value !== 'number' || !(value >= min && value <= max) || (integer && !Number.isSafeInteger(value))) {
    const bounds = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    refuse(INVALID_VALUE(field, `${integer ? 'an integer' : 'a number'} ${bounds}`));
  }
  return value;
}

export function readBoolean(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') refuse(INVALID_VALUE(field, 'true or false'));
  return value;
}

export function readModelName(body: JsonObject): string {
  const { model } = body;
  if (model === undefined) refuse(MISSING_VALUE('model'));
  if (typeof model !== 'string' || model === '') refuse(INVALID_VALUE('model', 'the id of a model'));
  return model;
}

/** One to four strings at which the answer ends. */
export function readStops(body: JsonObject): readonly string[] {
  const { stop } = body;
  if (stop === undefined || stop === null) return [];
  const stops: unknown[] = Array.isArray(stop) ? stop : [stop];
  if (stops.length > 4 || !stops.every((one) => typeof one === 'string' && one !== '')) {
    refuse(INVALID_VALUE('stop', 'a string that is not empty, or up to four of them'));
  }
  return stops as string[];
}

/** Token ids to what is added to their log-probability. */
export function readBias(body: JsonObject): ReadonlyMap<number, number> {
  const { logit_bias: bias } = body;
  if (bias === undefined || bias === null) return new Map();
  if (!isObject(bias)) refuse(INVALID_VALUE('logit_bias', 'an object of token ids and numbers'));
  return new Map(
    Object.entries(bias).map(([id, value]) => {
      if (!/^\d{1,10}$/.test(id) || typeof value !== 'number' || !(value >= -100 && value <= 100)) {
        refuse(INVALID_VALUE('logit_bias', 'token ids, each with a number from -100 to 100'));
      }
      return [Number(id), value];
    }),
  );
}
