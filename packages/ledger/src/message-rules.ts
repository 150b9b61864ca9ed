/**
 * Every message that this ledger carries out, one line each. What is not here is refused as unknown (sdk 6).
 */
import { typeUrlOf } from '@decai/protocol/any';
import { Msg as BankMsg } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { Msg as ApplicationMsg } from '@decai/protocol/gen/pocket/application/tx_pb';
import { Msg as GatewayMsg } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { Msg as ProofMsg } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { Msg as ServiceMsg } from '@decai/protocol/gen/pocket/service/tx_pb';
import { Msg as SupplierMsg } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { addService, checkAddService } from './add-service.ts';
import { checkCreateClaim, createClaim } from './create-claim.ts';
import { checkDelegation, delegateToGateway } from './delegate-to-gateway.ts';
import { messageRule, type MessageRule } from './message-rule.ts';
import { sendCoins } from './send-coins.ts';
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
  messageRule(BankMsg.method.send, unchecked, sendCoins),
];

const BY_TYPE_URL: ReadonlyMap<string, MessageRule> = new Map(RULES.map((rule) => [typeUrlOf(rule.schema), rule]));

/** The rule for messages of a type; undefined where there is none. */
export function ruleFor(typeUrl: string): MessageRule | undefined {
  return BY_TYPE_URL.get(typeUrl);
}
