/**
 * Who is who in a local network: one account a role, with the money it begins with and what it stakes.
 *
 * The larger model comes first and is served by all three suppliers, the smaller one by two of them, so that one can see a
 * gateway choose.
 */
import { MODELS } from '@decai/model/models';

export type LocalRole =
  'faucet' | 'treasury' | 'validator' | 'source' | 'gateway' | 'application' | 'sovereign' | 'supplier';

export type LocalAccount = {
  readonly name: string;
  readonly role: LocalRole;
  readonly fundsUpokt: bigint;
};

const POKT = 1_000_000n;

export const LOCAL_ACCOUNTS: readonly LocalAccount[] = [
  { name: 'faucet', role: 'faucet', fundsUpokt: 100_000_000n * POKT },
  { name: 'treasury', role: 'treasury', fundsUpokt: 0n },
  { name: 'validator', role: 'validator', fundsUpokt: 0n },
  { name: 'source', role: 'source', fundsUpokt: 10_000n * POKT },
  { name: 'gateway', role: 'gateway', fundsUpokt: 100_000n * POKT },
  { name: 'application-1', role: 'application', fundsUpokt: 10_000_000n * POKT },
  { name: 'application-2', role: 'application', fundsUpokt: 10_000_000n * POKT },
  { name: 'sovereign', role: 'sovereign', fundsUpokt: 10_000_000n * POKT },
  { name: 'supplier-1', role: 'supplier', fundsUpokt: 100_000n * POKT },
  { name: 'supplier-2', role: 'supplier', fundsUpokt: 100_000n * POKT },
  { name: 'supplier-3', role: 'supplier', fundsUpokt: 100_000n * POKT },
];

export type PublishedModel = {
  readonly id: string;
  /** Shown beside the id; the ledger takes letters, digits, spaces, dashes and underscores. */
  readonly name: string;
  readonly computeUnitsPerRelay: bigint;
};

/** The recommended model first. A relay to the larger one weighs four times as much. */
export const PUBLISHED_MODELS: readonly PublishedModel[] = MODELS.slice(0, 2).map(({ id }, index) => ({
  id,
  name: id,
  computeUnitsPerRelay: index === 0 ? 4_000n : 1_000n,
}));

/** Which models each supplier serves. */
export const SERVED_BY: Readonly<Record<string, readonly string[]>> = {
  'supplier-1': PUBLISHED_MODELS.map(({ id }) => id),
  'supplier-2': [PUBLISHED_MODELS[0]!.id],
  'supplier-3': PUBLISHED_MODELS.map(({ id }) => id),
};

/** Applications, the model that each pays for, and whether the gateway may spend for it. */
export const PAYS_FOR: readonly { readonly name: string; readonly model: string; readonly delegates: boolean }[] = [
  { name: 'application-1', model: PUBLISHED_MODELS[0]!.id, delegates: true },
  { name: 'application-2', model: PUBLISHED_MODELS.at(-1)!.id, delegates: true },
  { name: 'sovereign', model: PUBLISHED_MODELS[0]!.id, delegates: false },
];

export const STAKES_UPOKT: Readonly<Record<'gateway' | 'application' | 'supplier', bigint>> = {
  gateway: 10_000n * POKT,
  application: 1_000_000n * POKT,
  supplier: 10_000n * POKT,
};
