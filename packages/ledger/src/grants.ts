/**
 * Grants: who may send messages of one type in whose name, and until when.
 *
 * Only the general authorization exists here: any message of its type. A second list by expiration shows which grants are
 * over, so that nobody has to look through all of them.
 *
 * Source: cosmos/cosmos-sdk `x/authz/keeper/keys.go`, `x/authz/keeper/keeper.go`.
 */
import { create } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { decodeAddress, encodeAddress } from '@decai/protocol/address';
import { packAny } from '@decai/protocol/any';
import {
  GenericAuthorizationSchema,
  GrantAuthorizationSchema,
  GrantSchema,
  type Grant,
  type GrantAuthorization,
} from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import { CollectionShape, type Collection, type CollectionRange } from './collection.ts';
import { heightSegment, segmentText, textSegment } from './key.ts';
import { BYTES_VALUE, messageValue } from './message-value.ts';
import { keyBytes, keyText, type Store } from './store.ts';

const GRANTS = new CollectionShape('authz/grant/', messageValue(GrantSchema), { keyBytesMore: 3 });
const ENDS = new CollectionShape('authz/end/', BYTES_VALUE);

/** What a grant is about. */
export type GrantName = {
  readonly granter: string;
  readonly grantee: string;
  /** Type URL of the messages. */
  readonly messageType: string;
};

/** No message has a longer type, and what lies in the store has a short key. */
export const MESSAGE_TYPE_MAX = 128;

const PRESENT = Uint8Array.of(1);
const ADDRESS_BYTES = 20;
const END_BYTES = 16;

export class Grants {
  private readonly grants: Collection<Grant>;
  private readonly ends: Collection<Uint8Array>;

  constructor(store: Store) {
    this.grants = GRANTS.in(store);
    this.ends = ENDS.in(store);
  }

  get(name: GrantName): Grant | undefined {
    if (name.messageType.length > MESSAGE_TYPE_MAX) return undefined;
    return this.grants.get(keyOfGrant(name));
  }

  /** Enters a grant over the one that had its name. Without `expiration` it has no end. */
  put(name: GrantName, expiration: Timestamp | undefined): void {
    this.delete(name);
    const authorization = packAny(
      GenericAuthorizationSchema,
      create(GenericAuthorizationSchema, { msg: name.messageType }),
    );
    const key = keyOfGrant(name);
    this.grants.put(key, create(GrantSchema, { authorization, ...(expiration !== undefined && { expiration }) }));
    if (expiration !== undefined) this.ends.put(endSegment(expiration) + key, PRESENT);
  }

  delete(name: GrantName): void {
    const grant = this.get(name);
    if (grant === undefined) return;
    const key = keyOfGrant(name);
    const { expiration } = grant;
    if (expiration !== undefined) this.ends.delete(endSegment(expiration) + key);
    this.grants.delete(key);
  }

  /** Removes grants that ended before a time, the earliest first, and at most so many. */
  prune(timeNs: bigint, countMax: number): void {
    const end = endSegment({ seconds: timeNs / 1_000_000_000n, nanos: Number(timeNs % 1_000_000_000n) });
    let count = 0;
    for (const key of this.ends.keys({ start: '', end })) {
      if (count === countMax) return;
      count += 1;
      this.ends.delete(key);
      this.grants.delete(key.slice(END_BYTES));
    }
  }

  /** All grants, by granter, grantee and type; of one granter, or one granter and grantee, if `under` says so. */
  *entries(
    under: Partial<Omit<GrantName, 'messageType'>> = {},
    range: CollectionRange = {},
  ): Generator<readonly [suffix: string, grant: GrantAuthorization]> {
    const prefix = [under.granter, under.grantee].map((each) => (each === undefined ? '' : addressKey(each))).join('');
    for (const [suffix, { authorization, expiration }] of this.grants.below(prefix, range)) {
      const { granter, grantee } = nameIn(prefix + suffix);
      yield [
        suffix,
        create(GrantAuthorizationSchema, {
          granter,
          grantee,
          ...(authorization !== undefined && { authorization }),
          ...(expiration !== undefined && { expiration }),
        }),
      ];
    }
  }
}

function keyOfGrant({ granter, grantee, messageType }: GrantName): string {
  return addressKey(granter) + addressKey(grantee) + textSegment(messageType);
}

function nameIn(key: string): GrantName {
  const addressAt = (start: number) => encodeAddress(keyBytes(key.slice(start, start + ADDRESS_BYTES)));
  return {
    granter: addressAt(0),
    grantee: addressAt(ADDRESS_BYTES),
    messageType: segmentText(key.slice(2 * ADDRESS_BYTES)),
  };
}

/** The bytes of an address, which order grants as Shannon does; its text would order them otherwise. */
function addressKey(address: string): string {
  return keyText(decodeAddress(address));
}

function endSegment({ seconds, nanos }: Pick<Timestamp, 'seconds' | 'nanos'>): string {
  return heightSegment(Number(seconds)) + heightSegment(nanos);
}
