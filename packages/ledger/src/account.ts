/**
 * Accounts: address, number, sequence, and the public key once its owner has signed something.
 *
 * Numbers are handed out in the order of creation and never reused; they are part of what is signed.
 *
 * Source: cosmos/cosmos-sdk `x/auth/keeper`, `x/auth/types/account.go`.
 */
import { create } from '@bufbuild/protobuf';
import { readAccountKey, type AccountKey } from '@decai/protocol/account-key';
import { BaseAccountSchema, type BaseAccount } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { CollectionShape, textKey, type Collection } from './collection.ts';
import { GAS, type GasMeter } from './gas.ts';
import { INTEGER_VALUE, messageValue } from './message-value.ts';
import { moduleAt } from './module-account.ts';
import type { Store } from './store.ts';

/** The bare address is the key there, and each account is wrapped in an Any. */
const ACCOUNTS = new CollectionShape('auth/account/', messageValue(BaseAccountSchema), {
  keyBytes: 21,
  wrapperBytes: 36,
});
/** There it is an integer of eight bytes under a single one. */
const NEXT_NUMBER = new CollectionShape('auth/next_number', INTEGER_VALUE, { keyBytes: 1, valueBytes: 8 });

export const SECP256K1_KEY_TYPE = '/cosmos.crypto.secp256k1.PubKey';

/** A prefix of 13 bytes, the number, and the address. */
const NUMBER_INDEX_BYTES = 13 + 8 + 20;

export class Accounts {
  readonly records: Collection<BaseAccount>;
  private readonly meter: () => GasMeter | undefined;
  private readonly nextNumber: Collection<bigint>;

  constructor(store: Store) {
    this.meter = () => store.meter;
    this.records = ACCOUNTS.in(store);
    this.nextNumber = NEXT_NUMBER.in(store);
  }

  get(address: string): BaseAccount | undefined {
    const account = this.records.get(textKey(address));
    if (account !== undefined) this.meter()?.consume(GAS.readPerByte * moduleBytesOf(address));
    return account;
  }

  put(account: BaseAccount): void {
    this.chargeNumberIndex(account.address);
    this.meter()?.consume(GAS.writePerByte * moduleBytesOf(account.address));
    this.records.put(textKey(account.address), account);
  }

  has(address: string): boolean {
    return this.records.has(textKey(address));
  }

  /** The account at this address, created with the next number if there is none. */
  ensure(address: string): BaseAccount {
    return this.get(address) ?? this.open(address);
  }

  /** A new account at an address that has none. */
  open(address: string): BaseAccount {
    const account = create(BaseAccountSchema, { address, accountNumber: this.takeNumber() });
    this.put(account);
    return account;
  }

  /** The 33 bytes of an account's secp256k1 key; undefined without an account, without a key, or with another kind of key. */
  publicKey(address: string): Uint8Array | undefined {
    const account = this.get(address);
    const key = account === undefined ? undefined : keyOf(account);
    return key?.kind === 'secp256k1' ? key.publicKey : undefined;
  }

  /** Accounts are found by number there: the old entry of that index goes and a new one is made, whatever has changed. */
  private chargeNumberIndex(address: string): void {
    const before = this.get(address);
    this.meter()?.consume(before === undefined ? 0 : GAS.deleteFlat);
    this.meter()?.consume(GAS.hasFlat + GAS.writeFlat + GAS.writePerByte * NUMBER_INDEX_BYTES);
  }

  /** The next account number, which from now on is taken. */
  takeNumber(): bigint {
    const number = this.nextNumber.get('') ?? 0n;
    this.nextNumber.put('', number + 1n);
    return number;
  }

  /** Makes sure that numbers handed out from now on lie above this one. */
  reserveNumber(number: bigint): void {
    if ((this.nextNumber.get('') ?? 0n) <= number) this.nextNumber.put('', number + 1n);
  }
}

/** The key of an account, once it has one. Keys are checked before they are stored. */
export function keyOf({ pubKey }: BaseAccount): AccountKey | undefined {
  return pubKey === undefined ? undefined : readAccountKey(pubKey);
}

/** How many bytes more there are in the account of a module there: a longer type, what is around it, its name and rights. */
function moduleBytesOf(address: string): number {
  const module = moduleAt(address);
  if (module === undefined) return 0;
  const texts = [module.name, ...module.permissions];
  return 4 + texts.reduce((sum, text) => sum + 2 + text.length, 0);
}
