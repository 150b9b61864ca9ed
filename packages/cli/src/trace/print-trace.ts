/** A trace for people: one line a hop, and at the end who was paid. */
import type { Hop } from '@decai/protocol/hop';

const NAME_WIDTH = 17;
const ROLE_WIDTH = 8;

/** `claim.settled      14:03:21.004  +18.204 s  ledger   height=30 …`; the delta counts from the first hop. */
export function hopLine({ hop, at, role, facts }: Hop, startedAt: number): string {
  const clock = new Date(at).toISOString().slice(11, 23);
  const delta = `${((at - startedAt) / 1000).toFixed(3)} s`;
  const told = Object.entries(facts).map(([name, value]) => `${name}=${abridged(name, value)}`);
  return `${hop.padEnd(NAME_WIDTH)} ${clock} ${`+${delta}`.padStart(11)}  ${role.padEnd(ROLE_WIDTH)} ${told.join(' ')}`.trimEnd();
}

/** Hashes are cut: they are long, and their beginning tells them apart. Addresses and ids stay whole, for pasting. */
function abridged(name: string, value: string | number): string | number {
  return /hash|digest/i.test(name) && typeof value === 'string' && value.length > 16 ? `${value.slice(0, 12)}…` : value;
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

/** The hops as scripts get them. */
export function traceJson(hops: readonly Hop[]): string {
  return JSON.stringify(
    hops.map(({ hop, at, role, facts }) => ({ hop, at, role, ...facts })),
    null,
    2,
  );
}
