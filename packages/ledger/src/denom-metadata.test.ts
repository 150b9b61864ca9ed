import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { MetadataSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/bank_pb';
import { Query } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { describe, expect, it } from 'vitest';
import { metadataProblem } from './denom-metadata.ts';
import { genesisProblem, startChain, type Json } from './test-genesis.ts';
import { ALICE, answer, refusal, town } from './test-queries.ts';

const POKT = {
  description: 'pays for inference',
  denom_units: [
    { denom: 'upokt', exponent: 0, aliases: ['micropokt'] },
    { denom: 'pokt', exponent: 6, aliases: [] },
  ],
  base: 'upokt',
  display: 'pokt',
  name: 'Pocket',
  symbol: 'POKT',
  uri: '',
  uri_hash: '',
};

const METADATA: MessageInitShape<typeof MetadataSchema> = {
  base: 'upokt',
  display: 'pokt',
  name: 'Pocket',
  symbol: 'POKT',
  denomUnits: [{ denom: 'upokt' }, { denom: 'pokt', exponent: 6 }],
};

describe('metadata', () => {
  type Fields = MessageInitShape<typeof MetadataSchema>;
  const cases: [change: Fields, problem: string][] = [
    [{ name: ' ' }, 'name field cannot be blank'],
    [{ symbol: '' }, 'symbol field cannot be blank'],
    [{ base: 'x' }, 'invalid metadata base denom: x'],
    [{ display: '' }, 'invalid metadata display denom: '],
    [{ denomUnits: [{ denom: 'pokt', exponent: 0 }] }, 'the first unit is upokt with exponent 0'],
    [{ denomUnits: [{ denom: 'upokt', exponent: 1 }] }, 'the first unit is upokt with exponent 0'],
    [{ denomUnits: [{ denom: 'upokt' }, { denom: 'pokt' }] }, 'denom units should be sorted asc by exponent'],
    [{ denomUnits: [{ denom: 'upokt' }, { denom: 'upokt', exponent: 1 }] }, 'duplicate denomination unit upokt'],
    [{ denomUnits: [{ denom: 'upokt' }, { denom: '!', exponent: 1 }] }, 'invalid denom unit: !'],
    [{ denomUnits: [{ denom: 'upokt', aliases: ['a', 'a'] }] }, 'duplicate denomination unit alias of upokt'],
    [{ denomUnits: [{ denom: 'upokt', aliases: [' '] }] }, 'alias for denom unit upokt cannot be blank'],
    [{ denomUnits: [{ denom: 'upokt' }] }, "metadata must contain a denomination unit with display denom 'pokt'"],
  ];
  it.each(cases)('with %j is refused', (change, problem) => {
    expect(metadataProblem(create(MetadataSchema, { ...METADATA, ...change }))).toBe(problem);
  });

  it('comes from genesis, once for each denomination', () => {
    const put =
      (...list: object[]) =>
      (genesis: { app_state: Record<string, Json> }) =>
        void (genesis.app_state['bank']!['denom_metadata'] = list as unknown as Json);
    expect(metadataProblem(create(MetadataSchema, METADATA))).toBeUndefined();
    const { state } = startChain(put(POKT));
    expect(state.bank.metadata.get('upokt')).toMatchObject({
      symbol: 'POKT',
      denomUnits: [{ exponent: 0 }, { exponent: 6 }],
    });
    expect(genesisProblem(put(POKT, POKT))).toContain('app_state.bank.denom_metadata: upokt twice');
    expect(genesisProblem(put({ ...POKT, name: '' }))).toContain('name field cannot be blank');
  });
});

describe('queries about denominations', () => {
  it('show metadata, one or all', () => {
    town.patch((state) => state.bank.metadata.put(create(MetadataSchema, METADATA)));
    for (const method of [Query.method.denomMetadata, Query.method.denomMetadataByQueryString] as const) {
      expect(answer(method as typeof Query.method.denomMetadata, { denom: 'upokt' }).metadata?.symbol).toBe('POKT');
      expect(refusal(method as typeof Query.method.denomMetadata, { denom: 'other' })).toEqual([
        'sdk',
        22,
        'rpc error: code = NotFound desc = client metadata for denom other: key not found',
      ]);
      expect(refusal(method as typeof Query.method.denomMetadata, { denom: '' })[1]).toBe(18);
    }
    const { metadatas, pagination } = answer(Query.method.denomsMetadata);
    expect([metadatas.map(({ base }) => base), pagination?.total]).toEqual([['upokt'], 1n]);
  });

  it('list who has coins, page by page, and nobody twice', () => {
    for (const method of [Query.method.denomOwners, Query.method.denomOwnersByQuery] as const) {
      const owners = (denom: string, pagination: object = {}) =>
        answer(method as typeof Query.method.denomOwners, { denom, pagination });
      expect(owners('mact').denomOwners).toMatchObject([{ address: ALICE.address, balance: coin(7n, 'mact') }]);
      const all = owners('upokt');
      expect(all.denomOwners.map(({ address }) => address)).toContain(ALICE.address);
      const seen: string[] = [];
      for (let key = new Uint8Array(0), more = true; more; more = key.length > 0) {
        const page = owners('upokt', { limit: 1n, key });
        seen.push(...page.denomOwners.map(({ address }) => address));
        key = Uint8Array.from(page.pagination!.nextKey);
      }
      expect(seen).toEqual(all.denomOwners.map(({ address }) => address));
      expect(refusal(method as typeof Query.method.denomOwners, { denom: '!' })[1]).toBe(18);
    }
  });

  it('tell which may be sent', () => {
    expect(answer(Query.method.sendEnabled)).toMatchObject({ sendEnabled: [], pagination: { total: 0n } });
    town.patch((state) => {
      const sendEnabled = ['mact', 'acoin'].map((denom) => ({
        $typeName: 'cosmos.bank.v1beta1.SendEnabled' as const,
        denom,
        enabled: denom === 'mact',
      }));
      state.params.bank.setLive({ ...state.params.bank.live(), sendEnabled });
    });
    const names = (request: object = {}) =>
      answer(Query.method.sendEnabled, request).sendEnabled.map(({ denom }) => denom);
    expect(names()).toEqual(['acoin', 'mact']);
    expect(names({ pagination: { limit: 1n, offset: 1n } })).toEqual(['mact']);
    expect(names({ denoms: ['mact', 'other'] })).toEqual(['mact']);
    town.patch((state) => state.params.bank.setLive({ ...state.params.bank.live(), sendEnabled: [] }));
  });
});
