import { Fault } from '@decai/protocol/fault';
import { expect, test } from 'vitest';
import { reasonOf } from './fault-reason.ts';
import { ALICE, chain, send } from './test-transactions.ts';
import { Store } from './store.ts';
import { State } from './state.ts';
import { runTransaction } from './run-transaction.ts';

test.each([
  [new Fault('ROOT_LENGTH', 'a root has 48 bytes'), 'ROOT_LENGTH: a root has 48 bytes'],
  [new TypeError('undefined is not an object'), 'unexpected error'],
  [new RangeError('too large'), 'unexpected error'],
  [new SyntaxError('no number'), 'unexpected error'],
])('%s is what every node has', (thrown, reason) => {
  expect(reasonOf(thrown)).toBe(reason);
});

test.each([
  new Fault('STORE_FAILED', 'a batch could not be written'),
  new Fault('DATABASE_CLOSED', 'the database is closed'),
  new Fault('WORKER_LOST', 'a worker is gone'),
  new Error('MDB_CORRUPTED'),
  'a text',
])('%s is what this machine has alone', (thrown) => {
  expect(reasonOf(thrown)).toBeUndefined();
});

test('a node that cannot read its store gives a transaction no result', () => {
  const town = chain();
  const bytes = town.sign(ALICE, [send(ALICE.address, 1n)]);
  const thrown = new Fault('STORE_FAILED', 'a page could not be read');
  const failing = {
    get: (): never => {
      throw thrown;
    },
    range: () => [],
  };
  const state = new State(new Store(failing), town.state().block);
  expect(() => runTransaction(state, bytes, 'execute')).toThrow(thrown);
});
