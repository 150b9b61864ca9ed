/**
 * What a denomination is called and how many of it make a larger unit, for wallets to show: `1000000upokt` is 1 POKT.
 *
 * Genesis says it and nothing changes it; no rule of the ledger looks at it.
 *
 * Source: cosmos/cosmos-sdk `x/bank/types/metadata.go`.
 */
import { isDenomination } from '@decai/protocol/coin';
import { MetadataSchema, type Metadata } from '@decai/protocol/gen/cosmos/bank/v1beta1/bank_pb';
import { CollectionShape, textKey, type Collection } from './collection.ts';
import { messageValue } from './message-value.ts';
import type { Store } from './store.ts';

const METADATA = new CollectionShape('bank/denom_metadata/', messageValue(MetadataSchema));

export class DenomMetadata {
  /** By the base denomination. */
  readonly records: Collection<Metadata>;

  constructor(store: Store) {
    this.records = METADATA.in(store);
  }

  get(base: string): Metadata | undefined {
    return this.records.get(textKey(base));
  }

  put(metadata: Metadata): void {
    this.records.put(textKey(metadata.base), metadata);
  }
}

/**
 * Why metadata cannot be shown, as a sentence, or undefined.
 *
 * Checked in this order: a name and a symbol; base and display are denominations; the first unit is the base, with exponent
 * 0; exponents ascend, no unit or alias twice or blank; the display is one of the units.
 */
export function metadataProblem({ name, symbol, base, display, denomUnits }: Metadata): string | undefined {
  if (name.trim() === '') return 'name field cannot be blank';
  if (symbol.trim() === '') return 'symbol field cannot be blank';
  if (!isDenomination(base)) return `invalid metadata base denom: ${base}`;
  if (!isDenomination(display)) return `invalid metadata display denom: ${display}`;
  const seen = new Set<string>();
  for (const [index, { denom, exponent, aliases }] of denomUnits.entries()) {
    if (index === 0 && (denom !== base || exponent !== 0)) return `the first unit is ${base} with exponent 0`;
    if (index > 0 && exponent <= denomUnits[index - 1]!.exponent) return 'denom units should be sorted asc by exponent';
    if (seen.has(denom)) return `duplicate denomination unit ${denom}`;
    seen.add(denom);
    if (!isDenomination(denom)) return `invalid denom unit: ${denom}`;
    if (new Set(aliases).size < aliases.length) return `duplicate denomination unit alias of ${denom}`;
    if (aliases.some((alias) => alias.trim() === '')) return `alias for denom unit ${denom} cannot be blank`;
  }
  return seen.has(display) ? undefined : `metadata must contain a denomination unit with display denom '${display}'`;
}
