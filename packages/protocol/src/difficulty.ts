/**
 * Relay mining difficulty: the fraction of relays that become leaves, steered by a 32-byte target.
 *
 * A relay counts when its hash lies below the target of its service at the session's start. The base target lets
 * every relay count; the multiplier `base / target` turns the work of the counted relays into an estimate of all.
 * Source: pokt-network/poktroll `pkg/crypto/protocol/relay_difficulty.go`; arXiv 2305.10672.
 */
import { compareBytes, fromBigInt, toBigInt } from './bytes.ts';
import { Fault } from './fault.ts';

const TARGET_BYTES = 32;
const BASE = 2n ** 256n - 1n;

/** An exact non-negative fraction. */
export type Ratio = { readonly numerator: bigint; readonly denominator: bigint };

/** The easiest target, 32 bytes of `ff`. A fresh copy each time. */
export function baseTarget(): Uint8Array {
  return new Uint8Array(TARGET_BYTES).fill(0xff);
}

/** Whether a relay counts: its hash sorts strictly below the target, byte by byte. */
export function isRelayApplicable(relayHash: Uint8Array, target: Uint8Array): boolean {
  return compareBytes(relayHash, target) < 0;
}

/**
 * How many relays each counted relay stands for: `(2^256 − 1) / target`, not reduced. It is no power of two even for
 * targets such as `7f ff …`.
 *
 * @throws DIFFICULTY_TARGET when the target is not 32 bytes long or is zero.
 */
export function difficultyMultiplier(target: Uint8Array): Ratio {
  const denominator = target.length === TARGET_BYTES ? toBigInt(target) : 0n;
  if (denominator === 0n) {
    throw new Fault('DIFFICULTY_TARGET', 'a target is 32 bytes, not all zero', { length: target.length });
  }
  return { numerator: BASE, denominator };
}

/**
 * The target at which `relaysEma` relays a settlement would leave `targetNumRelays` of them as leaves.
 *
 * Always scaled from the base target, so it depends on the present average only: `floor(base · wanted / average)`,
 * at most the base. An average of zero, for which Go divides by zero, gives the base target.
 */
export function targetFor(targetNumRelays: bigint, relaysEma: bigint): Uint8Array {
  if (relaysEma <= targetNumRelays) return baseTarget();
  return scaleTarget(baseTarget(), { numerator: targetNumRelays, denominator: relaysEma });
}

/**
 * A target times a ratio, rounded down; the base target where the product needs more than 32 bytes.
 *
 * @throws DIFFICULTY_TARGET when the target is not 32 bytes long or the ratio has no denominator.
 */
export function scaleTarget(target: Uint8Array, { numerator, denominator }: Ratio): Uint8Array {
  if (target.length !== TARGET_BYTES || denominator === 0n) {
    throw new Fault('DIFFICULTY_TARGET', 'a target is 32 bytes and is scaled by a finite ratio', {
      length: target.length,
    });
  }
  const scaled = (toBigInt(target) * numerator) / denominator;
  return scaled > BASE ? baseTarget() : fromBigInt(scaled, TARGET_BYTES);
}
