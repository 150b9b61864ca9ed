/**
 * Staking an application, or raising its stake, changing its service, its spend limit, or calling off its unbonding.
 *
 * Source: pokt-network/poktroll `x/application/keeper/msg_server_stake_application.go`,
 * `x/application/types/message_stake_application.go`.
 */
import { create } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import type { Coin } from '@decai/protocol/coin';
import {
  EventApplicationStakedSchema,
  EventApplicationUnbondingCanceledSchema,
} from '@decai/protocol/gen/pocket/application/event_pb';
import type { MsgStakeApplication } from '@decai/protocol/gen/pocket/application/tx_pb';
import { ApplicationSchema, type Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { withServices } from './application-services.ts';
import { readAmount, UPOKT, upokt } from './coins.ts';
import { ACCEPTED, refuse, withStatus, wrapRefusal, type Refusal, type Verdict } from './refusal.ts';
import { APPLICATION } from './registered-error.ts';
import { checkServiceId } from './service-check.ts';
import { currentSessionEnd, nextSessionStartHeight } from './session-timings.ts';
import { amountUpoktOf, coinText, stakeProblem } from './stake.ts';
import type { State } from './state.ts';

/** A lower limit would let an application starve its suppliers by a unit at a time. */
const SPEND_LIMIT_MIN_UPOKT = 1_000_000n;

/** Refuses, in this order: address (1102), stake (1101), not exactly one service, its id (1106), spend limit (1118). */
export function checkStakeApplication(msg: MsgStakeApplication): Refusal | undefined {
  const address = addressProblem(msg.address);
  if (address !== undefined) return refuse(APPLICATION.INVALID_ADDRESS, `invalid application address: ${address}`);
  const stake = stakeProblem(msg.stake, 'application');
  if (stake !== undefined) return refuse(APPLICATION.INVALID_STAKE, stake);
  const [service, ...others] = msg.services;
  if (service === undefined || others.length > 0) {
    const details = `application must have exactly one service: got ${msg.services.length}`;
    return refuse(APPLICATION.INVALID_SERVICE_CONFIGS, details);
  }
  const id = checkServiceId(service.serviceId);
  if (id !== undefined) return wrapRefusal(id, APPLICATION.INVALID_SERVICE_CONFIGS);
  const limit = spendLimitProblem(msg.perSessionSpendLimit);
  return limit === undefined ? undefined : refuse(APPLICATION.INVALID_SPEND_LIMIT, limit);
}

/**
 * Stakes or restakes an application.
 *
 * Expects a message that passed `checkStakeApplication`. Refuses, in this order: a stake that does not rise (1101), one
 * below the minimum (1101), an account that cannot pay the difference (sdk 5).
 */
export function stakeApplication(state: State, msg: MsgStakeApplication): Verdict {
  const stored = state.applications.get(msg.address);
  const stakeUpokt = amountUpoktOf(msg.stake);
  const heldUpokt = amountUpoktOf(stored?.stake);
  if (stored !== undefined && stakeUpokt <= heldUpokt) {
    const details = `stake amount ${coinText(msg.stake)} must be higher than previous stake amount ${coinText(stored.stake)}`;
    return refuse(APPLICATION.INVALID_STAKE, details, 'InvalidArgument');
  }
  const { minStake } = state.params.application.live();
  if (stakeUpokt < amountUpoktOf(minStake)) {
    const details = `application "${msg.address}" must stake at least ${coinText(minStake)}`;
    return refuse(APPLICATION.INVALID_STAKE, details, 'InvalidArgument');
  }
  const paid = state.bank.escrow(msg.address, 'application', upokt(stakeUpokt - heldUpokt));
  if (!paid.ok) return withStatus(paid, 'Internal');

  const application = stored === undefined ? freshApplication(msg) : restaked(state, stored, msg);
  state.applications.put(application);
  const event = { application, sessionEndHeight: BigInt(currentSessionEnd(state)) };
  const wasUnbonding = stored !== undefined && stored.unstakeSessionEndHeight !== 0n;
  if (wasUnbonding) state.journal.emit(EventApplicationUnbondingCanceledSchema, event);
  state.journal.emit(EventApplicationStakedSchema, event);
  return ACCEPTED;
}

function freshApplication(msg: MsgStakeApplication): Application {
  return create(ApplicationSchema, {
    address: msg.address,
    stake: msg.stake,
    serviceConfigs: msg.services,
    perSessionSpendLimit: isZero(msg.perSessionSpendLimit) ? undefined : msg.perSessionSpendLimit,
  });
}

function restaked(state: State, stored: Application, msg: MsgStakeApplication): Application {
  const limit = msg.perSessionSpendLimit;
  const perSessionSpendLimit = limit === undefined ? stored.perSessionSpendLimit : isZero(limit) ? undefined : limit;
  return {
    ...withServices(stored, msg.services, nextSessionStartHeight(state)),
    stake: msg.stake,
    perSessionSpendLimit,
    unstakeSessionEndHeight: 0n,
  };
}

/** Why a spend limit cannot be one. Absent keeps a limit, zero of any denomination removes it, anything else sets it. */
export function spendLimitProblem(limit: Coin | undefined): string | undefined {
  if (limit === undefined || isZero(limit)) return undefined;
  const amount = readAmount(limit);
  if (amount === undefined || limit.denom !== UPOKT || amount < SPEND_LIMIT_MIN_UPOKT) {
    return `per_session_spend_limit ${coinText(limit)} must be at least ${SPEND_LIMIT_MIN_UPOKT}${UPOKT}`;
  }
  return undefined;
}

function isZero(coin: Coin | undefined): boolean {
  return coin !== undefined && readAmount(coin) === 0n;
}
