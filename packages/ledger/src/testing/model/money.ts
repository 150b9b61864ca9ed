/**
 * Coins in the model: they move from account to account, and whoever receives some has an account from then on.
 *
 * Source: cosmos/cosmos-sdk `x/bank/keeper`.
 */
import { moduleAddress } from '@decai/protocol/address';
import { amountOf, coinsProblem, type Coin } from '@decai/protocol/coin';
import type { Model } from './model.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

export type Module = 'application' | 'gateway' | 'supplier' | 'service' | 'proof' | 'tokenomics' | 'fee_collector';

export const AUTHORITY: string = moduleAddress('gov');

const UPOKT = 'upokt';

/** Accounts of modules that take no coins. */
const BLOCKED: ReadonlySet<string> = new Set(
  ['fee_collector', 'distribution', 'mint', 'bonded_tokens_pool', 'not_bonded_tokens_pool'].map(moduleAddress),
);

export const MODULE_ADDRESSES: ReadonlySet<string> = new Set([
  ...BLOCKED,
  ...['application', 'gateway', 'supplier', 'service', 'session', 'proof', 'tokenomics', 'gov'].map(moduleAddress),
]);

export function isBlocked(address: string): boolean {
  return BLOCKED.has(address);
}

export function balance(model: Model, address: string, denom: string = UPOKT): bigint {
  return model.book.balances.get(`${address}/${denom}`) ?? 0n;
}

/** An account with the next number, unless there is one. */
export function openAccount({ book }: Model, address: string): void {
  if (book.accounts.has(address)) return;
  const number = book.nextNumber.get('') ?? 0n;
  book.nextNumber.set('', number + 1n);
  book.accounts.set(address, { number, sequence: 0n });
}

function add({ book }: Model, address: string, denom: string, amount: bigint): void {
  const name = `${address}/${denom}`;
  const after = (book.balances.get(name) ?? 0n) + amount;
  if (after === 0n) book.balances.delete(name);
  else book.balances.set(name, after);
}

/** Refuses a list that is none (sdk 10), and a balance that does not cover it (sdk 5). */
export function sendCoins(model: Model, from: string, to: string, coins: readonly Coin[]): Verdict {
  const taken = takeCoins(model, from, coins);
  if (taken !== ACCEPTED) return taken;
  giveCoins(model, to, coins);
  return ACCEPTED;
}

export function takeCoins(model: Model, from: string, coins: readonly Coin[]): Verdict {
  if (coinsProblem(coins) !== undefined) return 'sdk/10';
  if (coins.some((coin) => balance(model, from, coin.denom) < amountOf(coin))) return 'sdk/5';
  for (const coin of coins) add(model, from, coin.denom, -amountOf(coin));
  return ACCEPTED;
}

export function giveCoins(model: Model, to: string, coins: readonly Coin[]): void {
  for (const coin of coins) add(model, to, coin.denom, amountOf(coin));
  openAccount(model, to);
}

/** Moves an amount of more than zero that is known to be there, or refuses (sdk 5). */
export function moveUpokt(model: Model, from: string, to: string, amountUpokt: bigint): Verdict {
  if (balance(model, from) < amountUpokt) return 'sdk/5';
  if (amountUpokt === 0n) return ACCEPTED;
  add(model, from, UPOKT, -amountUpokt);
  add(model, to, UPOKT, amountUpokt);
  openAccount(model, to);
  return ACCEPTED;
}

export function toModule(model: Model, from: string, module: Module, amountUpokt: bigint): Verdict {
  return moveUpokt(model, from, moduleAddress(module), amountUpokt);
}

export function fromModule(model: Model, module: Module, to: string, amountUpokt: bigint): Verdict {
  return moveUpokt(model, moduleAddress(module), to, amountUpokt);
}

/** Makes coins, or unmakes them where the amount is below zero. */
export function mint({ book }: Model, module: Module, amountUpokt: bigint): void {
  if (amountUpokt === 0n) return;
  add({ book } as Model, moduleAddress(module), UPOKT, amountUpokt);
  book.supply.set(UPOKT, (book.supply.get(UPOKT) ?? 0n) + amountUpokt);
}

/** The amount of a stake; 0 for none. */
export function upoktOf(coin: Coin | undefined): bigint {
  return coin === undefined ? 0n : BigInt(coin.amount);
}
