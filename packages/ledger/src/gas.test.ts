import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { BaseAccountSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { GasMeter } from './gas.ts';
import { moduleNamed } from './module-account.ts';
import { addressNamed, emptyState } from './test-chain.ts';

const address = addressNamed('somebody');
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

test('the account of a module weighs its name and rights as well', () => {
  const { address: module, name, permissions } = moduleNamed('application');
  const record = create(BaseAccountSchema, { ...account, address: module });
  const more = 4 + 2 + name.length + permissions.reduce((sum, right) => sum + 2 + right.length, 0);
  const read = costOf(({ accounts, store }) => {
    const { meter } = store;
    store.meter = undefined;
    accounts.put(record);
    store.meter = meter;
    accounts.get(module);
  });
  expect(read).toBe(1000 + 3 * (21 + 36 + encode(BaseAccountSchema, record).length + more));
});

test('an account that is opened takes the next number, which is an integer of eight bytes', () => {
  const opened = create(BaseAccountSchema, { address: addressNamed('new'), accountNumber: 26n });
  const number = 1000 + 3 * 9 + 2000 + 30 * 9;
  const absent = 1000 + 3 * 21;
  const record = 2000 + 30 * (21 + 36 + encode(BaseAccountSchema, opened).length);
  const cost = costOf(({ accounts }) => void accounts.open(opened.address));
  expect(cost).toBe(number + absent + 1000 + 2000 + 30 * 41 + record);
});

test('keys weigh without the name of their module, also those of its indexes, and as much less as ours are longer', () => {
  const meter = new GasMeter();
  const weight = (key: string, size?: object): number => {
    const before = Number(meter.used);
    meter.consumeRead(key, undefined, size);
    return Number(meter.used) - before - 1000;
  };
  expect([weight('service/Service/id/a/'), weight('index/supplier/by/a/')]).toEqual([3 * 13, 3 * 5]);
  expect([weight('authz/grant/abcdef', { keyBytesMore: 3 }), weight('auth/x', { keyBytes: 1 })]).toEqual([3 * 9, 3]);
});
