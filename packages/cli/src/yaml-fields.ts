/**
 * Reads a parsed YAML document field by field, and says which field is wrong.
 *
 * A field that nobody asked for is refused: it is usually a misspelt one that somebody relies on.
 */
import { UsageError } from './command.ts';

export class YamlFields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;

  /** @throws UsageError unless the value is a map with none but the known fields; all are, when none are named. */
  constructor(value: unknown, path: string, known?: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UsageError(`${path} has to be a map of fields`);
    }
    const unknown = Object.keys(value).find((name) => known?.includes(name) === false);
    if (unknown !== undefined)
      throw new UsageError(`${path} has no field ${unknown}`, `known are ${known!.join(', ')}`);
    this.#fields = value as Readonly<Record<string, unknown>>;
    this.#path = path;
  }

  entries(): [name: string, value: unknown][] {
    return Object.entries(this.#fields);
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  text(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object') throw new UsageError(`${this.#path}.${name} has to be a text`);
    return String(value);
  }

  needText(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw new UsageError(`${this.#path}.${name} is missing`);
    return text;
  }

  /** A whole number from `min` to `max`; `absent` when it is not there. */
  number(name: string, min: number, max: number, absent: number): number {
    const value = this.#fields[name] ?? absent;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw new UsageError(`${this.#path}.${name} has to be a whole number from ${min} to ${max}`);
    }
    return value;
  }

  list(name: string): readonly unknown[] {
    const value = this.#fields[name] ?? [];
    if (!Array.isArray(value)) throw new UsageError(`${this.#path}.${name} has to be a list`);
    return value as readonly unknown[];
  }

  /** The fields of a map inside; an empty one when it is not there. */
  map(name: string, known?: readonly string[]): YamlFields {
    return new YamlFields(this.#fields[name] ?? {}, `${this.#path}.${name}`, known);
  }
}

/** What a YAML parser complains of and where; below that it repeats the document. */
export function firstLine(thrown: unknown): string {
  return (thrown as Error).message.split('\n', 1)[0]!.replace(/:$/, '');
}
