/** A trace for people: one line a hop, and at the end who was paid. */
import type { Hop } from '@decai/protocol/hop';

const NAME_WIDTH = 17;
const ROLE_WIDTH = 8;

/** Shorter values, counts and statuses, mean something else in every line and are told each time. */
const IDENTITY_LENGTH_MIN = 12;

/**
 * Tells hops one after the other: `claim.settled      14:03:21.004  +18.204 s  ledger   height=30 …`.
 *
 * The delta counts from the first hop. An address, a hash or an id is told where it first occurs: witnesses repeat them.
 */
export class HopPrinter {
  readonly #told = new Set<string>();
  #startedAt: number | undefined;

  line({ hop, at, role, facts }: Hop): string {
    this.#startedAt ??= at;
    const clock = new Date(at).toISOString().slice(11, 23);
    const delta = `+${((at - this.#startedAt) / 1000).toFixed(3)} s`;
    const told = Object.entries(facts).filter(([, value]) => this.#isNew(value));
    const text = told.map(([name, value]) => `${name}=${abridged(name, value)}`).join(' ');
    return `${hop.padEnd(NAME_WIDTH)} ${clock} ${delta.padStart(11)}  ${role.padEnd(ROLE_WIDTH)} ${text}`.trimEnd();
  }

  #isNew(value: string | number): boolean {
    if (typeof value === 'number' || value.length < IDENTITY_LENGTH_MIN) return true;
    if (this.#told.has(value)) return false;
    this.#told.add(value);
    return true;
  }
}

/** Long digests are cut, their beginning tells them apart. Addresses and transaction hashes stay whole, for pasting. */
function abridged(name: string, value: string | number): string | number {
  const isDigest = typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) && name !== 'session';
  return isDigest ? `${value.slice(0, 12)}…` : value;
}

/** Who got what, in one sentence; undefined before the settlement. */
export function paymentLine(hops: readonly Hop[]): string | undefined {
  const settled = hops.find(({ hop }) => hop === 'claim.settled')?.facts;
  if (settled === undefined) return undefined;
  const amount = (name: string): string => grouped(String(settled[name] ?? '0'));
  const rest = BigInt(settled['burnedUpokt'] ?? 0) - BigInt(settled['mintedUpokt'] ?? 0);
  return (
    `The application paid ${amount('burnedUpokt')} uPOKT: supplier ${amount('supplierUpokt')}, Source ${amount('sourceUpokt')}, ` +
    `validators ${amount('validatorsUpokt')}, treasury ${amount('treasuryUpokt')}, never minted again ${grouped(String(rest))}.`
  );
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The hops as scripts get them: each an object with `hop`, `at`, `role` and its facts. */
export function traceJson(hops: readonly Hop[]): string {
  return JSON.stringify(
    hops.map(({ hop, at, role, facts }) => ({ hop, at, role, ...facts })),
    null,
    2,
  );
}
