/** Accounts whose key is two of three: what their members sign together is carried out, and nothing less. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { accountKeyAddress, packAccountKey, readAccountKey, type ThresholdKey } from '@decai/protocol/account-key';
import { memberBits } from '@decai/protocol/account-signature';
import { aminoSignBytes } from '@decai/protocol/amino-json';
import { packAny, unpackAny } from '@decai/protocol/any';
import { toBase64 } from '@decai/protocol/bytes';
import { toChainJson } from '@decai/protocol/chain-json';
import { decode, encode } from '@decai/protocol/codec';
import { coin } from '@decai/protocol/coin';
import { Query } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { BaseAccountSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import {
  MultiSignatureSchema,
  type CompactBitArray,
} from '@decai/protocol/gen/cosmos/crypto/multisig/v1beta1/multisig_pb';
import { SignMode } from '@decai/protocol/gen/cosmos/tx/signing/v1beta1/signing_pb';
import { AuthInfoSchema, TxBodySchema, TxRawSchema } from '@decai/protocol/gen/cosmos/tx/v1beta1/tx_pb';
import type { Key } from '@decai/protocol/keys';
import { directSignBytes } from '@decai/protocol/sign-transaction';
import { signMessage } from '@decai/protocol/signature';
import { describe, expect, it } from 'vitest';
import { keyOf } from './account.ts';
import type { AdmissionMode } from './admission.ts';
import { UPOKT } from './coins.ts';
import { CHAIN_ID, endow, keyNamed, TestChain } from './test-chain.ts';
import { startChain, type Json } from './test-genesis.ts';
import { BOB, run, send, START_UPOKT, TO } from './test-transactions.ts';

const MEMBERS: readonly Key[] = ['first', 'second', 'third'].map((name) => keyNamed(`${name} member`));
const RULE: ThresholdKey = {
  kind: 'threshold',
  threshold: 2,
  members: MEMBERS.map(({ publicKey }) => ({ kind: 'secp256k1', publicKey })),
};
const ADDRESS = accountKeyAddress(RULE);
const GAS = 1_000_000n;

const town = (): TestChain =>
  new TestChain((state) => {
    endow(state, ADDRESS, START_UPOKT);
    endow(state, BOB.address, START_UPOKT);
  });

type Draft = {
  /** Who signs, by index, and with whose key. */
  signing?: readonly (readonly [index: number, key: Key])[];
  bits?: CompactBitArray;
  mode?: SignMode;
  sequence?: bigint;
  key?: ThresholdKey | null;
  signature?: Uint8Array;
  single?: boolean;
  gasLimit?: bigint;
};

const BOTH = [
  [0, MEMBERS[0]!],
  [2, MEMBERS[2]!],
] as const;

/** A payment of the account's, signed by its first and third member unless the draft says otherwise. */
function payment(chain: TestChain, draft: Draft = {}): Uint8Array {
  const { signing = BOTH, mode = SignMode.LEGACY_AMINO_JSON, key = RULE, gasLimit = GAS } = draft;
  const account = chain.state().accounts.get(ADDRESS)!;
  const sequence = draft.sequence ?? account.sequence;
  const { schema, message } = send(ADDRESS, 5n);
  const bodyBytes = encode(TxBodySchema, create(TxBodySchema, { messages: [packAny(schema, message)] }));
  const bitarray =
    draft.bits ??
    memberBits(
      3,
      signing.map(([index]) => index),
    );
  const single = { sum: { case: 'single' as const, value: { mode } } };
  const modeInfo: MessageInitShape<typeof AuthInfoSchema>['signerInfos'] = [
    {
      ...(key !== null && { publicKey: packAccountKey(key) }),
      modeInfo: draft.single
        ? single
        : { sum: { case: 'multi', value: { bitarray, modeInfos: signing.map(() => single) } } },
      sequence,
    },
  ];
  const authInfo = create(AuthInfoSchema, { signerInfos: modeInfo, fee: { amount: [coin(3n)], gasLimit } });
  const authInfoBytes = encode(AuthInfoSchema, authInfo);
  const { accountNumber } = account;
  const signBytes =
    mode === SignMode.DIRECT
      ? directSignBytes({ bodyBytes, authInfoBytes }, CHAIN_ID, accountNumber)
      : aminoSignBytes({ bodyBytes, authInfo }, { chainId: CHAIN_ID, accountNumber, sequence });
  const signatures = signing.map(([, { privateKey }]) => signMessage(signBytes, privateKey));
  const signature = draft.signature ?? encode(MultiSignatureSchema, create(MultiSignatureSchema, { signatures }));
  return encode(TxRawSchema, create(TxRawSchema, { bodyBytes, authInfoBytes, signatures: [signature] }));
}

describe('an account of two of three', () => {
  it.each([SignMode.LEGACY_AMINO_JSON, SignMode.DIRECT])('pays when two have signed in mode %d', (mode) => {
    const chain = town();
    const bytes = payment(chain, { mode });
    expect(run(chain, bytes, 'check')).toMatchObject({ code: 0 });
    const [result] = chain.block(bytes).results;
    expect(result).toMatchObject({ code: 0 });
    const { signatures } = decode(MultiSignatureSchema, decode(TxRawSchema, bytes).signatures[0]!);
    const told = result!.events.flatMap(({ type, attributes }) => (type === 'tx' ? attributes : []));
    expect(told.map(({ key, value }) => `${key}=${value}`)).toEqual([
      'fee=3upokt',
      `fee_payer=${ADDRESS}`,
      `acc_seq=${ADDRESS}/0`,
      ...[...signatures, decode(TxRawSchema, bytes).signatures[0]!].map((each) => `signature=${toBase64(each)}`),
    ]);
    expect(chain.state().bank.balance(TO, UPOKT)).toBe(5n);
  });

  it('shows its key afterwards, and may leave it out from then on', () => {
    const chain = town();
    chain.block(payment(chain));
    const path = `/${Query.typeName}/Account`;
    const { value } = chain.ledger.query({
      path,
      data: encode(Query.method.account.input, create(Query.method.account.input, { address: ADDRESS })),
      height: 0,
    });
    const { account } = decode(Query.method.account.output, value);
    const { message } = unpackAny(account!);
    const { pubKey, sequence } = message as typeof message & {
      pubKey: Parameters<typeof readAccountKey>[0];
      sequence: bigint;
    };
    expect(account!.typeUrl).toBe(`/${BaseAccountSchema.typeName}`);
    expect([readAccountKey(pubKey), sequence]).toEqual([RULE, 1n]);
    expect(chain.block(payment(chain, { key: null })).results[0]).toMatchObject({ code: 0 });
    expect(chain.state().accounts.publicKey(ADDRESS)).toBeUndefined();
  });

  it('signs what explorers print with its rule and its bits', () => {
    const { authInfoBytes } = decode(TxRawSchema, payment(town()));
    const printed = toChainJson(AuthInfoSchema, decode(AuthInfoSchema, authInfoBytes));
    const single = { single: { mode: 'SIGN_MODE_LEGACY_AMINO_JSON' } };
    expect(printed).toMatchObject({
      signer_infos: [
        {
          public_key: {
            '@type': '/cosmos.crypto.multisig.LegacyAminoPubKey',
            threshold: 2,
            public_keys: MEMBERS.map(({ publicKey }) => ({
              '@type': '/cosmos.crypto.secp256k1.PubKey',
              key: toBase64(publicKey),
            })),
          },
          mode_info: {
            multi: { bitarray: { extra_bits_stored: 3, elems: 'oA==' }, mode_infos: [single, single] },
          },
        },
      ],
    });
  });

  it('stands in a genesis with its key', () => {
    const pubKey = toChainJson(AnySchema, packAccountKey(RULE));
    const { state } = startChain((genesis) => {
      const accounts = genesis.app_state['auth']!['accounts'] as Json[];
      accounts.push({ ...accounts[0]!, address: ADDRESS, account_number: '42', pub_key: pubKey });
    });
    expect(keyOf(state.accounts.get(ADDRESS)!)).toEqual(RULE);
  });

  it('pays for each signature that is there, and three may sign', () => {
    const gasOf = (signing: Draft['signing']): bigint => {
      const chain = town();
      chain.patch((state) => state.params.auth.setLive({ ...state.params.auth.live(), txSizeCostPerByte: 0n }));
      const { code, gasUsed } = run(chain, payment(chain, { signing: signing! }));
      expect(code).toBe(0);
      return gasUsed;
    };
    const all = MEMBERS.map((key, index) => [index, key] as const);
    expect(gasOf(all) - gasOf(BOTH)).toBe(1000n);
  });

  it('is simulated with signatures or without, for what the threshold costs', () => {
    const chain = town();
    const real = run(chain, payment(chain));
    const simulated = run(chain, payment(chain, { signing: BOTH, gasLimit: 0n }), 'simulate');
    expect(simulated).toMatchObject({ code: 0 });
    const bare = payment(chain, { single: true, signature: new Uint8Array(0), mode: SignMode.UNSPECIFIED });
    const estimate = run(chain, bare, 'simulate');
    expect(estimate).toMatchObject({ code: 0 });
    const missing = BigInt(10 * (payment(chain).length - bare.length));
    expect(estimate.gasUsed + missing).toBe(real.gasUsed);
  });
});

describe('an account of two of three refuses', () => {
  const chain = town();
  const stranger = keyNamed('a stranger');
  const [first, second, third] = MEMBERS;
  const other: ThresholdKey = { ...RULE, members: RULE.members.toReversed() };
  const refused = (
    what: string,
    draft: Draft,
    [codespace, code]: [string, number],
    text: string,
    mode: AdmissionMode = 'execute',
  ): void =>
    it(what, () => {
      const result = run(chain, payment(chain, draft), mode);
      expect([result.codespace, result.code, result.log, result.events]).toEqual([
        codespace,
        code,
        expect.stringContaining(text),
        [],
      ]);
    });
  const unauthorized: [string, number] = ['sdk', 4];
  const failed = 'signature verification failed; please verify account number';
  const direct = { mode: SignMode.DIRECT };

  refused('one signature', { signing: [[0, first!]] }, unauthorized, failed);
  refused(
    'one signature, and says so',
    { ...direct, signing: [[0, first!]] },
    unauthorized,
    'not enough signatures set, have 1, expected 2',
  );
  refused(
    'another order',
    {
      ...direct,
      signing: [
        [0, third!],
        [2, first!],
      ],
    },
    unauthorized,
    'unable to verify signature at index 0',
  );
  refused(
    'a foreign signature',
    {
      ...direct,
      signing: [
        [0, first!],
        [1, stranger],
      ],
    },
    unauthorized,
    'unable to verify signature at index 1',
  );
  refused(
    'one member twice',
    {
      ...direct,
      signing: [
        [0, first!],
        [1, first!],
      ],
    },
    unauthorized,
    'unable to verify signature at index 1',
  );
  refused(
    'one more that is wrong',
    {
      ...direct,
      signing: [
        [0, first!],
        [1, second!],
        [2, stranger],
      ],
    },
    unauthorized,
    'unable to verify signature at index 2',
  );
  refused(
    'a signature that no bit names',
    { ...direct, bits: memberBits(3, [0]) },
    unauthorized,
    'signature size is incorrect 2',
  );
  refused(
    'bits that are not one a member',
    { ...direct, bits: memberBits(11, [0, 2]) },
    unauthorized,
    'bit array size is incorrect, expecting: 3',
  );
  refused(
    'one signature that is not of members',
    { single: true, signature: new Uint8Array(64) },
    unauthorized,
    failed,
  );
  refused(
    'a mode that signs nothing',
    { mode: SignMode.UNSPECIFIED },
    unauthorized,
    'unable to verify signature at index 0',
  );
  refused(
    'signatures that cannot be read',
    { signature: Uint8Array.of(0xff) },
    ['undefined', 1],
    'signatures of members',
  );
  refused(
    'more signatures than modes',
    { signing: [BOTH[0]], bits: memberBits(3, [0]), signature: Uint8Array.of(10, 0, 10, 0) },
    ['undefined', 1],
    'as many signatures as modes',
  );
  refused(
    'another sequence, before signatures are looked at',
    { sequence: 4n, signing: [[0, first!]] },
    ['sdk', 32],
    'expected 0, got 4',
  );
  refused('another rule', { key: other }, ['sdk', 8], 'does not match signer address');
  refused('no rule', { key: null }, ['sdk', 8], 'pubkey on account is not set');
  refused(
    'a rule that asks for nobody',
    { key: { ...RULE, threshold: 0 } },
    ['sdk', 8],
    'the threshold of 3 keys is not 0',
  );

  it('more members than may sign, also if they do not', () => {
    const few = town();
    few.patch((state) => state.params.auth.setLive({ ...state.params.auth.live(), txSigLimit: 2n }));
    expect(run(few, payment(few))).toMatchObject({
      codespace: 'sdk',
      code: 14,
      log: expect.stringContaining('signatures: 3, limit: 2'),
    });
  });

  it('a member that cannot sign here, and only if it does', () => {
    const mixed: ThresholdKey = {
      ...RULE,
      members: [...RULE.members, { kind: 'ed25519', publicKey: new Uint8Array(32) }],
    };
    const address = accountKeyAddress(mixed);
    const signing = [
      [0, first!],
      [3, stranger],
    ] as const;
    const given = new TestChain((state) => {
      endow(state, ADDRESS, START_UPOKT);
      // As if the account's address were that of the mixed key: only the stored key is looked at when none is shown.
      state.accounts.put({ ...state.accounts.get(ADDRESS)!, pubKey: packAccountKey(mixed) });
    });
    expect(address).not.toBe(ADDRESS);
    const bits = memberBits(4, [0, 3]);
    expect(run(given, payment(given, { key: null, signing, bits }))).toMatchObject({ codespace: 'sdk', code: 8 });
    expect(run(given, payment(given, { key: null, bits: memberBits(4, [0, 2]) }))).toMatchObject({ code: 0 });
  });
});
