import { create, type DescMessage, type JsonValue, type MessageInitShape } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packAny } from './any.ts';
import { toHex } from './bytes.ts';
import { chainJsonText, goJsonString, toChainJson } from './chain-json.ts';
import { encode } from './codec.ts';
import { isFault } from './fault.ts';
import { BaseAccountSchema } from './gen/cosmos/auth/v1beta1/auth_pb.ts';
import { CoinSchema } from './gen/cosmos/base/v1beta1/coin_pb.ts';
import { ParamsSchema as StakingParamsSchema, ValidatorSchema } from './gen/cosmos/staking/v1beta1/staking_pb.ts';
import { MsgEditValidatorSchema } from './gen/cosmos/staking/v1beta1/tx_pb.ts';
import { TxBodySchema } from './gen/cosmos/tx/v1beta1/tx_pb.ts';
import { ApplicationSchema } from './gen/pocket/application/types_pb.ts';
import { MsgUpdateParamSchema } from './gen/pocket/application/tx_pb.ts';
import { EventClaimExpiredSchema, EventClaimSettledSchema } from './gen/pocket/tokenomics/event_pb.ts';
import { ParamsSchema as ProofParamsSchema } from './gen/pocket/proof/params_pb.ts';
import { RelayMinerErrorSchema, RelayRequestSchema, RelayResponseSchema } from './gen/pocket/service/relay_pb.ts';
import { ParamsSchema as TokenomicsParamsSchema } from './gen/pocket/tokenomics/params_pb.ts';
import { arbitraryMessage, everySchema } from './message.arbitrary.ts';
import { fromChainJson } from './parse-chain-json.ts';

function text<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>): string {
  return chainJsonText(schema, create(schema, init));
}

function codeOf(schema: DescMessage, json: JsonValue): string {
  try {
    fromChainJson(schema, json);
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code;
    throw thrown;
  }
  return 'accepted';
}

describe('the chain’s JSON', () => {
  it('prints texts as Go does', () => {
    expect(goJsonString('a<b>&"\u2028é\u0001/')).toBe('"a\\u003cb\\u003e\\u0026\\"\\u2028é\\u0001/"');
    expect(goJsonString('\n\r\t\b\f\\\u2029\u007f')).toBe('"\\n\\r\\t\\b\\f\\\\\\u2029\u007f"');
  });

  it('prints every field, in the order of the schema, under its own name', () => {
    expect(text(ApplicationSchema, {})).toBe(
      '{"address":"","stake":null,"service_configs":[],"delegatee_gateway_addresses":[],"pending_undelegations":{},' +
        '"unstake_session_end_height":"0","pending_transfer":null,"per_session_spend_limit":null,"service_config_history":[]}',
    );
    expect(text(RelayResponseSchema, {})).toBe(
      '{"meta":{"session_header":null,"supplier_operator_signature":null},"payload":null,"payload_hash":null,"relay_miner_error":null}',
    );
  });

  it('prints bytes as base64 and integers by their width', () => {
    expect(text(RelayRequestSchema, { payload: new Uint8Array([1, 255]) })).toContain('"payload":"Af8="');
    expect(text(RelayMinerErrorSchema, { code: 8 })).toContain('"code":8,');
    expect(text(EventClaimExpiredSchema, { claimProofStatusInt: -7 })).toContain('"claim_proof_status_int":-7');
    expect(text(EventClaimExpiredSchema, { sessionEndBlockHeight: -7n })).toContain('"session_end_block_height":"-7"');
  });

  it('prints enums by name, or by number where there is none', () => {
    expect(text(EventClaimExpiredSchema, { expirationReason: 1 })).toContain('"expiration_reason":"PROOF_MISSING"');
    expect(text(EventClaimExpiredSchema, { expirationReason: 9 as never })).toContain('"expiration_reason":9');
  });

  it('prints doubles as Go does', () => {
    const printed = [0.000001, 1e-7, 1e21, 1e20, 0.1, 0, -0, NaN, Infinity, -Infinity].map(
      (mintRatio) => /"mint_ratio":([^,]*)/.exec(text(TokenomicsParamsSchema, { mintRatio }))?.[1],
    );
    expect(printed).toEqual([
      '0.000001',
      '1e-7',
      '1e+21',
      '100000000000000000000',
      '0.1',
      '0',
      '-0',
      '"NaN"',
      '"+Inf"',
      '"-Inf"',
    ]);
  });

  it('prints maps by key, and integers among them by size', () => {
    expect(text(EventClaimSettledSchema, { rewardDistribution: { z: '1upokt', a: '2upokt' } })).toContain(
      '"reward_distribution":{"a":"2upokt","z":"1upokt"}',
    );
    const pendingUndelegations = { '20': { gatewayAddresses: ['g'] }, '3': {}, '18446744073709551615': {} };
    expect(text(ApplicationSchema, { pendingUndelegations })).toContain(
      '{"3":{"gateway_addresses":[]},"20":{"gateway_addresses":["g"]},"18446744073709551615":{"gateway_addresses":[]}}',
    );
  });

  it('leaves out the members of a choice that were not chosen', () => {
    expect(text(MsgUpdateParamSchema, {})).toBe('{"authority":"","name":""}');
    expect(text(MsgUpdateParamSchema, { asType: { case: 'asUint64', value: 0n } })).toBe(
      '{"authority":"","name":"","as_uint64":"0"}',
    );
  });

  it('prints numbers that are texts: integers as they are, decimals with a point, absent ones as null', () => {
    expect(text(CoinSchema, {})).toBe('{"denom":"","amount":"0"}');
    expect(text(ValidatorSchema, { tokens: '5', delegatorShares: '1' })).toContain(
      '"tokens":"5","delegator_shares":"0.000000000000000001"',
    );
    expect(text(MsgEditValidatorSchema, {})).toContain('"commission_rate":null,"min_self_delegation":null');
  });

  it('prints times, spans and what an Any holds', () => {
    expect(text(StakingParamsSchema, { unbondingTime: { seconds: 5n } })).toContain('"unbonding_time":"5s"');
    expect(text(TxBodySchema, { timeoutTimestamp: { seconds: 1n } })).toContain(
      '"timeout_timestamp":"1970-01-01T00:00:01Z"',
    );
    const account = create(BaseAccountSchema, { address: 'a', sequence: 2n });
    expect(chainJsonText(AnySchema, packAny(BaseAccountSchema, account))).toBe(
      '{"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"a","pub_key":null,"account_number":"0","sequence":"2"}',
    );
    expect(toChainJson(BaseAccountSchema, account)).toMatchObject({ address: 'a', sequence: '2' });
  });
});

describe('reading it', () => {
  const withJson = everySchema().then((all) =>
    all.filter(({ typeName }) => /^(?:pocket|cosmos\.(?:bank|tx))/.test(typeName)),
  );

  it('gives back what was printed', async () => {
    for (const schema of await withJson) {
      fc.assert(
        fc.property(arbitraryMessage(schema), (message) => {
          if (hasStrangers(schema, message)) return;
          const read = fromChainJson(schema, toChainJson(schema, message));
          expect(toHex(encode(schema, read)), schema.typeName).toBe(toHex(encode(schema, message)));
        }),
        { numRuns: 2 },
      );
    }
  });

  it('takes both names of a field, numbers for integers and enums, and null for absent', () => {
    const forms: JsonValue[] = [
      { session_end_block_height: '5', expiration_reason: 'PROOF_INVALID' },
      { sessionEndBlockHeight: 5, expirationReason: 2, claimed_upokt: null },
    ];
    for (const form of forms) {
      expect(fromChainJson(EventClaimExpiredSchema, form)).toMatchObject({
        sessionEndBlockHeight: 5n,
        expirationReason: 2,
        claimedUpokt: '',
      });
    }
  });

  it('refuses what does not fit, each with its code', () => {
    const cases: [DescMessage, JsonValue, string][] = [
      [CoinSchema, { denomination: 'upokt' }, 'JSON_FIELD_UNKNOWN'],
      [EventClaimExpiredSchema, { num_relays: '1', numRelays: '1' }, 'JSON_FIELD_TWICE'],
      [MsgUpdateParamSchema, { as_uint64: '1', as_coin: {} }, 'JSON_FIELD_TWICE'],
      [CoinSchema, [], 'JSON_VALUE_INVALID'],
      [CoinSchema, 'x', 'JSON_VALUE_INVALID'],
      [CoinSchema, { denom: 5 }, 'JSON_VALUE_INVALID'],
      [RelayMinerErrorSchema, { code: -1 }, 'JSON_VALUE_INVALID'],
      [RelayMinerErrorSchema, { code: 2 ** 32 }, 'JSON_VALUE_INVALID'],
      [RelayMinerErrorSchema, { code: 1.5 }, 'JSON_VALUE_INVALID'],
      [EventClaimExpiredSchema, { num_relays: 2 ** 53 }, 'JSON_VALUE_INVALID'],
      [EventClaimExpiredSchema, { num_relays: '-1' }, 'JSON_VALUE_INVALID'],
      [EventClaimExpiredSchema, { num_relays: '0x1' }, 'JSON_VALUE_INVALID'],
      [EventClaimExpiredSchema, { num_relays: '18446744073709551616' }, 'JSON_VALUE_INVALID'],
      [EventClaimExpiredSchema, { expiration_reason: 'NONE' }, 'JSON_VALUE_INVALID'],
      [EventClaimExpiredSchema, { expiration_reason: 9 }, 'JSON_VALUE_INVALID'],
      [RelayRequestSchema, { payload: 'a' }, 'BASE64_INVALID'],
      [RelayRequestSchema, { meta: [] }, 'JSON_VALUE_INVALID'],
      [ApplicationSchema, { service_configs: {} }, 'JSON_VALUE_INVALID'],
      [ApplicationSchema, { pending_undelegations: { x: {} } }, 'JSON_VALUE_INVALID'],
      [ProofParamsSchema, { proof_request_probability: '0.5' }, 'JSON_VALUE_INVALID'],
      [TxBodySchema, { unordered: 1 }, 'JSON_VALUE_INVALID'],
      [TxBodySchema, { messages: [{ '@type': '/nobody.knows.This' }] }, 'JSON_VALUE_INVALID'],
      [TxBodySchema, { messages: [{}] }, 'JSON_VALUE_INVALID'],
      [TxBodySchema, { timeout_timestamp: 'now' }, 'TIME_INVALID'],
      [ValidatorSchema, { delegator_shares: '1e5' }, 'DECIMAL_INVALID'],
    ];
    for (const [schema, json, code] of cases) expect(codeOf(schema, json), JSON.stringify(json)).toBe(code);
  });

  it('ends where objects nest too deep', () => {
    let json: JsonValue = {};
    for (let depth = 0; depth < 120; depth += 1) json = { '@type': '/cosmos.authz.v1beta1.MsgExec', msgs: [json] };
    expect(codeOf(AnySchema, json)).toBe('JSON_TOO_DEEP');
  });

  it('throws nothing but faults, whatever the JSON', async () => {
    const schemas = fc.constantFrom(...(await withJson));
    fc.assert(
      fc.property(schemas, fc.jsonValue(), fc.nat(), (schema, value, at) => {
        const name = schema.fields[at % Math.max(1, schema.fields.length)]?.name ?? 'x';
        for (const json of [value, { [name]: value }] as JsonValue[]) codeOf(schema, json);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Whether a random message holds an Any, whose content is noise and cannot be printed. */
function hasStrangers(schema: DescMessage, message: unknown): boolean {
  try {
    chainJsonText(schema, message as never);
    return false;
  } catch (thrown) {
    return isFault(thrown, 'ANY_TYPE_UNKNOWN');
  }
}
