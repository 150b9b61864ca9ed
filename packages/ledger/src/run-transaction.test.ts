import { create } from '@bufbuild/protobuf';
import { packAny } from '@decai/protocol/any';
import { concat, toBase64 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { MsgSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { TxMsgDataSchema } from '@decai/protocol/gen/cosmos/base/abci/v1beta1/abci_pb';
import { PubKeySchema as Ed25519Schema } from '@decai/protocol/gen/cosmos/crypto/ed25519/keys_pb';
import { PubKeySchema } from '@decai/protocol/gen/cosmos/crypto/secp256k1/keys_pb';
import { SignMode } from '@decai/protocol/gen/cosmos/tx/signing/v1beta1/signing_pb';
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
  type AuthInfo,
  type TxBody,
} from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { MsgStakeApplicationSchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgUpdateParamSchema } from '@decai/protocol/gen/pocket/shared/tx_pb';
import { directSignBytes } from '@decai/protocol/sign-transaction';
import { signMessage } from '@decai/protocol/signature';
import { DirectSecp256k1Wallet, Registry, makeAuthInfoBytes, makeSignDoc, encodePubkey } from '@cosmjs/proto-signing';
import { defaultRegistryTypes } from '@cosmjs/stargate';
import { TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { addressNamed, CHAIN_ID, endow, keyNamed, sent, TestChain } from './test-chain.ts';
import { runTransaction } from './run-transaction.ts';
import type { AdmissionMode, TransactionPolicy } from './admission.ts';
import type { TransactionResult } from './transaction-result.ts';

const ALICE = keyNamed('alice');
const BOB = keyNamed('bob');
const GHOST = keyNamed('ghost');
const TO = addressNamed('to');

const START_UPOKT = 1_000_000_000n;

function chain(): TestChain {
  return new TestChain((state) => {
    for (const { address } of [ALICE, BOB]) endow(state, address, START_UPOKT);
  });
}

const send = (from: string, amountUpokt: bigint, to = TO) =>
  sent(MsgSendSchema, { fromAddress: from, toAddress: to, amount: [coin(amountUpokt)] });

function run(
  town: TestChain,
  bytes: Uint8Array,
  mode: AdmissionMode = 'execute',
  policy: TransactionPolicy = {},
): TransactionResult {
  return runTransaction(town.state(), bytes, mode, policy);
}

type Parts = { body: TxBody; authInfo: AuthInfo; sign: boolean; signatures: Uint8Array[] | undefined };

/** A good transaction of Alice's with something changed; signed again after the change, unless the change says not to. */
function changed(town: TestChain, change: (parts: Parts) => void): Uint8Array {
  const raw = decode(TxRawSchema, town.sign(ALICE, [send(ALICE.address, 1n)]));
  const parts: Parts = {
    body: decode(TxBodySchema, raw.bodyBytes),
    authInfo: decode(AuthInfoSchema, raw.authInfoBytes),
    sign: true,
    signatures: undefined,
  };
  change(parts);
  const bodyBytes = encode(TxBodySchema, parts.body);
  const authInfoBytes = encode(AuthInfoSchema, parts.authInfo);
  const { accountNumber } = town.state().accounts.get(ALICE.address)!;
  const signature = signMessage(
    directSignBytes({ bodyBytes, authInfoBytes }, CHAIN_ID, accountNumber),
    ALICE.privateKey,
  );
  const signatures = parts.signatures ?? [parts.sign ? signature : raw.signatures[0]!];
  return encode(TxRawSchema, create(TxRawSchema, { bodyBytes, authInfoBytes, signatures }));
}

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

describe('a transaction is refused', () => {
  const town = chain();
  const refused = (
    name: string,
    bytes: () => Uint8Array,
    code: number,
    text: string,
    mode: AdmissionMode = 'execute',
    policy: TransactionPolicy = {},
  ) =>
    it(name, () => {
      const result = run(town, bytes(), mode, policy);
      expect([result.codespace, result.code, result.log]).toEqual(['sdk', code, expect.stringContaining(text)]);
      expect(result.events).toEqual([]);
    });

  refused('1. unless it can be read', () => Uint8Array.of(1, 2, 3), 2, 'tx parse error');
  refused(
    '1. unless it is canonical',
    () => concat(town.sign(ALICE, [send(ALICE.address, 1n)]), Uint8Array.of(0x22, 0)),
    2,
    'tx parse error',
  );
  refused('1. unless its signer is an address', () => town.sign(ALICE, [send('nobody', 1n)]), 2, 'tx parse error');
  refused(
    '2. without a message',
    () => changed(town, ({ body }) => void (body.messages = [])),
    18,
    'at least one message',
  );
  refused(
    '4. with a message that nobody handles',
    () => town.sign(ALICE, [sent(MsgUpdateParamSchema, { authority: ALICE.address, name: 'x' })]),
    6,
    'no message handler',
  );
  refused(
    'A1. for more gas than a block may use',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { gasLimit: 101n }),
    41,
    'exceeds block max gas 100',
    'execute',
    { maxBlockGas: 100n },
  );
  refused(
    'A2. for options that nobody understands',
    () =>
      changed(
        town,
        ({ body }) =>
          void (body.extensionOptions = [
            packAny(MsgSendSchema, create(MsgSendSchema, { fromAddress: ALICE.address })),
          ]),
      ),
    31,
    'unknown extension options',
  );
  refused(
    'A3. for a gas limit beyond 2^63 − 1',
    () => changed(town, ({ authInfo }) => void (authInfo.fee!.gasLimit = 2n ** 63n)),
    18,
    'invalid gas supplied',
  );
  refused(
    'A3. without a signature',
    () => changed(town, (parts) => void (parts.signatures = [])),
    15,
    'no signatures supplied',
  );
  refused(
    'A3. with more signatures than signers',
    () => changed(town, (parts) => void (parts.signatures = [new Uint8Array(64), new Uint8Array(64)])),
    4,
    'expected 1, got 2',
  );
  refused(
    'A3. with other signer infos than signers',
    () => changed(town, ({ authInfo }) => void (authInfo.signerInfos = [])),
    4,
    'wrong number of signers',
  );
  refused(
    'A5. for a memo of 257 bytes',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { memo: `${'é'.repeat(128)}x` }),
    12,
    'maximum number of characters is 256 but received 257',
  );
  refused(
    'A6. for less gas than its size costs',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { gasLimit: 3000n }),
    11,
    'out of gas in location: chargeSize; gasWanted: 3000',
  );
  refused(
    'A6. for no gas at all',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { gasLimit: 0n }),
    11,
    'gasWanted: 0',
  );
  refused(
    'A7. for a fee below the price of this node, on the way into the pool',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { fee: [coin(999n)] }),
    13,
    'required: 1000upokt',
    'check',
    { minGasPrice: { numerator: 1n, denominator: 1000n } },
  );
  refused(
    'A7. for an allowance of somebody else',
    () => changed(town, ({ authInfo }) => void (authInfo.fee!.granter = BOB.address)),
    38,
    'does not allow to pay fees',
  );
  refused('A7. for a payer without account', () => town.sign(GHOST, [send(GHOST.address, 1n)]), 9, 'does not exist');
  refused(
    'A7. for a fee that is no list of coins',
    () => changed(town, ({ authInfo }) => void (authInfo.fee!.amount = [coin(1n), coin(1n)])),
    13,
    'invalid fee amount',
  );
  refused(
    'A7. for a fee that its payer does not have',
    () => town.sign(ALICE, [send(ALICE.address, 1n)], { fee: [coin(START_UPOKT + 1n)] }),
    5,
    'insufficient funds: insufficient funds',
  );
  refused(
    'A8. for a key of another kind',
    () =>
      changed(
        town,
        ({ authInfo }) =>
          void (authInfo.signerInfos[0]!.publicKey = packAny(
            Ed25519Schema,
            create(Ed25519Schema, { key: new Uint8Array(32) }),
          )),
      ),
    8,
    'only secp256k1',
  );
  refused(
    'A8. for a key of a wrong length',
    () =>
      changed(
        town,
        ({ authInfo }) =>
          void (authInfo.signerInfos[0]!.publicKey = packAny(
            PubKeySchema,
            create(PubKeySchema, { key: new Uint8Array(32) }),
          )),
      ),
    8,
    'only secp256k1',
  );
  refused(
    "A8. for somebody else's key",
    () =>
      changed(
        town,
        ({ authInfo }) =>
          void (authInfo.signerInfos[0]!.publicKey = packAny(
            PubKeySchema,
            create(PubKeySchema, { key: BOB.publicKey }),
          )),
      ),
    8,
    'does not match signer address',
  );
  refused(
    'A11. for a signer whose key nobody knows',
    () => changed(town, ({ authInfo }) => void delete authInfo.signerInfos[0]!.publicKey),
    8,
    'pubkey on account is not set',
  );
  refused(
    'A11. for another sequence',
    () => changed(town, ({ authInfo }) => void (authInfo.signerInfos[0]!.sequence = 7n)),
    32,
    'account sequence mismatch, expected 0, got 7',
  );
  refused(
    'A11. for a signature of something else',
    () => changed(town, (parts) => void ((parts.body.memo = 'other'), (parts.sign = false))),
    4,
    'signature verification failed',
  );
  refused(
    'A11. for another sign mode',
    () =>
      changed(
        town,
        ({ authInfo }) =>
          void (authInfo.signerInfos[0]!.modeInfo = {
            $typeName: 'cosmos.tx.v1beta1.ModeInfo',
            sum: {
              case: 'single',
              value: { $typeName: 'cosmos.tx.v1beta1.ModeInfo.Single', mode: SignMode.LEGACY_AMINO_JSON },
            },
          }),
      ),
    4,
    'signature verification failed',
  );

  it('3. with a message that no state could accept, before its fee is looked at', () => {
    const message = sent(MsgStakeApplicationSchema, { address: ALICE.address, stake: coin(0n) });
    const result = run(town, town.sign(ALICE, [message], { gasLimit: 0n }));
    expect(result).toMatchObject({ codespace: 'application', code: 1101, events: [] });
  });

  it('A4. after its height', () => {
    const late = chain();
    late.blocksTo(2);
    const bytes = (height: bigint) => changed(late, ({ body }) => void (body.timeoutHeight = height));
    const details = 'block height: 2, timeout height: 1: tx timeout height';
    expect(run(late, bytes(1n))).toMatchObject({ codespace: 'sdk', code: 30, log: details });
    expect(run(late, bytes(2n))).toMatchObject({ code: 0 });
  });

  it('A4. after its time', () => {
    const late = chain();
    late.blocksTo(2);
    const bytes = (seconds: bigint) => late.sign(ALICE, [send(ALICE.address, 1n)], { timeout: { seconds, nanos: 0 } });
    expect(run(late, bytes(1n))).toMatchObject({ codespace: 'sdk', code: 42 });
    expect(run(late, bytes(2n))).toMatchObject({ code: 0 });
  });

  it('A3. without a fee, with a code of nobody', () => {
    const result = run(
      town,
      changed(town, ({ authInfo }) => void delete authInfo.fee),
    );
    expect(result).toMatchObject({ codespace: 'undefined', code: 1 });
  });

  it('A9. for more signatures than allowed', () => {
    const few = chain();
    few.patch((state) => state.params.auth.setLive({ ...state.params.auth.live(), txSigLimit: 0n }));
    expect(run(few, few.sign(ALICE, [send(ALICE.address, 1n)]))).toMatchObject({ codespace: 'sdk', code: 14 });
  });

  it('A10. for less gas than its signatures cost', () => {
    const dear = chain();
    dear.patch((state) => state.params.auth.setLive({ ...state.params.auth.live(), sigVerifyCostSecp256k1: 900_000n }));
    const result = run(dear, dear.sign(ALICE, [send(ALICE.address, 1n)], { gasLimit: 500_000n }));
    expect(result).toMatchObject({ code: 11, log: expect.stringContaining('chargeSignatures') });
  });

  it('tells a pool what was wrong with its bytes, and a block only that something was', () => {
    const bytes = Uint8Array.of(0x0f);
    expect(run(town, bytes).log).toBe('tx parse error');
    expect(run(town, bytes, 'check').log).toMatch(/: tx parse error: tx parse error$/);
  });
});

describe('an unordered transaction', () => {
  const at = (seconds: bigint) => ({ unordered: true, timeout: { seconds, nanos: 0 } });

  it('is carried out in any order, each once', () => {
    const town = chain();
    const [first, second] = [1n, 2n].map((amount, index) =>
      town.sign(ALICE, [send(ALICE.address, amount)], at(100n + BigInt(index))),
    );
    const { results } = town.block(second!, first!, second!);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 18]);
    expect(results[0]!.events.some(({ attributes }) => attributes[0]!.key === 'acc_seq')).toBe(false);
    expect(town.state().accounts.get(ALICE.address)!.sequence).toBe(0n);
    expect(town.block(first!).results[0]).toMatchObject({
      code: 18,
      log: expect.stringContaining('already used timeout'),
    });
  });

  it('is refused without a timeout, with one that has passed, more than ten minutes ahead, or with a sequence', () => {
    const town = chain();
    town.blocksTo(5);
    const refusal = (bytes: Uint8Array) => {
      const { codespace, code, log } = run(town, bytes);
      return [codespace, code, log];
    };
    const unset = town.sign(ALICE, [send(ALICE.address, 1n)], { unordered: true });
    expect(refusal(unset)).toEqual(['sdk', 18, expect.stringContaining('must have timeout_timestamp set')]);
    expect(refusal(town.sign(ALICE, [send(ALICE.address, 1n)], at(5n)))).toEqual([
      'sdk',
      18,
      expect.stringContaining('already passed'),
    ]);
    expect(refusal(town.sign(ALICE, [send(ALICE.address, 1n)], at(606n)))).toEqual([
      'sdk',
      18,
      expect.stringContaining('ttl exceeds 10m0s'),
    ]);
    const signers = [{ publicKey: ALICE.publicKey, sequence: 3n }];
    const counted = town.sign(ALICE, [send(ALICE.address, 1n)], { ...at(100n), signers });
    expect(refusal(counted)).toEqual(['sdk', 18, expect.stringContaining('sequence is not allowed')]);
    expect(run(town, town.sign(ALICE, [send(ALICE.address, 1n)], at(605n)))).toMatchObject({ code: 0 });
  });

  it('is forgotten once its timeout has passed', () => {
    const town = chain();
    town.block(town.sign(ALICE, [send(ALICE.address, 1n)], at(3n)));
    expect(town.state().nonces.has(3_000_000_000n, ALICE.address)).toBe(true);
    town.blocksTo(2);
    expect(town.state().nonces.has(3_000_000_000n, ALICE.address)).toBe(true);
    town.blocksTo(3);
    expect(town.state().nonces.has(3_000_000_000n, ALICE.address)).toBe(false);
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
            writes.map(({ key }) => Buffer.from(key).toString('latin1').split('/').slice(0, 2).join('/')),
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
