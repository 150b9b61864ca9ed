/**
 * Who must sign a transaction message, read from the schema: the option `cosmos.msg.v1.signer` names the fields.
 *
 * Source: cosmos/cosmos-sdk `x/tx/signing/context.go`, `proto/cosmos/msg/v1/msg.proto`.
 */
import { getOption, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { isAddress, withPrefix } from './address.ts';
import { Fault } from './fault.ts';
import { scalar } from './gen/cosmos_proto/cosmos_pb.ts';
import { signer } from './gen/cosmos/msg/v1/msg_pb.ts';

/**
 * The addresses that must sign, each once, in the order of the fields.
 *
 * @throws SIGNER_UNDECLARED when the schema names none, so this is no transaction message; SIGNER_INVALID when a named
 * field holds no address.
 */
export function signersOf(schema: DescMessage, message: Message): string[] {
  const names = getOption(schema, signer);
  if (names.length === 0) {
    throw new Fault('SIGNER_UNDECLARED', `${schema.typeName} names no signer`, { type: schema.typeName });
  }
  const addresses = names.flatMap((name) => signersIn(fieldOf(schema, name), message));
  return [...new Set(addresses)];
}

/** Whether messages of this type can stand in a transaction. */
export function isTransactionMessage(schema: DescMessage): boolean {
  return getOption(schema, signer).length > 0;
}

function fieldOf(schema: DescMessage, name: string): DescField {
  const field = schema.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Fault('SIGNER_UNDECLARED', `${schema.typeName} has no field ${name}`, { name });
  return field;
}

/** A signer field holds an address, or messages that name their own signers. */
function signersIn(field: DescField, message: Message): string[] {
  const value = (message as unknown as Readonly<Record<string, unknown>>)[field.localName];
  const { message: inner } = field;
  if (inner !== undefined) return [value].flat().flatMap((item) => signersOf(inner, item as Message));
  const prefix = getOption(field, scalar) === 'cosmos.ValidatorAddressString' ? 'poktvaloper' : 'pokt';
  // A validator signs with the account whose bytes are those of its operator address.
  if (typeof value === 'string' && isAddress(value, prefix)) return [withPrefix(value, prefix, 'pokt')];
  throw new Fault('SIGNER_INVALID', `${field.toString()} holds no address`, { field: field.name });
}
