/** Columns that several events about a claim fill: whose it is, and how much it claims. */
import { amountOf, parseCoin } from '@decai/protocol/coin';
import type { ClaimKey } from './block-changes.ts';

type ClaimSubject = {
  readonly sessionEndBlockHeight: bigint;
  readonly serviceId: string;
  readonly applicationAddress: string;
  readonly supplierOperatorAddress: string;
};

type ClaimVolume = {
  readonly numRelays: bigint;
  readonly numEstimatedRelays: bigint;
  readonly numClaimedComputeUnits: bigint;
  readonly numEstimatedComputeUnits: bigint;
  readonly claimedUpokt: string;
};

export function claimKey(event: ClaimSubject): ClaimKey {
  return {
    sessionEndHeight: Number(event.sessionEndBlockHeight),
    serviceId: event.serviceId,
    applicationAddress: event.applicationAddress,
    supplierAddress: event.supplierOperatorAddress,
  };
}

export function claimedVolume(event: ClaimVolume): Readonly<Record<string, string>> {
  return {
    relays: `${event.numRelays}`,
    estimatedRelays: `${event.numEstimatedRelays}`,
    computeUnits: `${event.numClaimedComputeUnits}`,
    estimatedComputeUnits: `${event.numEstimatedComputeUnits}`,
    claimedUpokt: `${upoktIn(event.claimedUpokt)}`,
  };
}

/** The amount of a coin as events write it, such as `42upokt`; zero for none. */
export function upoktIn(coin: string): bigint {
  return coin === '' ? 0n : amountOf(parseCoin(coin));
}
