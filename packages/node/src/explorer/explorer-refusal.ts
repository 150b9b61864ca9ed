/** What the explorer says instead of an answer: one table of codes, with the HTTP status and when each is said. */

export const EXPLORER_REFUSALS = {
  EXPLORER_METHOD_NOT_ALLOWED: { status: 405, when: 'anything but GET' },
  EXPLORER_ROUTE_UNKNOWN: { status: 404, when: 'no such path' },
  EXPLORER_PARAMETER_INVALID: {
    status: 400,
    when: 'a parameter that the route does not take, given twice, or malformed',
  },
  EXPLORER_UNAVAILABLE: { status: 503, when: "the tables cannot be read now; the node's log says why" },
  EXPLORER_NOT_FOUND: { status: 404, when: 'the tables have no such thing' },
  EXPLORER_FAILED: { status: 500, when: "a fault of the explorer, told to the node's log" },
} as const;

export type ExplorerRefusalCode = keyof typeof EXPLORER_REFUSALS;

export type ExplorerRefusal = {
  readonly ok: false;
  readonly code: ExplorerRefusalCode;
  readonly message: string;
};

export type ExplorerOutcome<T> = { readonly ok: true; readonly value: T } | ExplorerRefusal;

export function refused(code: ExplorerRefusalCode, message: string): ExplorerRefusal {
  return { ok: false, code, message };
}

export function notFound(what: string): ExplorerRefusal {
  return refused('EXPLORER_NOT_FOUND', `the explorer knows of no such ${what}`);
}
