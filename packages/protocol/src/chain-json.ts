/**
 * Messages as the chain prints them in JSON: in REST answers, in genesis and in the attributes of events.
 *
 * Names and order of the fields are those of the schema's text. Nothing is left out except an unchosen member of a choice:
 * zero is printed, an absent message or empty bytes are `null`. Integers of 64 bits are quoted, bytes are base64,
 * enums are names, and the characters that HTML gives a meaning are escaped, as Go does it. No white space.
 *
 * Source: cosmos/gogoproto `jsonpb/jsonpb.go` (OrigName, EmitDefaults); Go's `encoding/json`.
 */
import type { DescField, DescMessage, JsonValue, MessageShape } from '@bufbuild/protobuf';
import { fieldPrinters, printMessage } from './json-plan.ts';

export { goJsonString } from './json-plan.ts';

/**
 * The JSON text of a message.
 *
 * @throws ANY_TYPE_UNKNOWN or a wire fault for an Any whose content cannot be read.
 */
export function chainJsonText<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): string {
  return printMessage(schema, message);
}

/** The same as a value; every call makes a new one. */
export function toChainJson<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): JsonValue {
  return JSON.parse(chainJsonText(schema, message)) as JsonValue;
}

/** The JSON text of each field of a message, in the schema's order; unchosen members of a choice are not there. */
export function fieldTexts(schema: DescMessage, message: unknown): [field: DescField, text: string][] {
  return fieldPrinters(schema).flatMap(({ field, print }) => {
    const text = print(message as Readonly<Record<string, unknown>>);
    return text === undefined ? [] : [[field, text] as [DescField, string]];
  });
}
