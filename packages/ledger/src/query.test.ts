import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { withPrefix } from '@decai/protocol/address';
import { unpackAny } from '@decai/protocol/any';
import { decode, encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { Query as AuthQuery } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { Query as BankQuery } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { BondStatus, ValidatorSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { Query as StakingQuery } from '@decai/protocol/gen/cosmos/staking/v1beta1/query_pb';
import { Service as TxService } from '@decai/protocol/gen/cosmos/tx/v1beta1/service_pb';
import { TxRawSchema } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { Query as ApplicationQuery } from '@decai/protocol/gen/pocket/application/query_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { Query as GatewayQuery } from '@decai/protocol/gen/pocket/gateway/query_pb';
import { GatewaySchema } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { Query as ProofQuery } from '@decai/protocol/gen/pocket/proof/query_pb';
import { ClaimSchema } from '@decai/protocol/gen/pocket/proof/types_pb';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { Query as ServiceQuery } from '@decai/protocol/gen/pocket/service/query_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { Query as SessionQuery } from '@decai/protocol/gen/pocket/session/query_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { ServiceConfigUpdateSchema, SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { Query as SharedQuery } from '@decai/protocol/gen/pocket/shared/query_pb';
import { Query as SupplierQuery } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { Query as TokenomicsQuery } from '@decai/protocol/gen/pocket/tokenomics/query_pb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textKey } from './collection.ts';
import { moduleNamed } from './module-account.ts';
import { queryPaths } from './query.ts';
import { addressNamed, endow, hashOf, keyNamed, sent, TestChain } from './test-chain.ts';

const ALICE = keyNamed('alice');
const APPS = ['1', '2', '3', '4', '5'].map((name) => addressNamed(`app ${name}`)).sort();
const GATEWAY = addressNamed('gateway of queries');
const OPERATORS = ['1', '2'].map((name) => addressNamed(`operator ${name}`)).sort();
const OWNER = addressNamed('owner');
const VALIDATOR = withPrefix(OWNER, 'pokt', 'poktvaloper');
const SESSION = 'ab'.repeat(32);
const HEIGHT = 15;

const town = new TestChain((state) => {
  endow(state, ALICE.address, 1_000_000n);
  state.bank.endow(ALICE.address, [coin(7n, 'mact')]);
  for (const [index, address] of APPS.entries()) {
    const delegateeGatewayAddresses = index % 2 === 0 ? [GATEWAY] : [];
    const fields = { address, stake: coin(5n), serviceConfigs: [{ serviceId: 'svc' }], delegateeGatewayAddresses };
    state.applications.put(create(ApplicationSchema, fields));
  }
  state.gateways.put(
    create(GatewaySchema, { address: GATEWAY, stake: coin(100n), metadata: { card: Uint8Array.of(1) } }),
  );
  const metadata = { card: Uint8Array.of(2) };
  state.services.put(create(ServiceSchema, { id: 'svc', computeUnitsPerRelay: 3n, ownerAddress: OWNER, metadata }));
  for (const operatorAddress of OPERATORS) {
    state.suppliers.put(create(SupplierSchema, { operatorAddress, ownerAddress: OWNER, stake: coin(9n) }));
    for (const activationHeight of [1n, 11n]) {
      const service = { serviceId: 'svc', revShare: [{ address: OWNER, revSharePercentage: 100n }] };
      const deactivationHeight = activationHeight === 1n ? 11n : 0n;
      state.suppliers.putConfig(
        create(ServiceConfigUpdateSchema, { operatorAddress, service, activationHeight, deactivationHeight }),
      );
    }
  }
  const units = { serviceId: 'svc', effectiveHeight: 11n, computeUnitsPerRelay: 30n };
  state.services.unitsHistory.put(textKey('svc'), 11, create(ServiceComputeUnitsPerRelayUpdateSchema, units));
  const difficulty = { serviceId: 'svc', blockHeight: 11n, numRelaysEma: 12n, targetHash: new Uint8Array(32).fill(9) };
  state.services.difficultyHistory.put(textKey('svc'), 11, create(RelayMiningDifficultySchema, difficulty));
  state.services.newestDifficulties.put(textKey('svc'), create(RelayMiningDifficultySchema, difficulty));
  state.validators.put(
    create(ValidatorSchema, {
      operatorAddress: VALIDATOR,
      status: BondStatus.BONDED,
      tokens: '5',
      delegatorShares: '5',
    }),
  );
});
town.blocksTo(HEIGHT);
town.patch((state) => {
  for (const supplierOperatorAddress of OPERATORS) {
    const sessionHeader = {
      sessionId: SESSION,
      serviceId: 'svc',
      sessionStartBlockHeight: 11n,
      sessionEndBlockHeight: 20n,
    };
    state.claims.put(create(ClaimSchema, { supplierOperatorAddress, sessionHeader, rootHash: new Uint8Array(48) }));
  }
});

function ask<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
  request: MessageInitShape<Input>,
  height = 0,
) {
  const path = `/${method.parent.typeName}/${method.name}`;
  return town.ledger.query({ path, data: encode(method.input, create(method.input, request)), height });
}

function answer<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
  request: MessageInitShape<Input> = {} as MessageInitShape<Input>,
): MessageShape<Output> {
  const { code, log, value, height } = ask(method, request);
  expect([code, log, height]).toEqual([0, '', HEIGHT]);
  return decode(method.output, value);
}

const refusal = (...asked: Parameters<typeof ask>) => {
  const { code, codespace, log } = ask(...asked);
  return [codespace, code, log];
};

describe('every path', () => {
  it('answers or refuses any bytes, and never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...queryPaths()), fc.uint8Array({ maxLength: 60 }), (path, data) => {
        const { code, codespace } = town.ledger.query({ path, data });
        expect(code === 0 || codespace !== '').toBe(true);
        expect(code).not.toBe(111222);
      }),
      { numRuns: 400 },
    );
  });

  it('is known, or refused', () => {
    expect(town.ledger.query({ path: '/nowhere', data: new Uint8Array(0) })).toMatchObject({
      codespace: 'sdk',
      code: 6,
      log: 'unknown query path: unknown request',
    });
  });

  it('answers at the last height alone', () => {
    const { params } = SharedQuery.method;
    expect(refusal(params, {}, -1)).toEqual(['sdk', 18, expect.stringContaining('height < 0')]);
    expect(refusal(params, {}, HEIGHT + 1)).toEqual(['sdk', 26, expect.stringContaining('in the future')]);
    expect(refusal(params, {}, HEIGHT - 1)).toEqual(['sdk', 18, expect.stringContaining('does not exist')]);
    expect(ask(params, {}, HEIGHT).code).toBe(0);
  });
});

describe('accounts and coins', () => {
  it('are found, and a missing account says NotFound', () => {
    const { account } = answer(AuthQuery.method.account, { address: ALICE.address });
    expect(unpackAny(account!)).toMatchObject({ message: { address: ALICE.address } });
    const missing = addressNamed('missing');
    expect(refusal(AuthQuery.method.account, { address: missing })).toEqual([
      'sdk',
      22,
      `rpc error: code = NotFound desc = account ${missing} not found: key not found`,
    ]);
    expect(refusal(AuthQuery.method.account, { address: 'x' })).toEqual([
      'sdk',
      18,
      expect.stringContaining('InvalidArgument'),
    ]);
  });

  it('of modules say which module they are of', () => {
    const { address } = moduleNamed('fee_collector');
    const { account } = answer(AuthQuery.method.account, { address });
    expect(unpackAny(account!)).toMatchObject({ message: { name: 'fee_collector', baseAccount: { address } } });
    expect(answer(AuthQuery.method.moduleAccountByName, { name: 'gov' }).account).toBeDefined();
    expect(refusal(AuthQuery.method.moduleAccountByName, { name: 'none' })[1]).toBe(22);
    expect(answer(AuthQuery.method.accounts, { pagination: { limit: 2n } }).accounts).toHaveLength(2);
  });

  it('are counted', () => {
    const { address } = ALICE;
    expect(answer(BankQuery.method.balance, { address, denom: 'upokt' }).balance?.amount).toBe('1000000');
    expect(answer(BankQuery.method.balance, { address, denom: 'other' }).balance?.amount).toBe('0');
    const { balances, pagination } = answer(BankQuery.method.allBalances, { address });
    expect(balances.map(({ denom }) => denom)).toEqual(['mact', 'upokt']);
    expect(pagination?.total).toBe(2n);
    const reversed = answer(BankQuery.method.spendableBalances, { address, pagination: { limit: 1n, reverse: true } });
    expect(reversed.balances.map(({ denom }) => denom)).toEqual(['upokt']);
    expect(answer(BankQuery.method.supplyOf, { denom: 'mact' }).amount?.amount).toBe('7');
    expect(answer(BankQuery.method.totalSupply).supply).toHaveLength(2);
    expect(refusal(BankQuery.method.balance, { address: 'x', denom: 'upokt' })[1]).toBe(18);
    expect(refusal(BankQuery.method.balance, { address, denom: '' })[1]).toBe(18);
  });

  it('of validators are listed as genesis has them', () => {
    expect(answer(StakingQuery.method.validators, { status: 'BOND_STATUS_BONDED' }).validators).toHaveLength(1);
    expect(answer(StakingQuery.method.validators, { status: 'BOND_STATUS_UNBONDED' }).validators).toHaveLength(0);
    expect(refusal(StakingQuery.method.validators, { status: 'x' })[1]).toBe(18);
    expect(refusal(StakingQuery.method.validator, { validatorAddr: 'x' })[1]).toBe(22);
  });
});

describe('pages', () => {
  const all = (pagination: MessageInitShape<typeof ApplicationQuery.method.allApplications.input>['pagination']) => {
    const page = answer(ApplicationQuery.method.allApplications, pagination === undefined ? {} : { pagination });
    return {
      addresses: page.applications.map(({ address }) => address),
      next: Buffer.from(page.pagination!.nextKey).toString('latin1'),
      total: page.pagination!.total,
      nextKey: page.pagination!.nextKey,
    };
  };

  it('come in the order of keys, counted unless a limit says otherwise', () => {
    expect(all(undefined)).toMatchObject({ addresses: APPS, next: '', total: 5n });
    expect(all({ limit: 2n })).toMatchObject({ addresses: APPS.slice(0, 2), next: `${APPS[2]}/`, total: 0n });
    expect(all({ limit: 2n, countTotal: true })).toMatchObject({ total: 5n });
    expect(all({ limit: 2n, offset: 3n })).toMatchObject({ addresses: APPS.slice(3), next: '' });
    expect(all({ limit: 2n, reverse: true })).toMatchObject({
      addresses: APPS.slice(3).reverse(),
      next: `${APPS[2]}/`,
    });
  });

  it('follow one another in both directions until all have been seen once', () => {
    for (const reverse of [false, true]) {
      const seen: string[] = [];
      let key = new Uint8Array(0);
      do {
        const page = all({ limit: 2n, reverse, key });
        seen.push(...page.addresses);
        key = Uint8Array.from(page.nextKey);
      } while (key.length > 0);
      expect(seen).toEqual(reverse ? [...APPS].reverse() : APPS);
    }
  });

  it('take a key or an offset, not both', () => {
    const pagination = { key: Uint8Array.of(1), offset: 1n };
    expect(refusal(ApplicationQuery.method.allApplications, { pagination })).toEqual([
      'sdk',
      6,
      'rpc error: code = Internal desc = invalid request, either offset or key is expected, got both: unknown request',
    ]);
  });

  it('drop what the filter leaves out after counting it', () => {
    const { applications, pagination } = answer(ApplicationQuery.method.allApplications, {
      delegateeGatewayAddress: GATEWAY,
      pagination: { limit: 2n, countTotal: true },
    });
    expect(applications.map(({ address }) => address)).toEqual([APPS[0]]);
    expect(pagination?.total).toBe(5n);
    expect(refusal(ApplicationQuery.method.allApplications, { delegateeGatewayAddress: 'x' })[1]).toBe(18);
  });
});

describe('actors and services', () => {
  it('are found or not found', () => {
    expect(answer(ApplicationQuery.method.application, { address: APPS[0]! }).application?.address).toBe(APPS[0]);
    expect(refusal(ApplicationQuery.method.application, { address: 'nonsense' })).toEqual([
      'sdk',
      22,
      'rpc error: code = NotFound desc = app address: nonsense: application not found: key not found',
    ]);
    expect(refusal(GatewayQuery.method.gateway, { address: OWNER })[1]).toBe(22);
    expect(refusal(SupplierQuery.method.supplier, { operatorAddress: OWNER })[1]).toBe(22);
    expect(refusal(ServiceQuery.method.service, { id: 'a/b' })[1]).toBe(22);
  });

  it('come without cards, shares and history where the asker wants none', () => {
    const address = GATEWAY;
    expect(answer(GatewayQuery.method.gateway, { address }).gateway?.metadata).toBeDefined();
    expect(answer(GatewayQuery.method.gateway, { address, dehydrated: true }).gateway?.metadata).toBeUndefined();
    expect(answer(GatewayQuery.method.allGateways, { dehydrated: true }).gateways[0]?.metadata).toBeUndefined();
    expect(answer(ServiceQuery.method.service, { id: 'svc', dehydrated: true }).service?.metadata).toBeUndefined();
    expect(answer(ServiceQuery.method.allServices).service[0]?.metadata).toBeDefined();
    const operatorAddress = OPERATORS[0]!;
    const whole = answer(SupplierQuery.method.supplier, { operatorAddress }).supplier!;
    expect([whole.services.length, whole.serviceConfigHistory.length, whole.services[0]?.revShare.length]).toEqual([
      1, 2, 1,
    ]);
    const bare = answer(SupplierQuery.method.supplier, { operatorAddress, dehydrated: true }).supplier!;
    expect([bare.services.length, bare.serviceConfigHistory.length, bare.services[0]?.revShare.length]).toEqual([
      1, 0, 0,
    ]);
  });

  it('filters suppliers by operator, owner and service', () => {
    const suppliers = (request: MessageInitShape<typeof SupplierQuery.method.allSuppliers.input>) => {
      const { supplier, pagination } = answer(SupplierQuery.method.allSuppliers, request);
      return { operators: supplier.map(({ operatorAddress }) => operatorAddress), paged: pagination !== undefined };
    };
    expect(suppliers({})).toEqual({ operators: OPERATORS, paged: true });
    expect(suppliers({ operatorAddress: OPERATORS[1]! })).toEqual({ operators: [OPERATORS[1]], paged: false });
    expect(suppliers({ operatorAddress: OWNER })).toEqual({ operators: [], paged: false });
    expect(suppliers({ ownerAddress: OWNER }).operators).toEqual(OPERATORS);
    expect(suppliers({ serviceId: 'svc' }).operators).toEqual(OPERATORS);
    expect(suppliers({ serviceId: 'svc', operatorAddress: OPERATORS[0]! }).operators).toEqual([OPERATORS[0]]);
    expect(suppliers({ serviceId: 'other' }).operators).toEqual([]);
    for (const request of [{ serviceId: 'bad id' }, { operatorAddress: 'bad' }, { ownerAddress: 'bad' }]) {
      expect(refusal(SupplierQuery.method.allSuppliers, request)[1]).toBe(18);
    }
  });

  it('answer difficulty and units as of a height', () => {
    const { relayMiningDifficultyAtHeight, computeUnitsPerRelayAtHeight, relayMiningDifficulty } = ServiceQuery.method;
    const at = (blockHeight: bigint) =>
      answer(relayMiningDifficultyAtHeight, { serviceId: 'svc', blockHeight }).relayMiningDifficulty!;
    expect(at(10n)).toMatchObject({
      numRelaysEma: 100_000n,
      targetHash: new Uint8Array(32).fill(255),
      blockHeight: 0n,
    });
    expect(at(11n)).toMatchObject({ numRelaysEma: 12n });
    expect(answer(relayMiningDifficulty, { serviceId: 'svc' }).relayMiningDifficulty?.numRelaysEma).toBe(12n);
    const units = (blockHeight: bigint) =>
      answer(computeUnitsPerRelayAtHeight, { serviceId: 'svc', blockHeight }).computeUnitsPerRelay;
    expect([10n, 11n].map(units)).toEqual([3n, 30n]);
    expect(
      answer(ServiceQuery.method.relayMiningDifficultyHistory, { serviceId: 'svc' }).relayMiningDifficultyHistory,
    ).toMatchObject([{ effectiveHeight: 11n, difficulty: { numRelaysEma: 12n } }]);
    expect(
      answer(ServiceQuery.method.computeUnitsPerRelayHistory, { serviceId: 'svc' }).computeUnitsPerRelayHistory,
    ).toHaveLength(1);
    expect(answer(ServiceQuery.method.relayMiningDifficultyAll).relayMiningDifficulty).toHaveLength(1);
    for (const method of [relayMiningDifficultyAtHeight, computeUnitsPerRelayAtHeight]) {
      expect(refusal(method, { serviceId: '', blockHeight: 1n })[1]).toBe(18);
      expect(refusal(method, { serviceId: 'svc', blockHeight: -1n })[1]).toBe(18);
      expect(refusal(method, { serviceId: 'none', blockHeight: 1n })[1]).toBe(22);
    }
  });
});

describe('sessions, claims and parameters', () => {
  it('draw the session of a height', () => {
    const request = { applicationAddress: APPS[0]!, serviceId: 'svc', blockHeight: 0n };
    const { session } = answer(SessionQuery.method.getSession, request);
    expect(session).toMatchObject({
      sessionNumber: 2n,
      header: { sessionStartBlockHeight: 11n, sessionEndBlockHeight: 20n },
    });
    expect(session!.suppliers.map(({ services }) => services.length)).toEqual([1, 1]);
    expect(town.state().blockHashes.at(11)).toEqual(hashOf(11));
    expect(refusal(SessionQuery.method.getSession, { ...request, applicationAddress: 'x' })[1]).toBe(18);
    expect(refusal(SessionQuery.method.getSession, { ...request, blockHeight: BigInt(HEIGHT + 1) })).toEqual([
      'sdk',
      6,
      expect.stringContaining('is ahead of the last committed block height'),
    ]);
  });

  it('find claims by session, operator and session end', () => {
    const claims = (filter: MessageInitShape<typeof ProofQuery.method.allClaims.input>['filter']) =>
      answer(ProofQuery.method.allClaims, filter === undefined ? {} : { filter }).claims.map(
        (claim) => claim.supplierOperatorAddress,
      );
    expect(claims(undefined)).toEqual(OPERATORS);
    expect(claims({ case: 'sessionId', value: SESSION })).toEqual(OPERATORS);
    expect(claims({ case: 'sessionId', value: 'odd/one' })).toEqual([]);
    expect(claims({ case: 'supplierOperatorAddress', value: OPERATORS[1]! })).toEqual([OPERATORS[1]]);
    expect(claims({ case: 'sessionEndHeight', value: 20n })).toEqual(OPERATORS);
    expect(claims({ case: 'sessionEndHeight', value: 2n ** 64n - 1n })).toEqual([]);
    const one = { sessionId: SESSION, supplierOperatorAddress: OPERATORS[0]! };
    expect(answer(ProofQuery.method.claim, one).claim?.supplierOperatorAddress).toBe(OPERATORS[0]);
    expect(refusal(ProofQuery.method.claim, { ...one, sessionId: 'x' })[1]).toBe(22);
    expect(refusal(ProofQuery.method.claim, { ...one, sessionId: '' })).toEqual([
      'sdk',
      18,
      expect.stringContaining('session ID'),
    ]);
    expect(refusal(ProofQuery.method.claim, { ...one, supplierOperatorAddress: 'x' })[1]).toBe(18);
    expect(refusal(ProofQuery.method.proof, one)[1]).toBe(22);
    expect(refusal(ProofQuery.method.allProofs, { filter: { case: 'supplierOperatorAddress', value: 'x' } })[1]).toBe(
      18,
    );
    expect(refusal(ProofQuery.method.allProofs, { filter: { case: 'sessionId', value: '' } })[1]).toBe(18);
    expect(answer(ProofQuery.method.allProofs).proofs).toEqual([]);
  });

  it('answer the parameters of every module', () => {
    for (const { method } of [
      ApplicationQuery,
      GatewayQuery,
      SupplierQuery,
      ServiceQuery,
      SessionQuery,
      SharedQuery,
      ProofQuery,
      TokenomicsQuery,
    ]) {
      expect(answer<DescMessage, DescMessage>(method.params)).toHaveProperty('params.$typeName');
    }
    expect(answer(AuthQuery.method.params).params?.txSigLimit).toBe(7n);
    expect(answer(BankQuery.method.params).params?.defaultSendEnabled).toBe(true);
    expect(answer(SharedQuery.method.paramsAtHeight, { height: 1_000_000n }).params?.numBlocksPerSession).toBe(10n);
    expect(refusal(SharedQuery.method.paramsAtHeight, { height: -1n })).toEqual([
      'sdk',
      18,
      'rpc error: code = InvalidArgument desc = height must be non-negative: invalid request',
    ]);
  });
});

describe('simulation', () => {
  const messages = [sent(MsgSendSchema, { fromAddress: ALICE.address, toAddress: OWNER, amount: [coin(5n)] })];

  it('tells what a transaction costs and raises, with an empty signature', () => {
    const raw = decode(TxRawSchema, town.sign(ALICE, messages, { gasLimit: 0n }));
    const txBytes = encode(TxRawSchema, { ...raw, signatures: [new Uint8Array(0)] });
    const { gasInfo, result } = answer(TxService.method.simulate, { txBytes });
    expect(gasInfo!.gasUsed).toBeGreaterThan(1000n);
    expect(result!.events.map(({ type }) => type)).toContain('transfer');
    expect(result!.msgResponses).toHaveLength(1);
    expect(town.state().bank.balance(OWNER, 'upokt')).toBe(0n);
  });

  it('refuses what would fail, and nothing at all', () => {
    const txBytes = town.sign(ALICE, [
      sent(MsgSendSchema, { fromAddress: ALICE.address, toAddress: OWNER, amount: [coin(9_999_999n)] }),
    ]);
    expect(refusal(TxService.method.simulate, { txBytes })).toEqual([
      'sdk',
      6,
      expect.stringContaining('insufficient funds'),
    ]);
    expect(refusal(TxService.method.simulate, {})[1]).toBe(18);
  });
});
