/**
 * The parameters of one module under profile `decai`: nothing but a history, each set from the first height of a session on.
 *
 * There is no live set beside it that could say something else: what holds now is what holds at the height of the block, and
 * what a session is held to is what held when it began.
 */
import { Fault } from '@decai/protocol/fault';
import { ModuleParams, type ParamsShape } from './module-params.ts';
import type { Store } from './store.ts';

/** The history of a chain begins with its first block. */
const FIRST_HEIGHT = 1;

export class PinnedParams<P> extends ModuleParams<P> {
  private readonly height: number;

  /** `height` is that of the block being executed. */
  constructor(store: Store, shape: ParamsShape<P>, height: number) {
    super(store, shape);
    this.height = height;
  }

  override live(): P {
    return this.at(this.height);
  }

  /** Overwrites what holds now, for a network that is being founded; everybody else announces a change. */
  override setLive(params: P): void {
    const [effectiveHeight] = this.inForce(this.height) ?? [FIRST_HEIGHT];
    this.history.put('', effectiveHeight, params);
  }

  /** Where a genesis has a history, the live set beside it is what that says of the present. */
  override found(live: P, past: readonly (readonly [effectiveHeight: number, params: P])[]): void {
    if (past.length === 0) this.setLive(live);
    for (const [effectiveHeight, params] of past) this.history.put('', effectiveHeight, params);
  }

  /** @throws PARAMS_PRUNED for a height of which it is no longer known what held. */
  override at(height: number): P {
    const held = this.history.at('', Math.max(height, FIRST_HEIGHT));
    if (held !== undefined) return held;
    if (this.history.isEmpty('')) return this.shape.none();
    throw new Fault('PARAMS_PRUNED', 'parameters are kept until the last session that reads them is settled', {
      height,
    });
  }

  override knows(height: number): boolean {
    return this.history.at('', Math.max(height, FIRST_HEIGHT)) !== undefined;
  }

  override governing(startHeight: number): P {
    return this.at(startHeight);
  }

  private inForce(height: number): readonly [effectiveHeight: number, params: P] | undefined {
    for (const entry of this.history.entries('', true)) if (entry[0] <= Math.max(height, FIRST_HEIGHT)) return entry;
    return undefined;
  }
}
