import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { coin } from '@decai/protocol/coin';
import { Fault } from '@decai/protocol/fault';
import { Query as AuthQuery } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { Service } from '@decai/protocol/gen/cosmos/tx/v1beta1/service_pb';
import { decodeTransaction } from '@decai/protocol/transaction';
import { createLedgerClient } from './ledger-client.ts';
import { ledgerDouble } from './testing/ledger-double.ts';
import { manualClock } from './testing/manual-clock.ts';
import { testKey } from './testing/supplier-double.ts';
import { createTransactionSender, type TransactionSenderOptions } from './transaction-sender.ts';

const key = testKey('sender');
const message = {
  schema: MsgSendSchema,
  message: create(MsgSendSchema, { fromAddress: key.address, toAddress: testKey('other').address, amount: [coin(1n)] }),
};

function setUp(options: Partial<TransactionSenderOptions> = {}) {
  const ledger = ledgerDouble();
  const world = manualClock();
  let sequence = 5n;
  ledger.answer(AuthQuery.method.accountInfo, () => ({ info: { address: key.address, accountNumber: 3n, sequence } }));
  const sender = createTransactionSender({ world, ledger: createLedgerClient(ledger.transport), key, ...options });
  return { ledger, world, sender, setSequence: (value: bigint) => (sequence = value) };
}

function sequencesOf(sent: readonly Uint8Array[]): (bigint | undefined)[] {
  return sent.map((bytes) => decodeTransaction(bytes).authInfo.signerInfos[0]?.sequence);
}

describe('createTransactionSender', () => {
  test('signs with the sequence of the ledger, names its last height, and tells the block that has it', async () => {
    const { ledger, world, sender } = setUp();
    const sending = sender.send([message, message], { memo: 'both' });
    await world.advance(100);
    const { body, authInfo } = decodeTransaction(ledger.sent[0]!);
    expect([body.messages.length, body.memo, body.timeoutHeight]).toEqual([2, 'both', 31n]);
    expect([authInfo.signerInfos[0]!.sequence, authInfo.fee!.amount]).toEqual([5n, []]);
    ledger.include(ledger.sent[0]!);
    await world.advance(1000);
    expect(await sending).toMatchObject({ ok: true, height: 2 });
  });

  test('several at once go out in order with sequences of their own', async () => {
    const { ledger, world, sender } = setUp();
    const sending = [1, 2, 3].map(() => sender.send([message]));
    await world.advance(100);
    expect(sequencesOf(ledger.sent)).toEqual([5n, 6n, 7n]);
    for (const bytes of ledger.sent) ledger.include(bytes);
    await world.advance(1000);
    for (const outcome of await Promise.all(sending)) expect(outcome.ok).toBe(true);
  });

  test('a sequence that has moved on is corrected by what the node expects', async () => {
    const { ledger, world, sender } = setUp();
    const log = 'account sequence mismatch, expected 9, got 5: incorrect account sequence';
    ledger.broadcasts = [{ code: 32, codespace: 'sdk', log }, {}];
    void sender.send([message]);
    void sender.send([message]);
    await world.advance(100);
    expect(sequencesOf(ledger.sent)).toEqual([5n, 9n, 10n]);
  });

  test('a mismatch that does not go away is refused in the end', async () => {
    const { ledger, sender } = setUp();
    ledger.broadcasts = [{ code: 32, codespace: 'sdk', log: 'account sequence mismatch, expected 9, got 5' }];
    expect(await sender.send([message])).toMatchObject({ ok: false, refusal: { stage: 'check', code: 32 } });
    expect(ledger.sent).toHaveLength(4);
  });

  test('what CheckTx refuses is told, and the next one asks for the sequence anew', async () => {
    const { ledger, sender, world, setSequence } = setUp();
    ledger.broadcasts = [{ code: 5, codespace: 'sdk', log: 'insufficient funds' }, {}];
    expect(await sender.send([message])).toMatchObject({
      ok: false,
      refusal: { stage: 'check', code: 5, codespace: 'sdk', log: 'insufficient funds' },
    });
    setSequence(6n);
    void sender.send([message]);
    await world.advance(100);
    expect(sequencesOf(ledger.sent)).toEqual([5n, 6n]);
  });

  test('what fails in its block is told with its height', async () => {
    const { ledger, world, sender } = setUp();
    const sending = sender.send([message]);
    await world.advance(100);
    ledger.include(ledger.sent[0]!, 11);
    await world.advance(1000);
    expect(await sending).toMatchObject({ ok: false, refusal: { stage: 'block', code: 11, height: 2 } });
  });

  test('each block that lacks it is a reason to send the same bytes again, and after its last height it is lost', async () => {
    const { ledger, world, sender } = setUp();
    const sending = sender.send([message], { lastHeight: 6 });
    await world.advance(2_000);
    expect(ledger.sent).toHaveLength(1);
    for (const height of [2, 3]) {
      ledger.height = height;
      await world.advance(1_000);
    }
    expect(ledger.sent).toHaveLength(3);
    expect(new Set(ledger.sent.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(1);
    expect(decodeTransaction(ledger.sent[0]!).body.timeoutHeight).toBe(6n);
    ledger.height = 6;
    await world.advance(1000);
    let settled = false;
    void sending.then(() => (settled = true));
    await world.advance(1000);
    expect(settled).toBe(false);
    ledger.height = 7;
    await world.advance(1000);
    expect(await sending).toMatchObject({ ok: false, refusal: { stage: 'lost' } });
  });

  test('a transaction whose sequence another has spent is lost at once, and the next one asks for the sequence anew', async () => {
    const { ledger, world, sender, setSequence } = setUp();
    const sending = sender.send([message]);
    await world.advance(100);
    setSequence(6n);
    ledger.height = 2;
    await world.advance(1000);
    expect(await sending).toMatchObject({ ok: false, refusal: { stage: 'lost', log: expect.stringContaining('5') } });
    void sender.send([message]);
    await world.advance(100);
    expect(sequencesOf(ledger.sent).at(-1)).toBe(6n);
  });

  test('a node that goes away while a transaction waits decides nothing', async () => {
    const { ledger, world, sender } = setUp();
    const sending = sender.send([message]);
    await world.advance(100);
    ledger.outage = new Fault('LEDGER_UNREACHABLE', 'away');
    await world.advance(60_000);
    ledger.outage = undefined;
    ledger.include(ledger.sent[0]!);
    await world.advance(1000);
    expect(await sending).toMatchObject({ ok: true });
  });

  test('a broadcast without an answer is tried again, and bytes that are already there are taken', async () => {
    const { ledger, world, sender } = setUp();
    ledger.broadcasts = [
      new Fault('LEDGER_UNREACHABLE', 'timed out'),
      new Fault('LEDGER_RPC_ERROR', 'error', { data: 'tx already exists in cache' }),
    ];
    const sending = sender.send([message]);
    await world.advance(600);
    expect(ledger.sent).toHaveLength(2);
    expect(ledger.sent[0]).toEqual(ledger.sent[1]);
    ledger.include(ledger.sent[0]!);
    await world.advance(1000);
    expect(await sending).toMatchObject({ ok: true });
  });

  test('a node that stays away is a fault, and the next transaction starts afresh', async () => {
    const { ledger, world, sender } = setUp();
    ledger.broadcasts = [new Fault('LEDGER_UNREACHABLE', 'away')];
    const sending = sender.send([message]);
    const refused = expect(sending).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
    await world.advance(10_000);
    await refused;
    ledger.broadcasts = [{}];
    void sender.send([message]);
    await world.advance(100);
    expect(sequencesOf(ledger.sent).at(-1)).toBe(5n);
  });

  test('an account that does not exist cannot send', async () => {
    const { ledger, sender } = setUp();
    ledger.answer(AuthQuery.method.accountInfo, () => undefined);
    await expect(sender.send([message])).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
  });

  test('simulated gas gets two fifths more, a simulation that fails is told, and fees follow the price', async () => {
    const { ledger, world, sender } = setUp({ gasPriceUpokt: '0.0015' });
    ledger.answer(Service.method.simulate, () => ({ gasInfo: { gasUsed: 100_001n } }));
    void sender.send([message], { gas: 'simulate' });
    await world.advance(100);
    const { gasLimit, amount } = decodeTransaction(ledger.sent[0]!).authInfo.fee!;
    expect([gasLimit, amount[0]?.amount]).toEqual([140_001n, '211']);
    ledger.refuse(Service.method.simulate, { code: 18, codespace: 'sdk', log: 'message would fail' });
    expect(await sender.send([message], { gas: 'simulate' })).toMatchObject({
      ok: false,
      refusal: { stage: 'simulate', code: 18, codespace: 'sdk' },
    });
    expect(ledger.sent).toHaveLength(1);
  });

  test('a simulation is asked for the sequence of the last block, also when that moves on meanwhile', async () => {
    const { ledger, world, sender } = setUp();
    const simulated: bigint[] = [];
    ledger.answer(Service.method.simulate, ({ txBytes }) => {
      simulated.push(decodeTransaction(txBytes).authInfo.signerInfos[0]!.sequence);
      const expected = [5, 6][simulated.length - 1];
      if (expected !== undefined) {
        const log = `refused: account sequence mismatch, expected ${expected}, got ${simulated.at(-1)}`;
        throw new Fault('LEDGER_QUERY_REFUSED', log, { code: 32 });
      }
      return { gasInfo: { gasUsed: 1000n } };
    });
    void sender.send([message]);
    void sender.send([message]);
    void sender.send([message], { gas: 'simulate' });
    await world.advance(100);
    expect(simulated).toEqual([7n, 5n, 6n]);
    expect(sequencesOf(ledger.sent)).toEqual([5n, 6n, 7n]);
  });

  test("the caller's signal ends the waiting", async () => {
    const { world, sender } = setUp();
    const cancel = new AbortController();
    const sending = sender.send([message], { signal: cancel.signal });
    const ended = expect(sending).rejects.toThrow('enough');
    await world.advance(100);
    cancel.abort(new Error('enough'));
    await ended;
    expect(world.sleepers).toBe(0);
  });
});
