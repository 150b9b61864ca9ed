import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { create, type JsonValue } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { isFault } from './fault.ts';
import { EventApplicationUnbondingBeginSchema } from './gen/pocket/application/event_pb.ts';
import { EventSupplierStakedSchema } from './gen/pocket/supplier/event_pb.ts';
import { messageOfEvent, typedEvent, type ChainEvent } from './typed-event.ts';

type Settlement = { cases: { result: { events: [type: string, json: Record<string, JsonValue>][] } }[] };

describe('a typed event', () => {
  it('has an attribute for each field, in the order of their names', () => {
    const message = create(EventSupplierStakedSchema, { operatorAddress: 'pokt1x', sessionEndHeight: 10n });
    expect(typedEvent(EventSupplierStakedSchema, message)).toEqual({
      type: 'pocket.supplier.EventSupplierStaked',
      attributes: [
        { key: 'operator_address', value: '"pokt1x"' },
        { key: 'session_end_height', value: '"10"' },
      ],
    });
  });

  it('prints what gogoproto prints', () => {
    const application = {
      address: 'pokt1x',
      stake: { denom: 'upokt', amount: '1000000' },
      serviceConfigs: [{ serviceId: 'svc1' }],
      pendingUndelegations: { '20': { gatewayAddresses: ['g'] }, '3': {} },
    };
    const init = { application, sessionEndHeight: 10n, unbondingEndHeight: 20n };
    const { attributes } = typedEvent(
      EventApplicationUnbondingBeginSchema,
      create(EventApplicationUnbondingBeginSchema, init),
    );
    expect(attributes.map(({ key, value }) => `${key} = ${value}`)).toEqual([
      'application = {"address":"pokt1x","stake":{"denom":"upokt","amount":"1000000"},"service_configs":[{"service_id":"svc1"}],' +
        '"delegatee_gateway_addresses":[],"pending_undelegations":{"3":{"gateway_addresses":[]},"20":{"gateway_addresses":["g"]}},' +
        '"unstake_session_end_height":"0","pending_transfer":null,"per_session_spend_limit":null,"service_config_history":[]}',
      'reason = "APPLICATION_UNBONDING_REASON_ELECTIVE"',
      'session_end_height = "10"',
      'unbonding_end_height = "20"',
    ]);
  });

  it('gives its message back: every event that the Go keepers emitted in settlement', () => {
    const file = new URL('../../../vectors/settlement.json.gz', import.meta.url);
    const { cases } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Settlement;
    const given = cases.flatMap(({ result }) => result.events).filter(([, json]) => typeof json === 'object');
    expect(given.length).toBeGreaterThan(1000);
    for (const [type, json] of given) {
      const attributes = Object.entries(json).map(([key, value]) => ({ key, value: JSON.stringify(value) }));
      attributes.sort((a, b) => (a.key < b.key ? -1 : 1));
      const typed = messageOfEvent({ type, attributes })!;
      // Compared as values: the file has lost the escapes that Go writes into texts.
      const again = typedEvent(typed.schema, typed.message);
      const values = again.attributes.map(({ key, value }) => ({ key, value: JSON.stringify(JSON.parse(value)) }));
      expect({ type: again.type, attributes: values }).toEqual({ type, attributes });
    }
  });

  it('is read without what a block adds to it', () => {
    const event = typedEvent(EventSupplierStakedSchema, create(EventSupplierStakedSchema, { operatorAddress: 'a' }));
    for (const added of [
      { key: 'msg_index', value: '0' },
      { key: 'mode', value: 'EndBlock' },
    ]) {
      const read = messageOfEvent({ ...event, attributes: [...event.attributes, added] });
      expect(read?.message).toMatchObject({ operatorAddress: 'a' });
    }
  });

  it('is told from other events, and refused when it is malformed', () => {
    const read = (type: string, key: string, value: string): unknown => {
      const event: ChainEvent = { type, attributes: [{ key, value }] };
      try {
        return messageOfEvent(event);
      } catch (thrown) {
        return isFault(thrown) ? thrown.code : thrown;
      }
    };
    expect(read('transfer', 'amount', '5upokt')).toBeUndefined();
    expect(read('pocket.proof.Claim', 'root_hash', 'null')).toBeUndefined();
    expect(read('pocket.supplier.EventSupplierStaked', 'operator_address', 'bare')).toBe('EVENT_INVALID');
    expect(read('pocket.supplier.EventSupplierStaked', 'unknown', '1')).toBe('JSON_FIELD_UNKNOWN');
    expect(read('pocket.supplier.EventSupplierStaked', 'session_end_height', '"x"')).toBe('JSON_VALUE_INVALID');
  });
});
