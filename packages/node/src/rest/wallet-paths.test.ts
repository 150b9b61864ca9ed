/** What wallets (Keplr and its like) and explorers (ping.pub, Mintscan and their like) ask a node over REST when they meet a chain. */
import { fromUtf8 } from '@decai/protocol/bytes';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { withPrefix } from '@decai/protocol/address';
import { transactionHash } from '@decai/protocol/transaction';
import { beforeAll, expect, test } from 'vitest';
import { sequencerKey } from '../block/sequencer-key.ts';
import { EmbeddedChain } from '../embedded/embedded-chain.ts';
import { alice, bob, proposerKey, testGenesis } from '../testing/test-genesis.ts';
import { signedSend } from '../testing/test-transactions.ts';
import { serveRest } from './serve-rest.ts';

const VALIDATOR = withPrefix(alice.address, 'pokt', 'poktvaloper');
let chain: EmbeddedChain;
let sent: Uint8Array;

beforeAll(async () => {
  chain = await EmbeddedChain.open({
    store: createMemoryStore(),
    genesis: testGenesis(),
    sequencer: sequencerKey(proposerKey),
  });
  await chain.produceBlock(Date.UTC(2030, 1));
  const { account_number: number } = (await get(`/cosmos/auth/v1beta1/account_info/${alice.address}`)).json.info;
  const accountNumber = BigInt(number);
  sent = signedSend({ key: alice, accountNumber, sequence: 0n }, bob.address, 5n);
  chain.admit(sent);
  await chain.produceBlock(Date.UTC(2030, 2));
});

async function get(url: string): Promise<{ status: number; json: any }> {
  const exchange = { method: 'GET', url, headers: {}, body: new Uint8Array(0), signal: new AbortController().signal };
  const { status, body } = await serveRest(chain)(exchange);
  return { status, json: JSON.parse(fromUtf8(body as Uint8Array)) };
}

const nobody = { next_key: null, total: '0' };
const answered: [path: string, answer: object][] = [
  [`/cosmos/auth/v1beta1/accounts/${alice.address}`, { account: { sequence: '1' } }],
  [`/cosmos/auth/v1beta1/account_info/${alice.address}`, { info: { sequence: '1' } }],
  ['/cosmos/auth/v1beta1/params', { params: { tx_sig_limit: '7' } }],
  ['/cosmos/auth/v1beta1/module_accounts', { accounts: expect.any(Array) }],
  ['/cosmos/auth/v1beta1/bech32', { bech32_prefix: 'pokt' }],
  [`/cosmos/bank/v1beta1/balances/${bob.address}?pagination.limit=1000`, { balances: [{ amount: '1000000005' }] }],
  [`/cosmos/bank/v1beta1/balances/${bob.address}/by_denom?denom=upokt`, { balance: { amount: '1000000005' } }],
  [`/cosmos/bank/v1beta1/spendable_balances/${bob.address}`, { balances: [{ denom: 'upokt' }] }],
  ['/cosmos/bank/v1beta1/supply?pagination.limit=100', { supply: [{ denom: 'upokt', amount: '2000000000' }] }],
  ['/cosmos/bank/v1beta1/supply/by_denom?denom=upokt', { amount: { amount: '2000000000' } }],
  ['/cosmos/bank/v1beta1/denoms_metadata', { metadatas: [], pagination: nobody }],
  ['/cosmos/bank/v1beta1/denom_owners/upokt', { denom_owners: expect.any(Array), pagination: { total: '2' } }],
  ['/cosmos/bank/v1beta1/send_enabled', { send_enabled: [] }],
  ['/cosmos/bank/v1beta1/params', { params: { default_send_enabled: true } }],
  ['/cosmos/staking/v1beta1/params', { params: { bond_denom: 'upokt' } }],
  ['/cosmos/staking/v1beta1/pool', { pool: { bonded_tokens: '0' } }],
  ['/cosmos/staking/v1beta1/validators?pagination.limit=1000&status=BOND_STATUS_BONDED', { validators: [] }],
  [`/cosmos/staking/v1beta1/delegations/${alice.address}?pagination.limit=1000`, { delegation_responses: [] }],
  [`/cosmos/staking/v1beta1/delegators/${alice.address}/unbonding_delegations`, { unbonding_responses: [] }],
  [`/cosmos/staking/v1beta1/delegators/${alice.address}/redelegations`, { redelegation_responses: [] }],
  [`/cosmos/staking/v1beta1/delegators/${alice.address}/validators`, { validators: [] }],
  [`/cosmos/staking/v1beta1/validators/${VALIDATOR}/delegations`, { delegation_responses: [] }],
  [`/cosmos/staking/v1beta1/validators/${VALIDATOR}/unbonding_delegations`, { unbonding_responses: [] }],
  [`/cosmos/authz/v1beta1/grants/granter/${alice.address}`, { grants: [] }],
  [`/cosmos/authz/v1beta1/grants/grantee/${alice.address}`, { grants: [] }],
  ['/cosmos/base/tendermint/v1beta1/node_info', { application_version: { cosmos_sdk_version: 'v0.53.7' } }],
  ['/cosmos/base/tendermint/v1beta1/syncing', { syncing: false }],
  ['/cosmos/base/tendermint/v1beta1/blocks/latest', { block: { header: { height: '2' } } }],
  ['/cosmos/base/tendermint/v1beta1/blocks/1', { block: { header: { height: '1' } } }],
  ['/cosmos/base/tendermint/v1beta1/validatorsets/latest', { block_height: '2', validators: [{ voting_power: '1' }] }],
  ['/cosmos/base/tendermint/v1beta1/validatorsets/1', { block_height: '1', validators: [{ voting_power: '1' }] }],
  ['/cosmos/base/node/v1beta1/config', { minimum_gas_price: '' }],
  ['/cosmos/base/node/v1beta1/status', { height: '2' }],
  [
    `/cosmos/tx/v1beta1/txs?query=${encodeURIComponent(`message.sender='${alice.address}'`)}&order_by=ORDER_BY_DESC&limit=5&page=1`,
    { tx_responses: [{ code: 0, height: '2' }], total: '1' },
  ],
  [
    `/cosmos/tx/v1beta1/txs?events=${encodeURIComponent(`transfer.recipient='${bob.address}'`)}&order_by=2&pagination.limit=20`,
    { tx_responses: [{ code: 0 }], total: '1' },
  ],
  ['/cosmos/tx/v1beta1/txs/block/2', { txs: [{ body: expect.any(Object) }], pagination: { total: '1' } }],
  ...['application', 'gateway', 'supplier', 'session', 'service', 'proof', 'tokenomics', 'shared'].map(
    (module): [string, object] => [`/pokt-network/poktroll/${module}/params`, { params: expect.any(Object) }],
  ),
];

test.each(answered)('%s is answered', async (path, answer) => {
  const { status, json } = await get(path);
  expect([status, json]).toEqual([200, expect.objectContaining({})]);
  expect(json).toMatchObject(answer);
});

test('a transaction is found by its hash', async () => {
  const { status, json } = await get(`/cosmos/tx/v1beta1/txs/${transactionHash(sent)}`);
  expect([status, json.tx_response.height, json.tx.auth_info.fee.gas_limit]).toEqual([200, '2', expect.any(String)]);
});

/** Modules that this ledger has not: clients leave their pages empty when a path is not there. */
test.each([
  '/cosmos/mint/v1beta1/inflation',
  '/cosmos/distribution/v1beta1/params',
  `/cosmos/distribution/v1beta1/delegators/${alice.address}/rewards`,
  '/cosmos/gov/v1/proposals',
  '/cosmos/slashing/v1beta1/params',
  '/cosmos/feegrant/v1beta1/allowances/x',
  '/ibc/core/client/v1/client_states',
])('%s is not there', async (path) => {
  expect(await get(path)).toEqual({ status: 501, json: { code: 12, message: 'Not Implemented', details: [] } });
});

test.each([
  ['/cosmos/base/tendermint/v1beta1/validatorsets/3', 'requested block height is bigger then the chain length'],
  ['/cosmos/base/tendermint/v1beta1/validatorsets/0', 'height must be greater than 0, but got 0'],
  ['/cosmos/bank/v1beta1/denoms_metadata/!', 'invalid denom: !'],
])('%s is refused', async (path, message) => {
  expect(await get(path)).toMatchObject({ status: 400, json: { code: 3, message } });
});
