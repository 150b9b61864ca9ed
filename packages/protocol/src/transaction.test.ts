import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { AnySchema, type Any } from '@bufbuild/protobuf/wkt';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { makeSignBytes, makeSignDoc } from '@cosmjs/proto-signing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withPrefix } from './address.ts';
import { anysIn, packAny, schemaOf, typeUrlOf, unpackAny, type TypedMessage } from './any.ts';
import { concat, fromHex, toHex, utf8 } from './bytes.ts';
import { encode } from './codec.ts';
import { coin } from './coin.ts';
import { isFault } from './fault.ts';
import { MsgExecSchema } from './gen/cosmos/authz/v1beta1/tx_pb.ts';
import { MsgMultiSendSchema, MsgSendSchema } from './gen/cosmos/bank/v1beta1/tx_pb.ts';
import { PubKeySchema } from './gen/cosmos/crypto/secp256k1/keys_pb.ts';
import { MsgCreateValidatorSchema } from './gen/cosmos/staking/v1beta1/tx_pb.ts';
import { AuthInfoSchema, TxBodySchema, TxRawSchema } from './gen/cosmos/tx/v1beta1/tx_pb.ts';
import { ClaimSchema } from './gen/pocket/proof/types_pb.ts';
import { keyFromPrivateKey } from './keys.ts';
import {
  assembleTransaction,
  directSignBytes,
  encodeDraft,
  signTransaction,
  type TransactionDraft,
} from './sign-transaction.ts';
import { signMessage, verifyMessage } from './signature.ts';
import { isTransactionMessage, signersOf } from './signers.ts';
import { decodeTransaction, transactionHash } from './transaction.ts';

const ALICE = keyFromPrivateKey(new Uint8Array(32).fill(1));
const BOB = keyFromPrivateKey(new Uint8Array(32).fill(2));

function send(from: string = ALICE.address, to: string = BOB.address): TypedMessage {
  return {
    schema: MsgSendSchema,
    message: create(MsgSendSchema, { fromAddress: from, toAddress: to, amount: [coin(1n)] }),
  };
}

function draft(changes: Partial<TransactionDraft> = {}): TransactionDraft {
  const signers = [{ publicKey: ALICE.publicKey, sequence: 3n }];
  return { messages: [send()], signers, fee: [coin(7n)], gasLimit: 200_000n, ...changes };
}

/** Raw bytes around a body and an auth info that are given as they are. */
function raw(bodyBytes: Uint8Array, authInfoBytes: Uint8Array = encodeDraft(draft()).authInfoBytes): Uint8Array {
  return assembleTransaction({ bodyBytes, authInfoBytes }, [new Uint8Array(64)]).bytes;
}

function body(init: MessageInitShape<typeof TxBodySchema>): Uint8Array {
  return encode(TxBodySchema, create(TxBodySchema, init));
}

function reasonOf(bytes: Uint8Array): unknown {
  try {
    decodeTransaction(bytes);
  } catch (thrown) {
    if (isFault(thrown, 'TX_UNDECODABLE')) return thrown.details['reason'];
    throw thrown;
  }
  return 'accepted';
}

describe('a transaction', () => {
  const signed = signTransaction(draft({ memo: 'hello' }), { chainId: 'pocket', accountNumber: 5n }, (bytes) =>
    signMessage(bytes, ALICE.privateKey),
  );

  it('is read as it was drafted', () => {
    const read = decodeTransaction(signed.bytes);
    expect(read.hash).toBe(signed.hash);
    expect(signed.hash).toBe(transactionHash(signed.bytes));
    expect(signed.hash).toMatch(/^[0-9A-F]{64}$/);
    expect(read.signers).toEqual([ALICE.address]);
    expect(read.messages).toEqual([{ ...send(), typeUrl: '/cosmos.bank.v1beta1.MsgSend', signers: [ALICE.address] }]);
    expect(read.body).toMatchObject({ memo: 'hello', timeoutHeight: 0n, unordered: false });
    expect(read.authInfo.fee).toMatchObject({ amount: [coin(7n)], gasLimit: 200_000n, payer: '', granter: '' });
    const signBytes = directSignBytes(read, 'pocket', 5n);
    expect(verifyMessage(signBytes, read.signatures[0]!, ALICE.publicKey)).toBe(true);
    expect(verifyMessage(directSignBytes(read, 'pocket', 6n), read.signatures[0]!, ALICE.publicKey)).toBe(false);
    expect(verifyMessage(directSignBytes(read, 'other', 5n), read.signatures[0]!, ALICE.publicKey)).toBe(false);
  });

  it('is signed over the bytes that CosmJS would sign', () => {
    const unsigned = encodeDraft(draft());
    const document = makeSignDoc(unsigned.bodyBytes, unsigned.authInfoBytes, 'pocket', 5);
    expect(toHex(directSignBytes(unsigned, 'pocket', 5n))).toBe(toHex(makeSignBytes(document)));
  });

  it('may be unordered, expire, and be paid by somebody else', () => {
    const timeout = { seconds: 1_800_000_000n, nanos: 5 };
    const signers = [ALICE, BOB].map(({ publicKey }) => ({ publicKey, sequence: 0n }));
    const changes = { unordered: true, timeout, timeoutHeight: 9n, feePayer: BOB.address, signers };
    const read = decodeTransaction(assembleTransaction(encodeDraft(draft(changes)), []).bytes);
    expect(read.body).toMatchObject({ unordered: true, timeoutTimestamp: timeout, timeoutHeight: 9n });
    expect(read.authInfo.fee?.payer).toBe(BOB.address);
    expect(read.signers).toEqual([ALICE.address, BOB.address]);
  });

  it('is signed once by everyone whom a message names', () => {
    const messages = [send(BOB.address, ALICE.address), send(), send(BOB.address, ALICE.address)];
    const feePayer = ALICE.address;
    const read = decodeTransaction(assembleTransaction(encodeDraft(draft({ messages, feePayer })), []).bytes);
    expect(read.signers).toEqual([BOB.address, ALICE.address]);
  });
});

describe('decoding a transaction', () => {
  const { bodyBytes, authInfoBytes } = encodeDraft(draft());
  const unknownField = fromHex('a80601'); // field 101
  const ignorable = new BinaryWriter()
    .uint32((1024 + 2) * 8)
    .uint32(1)
    .finish();

  it('accepts only the one encoding of the raw transaction', () => {
    const good = raw(bodyBytes);
    expect(reasonOf(good)).toBe('accepted');
    // No message at all: that is for the pipeline to refuse, with a code of its own.
    expect(reasonOf(new Uint8Array())).toBe('accepted');
    const swapped = concat(
      encode(TxRawSchema, create(TxRawSchema, { authInfoBytes })),
      encode(TxRawSchema, create(TxRawSchema, { bodyBytes })),
    );
    expect(reasonOf(swapped)).toBe('TX_NOT_CANONICAL');
    expect(reasonOf(concat(good, unknownField))).toBe('WIRE_FIELD_UNKNOWN');
    expect(reasonOf(concat(good, ignorable))).toBe('WIRE_FIELD_UNKNOWN');
    const longLength = concat(fromHex('0a'), fromHex('8000'), good);
    expect(reasonOf(longLength)).toBe('TX_NOT_CANONICAL');
    expect(reasonOf(good.subarray(0, -1))).toBe('WIRE_TRUNCATED');
    expect(reasonOf(fromHex('0801'))).toBe('WIRE_TYPE_MISMATCH');
  });

  it('refuses unknown fields, except ignorable ones in the body', () => {
    expect(reasonOf(raw(concat(bodyBytes, unknownField)))).toBe('WIRE_FIELD_UNKNOWN');
    expect(reasonOf(raw(concat(bodyBytes, ignorable)))).toBe('accepted');
    expect(reasonOf(raw(bodyBytes, concat(authInfoBytes, unknownField)))).toBe('WIRE_FIELD_UNKNOWN');
    expect(reasonOf(raw(bodyBytes, concat(authInfoBytes, ignorable)))).toBe('WIRE_FIELD_UNKNOWN');
    const inMessage = (extra: Uint8Array): Any => {
      const any = packAny(MsgSendSchema, send().message as never);
      return { ...any, value: concat(any.value, extra) };
    };
    expect(reasonOf(raw(body({ messages: [inMessage(unknownField)] })))).toBe('WIRE_FIELD_UNKNOWN');
    expect(reasonOf(raw(body({ messages: [inMessage(ignorable)] })))).toBe('accepted');
    const keyWithMore = { ...packAny(PubKeySchema, create(PubKeySchema)), value: ignorable };
    const signerInfos = [{ publicKey: keyWithMore }];
    expect(reasonOf(raw(bodyBytes, encode(AuthInfoSchema, create(AuthInfoSchema, { signerInfos }))))).toBe(
      'WIRE_FIELD_UNKNOWN',
    );
  });

  it('refuses an Any that it does not know, wherever it is', () => {
    const stranger = create(AnySchema, { typeUrl: '/nobody.knows.This' });
    const inside = create(MsgExecSchema, { grantee: ALICE.address, msgs: [stranger] });
    const places: MessageInitShape<typeof TxBodySchema>[] = [
      { messages: [stranger] },
      { messages: [packAny(MsgExecSchema, inside)] },
      { extensionOptions: [stranger] },
      { nonCriticalExtensionOptions: [stranger] },
    ];
    for (const place of places) expect(reasonOf(raw(body(place)))).toBe('ANY_TYPE_UNKNOWN');
    const signerInfos = [{ publicKey: stranger }];
    expect(reasonOf(raw(bodyBytes, encode(AuthInfoSchema, create(AuthInfoSchema, { signerInfos }))))).toBe(
      'ANY_TYPE_UNKNOWN',
    );
  });

  it('refuses messages inside messages without end', () => {
    let any = packAny(MsgSendSchema, send().message as never);
    for (let depth = 0; depth < 9; depth += 1) {
      any = packAny(MsgExecSchema, create(MsgExecSchema, { grantee: ALICE.address, msgs: [any] }));
    }
    expect(reasonOf(raw(body({ messages: [any] })))).toBe('accepted');
    any = packAny(MsgExecSchema, create(MsgExecSchema, { grantee: ALICE.address, msgs: [any] }));
    expect(reasonOf(raw(body({ messages: [any] })))).toBe('ANY_TOO_DEEP');
  });

  it('refuses messages that nobody can sign', () => {
    const message = (typed: TypedMessage): Uint8Array =>
      body({ messages: [packAny(typed.schema, typed.message as never)] });
    expect(reasonOf(raw(message(send('pokt1nobody'))))).toBe('SIGNER_INVALID');
    expect(reasonOf(raw(message(send(''))))).toBe('SIGNER_INVALID');
    expect(reasonOf(raw(message({ schema: PubKeySchema, message: create(PubKeySchema) })))).toBe('SIGNER_UNDECLARED');
    const payer = encode(AuthInfoSchema, create(AuthInfoSchema, { fee: { payer: 'nobody' } }));
    expect(reasonOf(raw(bodyBytes, payer))).toBe('SIGNER_INVALID');
    // A malformed recipient is for the handler to refuse.
    expect(reasonOf(raw(message(send(ALICE.address, 'nobody'))))).toBe('accepted');
  });

  it('gives a transaction or TX_UNDECODABLE, whatever the bytes', () => {
    const honest = raw(bodyBytes);
    const edited = fc
      .array(fc.tuple(fc.nat({ max: honest.length - 1 }), fc.nat({ max: 255 })), { maxLength: 3 })
      .map((edits) => {
        const bytes = honest.slice();
        for (const [at, value] of edits) bytes[at] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), edited), (bytes) => {
        reasonOf(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('signers', () => {
  it('are named by the schema', () => {
    expect(signersOf(MsgSendSchema, send().message)).toEqual([ALICE.address]);
    const inputs = [BOB, ALICE, BOB].map(({ address }) => ({ address, coins: [] }));
    expect(signersOf(MsgMultiSendSchema, create(MsgMultiSendSchema, { inputs }))).toEqual([BOB.address, ALICE.address]);
    expect(isTransactionMessage(MsgSendSchema)).toBe(true);
    expect(isTransactionMessage(ClaimSchema)).toBe(false);
  });

  it('of a validator’s message are the account with its bytes', () => {
    const validatorAddress = withPrefix(ALICE.address, 'pokt', 'poktvaloper');
    const message = create(MsgCreateValidatorSchema, { validatorAddress });
    expect(signersOf(MsgCreateValidatorSchema, message)).toEqual([ALICE.address]);
    const account = create(MsgCreateValidatorSchema, { validatorAddress: ALICE.address });
    expect(() => signersOf(MsgCreateValidatorSchema, account)).toThrow('holds no address');
    expect(() => signersOf(MsgSendSchema, send(validatorAddress).message)).toThrow('holds no address');
  });
});

describe('an Any', () => {
  it('holds a message of a known type', () => {
    const any = packAny(PubKeySchema, create(PubKeySchema, { key: utf8('k') }));
    expect(any.typeUrl).toBe('/cosmos.crypto.secp256k1.PubKey');
    expect(unpackAny(any)).toEqual({ schema: PubKeySchema, message: create(PubKeySchema, { key: utf8('k') }) });
    expect(schemaOf(typeUrlOf(MsgSendSchema))).toBe(MsgSendSchema);
    expect(schemaOf('cosmos.bank.v1beta1.MsgSend')).toBeUndefined();
    expect(schemaOf('/pocket.proof.Claim')).toBeUndefined();
  });

  it('is found wherever a message holds one', () => {
    const any = packAny(PubKeySchema, create(PubKeySchema));
    const bodyWithTwo = create(TxBodySchema, { messages: [any], extensionOptions: [any] });
    expect(anysIn({ schema: TxBodySchema, message: bodyWithTwo })).toEqual([any, any]);
    expect(anysIn({ schema: AnySchema, message: any })).toEqual([any]);
    expect(anysIn({ schema: PubKeySchema, message: create(PubKeySchema) })).toEqual([]);
    const modeInfo = { sum: { case: 'single' as const, value: {} } };
    const authInfo = create(AuthInfoSchema, { signerInfos: [{ publicKey: any, modeInfo }, {}] });
    expect(anysIn({ schema: AuthInfoSchema, message: authInfo })).toEqual([any]);
  });
});
