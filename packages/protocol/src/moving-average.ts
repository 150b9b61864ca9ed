/**
 * The moving average of a service's counted relays, which steers its difficulty.
 *
 * Shannon computes it in floating point: the weight 0.1 is a double, every operation rounds to 64 significant bits,
 * ties to even, and the result is cut off. Here the same bits come out of integers; exact decimal arithmetic would
 * differ by one in about every twentieth update.
 * Source: pokt-network/poktroll `x/service/keeper/update_relay_mining_difficulty.go`.
 */

/** The double 0.1 is ALPHA / 2^55, a little above one tenth; ONE_MINUS_ALPHA / 2^55 is exact. */
const SCALE_BITS = 55n;
const ALPHA = 3602879701896397n;
const ONE_MINUS_ALPHA = 2n ** SCALE_BITS - ALPHA;
const U64_MAX = 2n ** 64n - 1n;

/** The next average: a tenth of `current` and nine tenths of `previous`, both uint64, rounded as Shannon rounds. */
export function nextMovingAverage(previous: bigint, current: bigint): bigint {
  const weighted = round64(round64(ALPHA * current) + round64(ONE_MINUS_ALPHA * previous));
  const average = weighted >> SCALE_BITS;
  return average > U64_MAX ? U64_MAX : average;
}

/** `value` rounded to 64 significant bits, nearest, ties to even. */
function round64(value: bigint): bigint {
  const excessBits = BigInt(value.toString(2).length - 64);
  if (excessBits <= 0n) return value;
  const kept = value >> excessBits;
  const rest = value - (kept << excessBits);
  const half = 1n << (excessBits - 1n);
  const roundUp = rest > half || (rest === half && (kept & 1n) === 1n);
  return (roundUp ? kept + 1n : kept) << excessBits;
}
