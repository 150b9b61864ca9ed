/**
 * The parameters of one module as Shannon keeps them: a live set, and for two modules a history beside it.
 *
 * Only shared and session parameters have entries in their history. Whatever is read as of now changes with the next
 * transaction, also for sessions and claims that began before.
 *
 * Source: pokt-network/poktroll `x/<module>/keeper/params.go`, `x/shared/keeper/params_history.go`.
 */
import type { CollectionShape } from './collection.ts';
import { HeightHistory } from './height-history.ts';
import type { Store } from './store.ts';

/** Where the sets of a module lie. */
export type ParamsShape<P> = {
  readonly live: CollectionShape<P>;
  readonly history: CollectionShape<P>;
  readonly none: () => P;
};

/** A set that holds from the moment it is written. */
export class LiveParams<P> {
  protected readonly store: Store;
  protected readonly shape: ParamsShape<P>;

  constructor(store: Store, shape: ParamsShape<P>) {
    this.store = store;
    this.shape = shape;
  }

  /** What holds for all that belongs to no session. It is what the module's own query answers. */
  live(): P {
    return this.shape.live.in(this.store).get('') ?? this.shape.none();
  }

  setLive(params: P): void {
    this.shape.live.in(this.store).put('', params);
  }
}

export class ModuleParams<P> extends LiveParams<P> {
  readonly history: HeightHistory<P>;

  constructor(store: Store, shape: ParamsShape<P>) {
    super(store, shape);
    this.history = new HeightHistory(store, shape.history);
  }

  /** Takes over what a genesis says. */
  found(live: P, past: readonly (readonly [effectiveHeight: number, params: P])[]): void {
    this.setLive(live);
    for (const [effectiveHeight, params] of past) this.history.put('', effectiveHeight, params);
  }

  /** What holds at `height`: the newest set that has come into force by then, or the live one if there is none. */
  at(height: number): P {
    return this.history.at('', height) ?? this.live();
  }

  /** Whether it is still known what held at a height. */
  knows(_height: number): boolean {
    return true;
  }

  /** What a session that began at a height is held to. Here that is what holds now. */
  governing(_startHeight: number): P {
    return this.live();
  }
}
