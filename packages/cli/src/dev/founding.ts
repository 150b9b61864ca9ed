/**
 * What should stand on the ledger of a local network, compared with what does: the difference is a list of transactions.
 *
 * Run at every start. On a new chain everything is missing, on an old one usually nothing; a port that had to change, or a
 * stake that was used up, is a single transaction.
 */
import { create } from '@bufbuild/protobuf';
import type { TypedMessage } from '@decai/protocol/any';
import { amountOf, coin } from '@decai/protocol/coin';
import { MsgDelegateToGatewaySchema, MsgStakeApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { MsgStakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import type { Gateway } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { MsgAddServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { RPCType, type Service } from '@decai/protocol/gen/pocket/shared/service_pb';
import type { Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { MsgStakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';

/** What should be there. Names are those of local accounts. */
export type Foundation = {
  readonly source: Party;
  readonly services: readonly { readonly id: string; readonly name: string; readonly computeUnitsPerRelay: bigint }[];
  readonly gateway: Party & { readonly stakeUpokt: bigint };
  readonly applications: readonly (Party & {
    readonly serviceId: string;
    readonly stakeUpokt: bigint;
    readonly delegates: boolean;
  })[];
  readonly suppliers: readonly (Party & {
    readonly stakeUpokt: bigint;
    readonly url: string;
    readonly serviceIds: readonly string[];
  })[];
};

export type Party = { readonly name: string; readonly address: string };

/** What is there, by id or address. */
export type Standing = {
  readonly services: ReadonlyMap<string, Service>;
  readonly gateway: Gateway | undefined;
  readonly applications: ReadonlyMap<string, Application>;
  readonly suppliers: ReadonlyMap<string, Supplier>;
};

export type FoundingStep = {
  /** Who signs. */
  readonly by: string;
  /** For people. */
  readonly what: string;
  readonly messages: readonly TypedMessage[];
  /** Steps of a later wave need those of an earlier one in a block. */
  readonly wave: 1 | 2;
};

/** The steps that are missing, in an order in which they can be sent. */
export function missingSteps(wanted: Foundation, standing: Standing): FoundingStep[] {
  return [
    ...missingServices(wanted, standing),
    ...missingGateway(wanted, standing),
    ...wanted.applications.flatMap((application) => missingApplication(application, standing)),
    ...wanted.suppliers.flatMap((supplier) => missingSupplier(supplier, standing)),
    ...wanted.applications.flatMap((application) => missingDelegation(wanted, application, standing)),
  ];
}

function missingServices({ source, services }: Foundation, standing: Standing): FoundingStep[] {
  const missing = services.filter(({ id, computeUnitsPerRelay }) => {
    const there = standing.services.get(id);
    return there === undefined || there.computeUnitsPerRelay !== computeUnitsPerRelay;
  });
  if (missing.length === 0) return [];
  const messages = missing.map(({ id, name, computeUnitsPerRelay }) => {
    const service = { id, name, computeUnitsPerRelay, ownerAddress: source.address };
    const message = create(MsgAddServiceSchema, { ownerAddress: source.address, service });
    return { schema: MsgAddServiceSchema, message };
  });
  return [{ by: source.name, what: `publishes ${missing.map(({ id }) => id).join(' and ')}`, messages, wave: 1 }];
}

function missingGateway({ gateway }: Foundation, standing: Standing): FoundingStep[] {
  const stake = stakeToSet(gateway.stakeUpokt, standing.gateway);
  if (stake === undefined) return [];
  const message = create(MsgStakeGatewaySchema, { address: gateway.address, stake: coin(stake) });
  return [{ by: gateway.name, what: 'stakes', messages: [{ schema: MsgStakeGatewaySchema, message }], wave: 1 }];
}

function missingApplication(
  { name, address, serviceId, stakeUpokt }: Foundation['applications'][number],
  standing: Standing,
): FoundingStep[] {
  const there = standing.applications.get(address);
  const otherService = there !== undefined && there.serviceConfigs[0]?.serviceId !== serviceId;
  const stake = stakeToSet(stakeUpokt, there, otherService);
  if (stake === undefined) return [];
  const message = create(MsgStakeApplicationSchema, { address, stake: coin(stake), services: [{ serviceId }] });
  const messages = [{ schema: MsgStakeApplicationSchema, message }];
  return [{ by: name, what: `stakes for ${serviceId}`, messages, wave: 1 }];
}

function missingDelegation(
  { gateway }: Foundation,
  { name, address, delegates }: Foundation['applications'][number],
  standing: Standing,
): FoundingStep[] {
  const gateways = standing.applications.get(address)?.delegateeGatewayAddresses ?? [];
  if (!delegates || gateways.includes(gateway.address)) return [];
  const message = create(MsgDelegateToGatewaySchema, { appAddress: address, gatewayAddress: gateway.address });
  const messages = [{ schema: MsgDelegateToGatewaySchema, message }];
  return [{ by: name, what: `delegates to ${gateway.name}`, messages, wave: 2 }];
}

function missingSupplier(
  { name, address, stakeUpokt, url, serviceIds }: Foundation['suppliers'][number],
  standing: Standing,
): FoundingStep[] {
  const there = standing.suppliers.get(address);
  if (there !== undefined && there.unstakeSessionEndHeight === 0n && offersExactly(there, url, serviceIds)) return [];
  const message = create(MsgStakeSupplierSchema, {
    signer: address,
    ownerAddress: address,
    operatorAddress: address,
    // Absent keeps the stake that is there.
    ...(there === undefined ? { stake: coin(stakeUpokt) } : {}),
    services: serviceIds.map((serviceId) => ({
      serviceId,
      endpoints: [{ url, rpcType: RPCType.REST }],
      revShare: [{ address, revSharePercentage: 100n }],
    })),
  });
  const messages = [{ schema: MsgStakeSupplierSchema, message }];
  return [{ by: name, what: `offers ${serviceIds.join(' and ')} at ${url}`, messages, wave: 2 }];
}

/** Whether the supplier will serve these services at this URL from the next session on. */
function offersExactly({ serviceConfigHistory }: Supplier, url: string, serviceIds: readonly string[]): boolean {
  const open = serviceConfigHistory.filter(({ deactivationHeight }) => deactivationHeight === 0n);
  return (
    open.length === serviceIds.length &&
    open.every(
      ({ service }) =>
        service !== undefined &&
        serviceIds.includes(service.serviceId) &&
        service.endpoints.length === 1 &&
        service.endpoints[0]!.url === url,
    )
  );
}

/** The stake to send, if one must be: the ledger only takes more than what is there, and that also ends an unbonding. */
function stakeToSet(
  wantedUpokt: bigint,
  there: Pick<Gateway | Application, 'stake' | 'unstakeSessionEndHeight'> | undefined,
  isOutdated = false,
): bigint | undefined {
  if (there === undefined) return wantedUpokt;
  const heldUpokt = there.stake === undefined ? 0n : amountOf(there.stake);
  const isLow = heldUpokt * 2n < wantedUpokt;
  if (!isOutdated && !isLow && there.unstakeSessionEndHeight === 0n) return undefined;
  return heldUpokt < wantedUpokt ? wantedUpokt : heldUpokt + 1n;
}
