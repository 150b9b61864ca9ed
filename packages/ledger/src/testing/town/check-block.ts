/**
 * What must hold after every block of a random town: the ledger says and stores what the model says, byte for byte, and coins
 * are where supply, stakes and events put them.
 */
import { moduleAddress } from '@decai/protocol/address';
import { toHex } from '@decai/protocol/bytes';
import { amountOf, parseCoins } from '@decai/protocol/coin';
import type { KeyValueReader } from '@decai/protocol/key-value-store';
import type { BlockResult } from '../../ledger.ts';
import type { Model } from '../model/model.ts';
import { upoktOf } from '../model/money.ts';
import type { Verdict } from '../model/verdict.ts';

/** Where the ledger keeps what no message changes, and what is its own affair. */
const BESIDE: readonly string[] = ['chain/', 'staking/', 'auth/p_auth', 'bank/p_bank', 'trie/'];

/** A difference between what is and what should be. */
export class Difference extends Error {}

export function checkBlock(
  { model, disk, supplyBefore }: { model: Model; disk: KeyValueReader; supplyBefore: ReadonlyMap<string, bigint> },
  { results, events, writes }: BlockResult,
  verdicts: readonly Verdict[],
): void {
  for (const [index, { codespace, code, log }] of results.entries()) {
    const said = code === 0 ? '' : `${codespace}/${code}`;
    if (said !== verdicts[index]) {
      throw new Difference(`transaction ${index}: the ledger says "${said}" (${log}), the model "${verdicts[index]}"`);
    }
  }
  checkStore(model, disk, writes);
  checkSupply(model, supplyBefore, [...results.flatMap((result) => result.events), ...events]);
  checkStakes(model);
}

/** Whatever the ledger has written, and whatever the model has changed. */
export function checkStore(model: Model, disk: KeyValueReader, writes: BlockResult['writes']): void {
  const keys = model.book.seal();
  for (const { key } of writes) keys.add(Buffer.from(key).toString('latin1'));
  for (const key of keys) {
    if (BESIDE.some((prefix) => key.startsWith(prefix))) continue;
    checkEntry(key, disk.get(Buffer.from(key, 'latin1')), model.book.store.get(key));
  }
}

/** The whole store, whether something was written or not. */
export function checkWholeStore(model: Model, disk: KeyValueReader): void {
  const keys = new Set(model.book.store.keys());
  for (const [key] of disk.range({})) keys.add(Buffer.from(key).toString('latin1'));
  for (const key of keys) {
    if (BESIDE.some((prefix) => key.startsWith(prefix))) continue;
    checkEntry(key, disk.get(Buffer.from(key, 'latin1')), model.book.store.get(key));
  }
}

function checkEntry(key: string, actual: Uint8Array | undefined, expected: Uint8Array | undefined): void {
  if (actual === undefined && expected === undefined) return;
  if (actual !== undefined && expected !== undefined && Buffer.compare(actual, expected) === 0) return;
  const text = (bytes: Uint8Array | undefined): string =>
    bytes === undefined ? 'nothing' : `${toHex(bytes)} (${JSON.stringify(Buffer.from(bytes).toString('latin1'))})`;
  throw new Difference(`${JSON.stringify(key)}\n  ledger: ${text(actual)}\n  model:  ${text(expected)}`);
}

/** Supply is the sum of all balances, and what the block's mints and burns have made of it. */
function checkSupply({ book }: Model, before: ReadonlyMap<string, bigint>, events: BlockResult['events']): void {
  const sums = new Map<string, bigint>();
  for (const [name, amount] of book.balances.sorted()) {
    if (amount <= 0n) throw new Difference(`balance of ${name} is ${amount}`);
    const denom = name.slice(name.indexOf('/') + 1);
    sums.set(denom, (sums.get(denom) ?? 0n) + amount);
  }
  const moved = new Map(before);
  for (const { type, attributes } of events) {
    if (type !== 'coinbase' && type !== 'burn') continue;
    for (const coin of parseCoins(attributes.find(({ key }) => key === 'amount')!.value)) {
      const change = type === 'burn' ? -amountOf(coin) : amountOf(coin);
      moved.set(coin.denom, (moved.get(coin.denom) ?? 0n) + change);
    }
  }
  for (const [denom, amount] of book.supply.sorted()) {
    if (sums.get(denom) !== amount) throw new Difference(`${denom}: supply ${amount}, balances ${sums.get(denom)}`);
    if (moved.get(denom) !== amount) throw new Difference(`${denom}: supply ${amount}, by events ${moved.get(denom)}`);
  }
}

/** Every module can pay back the stakes of its actors. */
function checkStakes({ book }: Model): void {
  for (const [module, actors] of [
    ['application', book.applications],
    ['gateway', book.gateways],
    ['supplier', book.suppliers],
  ] as const) {
    let stakedUpokt = 0n;
    for (const { stake } of actors.values()) stakedUpokt += upoktOf(stake);
    const heldUpokt = book.balances.get(`${moduleAddress(module)}/upokt`) ?? 0n;
    if (heldUpokt < stakedUpokt) throw new Difference(`${module} holds ${heldUpokt} for stakes of ${stakedUpokt}`);
  }
}
