import type { TransactionOutcome, TransactionSender } from '@decai/client/transaction-sender';
import { Fault } from '@decai/protocol/fault';
import { expect, test } from 'vitest';
import { BatchSubmitter, type SubmissionResult } from './submit-batch.ts';
import { settle } from '@decai/client/testing/manual-clock';

type Item = { readonly sessionId: string; readonly supplier: string };

const OK: TransactionOutcome = { ok: true, hash: 'T', height: 1, result: {} as never };
const refused = (stage: 'block' | 'lost'): TransactionOutcome => ({
  ok: false,
  refusal: { stage, codespace: 'proof', code: 1, log: 'no', hash: 'T' },
});

/** Senders that note what they are given; what they answer is the test's. */
function setUp(answer: (sessions: string[]) => Promise<TransactionOutcome>, messagesMax = 2) {
  const sent: string[][] = [];
  const lastHeights: (number | undefined)[] = [];
  const sender: TransactionSender = {
    address: 'pokt1a',
    send(messages, options) {
      const sessions = messages.map(({ message }) => (message as unknown as { id: string }).id);
      sent.push(sessions);
      lastHeights.push(options?.lastHeight);
      return answer(sessions);
    },
  };
  const senders = new Map([
    ['pokt1a', sender],
    ['pokt1b', sender],
  ]);
  const submitter = new BatchSubmitter(senders, messagesMax, new AbortController().signal);
  const results: SubmissionResult<Item>[] = [];
  const troubles: unknown[] = [];
  const submit = (...names: string[]): void =>
    submitter.submit(
      names.map((name, index) => {
        const [supplier, sessionId] = name.split('/') as [string, string];
        const message = { schema: {}, message: { id: sessionId } } as never;
        return { item: { supplier, sessionId }, message, lastHeight: 3 + index };
      }),
      async (result) => void results.push(result),
      (trouble) => troubles.push(trouble),
    );
  return { submitter, sent, lastHeights, results, troubles, submit };
}

test('one transaction for each supplier and so many messages', async () => {
  const { sent, lastHeights, submit } = setUp(async () => OK);
  submit('pokt1a/1', 'pokt1a/2', 'pokt1b/3', 'pokt1a/4');
  await settle();
  expect(sent).toEqual([['1', '2'], ['3'], ['4']]);
  expect(lastHeights).toEqual([3, 5, 6]);
});

test('what is under way is not sent again, and what is not any more can be', async () => {
  let finish = (_outcome: TransactionOutcome): void => undefined;
  const { submitter, sent, submit, results } = setUp(() => new Promise((resolve) => (finish = resolve)));
  submit('pokt1a/1');
  submit('pokt1a/1');
  expect([sent.length, submitter.isRunning({ supplier: 'pokt1a', sessionId: '1' })]).toEqual([1, true]);
  finish(OK);
  await settle();
  expect(results.map(({ items }) => items.length)).toEqual([1]);
  submit('pokt1a/1');
  expect(sent.length).toBe(2);
});

test('who failed in company goes alone, who was lost goes in company again', async () => {
  let outcome = refused('block');
  const { sent, submit, submitter } = setUp(async () => outcome);
  submit('pokt1a/1', 'pokt1a/2');
  await settle();
  expect(submitter.failures({ supplier: 'pokt1a', sessionId: '1' })).toBe(1);
  outcome = refused('lost');
  submit('pokt1a/1', 'pokt1a/2', 'pokt1a/3', 'pokt1a/4');
  await settle();
  submit('pokt1a/3', 'pokt1a/4');
  await settle();
  expect(sent).toEqual([['1', '2'], ['1'], ['2'], ['3', '4'], ['3', '4']]);
});

test('a sender that fails, and a key that is not here, are told', async () => {
  const { submit, troubles, submitter } = setUp(() => Promise.reject(new Fault('LEDGER_UNREACHABLE', 'away')));
  submit('pokt1a/1', 'pokt1z/2');
  await settle();
  expect(troubles.map((trouble) => (trouble as Fault).code).sort()).toEqual([
    'LEDGER_UNREACHABLE',
    'SUPPLIER_KEY_MISSING',
  ]);
  expect(submitter.isRunning({ supplier: 'pokt1a', sessionId: '1' })).toBe(false);
});
