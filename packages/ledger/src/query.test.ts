import type { MessageInitShape } from '@bufbuild/protobuf';
import { unpackAny } from '@decai/protocol/any';
import { decode, encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { Query as AuthQuery } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { Query as BankQuery } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { Query as StakingQuery } from '@decai/protocol/gen/cosmos/staking/v1beta1/query_pb';
import { Service as TxService } from '@decai/protocol/gen/cosmos/tx/v1beta1/service_pb';
import { AuthInfoSchema, TxRawSchema, type SignerInfo } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { Query as ApplicationQuery } from '@decai/protocol/gen/pocket/application/query_pb';
import { Query as SharedQuery } from '@decai/protocol/gen/pocket/shared/query_pb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAddress } from '@decai/protocol/address';
import { compareBytes } from '@decai/protocol/bytes';
import { moduleNamed } from './module-account.ts';
import { queryPaths } from './query.ts';
import { addressNamed, sent } from './test-chain.ts';
import { ALICE, APPS, GATEWAY, OWNER, HEIGHT, VALIDATOR, town, ask, answer, refusal } from './test-queries.ts';

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

  it('delegated are worth their shares, rounded down, in the order of the addresses’ bytes', () => {
    const { delegation, delegatorDelegations, params, pool, validatorDelegations } = StakingQuery.method;
    const worth = { [ALICE.address]: '2', [OWNER]: '2' };
    const byBytes = Object.keys(worth).sort((a, b) => compareBytes(decodeAddress(a), decodeAddress(b)));
    const listed = answer(validatorDelegations, { validatorAddr: VALIDATOR });
    expect(listed.delegationResponses.map((one) => one.delegation!.delegatorAddress)).toEqual(byBytes);
    expect(listed.delegationResponses.map(({ balance }) => balance!.amount)).toEqual(['2', '2']);
    expect(listed.pagination!.total).toBe(2n);
    const backwards = answer(validatorDelegations, {
      validatorAddr: VALIDATOR,
      pagination: { reverse: true, limit: 1n },
    });
    expect(backwards.delegationResponses[0]!.delegation!.delegatorAddress).toBe(byBytes[1]);
    const next = { key: backwards.pagination!.nextKey, reverse: true };
    const rest = answer(validatorDelegations, { validatorAddr: VALIDATOR, pagination: next });
    expect(rest.delegationResponses[0]!.delegation!.delegatorAddress).toBe(byBytes[0]);
    expect(answer(delegatorDelegations, { delegatorAddr: OWNER }).delegationResponses).toHaveLength(1);
    const one = answer(delegation, { delegatorAddr: OWNER, validatorAddr: VALIDATOR });
    expect(one.delegationResponse!.balance).toMatchObject({ denom: 'upokt', amount: '2' });
    expect(refusal(delegation, { delegatorAddr: VALIDATOR, validatorAddr: OWNER })[1]).toBe(22);
    expect(refusal(validatorDelegations, {})[1]).toBe(18);
    expect(refusal(delegatorDelegations, {})[1]).toBe(18);
    expect(answer(params).params).toMatchObject({ bondDenom: 'upokt', maxValidators: 100 });
    expect(answer(pool).pool).toMatchObject({ bondedTokens: '0', notBondedTokens: '0' });
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

  it('takes a signer who shows no key and has none yet, and counts what storing it will cost', () => {
    const shown = decode(TxRawSchema, town.sign(ALICE, messages));
    const info = decode(AuthInfoSchema, shown.authInfoBytes);
    const authInfoBytes = encode(AuthInfoSchema, { ...info, signerInfos: info.signerInfos.map(withoutKey) });
    const cost = (raw: typeof shown): bigint => {
      const txBytes = encode(TxRawSchema, raw);
      return answer(TxService.method.simulate, { txBytes }).gasInfo!.gasUsed - BigInt(10 * txBytes.length);
    };
    expect(cost({ ...shown, authInfoBytes })).toBe(cost(shown));
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

function withoutKey({ publicKey: _key, ...info }: SignerInfo): SignerInfo {
  return info;
}
