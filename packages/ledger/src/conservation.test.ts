/**
 * Money over whole chains: whatever messages come in whatever order, coins are only made and unmade where events say so,
 * and the modules hold what the stakes of their actors promise.
 */
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, test } from 'vitest';
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
import { encodeRoot } from '@decai/protocol/root';
import { UPOKT } from './coins.ts';
import { INTEGER_VALUE } from './message-value.ts';
import { moduleNamed, type ModuleName } from './module-account.ts';
import { PANIC } from './registered-error.ts';
import { hydrateSession } from './session.ts';
import { amountUpoktOf, upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { keyText, prefixEnd, Store } from './store.ts';
import { endow, keyNamed, sent, TestChain } from './test-chain.ts';
import { addValidator, setShares, setTokenomics } from './test-settlement.ts';
import { setProofParams } from './test-session.ts';

const KEYS = ['one', 'two', 'three', 'four', 'five'].map((name) => keyNamed(`member ${name}`));
const SERVICES = ['a', 'b'];
const SESSION_BLOCKS = 10;
const STAKING_FEE_UPOKT = 1n;

/** What somebody does in a block; numbers choose among the members, services and amounts there are. */
type Move = {
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

const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(...KINDS),
  who: fc.nat(KEYS.length - 1),
  whom: fc.nat(KEYS.length - 1),
  service: fc.nat(SERVICES.length - 1),
  amountUpokt: fc.oneof(fc.bigInt(1n, 100n), fc.bigInt(1_000_000n, 9_000_000n)),
  feeUpokt: fc.bigInt(0n, 500n),
});

const rules = fc.record({
  mintRatio: fc.constantFrom(1, 0.975, 0.3),
  inflation: fc.constantFrom(0, 0.000001, 0.1),
  shares: fc.constantFrom(
    { supplier: 0.7, proposer: 0.05, sourceOwner: 0.15, application: 0, dao: 0.1 },
    { supplier: 0.4, proposer: 0.3, sourceOwner: 0.1, application: 0.2, dao: 0 },
  ),
  probability: fc.constantFrom(0, 0.5, 1),
  hasValidator: fc.boolean(),
});

/** Members one and two have staked applications, three and four suppliers, five a gateway. */
function found({
  mintRatio,
  inflation,
  shares,
  probability,
  hasValidator,
}: typeof rules extends fc.Arbitrary<infer T> ? T : never) {
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
  const blockHeight = state.height - (state.height % SESSION_BLOCKS) - SESSION_BLOCKS + 1;
  if (blockHeight < 1) return undefined;
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

function balancesOf(chain: TestChain): Map<string, bigint> {
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

/** `staked`: how often a supplier has paid the staking fee; `hasDiscarded`: whether a claim was discarded so far. */
function checkStakes(state: State, past: { staked: bigint; hasDiscarded: boolean; hasValidator: boolean }): void {
  const held = (module: ModuleName): bigint => state.bank.balance(moduleNamed(module).address, UPOKT);
  const staked = (
    actors: Iterable<readonly [string, { readonly stake?: Parameters<typeof amountUpoktOf>[0] }]>,
  ): bigint => {
    let sumUpokt = 0n;
    for (const [, { stake }] of actors) sumUpokt += amountUpoktOf(stake);
    return sumUpokt;
  };
  expect(held('gateway')).toBe(staked(state.gateways.entries()));
  expect(held('supplier')).toBe(staked(state.suppliers.entries()) + past.staked * STAKING_FEE_UPOKT);
  // As in Shannon, a claim that is discarded after its settlement left the stake leaves the coins in the module.
  const applicationsUpokt = staked(state.applications.entries());
  if (past.hasDiscarded) expect(held('application') >= applicationsUpokt).toBe(true);
  else expect(held('application')).toBe(applicationsUpokt);
  if (past.hasValidator) expect(held('tokenomics')).toBe(0n);
}

test('over any sequence of messages and blocks, supply is the sum of balances, and moves by mint and burn alone', () => {
  const seen = new Set<string>();
  const span = fc.array(fc.array(move, { maxLength: 4 }), { minLength: 45, maxLength: 60 });
  fc.assert(
    fc.property(rules, span, (drawn, blocks) => {
      const { chain, opening } = found(drawn);
      let supply = balancesOf(chain);
      const past = { staked: 0n, hasDiscarded: false, hasValidator: drawn.hasValidator };
      for (const moves of [opening, ...blocks]) {
        const state = chain.state();
        const next = new Map<string, bigint>();
        const transactions = moves.flatMap((each) => {
          const message = messageOf(state, each);
          if (message === undefined) return [];
          const key = KEYS[each.who]!;
          const ahead = next.get(key.address) ?? 0n;
          next.set(key.address, ahead + 1n);
          return [chain.sign(key, [message], { fee: each.feeUpokt === 0n ? [] : [coin(each.feeUpokt)] }, ahead)];
        });
        const { results, events } = chain.block(...transactions);
        const expected = new Map(supply);
        for (const { type, attributes } of [...results.flatMap((result) => result.events), ...events]) {
          seen.add(type);
          if (type === 'pocket.supplier.EventSupplierStaked') past.staked += 1n;
          if (type === 'pocket.tokenomics.EventClaimDiscarded') past.hasDiscarded = true;
          if (type !== 'coinbase' && type !== 'burn') continue;
          const text = attributes.find(({ key }) => key === 'amount')!.value;
          for (const moved of parseCoins(text)) {
            const change = type === 'burn' ? -amountOf(moved) : amountOf(moved);
            expected.set(moved.denom, (expected.get(moved.denom) ?? 0n) + change);
          }
        }
        for (const { codespace, code } of results) expect([codespace, code]).not.toEqual([PANIC[0], PANIC[1]]);
        supply = balancesOf(chain);
        expect(supply).toEqual(expected);
        const after = chain.state();
        for (const { denom, amount } of after.bank.totalSupply()) expect(amount).toBe(String(supply.get(denom)));
        checkStakes(after, past);
      }
    }),
    // One seed: what must have been seen below would otherwise be a matter of luck.
    { numRuns: 15, seed: 11 },
  );
  for (const event of [
    'EventClaimSettled',
    'EventClaimExpired',
    'EventSupplierSlashed',
    'EventApplicationUnbondingEnd',
  ]) {
    expect(
      [...seen].some((type) => type.endsWith(`.${event}`)),
      event,
    ).toBe(true);
  }
});
