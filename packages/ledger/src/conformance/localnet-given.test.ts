import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { withPrefix } from '@decai/protocol/address';
import { packAny } from '@decai/protocol/any';
import { toBase64 } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';

import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { AuthInfoSchema, TxBodySchema, TxRawSchema } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { keyFromPrivateKey } from '@decai/protocol/keys';
import { moduleNamed } from '../module-account.ts';
import { emptyState } from '../test-chain.ts';
import { isGiven, writeGiven, writeValidators } from './localnet-given.ts';
import type { RecordedBlock, RecordedEvent } from './localnet-run.ts';

const { publicKey: key, address: DELEGATOR } = keyFromPrivateKey(new Uint8Array(32).fill(7));
const OPERATOR = withPrefix(DELEGATOR, 'pokt', 'poktvaloper');
const [pool, fees] = [moduleNamed('bonded_tokens_pool').address, moduleNamed('fee_collector').address];

function transaction(typeUrl: string): string {
  const publicKey = packAny(PubKeySchema, create(PubKeySchema, { key }));
  return toBase64(
    encode(
      TxRawSchema,
      create(TxRawSchema, {
        bodyBytes: encode(TxBodySchema, create(TxBodySchema, { messages: [{ typeUrl, value: new Uint8Array(0) }] })),
        authInfoBytes: encode(AuthInfoSchema, create(AuthInfoSchema, { signerInfos: [{ publicKey }] })),
      }),
    ),
  );
}

const event = (type: string, attributes: Record<string, string>): RecordedEvent => ({
  type,
  attributes: Object.entries(attributes).map(([name, value]) => ({ key: name, value })),
});

function block(typeUrl: string, events: readonly RecordedEvent[]): RecordedBlock {
  const result = { code: 0, codespace: '', log: '', data: null, gas_wanted: '0', events };
  return {
    height: 3,
    block_id: { hash: '' },
    block: { header: { time: '' }, data: { txs: [transaction(typeUrl)] } },
    results: { txs_results: [result], finalize_block_events: null },
  };
}

const DELEGATION = [
  event('tx', { acc_seq: `${DELEGATOR}/4` }),
  event('coin_spent', { spender: moduleNamed('distribution').address, amount: '3upokt' }),
  event('coin_received', { receiver: DELEGATOR, amount: '3upokt' }),
  event('coin_spent', { spender: DELEGATOR, amount: '100upokt' }),
  event('coin_received', { receiver: pool, amount: '100upokt' }),
];

test('a transaction of staking moves the coins of its events and counts its signer’s sequence', () => {
  const state = emptyState(3);
  state.bank.endow(DELEGATOR, [coin(100n)]);
  state.bank.endow(fees, [coin(5n)]);
  writeGiven(state, block('/cosmos.staking.v1beta1.MsgDelegate', DELEGATION));
  expect([DELEGATOR, pool, fees].map((address) => state.bank.balance(address, 'upokt'))).toEqual([3n, 100n, 2n]);
  expect(state.accounts.get(DELEGATOR)!.sequence).toBe(5n);
  expect(state.accounts.publicKey(DELEGATOR)).toEqual(key);
});

test('no other transaction is given', () => {
  expect(isGiven(transaction('/cosmos.staking.v1beta1.MsgUndelegate'))).toBe(true);
  expect(isGiven(transaction('/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward'))).toBe(true);
  expect(isGiven(transaction('/cosmos.bank.v1beta1.MsgSend'))).toBe(false);
  const state = emptyState(3);
  state.bank.endow(DELEGATOR, [coin(100n)]);
  writeGiven(state, block('/cosmos.bank.v1beta1.MsgSend', DELEGATION));
  expect(state.bank.balance(DELEGATOR, 'upokt')).toBe(100n);
  expect(state.accounts.get(DELEGATOR)).toBeUndefined();
});

test('delegations are those that the record lists', () => {
  const state = emptyState(3);
  const message = { validator_address: OPERATOR, min_self_delegation: '1', description: {}, pubkey: null };
  const genesis = { app_state: { genutil: { gen_txs: [{ body: { messages: [message] } }] } } };
  const changes = (delegator: string) => ({
    height: 3,
    validators: {
      [OPERATOR]: {
        account: DELEGATOR,
        status: 'BOND_STATUS_BONDED',
        tokens: '7',
        delegator_shares: '7.000000000000000000',
        commission: { commission_rates: { rate: '0.1', max_rate: '1', max_change_rate: '1' } },
        delegations: [{ delegator, shares: '7.000000000000000000' }],
      },
    },
  });
  writeValidators(state, { app_state: {} }, changes(DELEGATOR));
  writeValidators(state, genesis, changes(pool));
  expect([...state.validators.delegationsTo(OPERATOR)]).toMatchObject([
    { delegatorAddress: pool, shares: String(7n * 10n ** 18n) },
  ]);
  expect(state.validators.get(OPERATOR)).toMatchObject({ tokens: '7', status: 3 });
});
