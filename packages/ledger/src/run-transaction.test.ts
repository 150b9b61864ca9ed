import { toBase64 } from '@decai/protocol/bytes';
import { decode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { TxMsgDataSchema } from '@decai/protocol/gen/cosmos/base/abci/v1beta1/abci_pb';
import { TxRawSchema } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { MsgStakeApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { DirectSecp256k1Wallet, Registry, makeAuthInfoBytes, makeSignDoc, encodePubkey } from '@cosmjs/proto-signing';
import { defaultRegistryTypes } from '@cosmjs/stargate';
import { TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { STATE_TRIE_PREFIX } from './state-trie.ts';
import { CHAIN_ID, sent } from './test-chain.ts';
import { ALICE, TO, START_UPOKT, chain, send, run, changed } from './test-transactions.ts';

describe('a transaction', () => {
  it('is carried out: events of admission, then of each message with its index, and one response a message', () => {
    const town = chain();
    const bytes = town.sign(ALICE, [send(ALICE.address, 5n), send(ALICE.address, 7n)], { fee: [coin(10n)] });
    const { results } = town.block(bytes);
    const [result] = results;
    expect(result).toMatchObject({ code: 0, codespace: '', log: '', gasWanted: 1_000_000n });
    expect(result!.gasUsed).toBeGreaterThan(BigInt(10 * bytes.length + 1000));
    const shown = result!.events.map(({ type, attributes }) => [
      type,
      ...attributes.map(({ key, value }) => `${key}=${value}`),
    ]);
    const signature = toBase64(decode(TxRawSchema, bytes).signatures[0]!);
    const fees = moduleNamed('fee_collector').address;
    const moved = (index: number, amount: string) => [
      [
        'message',
        'action=/cosmos.bank.v1beta1.MsgSend',
        `sender=${ALICE.address}`,
        'module=bank',
        `msg_index=${index}`,
      ],
      ['coin_spent', `spender=${ALICE.address}`, `amount=${amount}`, `msg_index=${index}`],
      ['coin_received', `receiver=${TO}`, `amount=${amount}`, `msg_index=${index}`],
      ['transfer', `recipient=${TO}`, `sender=${ALICE.address}`, `amount=${amount}`, `msg_index=${index}`],
      ['message', `sender=${ALICE.address}`, `msg_index=${index}`],
    ];
    expect(shown).toEqual([
      ['coin_spent', `spender=${ALICE.address}`, 'amount=10upokt'],
      ['coin_received', `receiver=${fees}`, 'amount=10upokt'],
      ['transfer', `recipient=${fees}`, `sender=${ALICE.address}`, 'amount=10upokt'],
      ['message', `sender=${ALICE.address}`],
      ['tx', 'fee=10upokt', `fee_payer=${ALICE.address}`],
      ['tx', `acc_seq=${ALICE.address}/0`],
      ['tx', `signature=${signature}`],
      ...moved(0, '5upokt'),
      ...moved(1, '7upokt'),
    ]);
    const { msgResponses } = decode(TxMsgDataSchema, result!.data);
    expect(msgResponses.map(({ typeUrl }) => typeUrl)).toEqual(Array(2).fill('/cosmos.bank.v1beta1.MsgSendResponse'));
    const state = town.state();
    expect(state.accounts.get(ALICE.address)).toMatchObject({ sequence: 1n });
    expect(state.accounts.publicKey(ALICE.address)).toEqual(ALICE.publicKey);
    expect(state.bank.balance(ALICE.address, UPOKT)).toBe(START_UPOKT - 22n);
  });

  it('encoded and signed by CosmJS is accepted', async () => {
    const town = chain();
    const { accountNumber } = town.state().accounts.get(ALICE.address)!;
    const wallet = await DirectSecp256k1Wallet.fromKey(ALICE.privateKey, 'pokt');
    const registry = new Registry(defaultRegistryTypes);
    const amount = [{ denom: 'upokt', amount: '42' }];
    const bodyBytes = registry.encodeTxBody({
      messages: [
        { typeUrl: '/cosmos.bank.v1beta1.MsgSend', value: { fromAddress: ALICE.address, toAddress: TO, amount } },
      ],
      memo: 'from CosmJS',
    });
    const [account] = await wallet.getAccounts();
    const pubkey = encodePubkey({ type: 'tendermint/PubKeySecp256k1', value: toBase64(account!.pubkey) });
    const authInfoBytes = makeAuthInfoBytes([{ pubkey, sequence: 0 }], [], 200_000, undefined, undefined);
    const document = makeSignDoc(bodyBytes, authInfoBytes, CHAIN_ID, Number(accountNumber));
    const { signature, signed } = await wallet.signDirect(ALICE.address, document);
    const bytes = TxRaw.encode({
      bodyBytes: signed.bodyBytes,
      authInfoBytes: signed.authInfoBytes,
      signatures: [Uint8Array.from(Buffer.from(signature.signature, 'base64'))],
    }).finish();
    expect(town.ledger.checkTx(bytes)).toMatchObject({ code: 0 });
    expect(town.block(bytes).results[0]).toMatchObject({ code: 0 });
    expect(town.state().bank.balance(TO, UPOKT)).toBe(42n);
  });
});

describe('a transaction whose messages fail', () => {
  it('leaves its fee and its sequence, and nothing else, whichever message fails', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: 100n }), { maxLength: 3 }),
        fc.array(fc.bigInt({ min: 1n, max: 100n }), { maxLength: 2 }),
        fc.bigInt({ min: 0n, max: 50n }),
        (before, after, feeUpokt) => {
          const town = chain();
          const failing = send(ALICE.address, START_UPOKT * 2n);
          const messages = [
            ...before.map((amount) => send(ALICE.address, amount)),
            failing,
            ...after.map((amount) => send(ALICE.address, amount)),
          ];
          const fee = feeUpokt === 0n ? [] : [coin(feeUpokt)];
          const { results, writes } = town.block(town.sign(ALICE, messages, { fee }));
          const prefix = `failed to execute message; message index: ${before.length}: spendable balance`;
          expect(results[0]).toMatchObject({
            codespace: 'sdk',
            code: 5,
            log: expect.stringContaining(prefix),
            data: new Uint8Array(0),
          });
          expect(results[0]!.events.every(({ attributes }) => attributes.every(({ key }) => key !== 'msg_index'))).toBe(
            true,
          );
          const state = town.state();
          expect(state.bank.balance(ALICE.address, UPOKT)).toBe(START_UPOKT - feeUpokt);
          expect(state.bank.balance(TO, UPOKT)).toBe(0n);
          expect(state.accounts.get(TO)).toBeUndefined();
          expect(state.accounts.get(ALICE.address)).toMatchObject({ sequence: 1n });
          const kinds = new Set(
            writes
              .map(({ key }) => Buffer.from(key).toString('latin1'))
              .filter((key) => !key.startsWith(STATE_TRIE_PREFIX))
              .map((key) => key.split('/').slice(0, 2).join('/')),
          );
          const paid = feeUpokt === 0n ? [] : ['bank/balance'];
          expect([...kinds].sort()).toEqual(['auth/account', ...paid, 'chain/last_block', 'session/BlockHash']);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('for want of gas leaves the same', () => {
    const town = chain();
    const messages = Array.from({ length: 5 }, () => send(ALICE.address, 1n));
    const { gasUsed } = run(town, town.sign(ALICE, messages), 'simulate');
    const result = town.block(town.sign(ALICE, messages, { gasLimit: gasUsed - 1000n })).results[0]!;
    expect(result).toMatchObject({ codespace: 'sdk', code: 11, gasWanted: gasUsed - 1000n });
    expect(town.state().bank.balance(TO, UPOKT)).toBe(0n);
    expect(town.state().accounts.get(ALICE.address)!.sequence).toBe(1n);
  });
});

describe('simulation', () => {
  it('needs no signature and leaves nothing behind', () => {
    const town = chain();
    const bytes = changed(town, ({ authInfo, ...parts }) => {
      authInfo.fee!.gasLimit = 0n;
      void parts;
    });
    const result = run(town, bytes, 'simulate');
    expect(result).toMatchObject({ code: 0, gasWanted: 2n ** 64n - 1n });
    expect(result.gasUsed).toBeGreaterThan(0n);
    expect(town.state().accounts.get(ALICE.address)!.sequence).toBe(0n);
  });
});

describe('the pool', () => {
  it('counts what it has admitted until the next block, and forgets it then', () => {
    const town = chain();
    const [first, second] = [0n, 1n].map((ahead) => town.sign(ALICE, [send(ALICE.address, 1n)], {}, ahead));
    expect(town.ledger.checkTx(second!)).toMatchObject({ code: 32 });
    expect(town.ledger.checkTx(first!)).toMatchObject({ code: 0, data: new Uint8Array(0) });
    expect(town.ledger.checkTx(first!)).toMatchObject({ code: 32 });
    expect(town.ledger.checkTx(second!)).toMatchObject({ code: 0 });
    town.block(first!);
    expect(town.ledger.checkTx(second!, { recheck: true })).toMatchObject({ code: 0 });
    expect(town.ledger.checkTx(first!, { recheck: true })).toMatchObject({ code: 32 });
  });
});

describe('any bytes', () => {
  const town = chain();
  const good = town.sign(ALICE, [
    send(ALICE.address, 1n),
    sent(MsgStakeApplicationSchema, { address: ALICE.address, stake: coin(5n), services: [{ serviceId: 'svc' }] }),
  ]);
  const mutated = fc
    .array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })
    .map((edits) => {
      const bytes = good.slice();
      for (const [index, byte] of edits) bytes[index] = byte;
      return bytes;
    });
  it('are refused with a code and never with a throw, in the pool and in a block', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
        const pooled = town.ledger.checkTx(bytes);
        const { results } = town.ledger.finalizeBlock({
          height: 1,
          timeNs: 0n,
          hash: new Uint8Array(32),
          transactions: [bytes, good],
        });
        for (const { code, codespace, log } of [pooled, results[0]!]) {
          if (code === 0) continue;
          expect([codespace, log].every((text) => text.length > 0)).toBe(true);
          expect(code).not.toBe(111222);
        }
      }),
      { numRuns: 200 },
    );
  });
});
