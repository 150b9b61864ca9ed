/**
 * Whatever bytes come as a transaction: a node answers with a code, two nodes answer alike, and what fails leaves its fee,
 * its sequence, and nothing else.
 */
import { create, type DescMessage, type Message } from '@bufbuild/protobuf';
import { packAny, typeUrlOf } from '@decai/protocol/any';
import { concat, equalBytes } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { MsgExecSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/tx_pb';
import { MsgMultiSendSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/tx_pb';
import { LegacyAminoPubKeySchema } from '@decai/protocol/gen/cosmos/crypto/multisig/keys_pb';
import { MultiSignatureSchema } from '@decai/protocol/gen/cosmos/crypto/multisig/v1beta1/multisig_pb';
import { AuthInfoSchema, ModeInfoSchema, TxBodySchema, TxRawSchema } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import { MsgDelegateToGatewaySchema } from '@decai/protocol/gen/pocket/application/tx_pb';
import { MsgStakeGatewaySchema, MsgUnstakeGatewaySchema } from '@decai/protocol/gen/pocket/gateway/tx_pb';
import { MsgUnstakeSupplierSchema } from '@decai/protocol/gen/pocket/supplier/tx_pb';
import { arbitraryMessage, everySchema } from '@decai/protocol/message.arbitrary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UPOKT } from './coins.ts';
import { AUTHORITY } from './governed-module.ts';
import { ruleFor } from './message-rules.ts';
import { moduleNamed } from './module-account.ts';
import { recordsOf } from './state-root.ts';
import { addressNamed, sent, type TestChain } from './test-chain.ts';
import { ALICE, chain, changed, run, send, START_UPOKT } from './test-transactions.ts';

const schemas = (await everySchema()).filter((schema) => ruleFor(typeUrlOf(schema)) !== undefined);

type Typed = { readonly schema: DescMessage; readonly message: Message };

/** A message of each type that Alice could have meant, as far as a name in it goes. */
const drawn: fc.Arbitrary<Typed> = fc
  .constantFrom(...schemas)
  .chain((schema) => arbitraryMessage(schema).map((message) => ({ schema, message: namedAlice(message) })));

/** Messages that every state could accept, and that this one carries out or refuses. */
const plausible: fc.Arbitrary<Typed> = fc.constantFrom<Typed>(
  send(ALICE.address, 5n),
  send(ALICE.address, 2n * START_UPOKT),
  send(ALICE.address, 5n, moduleNamed('supplier').address),
  sent(MsgStakeGatewaySchema, { address: ALICE.address, stake: coin(1n) }),
  sent(MsgStakeGatewaySchema, { address: ALICE.address, stake: coin(START_UPOKT) }),
  sent(MsgUnstakeGatewaySchema, { address: ALICE.address }),
  sent(MsgDelegateToGatewaySchema, { appAddress: ALICE.address, gatewayAddress: ALICE.address }),
  sent(MsgUnstakeSupplierSchema, { signer: ALICE.address, operatorAddress: ALICE.address }),
);

function namedAlice(message: Message): Message {
  const named = Object.entries(message).map(([name, value]): [string, unknown] => {
    if (name === 'authority') return [name, AUTHORITY];
    const isName = typeof value === 'string' && /address$|^signer$|^grante[re]$/i.test(name);
    return [name, isName ? ALICE.address : value];
  });
  return Object.fromEntries(named) as Message;
}

/** One damage to bytes: cut, changed, repeated, moved apart, or with something between. */
const damage: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc
  .record({
    kind: fc.constantFrom('cut', 'flip', 'insert', 'repeat', 'swap'),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    length: fc.nat(12),
    put: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 12 }),
      fc.constantFrom(...oddities().map((text) => Uint8Array.from(text))),
    ),
  })
  .map(({ kind, at, length, put }) => (bytes) => {
    const start = Math.floor(at * bytes.length);
    const [head, middle, tail] = [
      bytes.subarray(0, start),
      bytes.subarray(start, start + length),
      bytes.subarray(start + length),
    ];
    switch (kind) {
      case 'cut':
        return concat(head, tail);
      case 'flip':
        return concat(
          head,
          middle.map((byte, index) => byte ^ put[index % put.length]!),
          tail,
        );
      case 'insert':
        return concat(head, put, middle, tail);
      case 'repeat':
        return concat(head, middle, middle, tail);
      default:
        return concat(middle, head, tail);
    }
  });

/** Long varints, huge lengths, groups, fields that nobody knows, critical ones and others. */
function oddities(): number[][] {
  return [
    [0x80, 0x00],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f],
    [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    [0x0b, 0x0c],
    [0x7a, 0x01, 0x00],
    [0xfa, 0x7f, 0x01, 0x00],
    [0x00, 0x00],
  ];
}

/** A transaction of Alice's with such messages. */
type Mail = { readonly messages: readonly Typed[]; readonly gasLimit: bigint; readonly feeUpokt: bigint };
const mail: fc.Arbitrary<Mail> = fc.record({
  messages: fc.oneof(
    fc.array(drawn, { minLength: 1, maxLength: 2 }),
    fc.array(plausible, { minLength: 1, maxLength: 3 }),
  ),
  gasLimit: fc.constantFrom(0n, 30_000n, 80_000n, 10_000_000n, 10_000_000n),
  feeUpokt: fc.constantFrom(0n, 5n, 5n, 2n ** 80n),
});

function sealed(town: TestChain, { messages, gasLimit, feeUpokt }: Mail): Uint8Array {
  try {
    return town.sign(ALICE, messages, { gasLimit, fee: feeUpokt === 0n ? [] : [coin(feeUpokt)] });
  } catch {
    // What cannot be encoded cannot be sent; anything else stands for it.
    return new Uint8Array(3);
  }
}

const records = (town: TestChain): Map<string, string> =>
  new Map(Array.from(recordsOf(town.state().store), ([key, value]) => [key, latin1(value)]));
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** The records that differ, by key. */
function differences(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
}

describe('any transaction', () => {
  it('has one result on two nodes, and leaves only what it paid when it fails', () => {
    const failed = { paid: 0, free: 0 };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(mail, fc.oneof(fc.constant([]), fc.array(damage, { maxLength: 2 }))), {
          minLength: 1,
          maxLength: 3,
        }),
        (mails) => {
          const [one, other] = [chain(), chain()];
          for (const [letter, damages] of mails) {
            const bytes = damages.reduce((whole, damaged) => damaged(whole), sealed(one, letter));
            const checked = one.ledger.checkTx(bytes);
            const before = records(one);
            const mine = one.block(bytes);
            const theirs = other.block(Uint8Array.from(bytes));
            expect(theirs.results).toEqual(mine.results);
            expect(theirs.appHash).toEqual(mine.appHash);
            const [{ code, events }] = mine.results as [(typeof mine.results)[0]];
            expect(checked.code === 0 || code !== 0).toBe(true);
            if (code === 0) continue;
            failed[events.length > 0 ? 'paid' : 'free'] += 1;
            expectOnlyPaid(differences(before, records(one)), events.length > 0, one);
          }
        },
      ),
      { numRuns: 80 },
    );
    expect(Math.min(failed.paid, failed.free)).toBeGreaterThan(10);
  });

  it('is answered by a pool and by an estimate, whatever its bytes', () => {
    const town = chain();
    const parts = fc.tuple(arbitraryMessage(TxBodySchema), arbitraryMessage(AuthInfoSchema)).map(([body, authInfo]) => {
      const raw = {
        bodyBytes: encode(TxBodySchema, body as never),
        authInfoBytes: encode(AuthInfoSchema, authInfo as never),
      };
      return encode(TxRawSchema, create(TxRawSchema, { ...raw, signatures: [new Uint8Array(64)] }));
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), parts),
        fc.array(damage, { maxLength: 2 }),
        (whole, damages) => {
          const bytes = damages.reduce((rest, damaged) => damaged(rest), whole);
          for (const mode of ['check', 'recheck', 'execute', 'simulate'] as const) {
            expect(run(town, bytes, mode).code).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** What a transaction that was admitted may have changed though it failed: coins for its fee, and Alice's account. */
function expectOnlyPaid(keys: readonly string[], isAdmitted: boolean, town: TestChain): void {
  const fees = moduleNamed('fee_collector').address;
  const own = keys.filter((key) => !key.startsWith('session/') && !key.startsWith('shared/'));
  const foreign = own.filter((key) => !key.includes(ALICE.address) && !key.includes(fees));
  expect(foreign).toEqual([]);
  if (!isAdmitted) expect(own).toEqual([]);
  expect(town.state().bank.supply(UPOKT)).toBe(2n * START_UPOKT);
}

describe('a transaction that is nothing but large', () => {
  const MANY = 8_000;
  const ENOUGH = 2n ** 40n;
  const town = chain();
  const nested = <T>(depth: number, first: T, wrap: (inner: T) => T): T => {
    let value = first;
    for (let level = 0; level < depth; level += 1) value = wrap(value);
    return value;
  };
  const exec = (depth: number): ReturnType<typeof sent> =>
    nested(depth, send(ALICE.address, 1n), ({ schema, message }) =>
      sent(MsgExecSchema, { grantee: ALICE.address, msgs: [packAny(schema, message)] }),
    );
  const addresses = Array.from({ length: 2_000 }, (_, index) => addressNamed(`recipient ${index}`));
  const cases: [what: string, bytes: () => Uint8Array, code: number][] = [
    ['messages inside messages, as many as are read', () => town.sign(ALICE, [exec(9)]), 0],
    ['messages inside messages, a hundred', () => town.sign(ALICE, [exec(100)]), 2],
    ['messages inside messages, two thousand', () => town.sign(ALICE, [exec(2_000)]), 2],
    [
      'modes inside modes',
      () =>
        changed(town, (parts) => {
          const multi = nested(90, create(ModeInfoSchema), (inner) =>
            create(ModeInfoSchema, { sum: { case: 'multi', value: { modeInfos: [inner] } } }),
          );
          parts.authInfo.signerInfos[0]!.modeInfo = multi;
          const wrap = (inner: Uint8Array): Uint8Array =>
            encode(MultiSignatureSchema, create(MultiSignatureSchema, { signatures: [inner] }));
          parts.signatures = [nested(90, new Uint8Array(64), wrap)];
        }),
      2,
    ],
    [
      'keys inside keys',
      () =>
        changed(town, ({ authInfo }) => {
          authInfo.signerInfos[0]!.publicKey = nested(200, authInfo.signerInfos[0]!.publicKey!, (inner) =>
            packAny(LegacyAminoPubKeySchema, create(LegacyAminoPubKeySchema, { threshold: 1, publicKeys: [inner] })),
          );
        }),
      2,
    ],
    [
      'members of a key',
      () =>
        changed(town, ({ authInfo }) => {
          authInfo.fee!.gasLimit = ENOUGH;
          const publicKeys = Array(MANY).fill(authInfo.signerInfos[0]!.publicKey!);
          authInfo.signerInfos[0]!.publicKey = packAny(
            LegacyAminoPubKeySchema,
            create(LegacyAminoPubKeySchema, { threshold: 1, publicKeys }),
          );
        }),
      8,
    ],
    [
      'coins of a fee',
      () =>
        changed(
          town,
          ({ authInfo }) =>
            void (authInfo.fee = { ...authInfo.fee!, gasLimit: ENOUGH, amount: Array(MANY).fill(coin(1n)) }),
        ),
      13,
    ],
    [
      'signers',
      () => changed(town, ({ authInfo }) => void (authInfo.signerInfos = Array(MANY).fill(authInfo.signerInfos[0]!))),
      4,
    ],
    ['signatures', () => changed(town, (parts) => void (parts.signatures = Array(MANY).fill(new Uint8Array(64)))), 4],
    [
      'a memo',
      () => town.sign(ALICE, [send(ALICE.address, 1n)], { memo: 'x'.repeat(1_000_000), gasLimit: ENOUGH }),
      12,
    ],
    ['messages', () => town.sign(ALICE, Array(MANY).fill(send(ALICE.address, 1n)), { gasLimit: 30_000_000n }), 11],
    [
      'recipients',
      () =>
        town.sign(
          ALICE,
          [
            sent(MsgMultiSendSchema, {
              inputs: [{ address: ALICE.address, coins: [coin(2_000n)] }],
              outputs: addresses.map((address) => ({ address, coins: [coin(1n)] })),
            }),
          ],
          { gasLimit: 1_000_000_000n },
        ),
      0,
    ],
    ['an amount', () => town.sign(ALICE, [send(ALICE.address, 10n ** 100_000n)], { gasLimit: ENOUGH }), 10],
    [
      'a stake',
      () =>
        town.sign(ALICE, [
          sent(MsgStakeGatewaySchema, {
            address: ALICE.address,
            stake: { denom: UPOKT, amount: '9'.repeat(1_000_000) },
          }),
        ]),
      1102,
    ],
  ];
  it.each(cases)('in its %s ends with a code', (_what, bytes, code) => {
    const letter = bytes();
    expect(run(town, letter).code).toBe(code);
    expect([0, code]).toContain(run(town, letter, 'check').code);
  });
});

describe('a transaction that two readers could read differently', () => {
  const town = chain();
  const raw = (): { bodyBytes: Uint8Array; authInfoBytes: Uint8Array; signatures: Uint8Array[] } =>
    decode(TxRawSchema, town.sign(ALICE, [send(ALICE.address, 1n)]));
  const rawWith = (change: Partial<ReturnType<typeof raw>>): Uint8Array =>
    encode(TxRawSchema, create(TxRawSchema, { ...raw(), ...change }));
  const after = (bytes: Uint8Array, ...more: number[]): Uint8Array => concat(bytes, Uint8Array.from(more));

  it.each<[what: string, bytes: () => Uint8Array]>([
    [
      'a body twice',
      () => concat(encode(TxRawSchema, create(TxRawSchema, { bodyBytes: raw().bodyBytes })), rawWith({})),
    ],
    ['a field of the transaction that nobody knows', () => after(rawWith({}), 0x22, 0)],
    ['a field of the transaction that would be ignorable elsewhere', () => after(rawWith({}), 0x82, 0x40, 0)],
    ['a field of the body that nobody knows', () => rawWith({ bodyBytes: after(raw().bodyBytes, 0x3a, 0) })],
    [
      'a field of the fee that nobody knows, ignorable or not',
      () => rawWith({ authInfoBytes: after(raw().authInfoBytes, 0x82, 0x40, 0) }),
    ],
    ['a long varint in the frame', () => concat(Uint8Array.of(0x8a, 0x00), rawWith({}).subarray(1))],
    ['a group', () => rawWith({ bodyBytes: after(raw().bodyBytes, 0x3b, 0x3c) })],
    ['bytes after its end', () => after(rawWith({}), 0)],
    ['no bytes', () => new Uint8Array(0)],
  ])('%s: is not read', (_what, bytes) => {
    expect(run(town, bytes()).code).toBe(bytes().length === 0 ? 18 : 2);
  });

  it('is read with a field of the body that it marks as ignorable, if it was signed with it', () => {
    const ignorable = rawWith({ bodyBytes: after(raw().bodyBytes, 0x82, 0x40, 0) });
    expect(run(town, ignorable)).toMatchObject({ codespace: 'sdk', code: 4 });
    expect(equalBytes(decode(TxRawSchema, ignorable).bodyBytes, raw().bodyBytes)).toBe(false);
  });
});
