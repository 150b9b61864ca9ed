/**
 * The accounts of modules: they have an address and permissions but no key.
 *
 * Which of them refuse coins from users is a rule of the network, and so is the list itself: an owner address or a
 * reward share that names one of them is refused where the spec says so.
 *
 * Source: pokt-network/poktroll `app/app_config.go`; cosmos/cosmos-sdk `x/auth/types/permissions.go`.
 */
import { moduleAddress } from '@decai/protocol/address';

export type ModuleName =
  | 'application'
  | 'supplier'
  | 'gateway'
  | 'service'
  | 'session'
  | 'proof'
  | 'tokenomics'
  | 'gov'
  | 'fee_collector'
  | 'distribution'
  | 'mint'
  | 'bonded_tokens_pool'
  | 'not_bonded_tokens_pool';

export type ModuleAccount = {
  readonly name: ModuleName;
  readonly address: string;
  readonly permissions: readonly string[];
  /** Whether it refuses coins that users send, and coins that modules send to it by address. */
  readonly blocked: boolean;
};

const ACTOR = ['minter', 'burner', 'staking'];

export const MODULE_ACCOUNTS: readonly ModuleAccount[] = [
  moduleAccount('application', ACTOR),
  moduleAccount('supplier', ACTOR),
  moduleAccount('gateway', ACTOR),
  moduleAccount('service', ACTOR),
  moduleAccount('session', ACTOR),
  moduleAccount('proof', ACTOR),
  moduleAccount('tokenomics', ACTOR),
  moduleAccount('gov', ['burner']),
  moduleAccount('fee_collector', [], true),
  moduleAccount('distribution', [], true),
  moduleAccount('mint', ['minter'], true),
  moduleAccount('bonded_tokens_pool', ['burner', 'staking'], true),
  moduleAccount('not_bonded_tokens_pool', ['burner', 'staking'], true),
];

const BY_NAME: ReadonlyMap<string, ModuleAccount> = new Map(MODULE_ACCOUNTS.map((account) => [account.name, account]));
const BY_ADDRESS: ReadonlyMap<string, ModuleAccount> = new Map(
  MODULE_ACCOUNTS.map((account) => [account.address, account]),
);

function moduleAccount(name: ModuleName, permissions: readonly string[], blocked = false): ModuleAccount {
  return { name, address: moduleAddress(name), permissions, blocked };
}

export function moduleNamed(name: ModuleName): ModuleAccount {
  return BY_NAME.get(name)!;
}

/** The module whose account this is, if any. */
export function moduleAt(address: string): ModuleAccount | undefined {
  return BY_ADDRESS.get(address);
}

/** Whether coins sent to this address by a user or out of a module are refused. */
export function isBlocked(address: string): boolean {
  return BY_ADDRESS.get(address)?.blocked === true;
}
