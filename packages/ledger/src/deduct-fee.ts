/**
 * The fee: taken from whoever pays before anything else happens, and kept whatever happens then.
 *
 * Source: cosmos/cosmos-sdk `x/auth/ante/fee.go`, `x/auth/ante/validator_tx_fee.go`.
 */
import { coinsProblem, formatCoins } from '@decai/protocol/coin';
import type { Admission } from './admission.ts';
import { readAmount, UPOKT, type Coins } from './coins.ts';
import { ACCEPTED, refuse, wrapRefusal, type Refusal } from './refusal.ts';
import { SDK } from './registered-error.ts';

/**
 * Takes the fee. Raises the events of the transfer, unless the fee is zero, and `tx{fee, fee_payer}`.
 *
 * Refuses, in this order: no gas (sdk 41); on the way into a pool, a fee below this node's price (13); somebody else's
 * allowance, which does not exist here (38); a payer without account (9); a list that is not a list of coins (13); a
 * shortage (5).
 */
export function deductFee(admission: Admission): Refusal | undefined {
  const { state, transaction, mode } = admission;
  const { amount, gasLimit, payer: namedPayer, granter } = transaction.authInfo.fee!;
  if (gasLimit === 0n && mode !== 'simulate') return refuse(SDK.INVALID_GAS_LIMIT, 'must provide positive gas');
  const tooCheap = checkPrice(admission, amount, gasLimit);
  if (tooCheap !== undefined) return tooCheap;

  const payer = namedPayer === '' ? transaction.signers[0]! : namedPayer;
  if (granter !== '' && granter !== payer) {
    return refuse(SDK.NOT_FOUND, `${granter} does not allow to pay fees for ${payer}`);
  }
  if (state.accounts.get(payer) === undefined) {
    return refuse(SDK.UNKNOWN_ADDRESS, `fee payer address: ${payer} does not exist`);
  }
  const isFree = amount.every((coin) => coin.amount === '0');
  if (!isFree && coinsProblem(amount) !== undefined) {
    return refuse(SDK.INSUFFICIENT_FEE, `invalid fee amount: ${formatCoins(amount)}`);
  }
  const paid = isFree ? ACCEPTED : state.bank.escrow(payer, 'fee_collector', amount);
  if (!paid.ok) return wrapRefusal(paid, SDK.INSUFFICIENT_FUNDS);
  state.journal.emitPlain('tx', { fee: formatCoins(amount), fee_payer: payer });
  return undefined;
}

function checkPrice({ mode, policy }: Admission, offered: Coins, gasLimit: bigint): Refusal | undefined {
  const { minGasPrice } = policy;
  if (mode !== 'check' || minGasPrice === undefined) return undefined;
  const requiredUpokt = ceilDiv(gasLimit * minGasPrice.numerator, minGasPrice.denominator);
  const isEnough = offered.some((coin) => coin.denom === UPOKT && (readAmount(coin) ?? 0n) >= requiredUpokt);
  if (requiredUpokt === 0n || isEnough) return undefined;
  const details = `insufficient fees; got: ${formatCoins(offered)} required: ${requiredUpokt}${UPOKT}`;
  return refuse(SDK.INSUFFICIENT_FEE, details);
}

function ceilDiv(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
