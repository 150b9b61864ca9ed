/**
 * The messages of governance: for each module the one that changes a parameter, and the one that changes them all.
 *
 * Source: pokt-network/poktroll `proto/pocket/<module>/tx.proto`.
 */
import type { DescMessage } from '@bufbuild/protobuf';
import * as application from '@decai/protocol/gen/pocket/application/tx_pb';
import * as gateway from '@decai/protocol/gen/pocket/gateway/tx_pb';
import * as proof from '@decai/protocol/gen/pocket/proof/tx_pb';
import * as service from '@decai/protocol/gen/pocket/service/tx_pb';
import * as session from '@decai/protocol/gen/pocket/session/tx_pb';
import * as shared from '@decai/protocol/gen/pocket/shared/tx_pb';
import * as supplier from '@decai/protocol/gen/pocket/supplier/tx_pb';
import * as tokenomics from '@decai/protocol/gen/pocket/tokenomics/tx_pb';
import type { GOVERNED } from './governed-module.ts';

export type GovernedName = keyof typeof GOVERNED;

export const GOVERNANCE_MESSAGES: Readonly<
  Record<GovernedName, { readonly one: DescMessage; readonly all: DescMessage }>
> = {
  application: { one: application.MsgUpdateParamSchema, all: application.MsgUpdateParamsSchema },
  gateway: { one: gateway.MsgUpdateParamSchema, all: gateway.MsgUpdateParamsSchema },
  supplier: { one: supplier.MsgUpdateParamSchema, all: supplier.MsgUpdateParamsSchema },
  session: { one: session.MsgUpdateParamSchema, all: session.MsgUpdateParamsSchema },
  service: { one: service.MsgUpdateParamSchema, all: service.MsgUpdateParamsSchema },
  proof: { one: proof.MsgUpdateParamSchema, all: proof.MsgUpdateParamsSchema },
  tokenomics: { one: tokenomics.MsgUpdateParamSchema, all: tokenomics.MsgUpdateParamsSchema },
  shared: { one: shared.MsgUpdateParamSchema, all: shared.MsgUpdateParamsSchema },
};
