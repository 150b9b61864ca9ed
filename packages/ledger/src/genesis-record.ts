/**
 * What the readers of a genesis document share: how a record is refused, and what a height in it may be.
 *
 * A chain that starts wrong cannot be mended, so whatever would later make a rule throw is refused here, by name.
 */
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import type { Coin } from '@decai/protocol/coin';
import { HEIGHT_MAX, invalidGenesis } from './genesis.ts';
import { isBlocked } from './module-account.ts';
import type { Refusal } from './refusal.ts';
import { stakeProblem } from './stake.ts';

/** Gives a module's part of the document. */
export type GenesisReader = <Desc extends DescMessage>(module: string, schema: Desc) => MessageShape<Desc>;

/** A module's parameters. @throws GENESIS_INVALID when they are missing or refused. */
export function checkedParams<P>(module: string, params: P | undefined, check: (params: P) => Refusal | undefined): P {
  if (params === undefined) throw invalidGenesis(`app_state.${module}.params is missing`);
  const refusal = check(params);
  if (refusal !== undefined) throw invalidGenesis(`app_state.${module}.params: ${refusal.message}`);
  return params;
}

/** The height as a number. @throws GENESIS_INVALID */
export function heightIn(kind: string, name: string, height: bigint): number {
  if (height < 0n || height > BigInt(HEIGHT_MAX)) throw invalidRecord(kind, name, `${height} is no height`);
  return Number(height);
}

/** An actor's address can receive coins, and its stake is one. @throws GENESIS_INVALID */
export function checkActor(kind: string, address: string, stake: Coin | undefined): void {
  const problem = addressProblem(address) ?? stakeProblem(stake, kind);
  if (problem !== undefined) throw invalidRecord(kind, address, problem);
  if (isBlocked(address)) throw invalidRecord(kind, address, 'the account takes no coins');
}

/** @throws GENESIS_INVALID for a refusal; nothing without one. */
export function refuseRecord(kind: string, name: string, refusal: Refusal | undefined): void {
  if (refusal !== undefined) throw invalidRecord(kind, name, refusal.message);
}

export function invalidRecord(kind: string, name: string, problem: string): Error {
  return invalidGenesis(`${kind} ${name}: ${problem}`);
}
