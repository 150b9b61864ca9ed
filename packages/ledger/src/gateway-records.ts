/**
 * Gateway records. There is no index: unbonding looks at all of them, and only at session ends.
 *
 * Source: pokt-network/poktroll `x/gateway/keeper/gateway.go`.
 */
import { GatewaySchema, type Gateway } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { CollectionShape, textKey, type Collection, type CollectionRange } from './collection.ts';
import { messageValue } from './message-value.ts';
import type { Store } from './store.ts';

const GATEWAYS = new CollectionShape('gateway/Gateway/address/', messageValue(GatewaySchema));

export class GatewayRecords {
  private readonly gateways: Collection<Gateway>;

  constructor(store: Store) {
    this.gateways = GATEWAYS.in(store);
  }

  get(address: string): Gateway | undefined {
    return this.gateways.get(textKey(address));
  }

  put(gateway: Gateway): void {
    this.gateways.put(textKey(gateway.address), gateway);
  }

  delete(address: string): void {
    this.gateways.delete(textKey(address));
  }

  /** All records with their key suffixes, by address. */
  entries(range?: CollectionRange): Iterable<readonly [suffix: string, gateway: Gateway]> {
    return this.gateways.entries(range);
  }
}

/** Whether applications may delegate to a gateway at a height: an unbonding one until its last session's end. */
export function isGatewayActive(gateway: Gateway, height: number): boolean {
  return gateway.unstakeSessionEndHeight === 0n || BigInt(height) <= gateway.unstakeSessionEndHeight;
}
