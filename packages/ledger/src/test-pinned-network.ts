/**
 * A small network of profile `decai` for tests, and what its parties may do in it at any moment.
 */
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect } from 'vitest';
import { coin } from '@decai/protocol/coin';
import {
  MsgDelegateToGatewaySchema,
  MsgStakeApplicationSchema,
  MsgTransferApplicationSchema,
  MsgUndelegateFromGatewaySchema,
  MsgUnstakeApplicationSchema,
} from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgStakeGatewaySchema, MsgUnstakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { MsgAddServiceSchema, MsgTransferServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { RPCType, ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { MsgStakeSupplierSchema, MsgUnstakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import type { Key } from '@decai/protocol/keys';
import { GOVERNANCE_MESSAGES } from './governance-messages.ts';
import { upoktCoin } from './stake.ts';
import { addressNamed, endow, keyNamed, sent, TestChain } from './test-chain.ts';
import { authorize } from './test-governance.ts';
import { Batch } from './test-moves.ts';
import { givePublicKey, setProofParams } from './test-session.ts';

/** Whoever may do something here; their keys are on the ledger from the start. */
const keys = (...names: readonly string[]): readonly Key[] => names.map((name) => keyNamed(name));
export const APPLICATIONS: readonly Key[] = keys('application one', 'application two', 'application three');
export const GATEWAYS: readonly Key[] = keys('gateway one', 'gateway two');
export const SUPPLIERS: readonly Key[] = keys('supplier one', 'supplier two', 'supplier three');
/** By address. */
export const PARTIES: ReadonlyMap<string, Key> = new Map(
  [...APPLICATIONS, ...GATEWAYS, ...SUPPLIERS].map((key) => [key.address, key]),
);
const OWNER = keyNamed('owner of services');
export const SERVICES: readonly string[] = ['a', 'b'];
const APPLICATION_STAKE = 10n ** 15n;

export const KINDS = [
  'stake application',
  'unstake application',
  'transfer application',
  'delegate',
  'undelegate',
  'stake gateway',
  'unstake gateway',
  'stake supplier',
  'unstake supplier',
  'reprice service',
  'transfer service',
] as const;

const STAYING = ['stake application', 'stake supplier', 'delegate', 'stake gateway', 'reprice service'] as const;

export type PartyMove = {
  readonly kind: (typeof KINDS)[number];
  readonly who: number;
  readonly whom: number;
  readonly amount: bigint;
};

export const partyMove: fc.Arbitrary<PartyMove> = fc.record({
  // Who leaves comes back, or nobody would be left to work.
  kind: fc.constantFrom(...KINDS, ...STAYING, ...STAYING),
  who: fc.nat(2),
  whom: fc.nat(5),
  amount: fc.bigInt(1n, 9n),
});

export const chosen = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

function supplying(supplier: Key, services: readonly string[], amount: bigint): ReturnType<typeof sent> {
  const revShare =
    amount % 2n === 0n
      ? [{ address: supplier.address, revSharePercentage: 100n }]
      : [
          { address: supplier.address, revSharePercentage: 100n - 10n * amount },
          { address: addressNamed(`investor ${amount}`), revSharePercentage: 10n * amount },
        ];
  const endpoints = [{ url: 'http://h', rpcType: RPCType.REST }];
  return sent(MsgStakeSupplierSchema, {
    signer: supplier.address,
    ownerAddress: supplier.address,
    operatorAddress: supplier.address,
    stake: coin(5_000n + amount),
    services: services.map((serviceId) => ({ serviceId, endpoints, revShare })),
  });
}

/** Who sends what. */
export function performed({ kind, who, whom, amount }: PartyMove): [signer: Key, message: ReturnType<typeof sent>] {
  const application = chosen(APPLICATIONS, who);
  const gateway = chosen(GATEWAYS, whom);
  const supplier = chosen(SUPPLIERS, who);
  const serviceId = chosen(SERVICES, whom);
  const delegation = { appAddress: application.address, gatewayAddress: gateway.address };
  switch (kind) {
    case 'stake application': {
      const stake = coin(APPLICATION_STAKE * amount);
      return [
        application,
        sent(MsgStakeApplicationSchema, { address: application.address, stake, services: [{ serviceId }] }),
      ];
    }
    case 'unstake application':
      return [application, sent(MsgUnstakeApplicationSchema, { address: application.address })];
    case 'transfer application': {
      const destinationAddress = chosen(APPLICATIONS, who + 1).address;
      const fields = { sourceAddress: application.address, destinationAddress };
      return [application, sent(MsgTransferApplicationSchema, fields)];
    }
    case 'delegate':
      return [application, sent(MsgDelegateToGatewaySchema, delegation)];
    case 'undelegate':
      return [application, sent(MsgUndelegateFromGatewaySchema, delegation)];
    case 'stake gateway':
      return [gateway, sent(MsgStakeGatewaySchema, { address: gateway.address, stake: coin(1_000n * amount) })];
    case 'unstake gateway':
      return [gateway, sent(MsgUnstakeGatewaySchema, { address: gateway.address })];
    case 'stake supplier':
      return [supplier, supplying(supplier, whom % 3 === 2 ? SERVICES : [serviceId], amount)];
    case 'unstake supplier':
      return [
        supplier,
        sent(MsgUnstakeSupplierSchema, { signer: supplier.address, operatorAddress: supplier.address }),
      ];
    case 'reprice service': {
      const service = { id: serviceId, name: serviceId, computeUnitsPerRelay: amount, ownerAddress: OWNER.address };
      return [OWNER, sent(MsgAddServiceSchema, { ownerAddress: OWNER.address, service })];
    }
    case 'transfer service': {
      // Given away for good only now and then: nobody else sets prices here.
      const newOwnerAddress = amount > 6n ? chosen(SUPPLIERS, who).address : OWNER.address;
      const fields = { ownerAddress: OWNER.address, newOwnerAddress, serviceId };
      return [OWNER, sent(MsgTransferServiceSchema, fields)];
    }
  }
}

/** Two applications that delegate to two gateways, three suppliers of both services, a governor, and profile `decai`. */
export function foundPinnedNetwork(): TestChain {
  const chain = new TestChain((state) => {
    const everybody = [...APPLICATIONS, ...GATEWAYS, ...SUPPLIERS, OWNER];
    for (const { address, publicKey } of everybody) {
      endow(state, address, 10n ** 17n);
      givePublicKey(state, address, publicKey);
    }
    for (const id of SERVICES) {
      const service = { id, name: id, computeUnitsPerRelay: 3n, ownerAddress: OWNER.address };
      state.services.put(create(ServiceSchema, service));
    }
    state.params.shared.setLive({
      ...state.params.shared.live(),
      numBlocksPerSession: 4n,
      claimWindowCloseOffsetBlocks: 2n,
      proofWindowOpenOffsetBlocks: 1n,
      proofWindowCloseOffsetBlocks: 2n,
      supplierUnbondingPeriodSessions: 3n,
      applicationUnbondingPeriodSessions: 3n,
      computeUnitsToTokensMultiplier: 50_000n,
      computeUnitCostGranularity: 1n,
    });
    const minStake = upoktCoin(1_000n);
    state.params.application.setLive({ ...state.params.application.live(), minStake });
    state.params.supplier.setLive({ ...state.params.supplier.live(), minStake });
    setProofParams(state, { proofRequestProbability: 1 });
    authorize(state, ...Object.values(GOVERNANCE_MESSAGES).flatMap(({ one, all }) => [one, all]));
  }, 'decai');
  const opening = new Batch(chain);
  for (const who of [0, 1]) {
    const [application, staking] = performed({ kind: 'stake application', who, whom: who, amount: 1n });
    opening.add(application, staking);
  }
  for (const supplier of SUPPLIERS) opening.add(supplier, supplying(supplier, SERVICES, 1n));
  for (const whom of [0, 1]) {
    const [gateway, staking] = performed({ kind: 'stake gateway', who: 0, whom, amount: 2n });
    opening.add(gateway, staking);
    for (const who of [0, 1]) {
      const [application, delegating] = performed({ kind: 'delegate', who, whom, amount: 1n });
      opening.add(application, delegating);
    }
  }
  for (const { code, log } of chain.block(...opening.transactions).results) expect(code, log).toBe(0);
  return chain;
}
