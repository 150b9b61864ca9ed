/**
 * Applications and gateways for tests, staked and moved by the messages themselves.
 */
import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import {
  MsgDelegateToGatewaySchema,
  MsgStakeApplicationSchema,
  MsgTransferApplicationSchema,
  MsgUndelegateFromGatewaySchema,
  MsgUnstakeApplicationSchema,
} from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgStakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import type { Profile } from './chain-record.ts';
import { delegateToGateway } from './delegate-to-gateway.ts';
import { stakeApplication } from './stake-application.ts';
import { stakeGateway } from './stake-gateway.ts';
import type { State } from './state.ts';
import { addressNamed, emptyState, endow } from './test-chain.ts';
import { transferApplication } from './transfer-application.ts';
import { undelegateFromGateway } from './undelegate-from-gateway.ts';
import { unstakeApplication } from './unstake-application.ts';

import type { Verdict } from './refusal.ts';

export const APP: string = addressNamed('app');
export const GATEWAYS: readonly string[] = Array.from({ length: 8 }, (_, index) => addressNamed(`gateway ${index}`));
export const G1: string = GATEWAYS[0]!;
export const G2: string = GATEWAYS[1]!;
export const G3: string = GATEWAYS[2]!;

/** Applications `app`, and eight gateways, all staked at height 1. */
export function town(profile: Profile = 'pocket'): State {
  const state = emptyState(1, undefined, profile);
  for (const gateway of GATEWAYS) {
    endow(state, gateway, 1000n);
    stakeGateway(state, create(MsgStakeGatewaySchema, { address: gateway, stake: coin(1000n) }));
  }
  stakeAs(state, APP, 'svc1');
  return state;
}

export function stakeAs(
  state: State,
  address: string,
  serviceId: string,
  stakeUpokt = 1_000_000n,
  limitUpokt?: bigint,
): Verdict {
  endow(state, address, stakeUpokt);
  const fields = { address, stake: coin(stakeUpokt), services: [{ serviceId }] };
  const limit = limitUpokt === undefined ? {} : { perSessionSpendLimit: coin(limitUpokt) };
  return stakeApplication(state, create(MsgStakeApplicationSchema, { ...fields, ...limit }));
}

export const delegate = (state: State, gateway: string, app: string = APP): Verdict =>
  delegateToGateway(state, create(MsgDelegateToGatewaySchema, { appAddress: app, gatewayAddress: gateway }));
export const undelegate = (state: State, gateway: string, app: string = APP): Verdict =>
  undelegateFromGateway(state, create(MsgUndelegateFromGatewaySchema, { appAddress: app, gatewayAddress: gateway }));
export const unstake = (state: State, address: string = APP): Verdict =>
  unstakeApplication(state, create(MsgUnstakeApplicationSchema, { address }));
export const transfer = (state: State, to: string, from: string = APP): Verdict =>
  transferApplication(state, create(MsgTransferApplicationSchema, { sourceAddress: from, destinationAddress: to }));
export const app = (state: State, address: string = APP): Application => state.applications.get(address)!;
/** Archived gateways by session end. */
export const archive = (state: State, address: string = APP): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(app(state, address).pendingUndelegations).map(([key, list]) => [key, list.gatewayAddresses]),
  );
