/**
 * A fault: something nobody chose. Bytes that are not what they claim, an invariant that does not hold, I/O that failed.
 *
 * What the rules merely do not allow is a refusal, a value, and never passes through here.
 */

/** Facts that a reader of the log needs, as data: lengths, heights, addresses. Never keys, prompts or answers. */
export type FaultDetails = Readonly<Record<string, string | number | bigint | boolean>>;

export class Fault<Code extends string = string> extends Error {
  /** Stable, greppable, listed in `docs/errors.md`. Never reworded. */
  readonly code: Code;
  readonly details: FaultDetails;

  constructor(code: Code, message: string, details: FaultDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = code;
    this.code = code;
    this.details = details;
  }
}

/**
 * Whether a thrown value is a fault, and one of `code` if a code is given.
 *
 * Recognised by its code and not by `instanceof`, which fails where two copies of a package are loaded.
 */
export function isFault(thrown: unknown, code?: string): thrown is Fault {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('details' in thrown)) return false;
  return code === undefined ? typeof thrown.code === 'string' : thrown.code === code;
}
