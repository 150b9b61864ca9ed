/**
 * What members of a random town do, as messages: each kind of move draws who does it, to whom and how.
 */
import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { packAny, typeUrlOf, type TypedMessage } from '@decai/protocol/any';
import { utf8 } from '@decai/protocol/bytes';
import { coin } from '@decai/protocol/coin';
import { GenericAuthorizationSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import { MsgExecSchema, MsgGrantSchema, MsgRevokeSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import { MsgMultiSendSchema, MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import * as app from '@decai/protocol/gen/pocket/application/tx_pb';
import * as gateway from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { MsgCreateClaimSchema, MsgSubmitProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import * as service from '@decai/protocol/gen/pocket/service/tx_pb';
import { RPCType } from '@decai/protocol/gen/pocket/shared/service_pb';
import * as supplier from '@decai/protocol/gen/pocket/supplier/tx_pb';
import type { Key } from '@decai/protocol/keys';
import { claim, prove } from './claim-moves.ts';
import { someDecree } from './decrees.ts';
import type { Draw } from './draw.ts';
import { EVERYBODY, GOVERNOR, keyOf, MEMBERS, SERVICES, someAddress, somebody, someService } from './members.ts';
import { KNOWN_TYPES } from '../model/messages.ts';
import type { GrantRow } from '../model/book.ts';
import type { Model } from '../model/model.ts';
import { AUTHORITY, balance, upoktOf } from '../model/money.ts';
import type { Workshop } from './work.ts';

/** What a member sends, and whom the message names as its sender. */
export type Sent = { readonly by: Key; readonly message: TypedMessage };

export type Scene = { readonly draw: Draw; readonly model: Model; readonly workshop: Workshop };

/** Several at once where one occasion is there for several members. */
type Play = (scene: Scene) => Sent | readonly Sent[] | undefined;

export function typed<Desc extends DescMessage>(schema: Desc, fields: MessageInitShape<Desc>): TypedMessage {
  return { schema, message: create(schema, fields) };
}

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

const PLAYS: Readonly<Record<MoveKind, Play>> = {
  send: ({ draw }: Scene): Sent => {
    const by = draw.pick(EVERYBODY);
    const upokt = draw.pick([1n, draw.upokt(1, 1000), 5_000_000n, 10n ** 13n]);
    const amount = [coin(upokt, draw.perMille(900) ? 'upokt' : 'mact')];
    if (draw.perMille(30)) amount.push(coin(draw.upokt(0, 1)));
    return { by, message: typed(MsgSendSchema, { fromAddress: by.address, toAddress: someAddress(draw), amount }) };
  },
  /** Whoever keeps next to nothing meets every fee at its limit. */
  emptyPurse: ({ draw, model }: Scene): Sent => {
    const by = somebody(draw, draw.pick(['supplier', 'supplier', 'application', 'owner']));
    const kept = draw.pick([0n, 1n, draw.upokt(0, 3), upoktOf(model.live('proof').proofSubmissionFee)]);
    const rest = balance(model, by.address) - kept;
    const amount = [coin(rest > 0n ? rest : 0n)];
    return { by, message: typed(MsgSendSchema, { fromAddress: by.address, toAddress: GOVERNOR.address, amount }) };
  },
  /** The governor keeps people going. */
  help: ({ draw }: Scene): Sent => ({
    by: GOVERNOR,
    message: typed(MsgSendSchema, {
      fromAddress: GOVERNOR.address,
      toAddress: draw.pick(EVERYBODY).address,
      amount: [coin(draw.upokt(1_000_000, 20_000_000))],
    }),
  }),
  sendToMany: ({ draw }: Scene): Sent => {
    const by = draw.pick(EVERYBODY);
    const outputs = Array.from({ length: draw.below(4) }, () => ({
      address: someAddress(draw),
      coins: [coin(draw.upokt(1, 2_000_000))],
    }));
    const sum = outputs.reduce((all, { coins }) => all + upoktOf(coins[0]), 0n);
    const input = { address: by.address, coins: [coin(sum + (draw.perMille(80) ? 1n : 0n))] };
    return { by, message: typed(MsgMultiSendSchema, { inputs: [input], outputs }) };
  },
  stakeApplication: ({ draw, model }: Scene): Sent => {
    const by = somebody(draw, 'application');
    const stored = model.book.applications.get(by.address);
    const stake = coin(
      newStake(draw, upoktOf(stored?.stake), upoktOf(model.live('application').minStake)),
      draw.perMille(20) ? 'mact' : 'upokt',
    );
    const present = stored?.serviceConfigs[0]?.serviceId;
    const serviceId = present !== undefined && draw.perMille(650) ? present : someService(draw);
    const limit = draw.pick([undefined, undefined, undefined, 0n, 5n, 1_000_000n, 3_000_000n]);
    return {
      by,
      message: typed(app.MsgStakeApplicationSchema, {
        address: by.address,
        stake,
        services: draw.perMille(20) ? [] : [{ serviceId: draw.perMille(10) ? 'no service!' : serviceId }],
        ...(limit !== undefined && { perSessionSpendLimit: coin(limit) }),
      }),
    };
  },
  unstakeApplication: ({ draw }: Scene): Sent => {
    const by = somebody(draw, 'application');
    return { by, message: typed(app.MsgUnstakeApplicationSchema, { address: by.address }) };
  },
  transferApplication: ({ draw }: Scene): Sent => {
    const by = somebody(draw, 'application');
    const fields = { sourceAddress: by.address, destinationAddress: someAddress(draw) };
    return { by, message: typed(app.MsgTransferApplicationSchema, fields) };
  },
  delegate: ({ draw }: Scene): Sent => {
    const by = somebody(draw, 'application');
    const gatewayAddress = draw.perMille(20) ? someAddress(draw) : somebody(draw, 'gateway').address;
    return { by, message: typed(app.MsgDelegateToGatewaySchema, { appAddress: by.address, gatewayAddress }) };
  },
  undelegate: ({ draw, model }: Scene): Sent => {
    const by = somebody(draw, 'application');
    const [present] = model.book.applications.get(by.address)?.delegateeGatewayAddresses ?? [];
    const gatewayAddress = present !== undefined && draw.perMille(700) ? present : somebody(draw, 'gateway').address;
    return { by, message: typed(app.MsgUndelegateFromGatewaySchema, { appAddress: by.address, gatewayAddress }) };
  },
  stakeGateway: ({ draw, model }: Scene): Sent => {
    const by = somebody(draw, 'gateway');
    const held = upoktOf(model.book.gateways.get(by.address)?.stake);
    const stake = coin(newStake(draw, held, upoktOf(model.live('gateway').minStake)));
    return { by, message: typed(gateway.MsgStakeGatewaySchema, { address: by.address, stake }) };
  },
  unstakeGateway: ({ draw }: Scene): Sent => {
    const by = somebody(draw, 'gateway');
    return { by, message: typed(gateway.MsgUnstakeGatewaySchema, { address: by.address }) };
  },
  updateGatewayMetadata: ({ draw }: Scene): Sent => {
    const by = somebody(draw, 'gateway');
    const card = utf8(draw.pick(['', 'a card', 'another card']));
    const fields = { address: by.address, ...(draw.perMille(800) && { metadata: { card } }) };
    return { by, message: typed(gateway.MsgUpdateGatewayMetadataSchema, fields) };
  },
  stakeSupplier,
  unstakeSupplier: ({ draw }: Scene): Sent => {
    const by = somebody(draw, draw.perMille(300) ? 'owner' : 'supplier');
    const operatorAddress = draw.perMille(850) && isSupplier(by) ? by.address : somebody(draw, 'supplier').address;
    return { by, message: typed(supplier.MsgUnstakeSupplierSchema, { signer: by.address, operatorAddress }) };
  },
  addService: ({ draw, model }: Scene): Sent => {
    const id = draw.pick(SERVICES);
    const owner = model.book.services.get(id)?.ownerAddress;
    const by = (draw.perMille(700) && owner !== undefined ? keyOf(owner) : undefined) ?? somebody(draw, 'owner');
    return {
      by,
      message: typed(service.MsgAddServiceSchema, {
        ownerAddress: by.address,
        service: {
          id,
          name: draw.perMille(950) ? `service ${id}` : 'a name?',
          computeUnitsPerRelay: draw.pick([0n, 1n, 100n, 100n, draw.upokt(1, 300), 2_097_153n]),
          ownerAddress: by.address,
          ...(draw.perMille(200) && { metadata: { card: utf8('a card') } }),
        },
      }),
    };
  },
  transferService: ({ draw, model }: Scene): Sent => {
    const serviceId = draw.pick([...SERVICES, 'nothing']);
    const owner = model.book.services.get(serviceId)?.ownerAddress ?? '';
    const by = (draw.perMille(800) ? keyOf(owner) : undefined) ?? somebody(draw, 'owner');
    const fields = { ownerAddress: by.address, newOwnerAddress: someAddress(draw), serviceId };
    return { by, message: typed(service.MsgTransferServiceSchema, fields) };
  },
  claim,
  prove,
  grant: ({ draw, model }: Scene): Sent => {
    const by = draw.pick(EVERYBODY);
    const own = TYPES[draw.pick(DELEGABLE)]!;
    const msg = draw.perMille(30) ? '/no.such.Msg' : draw.perMille(800) ? own : draw.pick(KNOWN_TYPES);
    const seconds = BigInt(model.height + draw.pick([-1, 0, 1, 2, 2, 3, 4, 6, 30]));
    const authorization = packAny(GenericAuthorizationSchema, create(GenericAuthorizationSchema, { msg }));
    const expiration = draw.perMille(600) ? { expiration: { seconds: seconds < 0n ? 0n : seconds, nanos: 0 } } : {};
    const fields = {
      granter: by.address,
      grantee: draw.perMille(850) ? draw.pick(EVERYBODY).address : someAddress(draw),
      grant: { authorization, ...expiration },
    };
    return { by, message: typed(MsgGrantSchema, fields) };
  },
  revoke: ({ draw, model }: Scene): Sent | undefined => {
    const given = model.book.grants.sorted().map(([, row]) => row);
    const { granter, grantee, messageType } = draw.pick(given);
    const by = keyOf(granter) ?? draw.pick(EVERYBODY);
    const fields = { granter: by.address, grantee, msgTypeUrl: messageType };
    return { by, message: typed(MsgRevokeSchema, fields) };
  },
  /** Somebody else's message, with the right to it or without. */
  execute: (scene: Scene): Sent | undefined => {
    const { draw, model } = scene;
    const given = model.book.grants.sorted().flatMap(([, row]) => (keyOf(row.granter) === undefined ? [] : row));
    const soonest = given.sort((a, b) => lastSecond(a) - lastSecond(b)).slice(0, draw.perMille(500) ? 1 : given.length);
    const right = given.length > 0 && draw.perMille(850) ? draw.pick(soonest) : undefined;
    const kind =
      right === undefined ? draw.pick(DELEGABLE) : DELEGABLE.find((each) => TYPES[each] === right.messageType);
    const wanted = kind === undefined ? [] : Array.from({ length: 8 }, () => play(kind, scene)).flat();
    const inside = wanted.filter(({ by }) => right === undefined || by.address === right.granter);
    const messages = inside.slice(0, draw.between(draw.perMille(50) ? 0 : 1, 2)).map(({ message }) => message);
    const by = (draw.perMille(900) ? keyOf(right?.grantee ?? '') : undefined) ?? draw.pick(EVERYBODY);
    return { by, message: onBehalf(by, ...messages) };
  },
  decree: ({ draw, model }: Scene): Sent => {
    const decrees = Array.from({ length: draw.perMille(150) ? 2 : 1 }, () => someDecree(draw, model, AUTHORITY));
    return { by: GOVERNOR, message: onBehalf(GOVERNOR, ...decrees) };
  },
  usurp: ({ draw, model }: Scene): Sent => {
    const by = draw.pick(EVERYBODY);
    if (draw.perMille(500)) return { by, message: someDecree(draw, model, by.address) };
    return { by, message: onBehalf(by, someDecree(draw, model, draw.pick([AUTHORITY, by.address]))) };
  },
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
  grant: 3,
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
  grant: typeUrlOf(MsgGrantSchema),
};

const DELEGABLE = Object.keys(TYPES) as readonly MoveKind[];

export function someKind(draw: Draw): MoveKind {
  return draw.pick(BAG);
}

/** What comes of a move, each in a transaction of its own; nothing where there is nothing to do. */
export function play(kind: MoveKind, scene: Scene): readonly Sent[] {
  return [PLAYS[kind](scene) ?? []].flat();
}

function onBehalf(by: Key, ...messages: readonly TypedMessage[]): TypedMessage {
  return typed(MsgExecSchema, {
    grantee: by.address,
    msgs: messages.map(({ schema, message }) => packAny(schema, message)),
  });
}

/** When a right ends, for those that do. */
function lastSecond({ expiration }: GrantRow): number {
  return expiration === undefined ? Number.MAX_SAFE_INTEGER : Number(expiration.seconds);
}

/** Mostly one that is enough and more than what is held. */
function newStake(draw: Draw, heldUpokt: bigint, leastUpokt: bigint): bigint {
  if (draw.perMille(200)) return draw.pick([0n, leastUpokt - 1n, heldUpokt, heldUpokt - (heldUpokt < 3n ? 0n : 2n)]);
  const above = heldUpokt > leastUpokt ? heldUpokt : leastUpokt;
  return above + draw.pick([0n, 1n, draw.upokt(1, 4_000_000)]);
}

function isSupplier(key: Key): boolean {
  return MEMBERS.supplier.includes(key);
}

/** New, raised, lowered, with other services or another owner; by the operator, the owner or somebody else. */
function stakeSupplier({ draw, model }: Scene): Sent {
  const idle = MEMBERS.supplier.filter(({ address }) => !serves(model, address));
  const operator = idle.length > 0 && draw.perMille(600) ? draw.pick(idle) : somebody(draw, 'supplier');
  const stored = model.book.suppliers.get(operator.address);
  const owner = stored === undefined ? draw.pick([operator, ...MEMBERS.owner]).address : stored.ownerAddress;
  const ownerAddress = draw.perMille(850) ? owner : someAddress(draw);
  const chance = draw.below(100);
  const by = chance < 70 ? operator : chance < 94 ? (keyOf(owner) ?? operator) : draw.pick(EVERYBODY);
  const services = draw.perMille(by === operator ? 900 : 60) ? someOffers(draw, model, operator.address) : [];
  const held = upoktOf(stored?.stake);
  const stake =
    stored !== undefined && draw.perMille(500)
      ? undefined
      : coin(newStake(draw, held, upoktOf(model.live('supplier').minStake)));
  return {
    by,
    message: typed(supplier.MsgStakeSupplierSchema, {
      signer: by.address,
      ownerAddress,
      operatorAddress: operator.address,
      services,
      ...(stake !== undefined && { stake }),
    }),
  };
}

function serves({ book }: Model, operator: string): boolean {
  for (const config of book.configs.values()) {
    if (config.operatorAddress === operator && config.deactivationHeight === 0n) return true;
  }
  return false;
}

function someOffers(draw: Draw, { book }: Model, operator: string) {
  const known = SERVICES.filter((id) => book.services.has(id));
  const ids = draw.perMille(50) ? [draw.pick(SERVICES)] : known.filter(() => draw.perMille(800));
  if (draw.perMille(20)) ids.push(...ids);
  return ids.map((serviceId) => ({
    serviceId,
    endpoints: [{ url: 'http://h', rpcType: RPCType.JSON_RPC }],
    revShare: draw.pick([
      [{ address: operator, revSharePercentage: 100n }],
      [
        { address: operator, revSharePercentage: 67n },
        { address: draw.perMille(900) ? MEMBERS.owner[0]!.address : someAddress(draw), revSharePercentage: 33n },
      ],
      [
        { address: MEMBERS.owner[1]!.address, revSharePercentage: 50n },
        { address: someAddress(draw), revSharePercentage: draw.perMille(930) ? 50n : 49n },
      ],
    ]),
  }));
}
