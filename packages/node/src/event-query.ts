/**
 * The query language of CometBFT's event system: conditions on attributes, joined by AND.
 *
 * `message.sender='pokt1…' AND tx.height>=5`. Operators: `=`, `<`, `<=`, `>`, `>=`, `CONTAINS`, `EXISTS`. Texts stand in
 * single quotes, numbers bare. A condition holds when any attribute of that name fulfils it; numbers are compared as
 * numbers, and an attribute that is none fulfils no comparison.
 *
 * Source: cometbft/cometbft v0.38 `libs/pubsub/query` (syntax, `query.go`).
 */
import { Fault } from '@decai/protocol/fault';
import type { ChainEvent } from '@decai/protocol/typed-event';

export type Operator = '=' | '<' | '<=' | '>' | '>=' | 'CONTAINS' | 'EXISTS';

export type Condition = {
  /** `type.attribute`, such as `transfer.recipient`, or `tx.hash`, `tx.height`, `tm.event`. */
  readonly key: string;
  readonly operator: Operator;
  /** Empty for EXISTS. */
  readonly value: string;
};

/** Attribute values by `type.attribute`. */
export type EventMap = ReadonlyMap<string, readonly string[]>;

const QUERY_LENGTH_MAX = 512;
const CONDITIONS_MAX = 16;

const CONDITION =
  /^\s*([A-Za-z0-9_.\-/]+)\s*(?:(=|<=|<|>=|>)\s*(?:'([^']*)'|(-?\d+(?:\.\d+)?)|(?:TIME|DATE)\s+([0-9TZ:.+-]+))|\s(CONTAINS)\s+'([^']*)'|\s(EXISTS))\s*/;

/** @throws QUERY_INVALID for a text that is no query. */
export function parseEventQuery(text: string): readonly Condition[] {
  if (text.length > QUERY_LENGTH_MAX) throw invalid('it is longer than 512 characters');
  const conditions: Condition[] = [];
  for (let rest = text; ;) {
    const match = CONDITION.exec(rest);
    if (match === null) throw invalid(`no condition at position ${text.length - rest.length}`);
    const [whole, key = '', operator, quoted, number, time, contains, part, exists] = match;
    conditions.push({
      key,
      operator: (operator ?? contains ?? exists) as Operator,
      value: quoted ?? number ?? time ?? part ?? '',
    });
    rest = rest.slice(whole.length);
    if (rest === '') return conditions;
    if (conditions.length === CONDITIONS_MAX) throw invalid(`it has more than ${CONDITIONS_MAX} conditions`);
    const and = /^AND\s/.exec(rest);
    if (and === null) throw invalid(`AND expected at position ${text.length - rest.length}`);
    rest = rest.slice(and[0].length);
  }
}

/** Whether all conditions hold. */
export function matchesEvents(conditions: readonly Condition[], events: EventMap): boolean {
  return conditions.every((condition) => (events.get(condition.key) ?? []).some((value) => fulfils(condition, value)));
}

/** Attribute values by `type.attribute`, with `extra` in front. */
export function eventMap(events: readonly ChainEvent[], extra: Readonly<Record<string, string>> = {}): EventMap {
  const map = new Map<string, string[]>(Object.entries(extra).map(([key, value]) => [key, [value]]));
  for (const { type, attributes } of events) {
    for (const { key, value } of attributes) {
      const name = `${type}.${key}`;
      const values = map.get(name);
      if (values === undefined) map.set(name, [value]);
      else values.push(value);
    }
  }
  return map;
}

/** Whether one attribute value fulfils a condition on it. */
export function fulfils({ operator, value: wanted }: Condition, value: string): boolean {
  switch (operator) {
    case 'EXISTS':
      return true;
    case 'CONTAINS':
      return value.includes(wanted);
    case '=':
      return value === wanted;
    default:
      return compares(operator, value, wanted);
  }
}

function compares(operator: '<' | '<=' | '>' | '>=', value: string, wanted: string): boolean {
  // An amount such as 5upokt counts as its number, as in CometBFT.
  const left = Number(/^-?\d+(?:\.\d+)?/.exec(value)?.[0]);
  const right = Number(wanted);
  if (Number.isNaN(left) || Number.isNaN(right)) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function invalid(problem: string): Fault {
  return new Fault('QUERY_INVALID', `not an event query: ${problem}`);
}
