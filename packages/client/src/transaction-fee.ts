/**
 * What a transaction may use, and what it pays for that: gas without asking the ledger, and the fee at a price.
 */
import { Fault } from '@decai/protocol/fault';

/** Generous for every message of the network: a fixed part for each, and what it costs to read and store the bytes. */
export function estimateGas(bytes: number, messages: number): bigint {
  return 150_000n + 150_000n * BigInt(messages) + 60n * BigInt(bytes);
}

/** Rounded up to whole uPOKT. @throws GAS_PRICE_INVALID unless the price is plain decimal text. */
export function feeFor(gas: bigint, gasPriceUpokt: string): bigint {
  const [, whole, fraction = ''] = /^(\d{1,18})(?:\.(\d{1,18}))?$/.exec(gasPriceUpokt) ?? [];
  if (whole === undefined) throw new Fault('GAS_PRICE_INVALID', 'a gas price is decimal text such as 0.001');
  const unit = 10n ** BigInt(fraction.length);
  return (gas * BigInt(whole + fraction) + unit - 1n) / unit;
}
