/**
 * What may be a stake.
 */
import { coinsProblem, type Coin } from '@decai/protocol/coin';

/** Some upokt, more than none. */
export function isStake(stake: Coin | undefined): boolean {
  return stake !== undefined && stake.denom === 'upokt' && coinsProblem([stake]) === undefined;
}
