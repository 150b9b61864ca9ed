import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { BaseAccountSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { GasMeter } from './gas.ts';
import { moduleNamed } from './module-account.ts';
import { emptyState } from './test-chain.ts';

const { address } = moduleNamed('application');
const account = create(BaseAccountSchema, { address, accountNumber: 25n, sequence: 1n });
const accountBytes = encode(BaseAccountSchema, account).length;

/** What an act costs. */
function costOf(act: (state: ReturnType<typeof emptyState>) => void): number {
  const state = emptyState(1);
  state.accounts.put(account);
  state.bank.endow(address, [coin(10_000_000_000n)]);
  state.store.meter = new GasMeter();
  act(state);
  return Number(state.store.meter.used);
}

test('an account weighs what Shannon stores of it: a bare address and an Any', () => {
  const read = 1000 + 3 * (21 + 36 + accountBytes);
  expect(costOf(({ accounts }) => accounts.get(address))).toBe(read);
  const index = read + 1000 + 1000 + 2000 + 30 * 41;
  expect(costOf(({ accounts }) => accounts.put(account))).toBe(index + 2000 + 30 * (21 + 36 + accountBytes));
});

test('a balance weighs what Shannon stores of it, with its index by denomination', () => {
  expect(costOf(({ bank }) => bank.balance(address, 'upokt'))).toBe(1000 + 3 * (27 + 11));
  const moved = costOf(({ bank }) => void bank.send(address, address, [coin(1n)]));
  const reads = 1000 + 3 * (21 + 36 + accountBytes) + 1000 + 3 * (27 + 11) + 1000 + 3 * (27 + 10);
  const writes = 2 * (2000 + 30 * 28 + 2000 + 30 * 27) + 30 * (10 + 11);
  expect(moved).toBe(reads + writes + 1000);
});

test('whether a record is there costs less than reading it', () => {
  expect(costOf(({ accounts }) => accounts.has(address))).toBe(1000);
});
