/**
 * The form of a module's rules for its parameters: what each value may be by itself, and what must hold between values.
 *
 * A change of one parameter is checked twice: its value alone, whatever the state, and then the whole set that it leads to.
 */
import { refuse, type Refusal } from './refusal.ts';
import type { RegisteredError } from './registered-error.ts';

/** What is wrong with a value, in the words of the network; undefined where nothing is. */
export type ValueCheck<V> = (value: V) => string | undefined;

export type ParamRules<P> = {
  /** Of every refusal. */
  readonly error: RegisteredError;
  /** The parameters that may be set, by their names in a message, in the order in which they are looked at. */
  readonly values: { readonly [Name in keyof P]?: ValueCheck<P[Name]> };
  /** Looked at when every value is good by itself. */
  readonly between?: (params: P) => Iterable<string | undefined>;
};

/** Refuses a set of parameters for the first thing that is wrong with it; the refusal has no status. */
export function refuseParams<P>(rules: ParamRules<P>, params: P): Refusal | undefined {
  for (const problem of problems(rules, params)) {
    if (problem !== undefined) return refuse(rules.error, problem);
  }
  return undefined;
}

/** Refuses a value that its parameter may never have. `name` is that of a parameter that may be set. */
export function refuseValue<P, Name extends keyof P>(
  rules: ParamRules<P>,
  name: Name,
  value: P[Name],
): Refusal | undefined {
  const problem = rules.values[name]?.(value);
  return problem === undefined ? undefined : refuse(rules.error, problem);
}

function* problems<P>({ values, between }: ParamRules<P>, params: P): Generator<string | undefined> {
  for (const name of Object.keys(values) as (keyof P)[]) yield values[name]!(params[name]);
  if (between !== undefined) yield* between(params);
}
