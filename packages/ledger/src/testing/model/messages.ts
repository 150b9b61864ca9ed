/**
 * Every message that the model knows, by type: what no book could accept, and what it does to the book.
 */
import type { Any } from '@bufbuild/protobuf/wkt';
import { addressProblem } from '@decai/protocol/address';
import { unpackAny } from '@decai/protocol/any';
import { amountOf, coinsProblem, type Coin } from '@decai/protocol/coin';
import type { MsgExec } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import type { MsgMultiSend, MsgSend } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { signersOf } from '@decai/protocol/signers';
import * as applications from './applications.ts';
import { checkTransferApplication, transferApplication } from './application-transfers.ts';
import * as claims from './claims.ts';
import { checkDelegation, delegateToGateway, undelegateFromGateway } from './delegations.ts';
import * as gateways from './gateways.ts';
import { changeAll, changeOne, checkOneChange, checkWholeChange } from './governance.ts';
import { checkRight, grant, revoke } from './grants.ts';
import type { Model } from './model.ts';
import { giveCoins, isBlocked, sendCoins, takeCoins } from './money.ts';
import { PARAMS, type ParamsModule } from './params-of-modules.ts';
import * as services from './services.ts';
import * as suppliers from './suppliers.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

/** What a block has beside the book. */
export type BlockInProgress = {
  readonly waiting: Map<string, claims.WaitingProof>;
  /** What the bytes of a proof show; undefined where they show nothing. */
  readonly contentOf: (proof: Uint8Array) => claims.ProofContent | undefined;
};

type Rule = {
  readonly check: (message: never) => Verdict;
  readonly apply: (model: Model, message: never, block: BlockInProgress) => Verdict;
};

const anything = (): Verdict => ACCEPTED;

const RULES: Readonly<Record<string, Rule>> = {
  '/pocket.application.MsgStakeApplication': {
    check: applications.checkStakeApplication,
    apply: applications.stakeApplication,
  },
  '/pocket.application.MsgUnstakeApplication': {
    check: applications.checkUnstakeApplication,
    apply: applications.unstakeApplication,
  },
  '/pocket.application.MsgDelegateToGateway': {
    check: checkDelegation,
    apply: delegateToGateway,
  },
  '/pocket.application.MsgUndelegateFromGateway': {
    check: checkDelegation,
    apply: undelegateFromGateway,
  },
  '/pocket.application.MsgTransferApplication': {
    check: checkTransferApplication,
    apply: transferApplication,
  },
  '/pocket.gateway.MsgStakeGateway': { check: gateways.checkStakeGateway, apply: gateways.stakeGateway },
  '/pocket.gateway.MsgUnstakeGateway': { check: gateways.checkUnstakeGateway, apply: gateways.unstakeGateway },
  '/pocket.gateway.MsgUpdateGatewayMetadata': {
    check: gateways.checkUpdateGatewayMetadata,
    apply: gateways.updateGatewayMetadata,
  },
  '/pocket.supplier.MsgStakeSupplier': { check: suppliers.checkStakeSupplier, apply: suppliers.stakeSupplier },
  '/pocket.supplier.MsgUnstakeSupplier': { check: suppliers.checkUnstakeSupplier, apply: suppliers.unstakeSupplier },
  '/pocket.service.MsgAddService': { check: services.checkAddService, apply: services.addService },
  '/pocket.service.MsgTransferService': { check: services.checkTransferService, apply: services.transferService },
  '/pocket.proof.MsgCreateClaim': { check: claims.checkCreateClaim, apply: claims.createClaim },
  '/pocket.proof.MsgSubmitProof': {
    check: claims.checkSubmitProof,
    apply: (model, message: Parameters<typeof claims.submitProof>[1], { waiting, contentOf }) =>
      claims.submitProof(model, message, contentOf(message.proof), waiting),
  },
  '/cosmos.bank.v1beta1.MsgSend': { check: anything, apply: send },
  '/cosmos.bank.v1beta1.MsgMultiSend': { check: anything, apply: sendToMany },
  '/cosmos.authz.v1beta1.MsgGrant': {
    check: anything,
    apply: (model, message: Parameters<typeof grant>[1]) => grant(model, message, isKnown),
  },
  '/cosmos.authz.v1beta1.MsgRevoke': { check: anything, apply: revoke },
  '/cosmos.authz.v1beta1.MsgExec': { check: anything, apply: execute },
  ...Object.fromEntries((Object.keys(PARAMS) as ParamsModule[]).flatMap(governanceOf)),
};

function governanceOf(module: ParamsModule): [typeUrl: string, rule: Rule][] {
  return [
    [
      `/pocket.${module}.MsgUpdateParam`,
      {
        check: (message: Parameters<typeof checkOneChange>[1]) => checkOneChange(module, message),
        apply: (model, message: Parameters<typeof changeOne>[2]) => changeOne(model, module, message),
      },
    ],
    [
      `/pocket.${module}.MsgUpdateParams`,
      {
        check: (message: Parameters<typeof checkWholeChange>[1]) => checkWholeChange(module, message),
        apply: (model, message: Parameters<typeof changeAll>[2]) => changeAll(model, module, message),
      },
    ],
  ];
}

export const KNOWN_TYPES: readonly string[] = Object.keys(RULES);

export function isKnown(typeUrl: string): boolean {
  return RULES[typeUrl] !== undefined;
}

/** Refuses what no book could accept, before anything else is looked at. */
export function checkMessage(any: Any): Verdict {
  return RULES[any.typeUrl]!.check(unpackAny(any).message as never);
}

export function applyMessage(model: Model, any: Any, block: BlockInProgress): Verdict {
  const verdict = RULES[any.typeUrl]!.apply(model, unpackAny(any).message as never, block);
  model.count(`${any.typeUrl.split('.').at(-1)!} ${verdict === ACCEPTED ? 'accepted' : `refused ${verdict}`}`);
  return verdict;
}

function areCoins(coins: readonly Coin[]): boolean {
  return coins.length > 0 && coinsProblem(coins) === undefined;
}

function send(model: Model, { fromAddress, toAddress, amount }: MsgSend): Verdict {
  if (addressProblem(toAddress) !== undefined) return 'sdk/7';
  if (!areCoins(amount)) return 'sdk/10';
  return isBlocked(toAddress) ? 'sdk/4' : sendCoins(model, fromAddress, toAddress, amount);
}

function sendToMany(model: Model, { inputs, outputs }: MsgMultiSend): Verdict {
  const [input] = inputs;
  if (input === undefined) return 'bank/2';
  if (inputs.length > 1) return 'bank/9';
  if (outputs.length === 0) return 'bank/3';
  for (const { address, coins } of [input, ...outputs]) {
    if (addressProblem(address) !== undefined) return 'sdk/7';
    if (!areCoins(coins)) return 'sdk/10';
  }
  const sum = (denom: string, coins: readonly Coin[]): bigint =>
    coins.filter((coin) => coin.denom === denom).reduce((all, coin) => all + amountOf(coin), 0n);
  const given = outputs.flatMap(({ coins }) => coins);
  const denoms = [...input.coins, ...given].map(({ denom }) => denom);
  if (denoms.some((denom) => sum(denom, input.coins) !== sum(denom, given))) return 'bank/4';
  if (outputs.some(({ address }) => isBlocked(address))) return 'sdk/4';
  const taken = takeCoins(model, input.address, input.coins);
  if (taken !== ACCEPTED) return taken;
  for (const { address, coins } of outputs) giveCoins(model, address, coins);
  return ACCEPTED;
}

/** Messages in somebody's name: all are looked at before the first is carried out. */
function execute(model: Model, { grantee, msgs }: MsgExec, block: BlockInProgress): Verdict {
  if (msgs.length === 0) return 'sdk/18';
  for (const any of msgs) {
    const refusal = checkMessage(any);
    if (refusal !== ACCEPTED) return refusal;
  }
  for (const any of msgs) {
    const { schema, message } = unpackAny(any);
    const [granter] = signersOf(schema, message);
    const right = checkRight(model, granter!, grantee, any.typeUrl);
    if (right !== ACCEPTED) return right;
    const verdict = applyMessage(model, any, block);
    if (verdict !== ACCEPTED) return verdict;
  }
  return ACCEPTED;
}
