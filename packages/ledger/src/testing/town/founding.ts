/**
 * How a random town begins: the same things once as a genesis document for the ledger, once as rows for the model.
 */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { moduleAddress, withPrefix } from '@decai/protocol/address';
import { toChainJson } from '@decai/protocol/chain-json';
import { coin } from '@decai/protocol/coin';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { defaultAppState } from '../../default-app-state.ts';
import type { Draw } from './draw.ts';
import { EVERYBODY, GHOST, GOVERNOR, MEMBERS, PAUPER, SERVICES } from './members.ts';
import { KNOWN_TYPES } from '../model/messages.ts';
import { Model } from '../model/model.ts';
import { AUTHORITY, MODULE_ADDRESSES } from '../model/money.ts';
import { areParams } from '../model/param-bounds.ts';
import { PARAMS, type ModuleParams, type ParamsModule, type ParamsOf } from '../model/params-of-modules.ts';

export const CHAIN_ID = 'random-town';

type Json = Record<string, JsonValue>;

type Founding = { readonly model: Model; readonly genesis: JsonValue };

/** Every town has rules of its own. */
export function foundTown(draw: Draw): Founding {
  const model = new Model();
  const state = defaultAppState() as Record<string, Json>;
  endow(model, state);
  const params = drawParams(draw);
  for (const module of Object.keys(PARAMS) as ParamsModule[]) {
    model.setLive(module, params[module] as ParamsOf<typeof module>);
    state[module]!['params'] = paramsJson(module, params[module]);
  }
  foundServices(draw, model, state);
  authorize(model, state);
  if (draw.perMille(700)) foundValidator(model, state);
  return { model, genesis: { chain_id: CHAIN_ID, genesis_time: '1970-01-01T00:00:00Z', app_state: state } };
}

function paramsJson(module: ParamsModule, params: ModuleParams): JsonValue {
  return toChainJson(PARAMS[module], params as never);
}

/** All modules' accounts exist from the beginning, so that who is paid first decides no number. */
function endow({ book }: Model, state: Record<string, Json>): void {
  const accounts = [...MODULE_ADDRESSES, ...EVERYBODY.filter((key) => key !== GHOST).map(({ address }) => address)];
  const balances: JsonValue[] = [];
  const supply = new Map<string, bigint>();
  for (const { address } of EVERYBODY) {
    if (address === GHOST.address) continue;
    const upokt = address === GOVERNOR.address ? 10n ** 12n : address === PAUPER.address ? 50n : 60_000_000n;
    const coins = [coin(1000n, 'mact'), coin(upokt)];
    for (const { denom, amount } of coins) {
      book.balances.set(`${address}/${denom}`, BigInt(amount));
      supply.set(denom, (supply.get(denom) ?? 0n) + BigInt(amount));
    }
    balances.push({ address, coins: coins.map(({ denom, amount }) => ({ denom, amount })) });
  }
  for (const [denom, amount] of supply) book.supply.set(denom, amount);
  for (const [index, address] of accounts.entries()) {
    book.accounts.set(address, { number: BigInt(index), sequence: 0n });
  }
  book.nextNumber.set('', BigInt(accounts.length));
  state['bank']!['balances'] = balances;
  state['auth']!['accounts'] = accounts.map((address, index) => ({
    '@type': '/cosmos.auth.v1beta1.BaseAccount',
    address,
    pub_key: null,
    account_number: String(index),
    sequence: '0',
  }));
}

function foundServices(draw: Draw, { book }: Model, state: Record<string, Json>): void {
  const services = SERVICES.slice(0, 2).map((id) =>
    create(ServiceSchema, {
      id,
      name: `service ${id}`,
      computeUnitsPerRelay: BigInt(draw.between(1, 200)),
      ownerAddress: draw.pick(MEMBERS.owner).address,
    }),
  );
  for (const service of services) book.services.set(service.id, service);
  state['service']!['service_list'] = services.map((service) => toChainJson(ServiceSchema, service));
}

/** The governor may send whatever the authority may. */
function authorize({ book }: Model, state: Record<string, Json>): void {
  const types = KNOWN_TYPES.filter((typeUrl) => /MsgUpdateParams?$/.test(typeUrl));
  const [granter, grantee] = [AUTHORITY, GOVERNOR.address];
  for (const messageType of types) {
    book.grants.set(`${granter}/${grantee}${messageType}`, { granter, grantee, messageType });
  }
  state['authz'] = {
    authorization: types.map((messageType) => ({
      granter,
      grantee,
      authorization: { '@type': '/cosmos.authz.v1beta1.GenericAuthorization', msg: messageType },
      expiration: null,
    })),
  };
}

function foundValidator(model: Model, state: Record<string, Json>): void {
  const account = moduleAddress('a validator of the town');
  const operator = withPrefix(account, 'pokt', 'poktvaloper');
  model.validator = account;
  const rates = { rate: '0.100000000000000000', max_rate: '1', max_change_rate: '1' };
  state['staking']!['validators'] = [
    {
      operator_address: operator,
      status: 'BOND_STATUS_BONDED',
      tokens: '900',
      delegator_shares: '900.000000000000000000',
      commission: { commission_rates: rates },
    },
  ];
  state['staking']!['delegations'] = [
    { delegator_address: account, validator_address: operator, shares: '900.000000000000000000' },
  ];
}

export const SHARES: readonly Omit<
  NonNullable<ParamsOf<'tokenomics'>['mintAllocationPercentages']>,
  '$typeName' | '$unknown'
>[] = [
  { dao: 0.1, proposer: 0.05, supplier: 0.7, sourceOwner: 0.15, application: 0 },
  { dao: 0.045, proposer: 0.14, supplier: 0.79, sourceOwner: 0.025, application: 0 },
  { dao: 0, proposer: 0.3, supplier: 0.4, sourceOwner: 0.1, application: 0.2 },
  { dao: 0, proposer: 0, supplier: 1, sourceOwner: 0, application: 0 },
  { dao: 1, proposer: 0, supplier: 0, sourceOwner: 0, application: 0 },
];

function drawParams(draw: Draw): { readonly [M in ParamsModule]: ParamsOf<M> } {
  return {
    application: create(PARAMS.application, { maxDelegatedGateways: 2n, minStake: coin(1_000_000n) }),
    gateway: create(PARAMS.gateway, { minStake: coin(1000n) }),
    supplier: create(PARAMS.supplier, { minStake: coin(1_000_000n), stakingFee: coin(draw.upokt(0, 5)) }),
    session: create(PARAMS.session, { numSuppliersPerSession: BigInt(draw.between(1, 4)) }),
    service: create(PARAMS.service, {
      addServiceFee: coin(draw.upokt(1, 1000)),
      targetNumRelays: draw.pick([100_000n, 300n, 2n]),
    }),
    proof: create(PARAMS.proof, {
      proofRequestProbability: draw.pick([0, 0.25, 0.5, 0.5, 0.9, 1]),
      proofRequirementThreshold: coin(draw.pick([100n, 50_000n, 20_000_000n])),
      proofMissingPenalty: coin(draw.pick([1n, 1000n, 200_000n, 700_000n, 320_000_000n])),
      proofSubmissionFee: coin(draw.upokt(0, 3)),
    }),
    tokenomics: create(PARAMS.tokenomics, {
      daoRewardAddress: draw.pick([moduleAddress('a treasury'), MEMBERS.owner[1]!.address]),
      mintAllocationPercentages: draw.pick(SHARES),
      globalInflationPerClaim: draw.pick([0, 0.000001, 0.1]),
      mintEqualsBurnClaimDistribution: draw.pick(SHARES),
      mintRatio: draw.pick([1, 0.975, 0.3]),
      overservicingBonusMultiplier: draw.pick([0n, 1n, 3n]),
    }),
    shared: drawShared(draw),
  };
}

/** Short sessions and windows: much happens in few blocks. */
function drawShared(draw: Draw): ParamsOf<'shared'> {
  for (;;) {
    const grace = draw.upokt(0, 1);
    const params = create(PARAMS.shared, {
      numBlocksPerSession: draw.upokt(2, 6),
      gracePeriodEndOffsetBlocks: grace,
      claimWindowOpenOffsetBlocks: grace + draw.upokt(0, 1),
      claimWindowCloseOffsetBlocks: draw.upokt(0, 2),
      proofWindowOpenOffsetBlocks: draw.upokt(0, 1),
      proofWindowCloseOffsetBlocks: draw.upokt(0, 2),
      supplierUnbondingPeriodSessions: draw.upokt(1, 4),
      applicationUnbondingPeriodSessions: draw.upokt(1, 4),
      gatewayUnbondingPeriodSessions: draw.upokt(1, 2),
      computeUnitsToTokensMultiplier: 42_000_000n,
      computeUnitCostGranularity: 1_000_000n,
      sessionGridAnchorHeight: 1n,
      sessionNumberAtAnchor: 1n,
    });
    if (areParams('shared', params)) return params;
  }
}
