/**
 * What members of a small network may do, drawn by chance, and what must hold after every block whatever they did.
 *
 * Members one and two have staked applications, three and four suppliers, five a gateway.
 */
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect } from 'vitest';
import { amountOf, coin, parseCoins } from '@decai/protocol/coin';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import {
  MsgDelegateToGatewaySchema,
  MsgStakeApplicationSchema,
  MsgTransferApplicationSchema,
  MsgUndelegateFromGatewaySchema,
  MsgUnstakeApplicationSchema,
} from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgStakeGatewaySchema, MsgUnstakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { MsgCreateClaimSchema, MsgSubmitProofSchema } from '@decai/protocol/gen/pocket/proof/tx_pb';
import { MsgAddServiceSchema, MsgTransferServiceSchema } from '@decai/protocol/gen/pocket/service/tx_pb';
import { RPCType, ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { MsgStakeSupplierSchema, MsgUnstakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import type { Key } from '@decai/protocol/keys';
import type { ChainEvent } from '@decai/protocol/typed-event';
import { encodeRoot } from '@decai/protocol/root';
import { sessionAt } from '@decai/protocol/session-grid';
import { UPOKT } from './coins.ts';
import { INTEGER_VALUE } from './message-value.ts';
import type { BlockResult } from './ledger.ts';
import { PANIC } from './registered-error.ts';
import { hydrateSession } from './session.ts';
import { timingsAt } from './session-timings.ts';
import { upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { keyText, prefixEnd, Store } from './store.ts';
import { endow, keyNamed, sent, TestChain } from './test-chain.ts';
import { addValidator, setShares, setTokenomics } from './test-settlement.ts';
import { setProofParams } from './test-session.ts';

const KEYS: readonly Key[] = ['one', 'two', 'three', 'four', 'five'].map((name) => keyNamed(`member ${name}`));
const SERVICES = ['a', 'b'];

/** What somebody does in a block; numbers choose among the members, services and amounts there are. */
export type Move = {
  readonly kind: (typeof KINDS)[number];
  readonly who: number;
  readonly whom: number;
  readonly service: number;
  readonly amountUpokt: bigint;
  readonly feeUpokt: bigint;
};

const KINDS = [
  'send',
  'stake application',
  'unstake application',
  'transfer application',
  'stake gateway',
  'unstake gateway',
  'delegate',
  'undelegate',
  'stake supplier',
  'restake supplier',
  'unstake supplier',
  'add service',
  'transfer service',
  'claim',
  'claim',
  'claim',
  'claim',
  'false claim',
  'proof of nothing',
] as const;

export const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(...KINDS),
  who: fc.nat(KEYS.length - 1),
  whom: fc.nat(KEYS.length - 1),
  service: fc.nat(SERVICES.length - 1),
  amountUpokt: fc.oneof(fc.bigInt(1n, 100n), fc.bigInt(1_000_000n, 9_000_000n)),
  feeUpokt: fc.bigInt(0n, 500n),
});

/** How a network begins. */
export type Rules = {
  readonly mintRatio: number;
  readonly inflation: number;
  readonly shares: Parameters<typeof setShares>[1];
  readonly probability: number;
  readonly hasValidator: boolean;
};

export const rules: fc.Arbitrary<Rules> = fc.record({
  mintRatio: fc.constantFrom(1, 0.975, 0.3),
  inflation: fc.constantFrom(0, 0.000001, 0.1),
  shares: fc.constantFrom(
    { supplier: 0.7, proposer: 0.05, sourceOwner: 0.15, application: 0, dao: 0.1 },
    { supplier: 0.4, proposer: 0.3, sourceOwner: 0.1, application: 0.2, dao: 0 },
  ),
  probability: fc.constantFrom(0, 0.5, 1),
  hasValidator: fc.boolean(),
});

/** A network before its first block, and the moves that its members open with. `prepare` writes what they find besides. */
export function found(
  { mintRatio, inflation, shares, probability, hasValidator }: Rules,
  prepare: (state: State) => void = () => undefined,
): { readonly chain: TestChain; readonly opening: readonly Move[] } {
  const chain = new TestChain((state) => {
    for (const { address } of KEYS) endow(state, address, 60_000_000n);
    state.bank.endow(KEYS[0]!.address, [coin(1_000_000n, 'mact')]);
    for (const [index, id] of SERVICES.entries()) {
      state.services.put(
        create(ServiceSchema, { id, name: id, computeUnitsPerRelay: 2n, ownerAddress: KEYS[index]!.address }),
      );
    }
    setTokenomics(state, { mintRatio, globalInflationPerClaim: inflation });
    setShares(state, shares);
    setProofParams(state, { proofRequestProbability: probability, proofMissingPenalty: upoktCoin(700_000n) });
    if (hasValidator) addValidator(state, 'validator', 1_000n);
    prepare(state);
  });
  const founders: [kind: Move['kind'], who: number, service: number][] = [
    ['stake application', 0, 0],
    ['stake application', 1, 1],
    ['stake supplier', 2, 0],
    ['stake supplier', 3, 1],
    ['stake gateway', 4, 0],
  ];
  const opening = founders.map(([kind, who, service]) => ({
    kind,
    who,
    service,
    whom: 4,
    amountUpokt: 8_000_000n,
    feeUpokt: 1n,
  }));
  return { chain, opening };
}

/** The message that a move stands for; undefined where there is nothing to claim. */
function messageOf(state: State, { kind, who, whom, service, amountUpokt }: Move): ReturnType<typeof sent> | undefined {
  const [{ address: signer }, { address: other }] = [KEYS[who]!, KEYS[whom]!];
  const [serviceId, stake] = [SERVICES[service]!, coin(amountUpokt)];
  const asSupplier = { signer, ownerAddress: signer, operatorAddress: signer };
  switch (kind) {
    case 'send':
      return sent(MsgSendSchema, {
        fromAddress: signer,
        toAddress: other,
        amount: [coin(amountUpokt, amountUpokt < 50n ? 'mact' : UPOKT)],
      });
    case 'stake application':
      return sent(MsgStakeApplicationSchema, { address: signer, stake, services: [{ serviceId }] });
    case 'unstake application':
      return sent(MsgUnstakeApplicationSchema, { address: signer });
    case 'transfer application':
      return sent(MsgTransferApplicationSchema, { sourceAddress: signer, destinationAddress: other });
    case 'stake gateway':
      return sent(MsgStakeGatewaySchema, { address: signer, stake });
    case 'unstake gateway':
      return sent(MsgUnstakeGatewaySchema, { address: signer });
    case 'delegate':
      return sent(MsgDelegateToGatewaySchema, { appAddress: signer, gatewayAddress: other });
    case 'undelegate':
      return sent(MsgUndelegateFromGatewaySchema, { appAddress: signer, gatewayAddress: other });
    case 'stake supplier':
      return sent(MsgStakeSupplierSchema, { ...asSupplier, stake, services: [offer(serviceId, signer, other)] });
    case 'restake supplier':
      return sent(MsgStakeSupplierSchema, { ...asSupplier, ownerAddress: other, stake });
    case 'unstake supplier':
      return sent(MsgUnstakeSupplierSchema, { signer, operatorAddress: signer });
    case 'add service':
      return sent(MsgAddServiceSchema, {
        ownerAddress: signer,
        service: {
          id: serviceId,
          name: serviceId,
          computeUnitsPerRelay: (amountUpokt % 5n) + 1n,
          ownerAddress: signer,
        },
      });
    case 'transfer service':
      return sent(MsgTransferServiceSchema, { ownerAddress: signer, newOwnerAddress: other, serviceId });
    default:
      return claimOrProof(state, kind, serviceId, KEYS[who]!, amountUpokt);
  }
}

function offer(serviceId: string, first: string, second: string) {
  const revShare =
    first === second
      ? [{ address: first, revSharePercentage: 100n }]
      : [
          { address: first, revSharePercentage: 67n },
          { address: second, revSharePercentage: 33n },
        ];
  return { serviceId, endpoints: [{ url: 'http://h', rpcType: RPCType.REST }], revShare };
}

/** For the session whose windows may be open: the last one that has ended, of whoever has an application for the service. */
function claimOrProof(state: State, kind: Move['kind'], serviceId: string, supplier: Key, amount: bigint) {
  const { startHeight } = sessionAt(timingsAt(state, state.height), state.height);
  const lastHeight = startHeight - 1;
  if (lastHeight < 1) return undefined;
  const blockHeight = sessionAt(timingsAt(state, lastHeight), lastHeight).startHeight;
  for (const { address } of KEYS) {
    const session = hydrateSession(state, { applicationAddress: address, serviceId, blockHeight });
    if (!session.ok || !session.value.suppliers.has(supplier.address)) continue;
    const of = { supplierOperatorAddress: supplier.address, sessionHeader: session.value.header };
    if (kind === 'proof of nothing') return sent(MsgSubmitProofSchema, { ...of, proof: new Uint8Array(48) });
    const count = (amount % 100_000n) + 1n;
    const units = state.services.unitsPerRelayAt(serviceId, blockHeight)!;
    const sum = count * units + (kind === 'false claim' ? 1n : 0n);
    return sent(MsgCreateClaimSchema, {
      ...of,
      rootHash: encodeRoot({ digest: new Uint8Array(32).fill(9), sum, count }),
    });
  }
  return undefined;
}

export function balancesOf(chain: TestChain): Supply {
  const prefix = 'bank/balance/';
  const sums = new Map<string, bigint>();
  for (const [key, value] of new Store(chain.disk).range({ start: prefix, end: prefixEnd(prefix) })) {
    const denom = key.split('/').at(-2)!;
    const amount = INTEGER_VALUE.decode(value);
    expect(amount > 0n, keyText(Buffer.from(key, 'latin1'))).toBe(true);
    sums.set(denom, (sums.get(denom) ?? 0n) + amount);
  }
  return sums;
}

/** Transactions of a block, each with the sequence that follows from those before it. */
export class Batch {
  readonly transactions: Uint8Array[] = [];
  private readonly chain: TestChain;
  private readonly state: State;
  private readonly ahead = new Map<string, bigint>();

  constructor(chain: TestChain) {
    this.chain = chain;
    this.state = chain.state();
  }

  /** A move of a member; none where there is nothing to claim. */
  move(drawn: Move): void {
    const message = messageOf(this.state, drawn);
    if (message !== undefined) this.add(KEYS[drawn.who]!, message, drawn.feeUpokt);
  }

  add(key: Key, message: ReturnType<typeof sent>, feeUpokt = 0n): void {
    const ahead = this.ahead.get(key.address) ?? 0n;
    this.ahead.set(key.address, ahead + 1n);
    const fee = feeUpokt === 0n ? [] : [coin(feeUpokt)];
    this.transactions.push(this.chain.sign(key, [message], { fee }, ahead));
  }
}

/** What is in all accounts, by denomination. */
export type Supply = ReadonlyMap<string, bigint>;

/**
 * A block after which the supply is the sum of all balances, has moved by mint and burn alone, and nothing has thrown.
 * Returns the new supply and everything that was told.
 */
export function conservedBlock(
  chain: TestChain,
  before: Supply,
  transactions: readonly Uint8Array[],
): { readonly supply: Supply; readonly events: readonly ChainEvent[]; readonly results: BlockResult['results'] } {
  const { results, events: ownEvents } = chain.block(...transactions);
  for (const { codespace, code, log } of results) expect([codespace, code], log).not.toEqual([PANIC[0], PANIC[1]]);
  const events = [...results.flatMap((result) => result.events), ...ownEvents];
  const expected = new Map(before);
  for (const { type, attributes } of events) {
    if (type !== 'coinbase' && type !== 'burn') continue;
    for (const moved of parseCoins(attributes.find(({ key }) => key === 'amount')!.value)) {
      const change = type === 'burn' ? -amountOf(moved) : amountOf(moved);
      expected.set(moved.denom, (expected.get(moved.denom) ?? 0n) + change);
    }
  }
  const supply = balancesOf(chain);
  expect(supply).toEqual(expected);
  for (const { denom, amount } of chain.state().bank.totalSupply()) expect(amount).toBe(String(supply.get(denom)));
  return { supply, events, results };
}
