import { expect, it } from 'vitest';
import { toChainJson } from '@decai/protocol/chain-json';
import { GenesisStateSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/genesis_pb';
import { writeGrants } from './genesis-grants.ts';
import { AUTHORITY } from './governed-module.ts';
import { addressNamed } from './test-chain.ts';
import { genesisProblem, startChain, type Json } from './test-genesis.ts';

const GRANTEE = addressNamed('foundation');
const GENERAL = '/cosmos.authz.v1beta1.GenericAuthorization';

function grant(msg: string, changed: Json = {}): Json {
  return {
    granter: AUTHORITY,
    grantee: GRANTEE,
    authorization: { '@type': GENERAL, msg },
    expiration: '2500-01-01T00:00:00Z',
    ...changed,
  };
}

it('the grants of a genesis are those of the first state, in the order of their keys', () => {
  const [one, all] = [grant('/pocket.shared.MsgUpdateParam'), grant('/pocket.shared.MsgUpdateParams')];
  const forEver = grant('/pocket.proof.MsgUpdateParam', { expiration: null });
  const ended = grant('/pocket.gateway.MsgUpdateParam', { expiration: '2025-01-01T00:00:00Z' });
  const { state } = startChain((genesis) => {
    genesis.app_state['authz'] = { authorization: [all, ended, one, forEver] };
  });
  expect(toChainJson(GenesisStateSchema, writeGrants(state))).toEqual({ authorization: [forEver, one, all] });
  expect(
    state.grants.get({ granter: AUTHORITY, grantee: GRANTEE, messageType: '/pocket.shared.MsgUpdateParam' }),
  ).toBeDefined();
});

it('a genesis may have no part for grants', () => {
  expect([...startChain().state.grants.entries()]).toEqual([]);
});

const refusals: [why: string, records: Json[], text: string][] = [
  ['of nobody', [grant('/x', { granter: 'x' })], 'grant x/'],
  ['to nobody', [grant('/x', { grantee: 'x' })], '/x: '],
  ['to oneself', [grant('/x', { grantee: AUTHORITY })], 'are the same'],
  ['without authorization', [grant('/x', { authorization: null })], 'nothing is not supported'],
  [
    'of another kind',
    [grant('/x', { authorization: { '@type': '/cosmos.authz.v1beta1.Grant', authorization: null, expiration: null } })],
    '/cosmos.authz.v1beta1.Grant is not supported',
  ],
  ['for no type', [grant('')], 'a type of message has 1 to 128 characters'],
  ['for what can be no type', [grant('x'.repeat(129))], 'a type of message has 1 to 128 characters'],
  ['twice', [grant('/x'), grant('/x')], 'twice'],
  ['until never', [grant('/x', { expiration: '1969-12-31T23:59:59Z' })], 'expiration is no time'],
];
it.each(refusals)('a genesis is refused with a grant %s', (_why, authorization, text) => {
  const problem = genesisProblem((genesis) => {
    genesis.app_state['authz'] = { authorization };
  });
  expect(problem).toMatch(/^GENESIS_INVALID: /);
  expect(problem).toContain(text);
});
