/** A recorded chain, replayed and asked over REST at the heights at which it was asked. */
import { localnetChecker, localnetCheckerWith } from '@decai/ledger/conformance/localnet';
import { committedLines, committedVectors, failuresOf } from '@decai/protocol/testing/committed-vectors';
import { expect, test } from 'vitest';
import { answerUrl } from './state-over-rest.ts';

type Query = { height: number; rest_url: string; rest_status: number };

/** Up to the first height at which it was asked. */
const queries = (committedLines('localnet/run-a/queries.jsonl') as Query[]).filter(({ height }) => height === 4);
const run = {
  genesis: committedVectors('localnet/run-a/genesis.json'),
  blocks: committedLines('localnet/run-a/blocks.jsonl').slice(0, 4),
  state: committedLines('localnet/run-a/state.jsonl'),
  queries,
};

test('every recorded query has the recorded answer, also where it is a refusal', () => {
  const without = failuresOf(localnetChecker, run);
  const { checked, failures } = failuresOf(localnetCheckerWith(answerUrl), run);
  expect(failures).toEqual([]);
  expect(checked - without.checked).toBe(queries.length);
  expect(new Set(queries.map(({ rest_status }) => rest_status))).toEqual(new Set([200, 400, 404, 500]));
});

test('a path that has no method, and an argument that is none, are refused', () => {
  const state = { query: () => expect.unreachable() };
  expect(answerUrl(state, '/nowhere')).toMatchObject({ status: 501 });
  expect(answerUrl(state, '/%')).toMatchObject({ status: 400 });
  expect(answerUrl(state, '/pokt-network/poktroll/shared/params/x')).toMatchObject({ status: 400 });
});
