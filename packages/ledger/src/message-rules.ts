/**
 * Every message that this ledger carries out, one line each. What is not here is refused as unknown (sdk 6).
 */
import type { DescMessage, DescMethodUnary, MessageShape } from '@bufbuild/protobuf';
import { typeUrlOf } from '@decai/protocol/any';
import { Msg as AuthzMsg } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import { Msg as BankMsg } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { Msg as ApplicationMsg } from '@decai/protocol/gen/pocket/application/tx_pb';
import { Msg as GatewayMsg } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { Msg as ProofMsg } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { Msg as ServiceMsg } from '@decai/protocol/gen/pocket/service/tx_pb';
import { Msg as SessionMsg } from '@decai/protocol/gen/pocket/session/tx_pb';
import { Msg as SharedMsg } from '@decai/protocol/gen/pocket/shared/tx_pb';
import { Msg as SupplierMsg } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { Msg as TokenomicsMsg } from '@decai/protocol/gen/pocket/tokenomics/tx_pb';
import { addService, checkAddService } from './add-service.ts';
import { checkCreateClaim, createClaim } from './create-claim.ts';
import { checkDelegation, delegateToGateway } from './delegate-to-gateway.ts';
import { executionRule } from './execute-authorized.ts';
import { GOVERNED } from './governed-module.ts';
import { grantAuthorization, revokeAuthorization } from './grant-authorization.ts';
import { messageRule, type MessageRule } from './message-rule.ts';
import { sendCoins } from './send-coins.ts';
import { sendToMany } from './send-to-many.ts';
import { checkStakeApplication, stakeApplication } from './stake-application.ts';
import { checkStakeGateway, stakeGateway } from './stake-gateway.ts';
import { checkStakeSupplier, stakeSupplier } from './stake-supplier.ts';
import { checkSubmitProof, submitProof } from './submit-proof.ts';
import { checkTransferApplication, transferApplication } from './transfer-application.ts';
import { checkTransferService, transferService } from './transfer-service.ts';
import { undelegateFromGateway } from './undelegate-from-gateway.ts';
import { checkUnstakeApplication, unstakeApplication } from './unstake-application.ts';
import { checkUnstakeGateway, unstakeGateway } from './unstake-gateway.ts';
import { checkUnstakeSupplier, unstakeSupplier } from './unstake-supplier.ts';
import { changeOfAll, changeOfOne, type Change } from './update-params.ts';
import { checkUpdateGatewayMetadata, updateGatewayMetadata } from './update-gateway-metadata.ts';

const unchecked = (): undefined => undefined;

const RULES: readonly MessageRule[] = [
  messageRule(ApplicationMsg.method.stakeApplication, checkStakeApplication, stakeApplication),
  messageRule(ApplicationMsg.method.unstakeApplication, checkUnstakeApplication, unstakeApplication),
  messageRule(ApplicationMsg.method.delegateToGateway, checkDelegation, delegateToGateway),
  messageRule(ApplicationMsg.method.undelegateFromGateway, checkDelegation, undelegateFromGateway),
  messageRule(ApplicationMsg.method.transferApplication, checkTransferApplication, transferApplication),
  messageRule(GatewayMsg.method.stakeGateway, checkStakeGateway, stakeGateway),
  messageRule(GatewayMsg.method.unstakeGateway, checkUnstakeGateway, unstakeGateway),
  messageRule(GatewayMsg.method.updateGatewayMetadata, checkUpdateGatewayMetadata, updateGatewayMetadata),
  messageRule(SupplierMsg.method.stakeSupplier, checkStakeSupplier, stakeSupplier),
  messageRule(SupplierMsg.method.unstakeSupplier, checkUnstakeSupplier, unstakeSupplier),
  messageRule(ServiceMsg.method.addService, checkAddService, addService),
  messageRule(ServiceMsg.method.transferService, checkTransferService, transferService),
  messageRule(ProofMsg.method.createClaim, checkCreateClaim, createClaim),
  messageRule(ProofMsg.method.submitProof, checkSubmitProof, submitProof),
  governance(ApplicationMsg.method.updateParam, changeOfOne(GOVERNED.application)),
  governance(ApplicationMsg.method.updateParams, changeOfAll(GOVERNED.application)),
  governance(GatewayMsg.method.updateParam, changeOfOne(GOVERNED.gateway)),
  governance(GatewayMsg.method.updateParams, changeOfAll(GOVERNED.gateway)),
  governance(SupplierMsg.method.updateParam, changeOfOne(GOVERNED.supplier)),
  governance(SupplierMsg.method.updateParams, changeOfAll(GOVERNED.supplier)),
  governance(ServiceMsg.method.updateParam, changeOfOne(GOVERNED.service)),
  governance(ServiceMsg.method.updateParams, changeOfAll(GOVERNED.service)),
  governance(SessionMsg.method.updateParam, changeOfOne(GOVERNED.session)),
  governance(SessionMsg.method.updateParams, changeOfAll(GOVERNED.session)),
  governance(ProofMsg.method.updateParam, changeOfOne(GOVERNED.proof)),
  governance(ProofMsg.method.updateParams, changeOfAll(GOVERNED.proof)),
  governance(TokenomicsMsg.method.updateParam, changeOfOne(GOVERNED.tokenomics)),
  governance(TokenomicsMsg.method.updateParams, changeOfAll(GOVERNED.tokenomics)),
  governance(SharedMsg.method.updateParam, changeOfOne(GOVERNED.shared)),
  governance(SharedMsg.method.updateParams, changeOfAll(GOVERNED.shared)),
  messageRule(BankMsg.method.send, unchecked, sendCoins),
  messageRule(BankMsg.method.multiSend, unchecked, sendToMany),
  messageRule(AuthzMsg.method.grant, unchecked, grantAuthorization(isKnown)),
  messageRule(AuthzMsg.method.revoke, unchecked, revokeAuthorization),
  executionRule(ruleFor),
];

function governance<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
  { check, apply }: Change<MessageShape<Input>>,
): MessageRule {
  return messageRule(method, check, apply);
}

const BY_TYPE_URL: ReadonlyMap<string, MessageRule> = new Map(RULES.map((rule) => [typeUrlOf(rule.schema), rule]));

/** The rule for messages of a type; undefined where there is none. */
export function ruleFor(typeUrl: string): MessageRule | undefined {
  return BY_TYPE_URL.get(typeUrl);
}

function isKnown(typeUrl: string): boolean {
  return ruleFor(typeUrl) !== undefined;
}
