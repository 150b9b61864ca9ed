/**
 * Who lives in a random town. Everybody may try everything; most do what their names say.
 */
import { encodeAddress, moduleAddress } from '@decai/protocol/address';
import { utf8 } from '@decai/protocol/bytes';
import { sha256 } from '@decai/protocol/hash';
import { keyFromPrivateKey, type Key } from '@decai/protocol/keys';
import type { Draw } from './draw.ts';

type Role = 'application' | 'gateway' | 'supplier' | 'owner' | 'governor' | 'stranger';

const NAMES: Readonly<Record<Role, readonly string[]>> = {
  application: ['application 1', 'application 2', 'application 3'],
  gateway: ['gateway 1', 'gateway 2'],
  supplier: ['supplier 1', 'supplier 2', 'supplier 3', 'supplier 4'],
  owner: ['owner 1', 'owner 2'],
  governor: ['governor'],
  /** One with a few coins, and one without even an account. */
  stranger: ['pauper', 'ghost'],
};

export const MEMBERS: Readonly<Record<Role, readonly Key[]>> = Object.fromEntries(
  Object.entries(NAMES).map(([role, names]) => [
    role,
    names.map((name) => keyFromPrivateKey(sha256(utf8(`key of ${name}`)))),
  ]),
) as Record<Role, Key[]>;

export const EVERYBODY: readonly Key[] = Object.values(MEMBERS).flat();

export const GOVERNOR: Key = MEMBERS.governor[0]!;
export const PAUPER: Key = MEMBERS.stranger[0]!;
export const GHOST: Key = MEMBERS.stranger[1]!;

const BY_ADDRESS: ReadonlyMap<string, Key> = new Map(EVERYBODY.map((key) => [key.address, key]));

/** The key of an address, where it is a member's. */
export function keyOf(address: string): Key | undefined {
  return BY_ADDRESS.get(address);
}

const NAMES_BY_ADDRESS: ReadonlyMap<string, string> = new Map(
  Object.values(NAMES)
    .flat()
    .map((name, index) => [EVERYBODY[index]!.address, name]),
);

/** What people call an address. */
export function nameOf(address: string): string {
  return NAMES_BY_ADDRESS.get(address) ?? address;
}

/** Mostly somebody of a role. */
export function somebody(draw: Draw, role: Role): Key {
  return draw.pick(draw.perMille(900) ? MEMBERS[role] : EVERYBODY);
}

/** An address that coins may go to: mostly a member's, sometimes a new one, a module's, or none at all. */
export function someAddress(draw: Draw): string {
  const chance = draw.below(100);
  if (chance < 86) return draw.pick(EVERYBODY).address;
  if (chance < 92) return encodeAddress(sha256(utf8(`newcomer ${draw.below(40)}`)).subarray(0, 20));
  if (chance < 98) return moduleAddress(draw.pick(['fee_collector', 'mint', 'supplier', 'tokenomics', 'gov', 'proof']));
  return draw.pick(['', 'pokt1', 'cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a']);
}

export const SERVICES: readonly string[] = ['alpha', 'beta', 'gamma'];

/** The third one comes late, if at all. */
export function someService(draw: Draw): string {
  return SERVICES[draw.pick([0, 0, 0, 0, 1, 1, 2])]!;
}
