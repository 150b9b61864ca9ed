/**
 * Messages whose type travels with them: `google.protobuf.Any`, a type URL and the encoded message.
 *
 * What may come out of an Any is a closed list. A type URL that is not on it is refused, because two ledgers that disagreed
 * about an unknown type would disagree about the block.
 *
 * Source: protobuf.dev `google/protobuf/any.proto`; cosmos/cosmos-sdk `codec/types/interface_registry.go`.
 */
import {
  create,
  type DescField,
  type DescFile,
  type DescMessage,
  type Message,
  type MessageShape,
} from '@bufbuild/protobuf';
import { AnySchema, type Any } from '@bufbuild/protobuf/wkt';
import { decode, encode, type DecodeOptions } from './codec.ts';
import { Fault } from './fault.ts';
import { file_cosmos_auth_v1beta1_auth } from './gen/cosmos/auth/v1beta1/auth_pb.ts';
import { file_cosmos_authz_v1beta1_authz } from './gen/cosmos/authz/v1beta1/authz_pb.ts';
import { file_cosmos_authz_v1beta1_tx } from './gen/cosmos/authz/v1beta1/tx_pb.ts';
import { file_cosmos_bank_v1beta1_tx } from './gen/cosmos/bank/v1beta1/tx_pb.ts';
import { file_cosmos_crypto_ed25519_keys } from './gen/cosmos/crypto/ed25519/keys_pb.ts';
import { file_cosmos_crypto_multisig_keys } from './gen/cosmos/crypto/multisig/keys_pb.ts';
import { file_cosmos_crypto_secp256k1_keys } from './gen/cosmos/crypto/secp256k1/keys_pb.ts';
import { file_cosmos_staking_v1beta1_tx } from './gen/cosmos/staking/v1beta1/tx_pb.ts';
import { file_cosmos_vesting_v1beta1_vesting } from './gen/cosmos/vesting/v1beta1/vesting_pb.ts';
import { file_pocket_application_tx } from './gen/pocket/application/tx_pb.ts';
import { file_pocket_gateway_tx } from './gen/pocket/gateway/tx_pb.ts';
import { file_pocket_proof_tx } from './gen/pocket/proof/tx_pb.ts';
import { file_pocket_service_tx } from './gen/pocket/service/tx_pb.ts';
import { file_pocket_session_tx } from './gen/pocket/session/tx_pb.ts';
import { file_pocket_shared_tx } from './gen/pocket/shared/tx_pb.ts';
import { file_pocket_supplier_tx } from './gen/pocket/supplier/tx_pb.ts';
import { file_pocket_tokenomics_tx } from './gen/pocket/tokenomics/tx_pb.ts';

/** Everything that these files define may travel in an Any. */
const FILES: readonly DescFile[] = [
  file_pocket_application_tx,
  file_pocket_gateway_tx,
  file_pocket_proof_tx,
  file_pocket_service_tx,
  file_pocket_session_tx,
  file_pocket_shared_tx,
  file_pocket_supplier_tx,
  file_pocket_tokenomics_tx,
  file_cosmos_auth_v1beta1_auth,
  file_cosmos_authz_v1beta1_authz,
  file_cosmos_authz_v1beta1_tx,
  file_cosmos_bank_v1beta1_tx,
  file_cosmos_crypto_ed25519_keys,
  file_cosmos_crypto_multisig_keys,
  file_cosmos_crypto_secp256k1_keys,
  file_cosmos_staking_v1beta1_tx,
  file_cosmos_vesting_v1beta1_vesting,
];

const SCHEMAS: ReadonlyMap<string, DescMessage> = new Map(
  FILES.flatMap((file) => file.messages).map((schema) => [typeUrlOf(schema), schema]),
);

/** A message together with its schema, as it comes out of an Any. */
export type TypedMessage = { readonly schema: DescMessage; readonly message: Message };

/** `/` and the full name of the message. */
export function typeUrlOf(schema: DescMessage): string {
  return `/${schema.typeName}`;
}

/** The schema behind a type URL, or undefined when nothing of that type may travel in an Any. */
export function schemaOf(typeUrl: string): DescMessage | undefined {
  return SCHEMAS.get(typeUrl);
}

export function packAny<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): Any {
  return create(AnySchema, { typeUrl: typeUrlOf(schema), value: encode(schema, message) });
}

/**
 * The message inside.
 *
 * @throws ANY_TYPE_UNKNOWN for a type URL that is not on the list; a Fault with a `WireFaultCode` when the value is no
 * message of that type.
 */
export function unpackAny(any: Any, options: DecodeOptions = {}): TypedMessage {
  const schema = schemaOf(any.typeUrl);
  if (schema === undefined) {
    throw new Fault('ANY_TYPE_UNKNOWN', 'unable to resolve type URL', { typeUrl: any.typeUrl.slice(0, 128) });
  }
  return { schema, message: decode(schema, any.value, options) };
}

/** Every Any that a message holds, at any depth of its own fields but not inside another Any, in the order of fields. */
export function anysIn({ schema, message }: TypedMessage): Any[] {
  if (schema.typeName === AnySchema.typeName) return [message as Any];
  return schema.fields.flatMap((field) => {
    const inner = field.message;
    if (inner === undefined) return [];
    return messagesAt(field, message).flatMap((item) => anysIn({ schema: inner, message: item }));
  });
}

function messagesAt(field: DescField, message: Message): Message[] {
  const fields = message as unknown as Readonly<Record<string, unknown>>;
  if (field.oneof !== undefined) {
    const choice = fields[field.oneof.localName] as { case: string | undefined; value?: Message };
    return choice.case === field.localName ? [choice.value!] : [];
  }
  const value = fields[field.localName];
  if (value === undefined) return [];
  return field.fieldKind === 'message' ? [value as Message] : Object.values(value as Record<string, Message>);
}
