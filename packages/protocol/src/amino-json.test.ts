import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { aminoSignBytes } from './amino-json.ts';
import { packAny } from './any.ts';
import { concat, fromHex, fromUtf8 } from './bytes.ts';
import { encode } from './codec.ts';
import { isFault } from './fault.ts';
import { MsgExecSchema } from './gen/cosmos/authz/v1beta1/tx_pb.ts';
import { MsgSendSchema } from './gen/cosmos/bank/v1beta1/tx_pb.ts';
import { PubKeySchema } from './gen/cosmos/crypto/secp256k1/keys_pb.ts';
import { MsgCreateValidatorSchema, MsgEditValidatorSchema } from './gen/cosmos/staking/v1beta1/tx_pb.ts';
import { AuthInfoSchema, TxBodySchema } from './gen/cosmos/tx/v1beta1/tx_pb.ts';
import { MsgUpdateParamSchema, MsgUpdateParamsSchema } from './gen/pocket/tokenomics/tx_pb.ts';

const SIGNER = { chainId: 'pocket', accountNumber: 1n, sequence: 2n };

function textOf(
  body: MessageInitShape<typeof TxBodySchema>,
  authInfo: MessageInitShape<typeof AuthInfoSchema> = {},
): string {
  const bodyBytes = encode(TxBodySchema, create(TxBodySchema, body));
  return fromUtf8(aminoSignBytes({ bodyBytes, authInfo: create(AuthInfoSchema, authInfo) }, SIGNER));
}

function codeOf(
  body: MessageInitShape<typeof TxBodySchema>,
  authInfo: MessageInitShape<typeof AuthInfoSchema> = {},
): string {
  try {
    return textOf(body, authInfo);
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code;
    throw thrown;
  }
}

describe('the JSON that is signed', () => {
  it('has what is always there, and the rest when it is set', () => {
    expect(textOf({})).toBe(
      '{"account_number":"1","chain_id":"pocket","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[],"sequence":"2"}',
    );
    const timeoutTimestamp = { seconds: 1n, nanos: 500_000_000 };
    const fee = { payer: 'p', granter: 'g', gasLimit: 5n, amount: [{ denom: 'upokt' }] };
    expect(textOf({ memo: '<', timeoutHeight: 9n, timeoutTimestamp, unordered: true }, { fee })).toBe(
      '{"account_number":"1","chain_id":"pocket","fee":{"amount":[{"amount":"0","denom":"upokt"}],"gas":"5","granter":"g","payer":"p"},' +
        '"memo":"\\u003c","msgs":[],"sequence":"2","timeout_height":"9","timeout_timestamp":"1970-01-01T00:00:01.5Z","unordered":true}',
    );
  });

  it('names messages inside messages, and prints numbers that are texts', () => {
    const inner = packAny(MsgSendSchema, create(MsgSendSchema, { fromAddress: 'a' }));
    expect(textOf({ messages: [packAny(MsgExecSchema, create(MsgExecSchema, { msgs: [inner] }))] })).toContain(
      '{"type":"cosmos-sdk/MsgExec","value":{"msgs":[{"type":"cosmos-sdk/MsgSend","value":{"amount":[],"from_address":"a"}}]}}',
    );
    const edit = create(MsgEditValidatorSchema, { commissionRate: '100000000000000000' });
    expect(textOf({ messages: [packAny(MsgEditValidatorSchema, edit)] })).toContain(
      '"value":{"commission_rate":"0.100000000000000000","description":{}}',
    );
  });

  it('does not exist for everything', () => {
    const option = packAny(PubKeySchema, create(PubKeySchema));
    expect(codeOf({ extensionOptions: [option] })).toBe('AMINO_UNSUPPORTED');
    expect(codeOf({ nonCriticalExtensionOptions: [option] })).toBe('AMINO_UNSUPPORTED');
    expect(codeOf({}, { tip: {} })).toBe('AMINO_UNSUPPORTED');
    const choice = packAny(MsgUpdateParamSchema, create(MsgUpdateParamSchema, { name: 'x' }));
    expect(codeOf({ messages: [choice] })).toBe('AMINO_UNSUPPORTED');
    const double = create(MsgUpdateParamsSchema, { params: { mintRatio: 0.5 } });
    expect(codeOf({ messages: [packAny(MsgUpdateParamsSchema, double)] })).toBe('AMINO_UNSUPPORTED');
    const validator = create(MsgCreateValidatorSchema, { pubkey: option });
    expect(codeOf({ messages: [packAny(MsgCreateValidatorSchema, validator)] })).toBe('AMINO_UNSUPPORTED');
    expect(codeOf({ messages: [create(AnySchema, { typeUrl: '/x' })] })).toBe('ANY_TYPE_UNKNOWN');
  });

  it('does not exist for fields that it would not show', () => {
    const ignorable = fromHex('804001'); // field 1024
    const authInfo = create(AuthInfoSchema);
    expect(() => aminoSignBytes({ bodyBytes: ignorable, authInfo }, SIGNER)).toThrow('no field 1024');
    const any = packAny(MsgSendSchema, create(MsgSendSchema));
    const bodyBytes = encode(
      TxBodySchema,
      create(TxBodySchema, { messages: [{ ...any, value: concat(any.value, ignorable) }] }),
    );
    expect(() => aminoSignBytes({ bodyBytes, authInfo }, SIGNER)).toThrow('no field 1024');
  });
});
