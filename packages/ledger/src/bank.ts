/**
 * Balances and supply: coins move from account to account, and only mint and burn change how many there are.
 *
 * Every movement checks before it writes, so a refused one has changed nothing; and every movement raises the events
 * that wallets and indexers follow, in the order in which Cosmos raises them.
 *
 * Source: cosmos/cosmos-sdk `x/bank/keeper/send.go`, `x/bank/keeper/keeper.go`.
 */
import { amountOf, coin, coinsProblem, formatCoins, type Coin } from '@decai/protocol/coin';
import type { Accounts } from './account.ts';
import type { Coins } from './coins.ts';
import { CollectionShape, textKey, type Collection, type CollectionRange } from './collection.ts';
import { DenomMetadata } from './denom-metadata.ts';
import { GAS } from './gas.ts';
import type { Journal } from './journal.ts';
import { keyOf, segmentText, textSegment } from './key.ts';
import { INTEGER_VALUE } from './message-value.ts';
import { isBlocked, moduleNamed, type ModuleName } from './module-account.ts';
import { ACCEPTED, refuse, type Refusal, type Verdict } from './refusal.ts';
import { SDK } from './registered-error.ts';
import type { Store } from './store.ts';

/** There the key is a prefix, the bare address with its length, and a denomination of five letters; another index turns it round. */
const BALANCES = new CollectionShape('bank/balance/', INTEGER_VALUE, {
  keyBytes: 27,
  indexPut: GAS.writeFlat + GAS.writePerByte * 28,
  indexDelete: GAS.deleteFlat,
});
const SUPPLY = new CollectionShape('bank/supply/', INTEGER_VALUE);

/** Coins for one of several receivers. */
export type Share = { readonly address: string; readonly coins: Coins };

export class Bank {
  private readonly accounts: Accounts;
  private readonly journal: Journal;
  private readonly balancesByKey: Collection<bigint>;
  private readonly supplyByDenom: Collection<bigint>;
  readonly metadata: DenomMetadata;

  constructor(store: Store, accounts: Accounts, journal: Journal) {
    this.accounts = accounts;
    this.journal = journal;
    this.balancesByKey = BALANCES.in(store);
    this.supplyByDenom = SUPPLY.in(store);
    this.metadata = new DenomMetadata(store);
  }

  balance(address: string, denom: string): bigint {
    return this.balancesByKey.get(textKey(address, denom)) ?? 0n;
  }

  /** All coins of an account, denominations ascending. */
  balances(address: string): Coins {
    const owner = keyOf(textSegment(address));
    return coinsOf(this.balancesByKey.entries({ under: owner }), owner.length);
  }

  /** Every account that has coins, by address, with its coins. */
  *holders(): Generator<readonly [address: string, coins: Coins]> {
    let holder: string | undefined;
    for (const key of this.balancesByKey.keys()) {
      const address = segmentText(key.slice(0, key.indexOf('/')));
      if (address !== holder) yield [address, this.balances(address)];
      holder = address;
    }
  }

  /** Who has coins of a denomination, in the order of their addresses' texts; each with the key to go on from. */
  *owners(
    denom: string,
    range: CollectionRange,
  ): Generator<readonly [key: string, owner: { readonly address: string; readonly amount: bigint }]> {
    for (const [key, amount] of this.balancesByKey.entries(range)) {
      const [address = '', held = ''] = key.split('/');
      if (segmentText(held) === denom) yield [key, { address: segmentText(address), amount }];
    }
  }

  supply(denom: string): bigint {
    return this.supplyByDenom.get(textKey(denom)) ?? 0n;
  }

  /** Everything there is, denominations ascending. */
  totalSupply(): Coins {
    return coinsOf(this.supplyByDenom.entries(), 0);
  }

  /**
   * Moves coins; creates the receiving account if need be. Events: coin_spent, coin_received, transfer, message.
   *
   * Refuses, in this order: a list that is not a list of coins (sdk 10); a balance that does not cover it (sdk 5).
   */
  send(from: string, to: string, coins: Coins): Verdict {
    const refusal = coinsRefusal(coins) ?? this.take(from, coins);
    if (refusal !== undefined) return refusal;
    this.give(to, coins);
    if (!this.accounts.has(to)) this.accounts.open(to);
    this.journal.emitPlain('transfer', { recipient: to, sender: from, amount: formatCoins(coins) });
    this.journal.emitPlain('message', { sender: from });
    return ACCEPTED;
  }

  /**
   * Moves coins of one account to several, each its own list; creates receiving accounts if need be. The lists must add up
   * to `coins`. Events: message and coin_spent once, then coin_received and transfer for each. The accounts come first: what
   * fails is undone as a whole.
   *
   * Refuses, in this order: a list that is not a list of coins (sdk 10); a balance that does not cover it (sdk 5).
   */
  sendToMany(from: string, coins: Coins, shares: readonly Share[]): Verdict {
    this.journal.emitPlain('message', { sender: from });
    for (const { address } of shares) if (!this.accounts.has(address)) this.accounts.open(address);
    const refusal = coinsRefusal(coins) ?? this.take(from, coins);
    if (refusal !== undefined) return refusal;
    for (const { address, coins: share } of shares) {
      this.give(address, share);
      this.journal.emitPlain('transfer', { recipient: address, sender: from, amount: formatCoins(share) });
    }
    return ACCEPTED;
  }

  /** Account to module: stakes and fees. */
  escrow(from: string, to: ModuleName, coins: Coins): Verdict {
    this.accounts.ensure(moduleNamed(to).address);
    return this.send(from, moduleNamed(to).address, coins);
  }

  /** Module to account: rewards and stakes that come back. Refuses first a recipient that takes no coins (sdk 4). */
  release(from: ModuleName, to: string, coins: Coins): Verdict {
    if (isBlocked(to)) return refuse(SDK.UNAUTHORIZED, `${to} is not allowed to receive funds`);
    this.accounts.ensure(moduleNamed(from).address);
    return this.send(moduleNamed(from).address, to, coins);
  }

  /** Module to module. */
  moveBetween(from: ModuleName, to: ModuleName, coins: Coins): Verdict {
    this.accounts.ensure(moduleNamed(from).address);
    this.accounts.ensure(moduleNamed(to).address);
    return this.send(moduleNamed(from).address, moduleNamed(to).address, coins);
  }

  /** Creates coins in a module's account. Events: coin_received, coinbase. Refuses an invalid list (sdk 10). */
  mint(module: ModuleName, coins: Coins): Verdict {
    const refusal = coinsRefusal(coins);
    if (refusal !== undefined) return refusal;
    const { address } = this.accounts.ensure(moduleNamed(module).address);
    this.give(address, coins);
    for (const minted of coins) this.setSupply(minted.denom, this.supply(minted.denom) + amountOf(minted));
    this.journal.emitPlain('coinbase', { minter: address, amount: formatCoins(coins) });
    return ACCEPTED;
  }

  /** Destroys coins of a module's account. Events: coin_spent, burn. Refuses an invalid list (sdk 10), a shortage (sdk 5). */
  burn(module: ModuleName, coins: Coins): Verdict {
    const { address } = this.accounts.ensure(moduleNamed(module).address);
    const refusal = coinsRefusal(coins) ?? this.take(address, coins);
    if (refusal !== undefined) return refusal;
    for (const burnt of coins) this.setSupply(burnt.denom, this.supply(burnt.denom) - amountOf(burnt));
    this.journal.emitPlain('burn', { burner: address, amount: formatCoins(coins) });
    return ACCEPTED;
  }

  /** Puts coins that exist from the beginning: balance and supply grow, no event. Only genesis calls this. */
  endow(address: string, coins: Coins): void {
    this.add(address, coins);
    for (const endowed of coins) this.setSupply(endowed.denom, this.supply(endowed.denom) + amountOf(endowed));
  }

  /** All coins or none of them. Refuses a balance that does not cover them (sdk 5). */
  private take(from: string, coins: Coins): Refusal | undefined {
    // An account may keep coins back until a date. None here does, but looking it up is part of what sending costs.
    this.accounts.get(from);
    const left: [denom: string, amount: bigint][] = [];
    for (const wanted of coins) {
      const balance = this.balance(from, wanted.denom);
      if (balance < amountOf(wanted)) {
        const details = `spendable balance ${balance}${wanted.denom} is smaller than ${formatCoins([wanted])}`;
        return refuse(SDK.INSUFFICIENT_FUNDS, details);
      }
      left.push([wanted.denom, balance - amountOf(wanted)]);
    }
    for (const [denom, amount] of left) this.setBalance(from, denom, amount);
    this.journal.emitPlain('coin_spent', { spender: from, amount: formatCoins(coins) });
    return undefined;
  }

  private give(to: string, coins: Coins): void {
    this.add(to, coins);
    this.journal.emitPlain('coin_received', { receiver: to, amount: formatCoins(coins) });
  }

  private add(address: string, coins: Coins): void {
    for (const received of coins) {
      const balance = this.balance(address, received.denom);
      this.setBalance(address, received.denom, balance + amountOf(received));
    }
  }

  private setBalance(address: string, denom: string, amount: bigint): void {
    if (amount === 0n) this.balancesByKey.delete(textKey(address, denom));
    else this.balancesByKey.put(textKey(address, denom), amount);
  }

  private setSupply(denom: string, amount: bigint): void {
    if (amount === 0n) this.supplyByDenom.delete(textKey(denom));
    else this.supplyByDenom.put(textKey(denom), amount);
  }
}

function coinsRefusal(coins: Coins): Refusal | undefined {
  return coinsProblem(coins) === undefined ? undefined : refuse(SDK.INVALID_COINS, formatCoins(coins));
}

/** Entries whose keys end in `<denom>/`. A denomination may hold a `/`; one more closes it. */
function coinsOf(entries: Iterable<readonly [string, bigint]>, offset: number): Coins {
  const coins: Coin[] = [];
  for (const [key, amount] of entries) coins.push(coin(amount, segmentText(key.slice(offset, -1))));
  return coins;
}
