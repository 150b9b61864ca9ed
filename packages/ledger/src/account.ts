/**
 * Accounts: address, number, sequence, and the public key once its owner has signed something.
 *
 * Numbers are handed out in the order of creation and never reused; they are part of what is signed.
 *
 * Source: cosmos/cosmos-sdk `x/auth/keeper`, `x/auth/types/account.go`.
 */
import { create } from '@bufbuild/protobuf';
import { decode } from '@decai/protocol/codec';
import { BaseAccountSchema, type BaseAccount } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { CollectionShape, textKey, type Collection } from './collection.ts';
import { INTEGER_VALUE, messageValue } from './message-value.ts';
import type { Store } from './store.ts';

const ACCOUNTS = new CollectionShape('auth/account/', messageValue(BaseAccountSchema));
const NEXT_NUMBER = new CollectionShape('auth/next_number', INTEGER_VALUE);

export const SECP256K1_KEY_TYPE = '/cosmos.crypto.secp256k1.PubKey';

export class Accounts {
  readonly records: Collection<BaseAccount>;
  private readonly nextNumber: Collection<bigint>;

  constructor(store: Store) {
    this.records = ACCOUNTS.in(store);
    this.nextNumber = NEXT_NUMBER.in(store);
  }

  get(address: string): BaseAccount | undefined {
    return this.records.get(textKey(address));
  }

  put(account: BaseAccount): void {
    this.records.put(textKey(account.address), account);
  }

  /** The account at this address, created with the next number if there is none. */
  ensure(address: string): BaseAccount {
    const known = this.get(address);
    if (known !== undefined) return known;
    const account = create(BaseAccountSchema, { address, accountNumber: this.takeNumber() });
    this.put(account);
    return account;
  }

  /** The 33 bytes of an account's secp256k1 key; undefined without an account, without a key, or with another kind of key. */
  publicKey(address: string): Uint8Array | undefined {
    const key = this.get(address)?.pubKey;
    if (key === undefined || key.typeUrl !== SECP256K1_KEY_TYPE) return undefined;
    return decode(PubKeySchema, key.value).key;
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
