import { create } from '@bufbuild/protobuf';
import { coin } from '@decai/protocol/coin';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { describe, expect, test } from 'vitest';
import { UPOKT, upokt } from './coins.ts';
import { isBlocked, MODULE_ACCOUNTS, moduleAt, type ModuleName } from './module-account.ts';
import { sendCoins } from './send-coins.ts';
import { addressNamed, emptyState, endow } from './test-chain.ts';

const PAYS = ['minter', 'burner', 'staking'];
const TABLE: readonly [name: ModuleName, permissions: readonly string[], address: string, isBlocked: boolean][] = [
  ['application', PAYS, 'pokt1rl3gjgzexmplmds3tq3r3yk84zlwdl6djzgsvm', false],
  ['supplier', PAYS, 'pokt1j40dzzmn6cn9kxku7a5tjnud6hv37vesr5ccaa', false],
  ['gateway', PAYS, 'pokt1f6j7u6875p2cvyrgjr0d2uecyzah0kget9vlpl', false],
  ['service', PAYS, 'pokt1nhmtqf4gcmpxu0p6e53hpgtwj0llmsqpxtumcf', false],
  ['session', PAYS, 'pokt18ua0rm8th52pp26p0mqdy7aledwngrshg85d7h', false],
  ['proof', PAYS, 'pokt1c8x6ycmzs29kjfn9zgzjh97txu578vzj4ahzhh', false],
  ['tokenomics', PAYS, 'pokt14cvnmzrt9cz4qdf5lhs0xn3u0a3gymla9cc6ft', false],
  ['gov', ['burner'], 'pokt10d07y265gmmuvt4z0w9aw880jnsr700j8yv32t', false],
  ['fee_collector', [], 'pokt17xpfvakm2amg962yls6f84z3kell8c5ldlu5h9', true],
  ['distribution', [], 'pokt1jv65s3grqf6v6jl3dp4t6c9t9rk99cd86emg48', true],
  ['mint', ['minter'], 'pokt1m3h30wlvsf8llruxtpukdvsy0km2kum84hcvmc', true],
  ['bonded_tokens_pool', ['burner', 'staking'], 'pokt1fl48vsnmsdzcv85q5d2q4z5ajdha8yu3gakm90', true],
  ['not_bonded_tokens_pool', ['burner', 'staking'], 'pokt1tygms3xhhs3yv487phx3dw4a95jn7t7lua22nm', true],
];

describe.each(TABLE)('the account of %s', (name, permissions, address, blocked) => {
  test('has its address and its permissions', () => {
    expect(moduleAt(address)).toEqual({ name, address, permissions, blocked });
    expect(isBlocked(address)).toBe(blocked);
  });

  test(blocked ? 'takes no coins, from a user or from a module' : 'takes coins, from users and from modules', () => {
    const state = emptyState(1);
    const fromAddress = addressNamed('somebody');
    endow(state, fromAddress, 5n);
    endow(state, moduleAt(TABLE[0]![2])!.address, 5n);
    const before = state.bank.balance(address, UPOKT);
    const sent = sendCoins(state, create(MsgSendSchema, { fromAddress, toAddress: address, amount: [coin(1n)] }));
    const released = state.bank.release('application', address, upokt(1n));
    if (blocked) {
      expect(sent).toMatchObject({ ok: false, codespace: 'sdk', code: 4 });
      expect(released).toMatchObject({ ok: false, codespace: 'sdk', code: 4 });
    } else {
      expect([sent, released]).toEqual([{ ok: true }, { ok: true }]);
    }
    const moved = blocked ? 0n : name === 'application' ? 1n : 2n;
    expect(state.bank.balance(address, UPOKT) - before).toBe(moved);
  });
});

test('there are no other accounts of modules', () => {
  expect(MODULE_ACCOUNTS.map(({ name }) => name)).toEqual(TABLE.map(([name]) => name));
});
