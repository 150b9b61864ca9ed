/**
 * What members of a random town do, and how often: each kind of move draws who does it, to whom and how.
 */
import { typeUrlOf } from '@decai/protocol/any';
import { MsgMultiSendSchema, MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import * as app from '@decai/protocol/gen/pocket/application/tx_pb';
import * as gateway from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { MsgCreateClaimSchema, MsgSubmitProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import * as service from '@decai/protocol/gen/pocket/service/tx_pb';
import * as supplier from '@decai/protocol/gen/pocket/supplier/tx_pb';
import * as applicationMoves from './application-moves.ts';
import { claim, prove } from './claim-moves.ts';
import * as coinMoves from './coin-moves.ts';
import type { Draw } from './draw.ts';
import * as gatewayMoves from './gateway-moves.ts';
import { decree, execute, grant, revoke, usurp } from './rights-moves.ts';
import type { Scene, Sent } from './scene.ts';
import { addService, transferService } from './service-moves.ts';
import { stakeSupplier, unstakeSupplier } from './supplier-moves.ts';

export type MoveKind =
  | 'send'
  | 'help'
  | 'emptyPurse'
  | 'sendToMany'
  | 'stakeApplication'
  | 'unstakeApplication'
  | 'transferApplication'
  | 'delegate'
  | 'undelegate'
  | 'stakeGateway'
  | 'unstakeGateway'
  | 'updateGatewayMetadata'
  | 'stakeSupplier'
  | 'unstakeSupplier'
  | 'addService'
  | 'transferService'
  | 'claim'
  | 'prove'
  | 'grant'
  | 'revoke'
  | 'execute'
  | 'decree'
  | 'usurp';

/** Several at once where one occasion is there for several members. */
type Play = (scene: Scene) => Sent | readonly Sent[] | undefined;

const PLAYS: Readonly<Record<MoveKind, Play>> = {
  ...coinMoves,
  ...applicationMoves,
  ...gatewayMoves,
  stakeSupplier,
  unstakeSupplier,
  addService,
  transferService,
  claim,
  prove,
  grant: (scene) => grant(scene, BY_TYPE),
  revoke,
  execute: (scene) => execute(scene, BY_TYPE),
  decree,
  usurp,
};

/** How often each comes among so many. */
const WEIGHTS: Readonly<Record<MoveKind, number>> = {
  send: 5,
  help: 5,
  emptyPurse: 5,
  sendToMany: 3,
  stakeApplication: 9,
  unstakeApplication: 1,
  transferApplication: 2,
  delegate: 5,
  undelegate: 4,
  stakeGateway: 4,
  unstakeGateway: 1,
  updateGatewayMetadata: 1,
  stakeSupplier: 11,
  unstakeSupplier: 1,
  addService: 3,
  transferService: 1,
  claim: 45,
  prove: 80,
  grant: 5,
  revoke: 1,
  execute: 7,
  decree: 5,
  usurp: 1,
};

const BAG: readonly MoveKind[] = Object.entries(WEIGHTS).flatMap(([kind, weight]) =>
  Array.from({ length: weight }, () => kind as MoveKind),
);

/** What each kind of move sends, where that can be sent in somebody's name. */
const TYPES: Readonly<Partial<Record<MoveKind, string>>> = {
  send: typeUrlOf(MsgSendSchema),
  sendToMany: typeUrlOf(MsgMultiSendSchema),
  stakeApplication: typeUrlOf(app.MsgStakeApplicationSchema),
  unstakeApplication: typeUrlOf(app.MsgUnstakeApplicationSchema),
  transferApplication: typeUrlOf(app.MsgTransferApplicationSchema),
  delegate: typeUrlOf(app.MsgDelegateToGatewaySchema),
  undelegate: typeUrlOf(app.MsgUndelegateFromGatewaySchema),
  stakeGateway: typeUrlOf(gateway.MsgStakeGatewaySchema),
  unstakeGateway: typeUrlOf(gateway.MsgUnstakeGatewaySchema),
  updateGatewayMetadata: typeUrlOf(gateway.MsgUpdateGatewayMetadataSchema),
  stakeSupplier: typeUrlOf(supplier.MsgStakeSupplierSchema),
  unstakeSupplier: typeUrlOf(supplier.MsgUnstakeSupplierSchema),
  addService: typeUrlOf(service.MsgAddServiceSchema),
  transferService: typeUrlOf(service.MsgTransferServiceSchema),
  claim: typeUrlOf(MsgCreateClaimSchema),
  prove: typeUrlOf(MsgSubmitProofSchema),
};

const BY_TYPE: ReadonlyMap<string, (scene: Scene) => readonly Sent[]> = new Map(
  Object.entries(TYPES).map(([kind, type]) => [type, (scene) => play(kind as MoveKind, scene)]),
);

export function someKind(draw: Draw): MoveKind {
  return draw.pick(BAG);
}

/** What comes of a move, each in a transaction of its own; nothing where there is nothing to do. */
export function play(kind: MoveKind, scene: Scene): readonly Sent[] {
  return [PLAYS[kind](scene) ?? []].flat();
}
