/**
 * Events that are messages: how the ledger publishes them, and how a reader gets the message back.
 *
 * The type is the message's full name. Each top-level field is one attribute: its name, and its value as the chain's JSON
 * text, in ascending order of the names' bytes. `authz_msg_index`, `msg_index` and `mode`, which are added
 * last, belong to no message.
 *
 * Source: cosmos/cosmos-sdk `types/events.go` (`TypedEventToEvent`, `ParseTypedEvent`).
 */
import type { DescMessage, JsonValue, MessageInitShape } from '@bufbuild/protobuf';
import type { TypedMessage } from './any.ts';
import { Fault } from './fault.ts';
import { file_cosmos_authz_v1beta1_event } from './gen/cosmos/authz/v1beta1/event_pb.ts';
import { file_pocket_application_event } from './gen/pocket/application/event_pb.ts';
import { file_pocket_gateway_event } from './gen/pocket/gateway/event_pb.ts';
import { file_pocket_proof_event } from './gen/pocket/proof/event_pb.ts';
import { file_pocket_service_event } from './gen/pocket/service/event_pb.ts';
import { file_pocket_supplier_event } from './gen/pocket/supplier/event_pb.ts';
import { file_pocket_tokenomics_event } from './gen/pocket/tokenomics/event_pb.ts';
import { fieldPrinters, type FieldPrinter } from './json-plan.ts';
import { fromChainJson } from './parse-chain-json.ts';

export type EventAttribute = { readonly key: string; readonly value: string };

/** An event as blocks and RPC carry it. */
export type ChainEvent = { readonly type: string; readonly attributes: readonly EventAttribute[] };

/** An event that nobody else has yet: attributes may be added. */
export type FreshEvent = { readonly type: string; readonly attributes: EventAttribute[] };

const SCHEMAS: ReadonlyMap<string, DescMessage> = new Map(
  [
    file_cosmos_authz_v1beta1_event,
    file_pocket_application_event,
    file_pocket_gateway_event,
    file_pocket_proof_event,
    file_pocket_service_event,
    file_pocket_supplier_event,
    file_pocket_tokenomics_event,
  ].flatMap((file) => file.messages.map((schema): [string, DescMessage] => [schema.typeName, schema])),
);

/** Attributes that a block adds to events of any kind. */
const ADDED = new Set(['authz_msg_index', 'msg_index', 'mode']);

/** An event of the message, or of its fields alone: what is left out counts as its zero. */
export function typedEvent<Desc extends DescMessage>(schema: Desc, message: MessageInitShape<Desc>): FreshEvent {
  const attributes: EventAttribute[] = [];
  for (const { field, print } of printersByName(schema)) {
    const value = print(message as Readonly<Record<string, unknown>>);
    if (value !== undefined) attributes.push({ key: field.name, value });
  }
  return { type: schema.typeName, attributes };
}

const BY_NAME = new WeakMap<DescMessage, readonly FieldPrinter[]>();

function printersByName(schema: DescMessage): readonly FieldPrinter[] {
  const known = BY_NAME.get(schema);
  if (known !== undefined) return known;
  // Names of fields are ASCII: their order as texts is that of their bytes.
  const printers = [...fieldPrinters(schema)].sort((a, b) => (a.field.name < b.field.name ? -1 : 1));
  BY_NAME.set(schema, printers);
  return printers;
}

/**
 * The message that an event carries, or undefined when events of this type carry none that is known here.
 *
 * @throws EVENT_INVALID when an attribute's value is no JSON; a Fault of `fromChainJson` when it does not fit its field.
 */
export function messageOfEvent(event: ChainEvent): TypedMessage | undefined {
  const schema = SCHEMAS.get(event.type);
  if (schema === undefined) return undefined;
  const fields = event.attributes.filter(({ key }) => !ADDED.has(key));
  const json = Object.fromEntries(fields.map(({ key, value }) => [key, parseAttribute(event.type, key, value)]));
  return { schema, message: fromChainJson(schema, json) };
}

function parseAttribute(type: string, key: string, value: string): JsonValue {
  try {
    return JSON.parse(value) as JsonValue;
  } catch (cause) {
    throw new Fault('EVENT_INVALID', 'an attribute of an event is no JSON', { type, key }, cause);
  }
}
