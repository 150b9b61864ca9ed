/**
 * The older sign mode: a transaction as one JSON text with sorted keys, which hardware wallets can show to their owner.
 *
 * Empty fields are left out, but for those that the schema marks; integers of 64 bits are quoted, narrower ones and enums are
 * numbers, bytes are base64, and a message in a list of messages is its name and its value. Some messages have no
 * such text (a choice, a double): they can only be signed in SIGN_MODE_DIRECT.
 *
 * Source: cosmos/cosmos-sdk `x/tx/signing/aminojson`.
 */
import { getOption, ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { AnySchema, DurationSchema, TimestampSchema, type Any, type Timestamp } from '@bufbuild/protobuf/wkt';
import { typeUrlOf, unpackAny, type TypedMessage } from './any.ts';
import { toBase64, utf8 } from './bytes.ts';
import { goJsonString } from './chain-json.ts';
import { decode } from './codec.ts';
import { decimalFromWire } from './decimal-text.ts';
import { Fault } from './fault.ts';
import { isAlwaysWritten, numericTextOf } from './field-traits.ts';
import { dont_omitempty, name } from './gen/amino/amino_pb.ts';
import { CoinSchema, type Coin } from './gen/cosmos/base/v1beta1/coin_pb.ts';
import { TxBodySchema, type AuthInfo, type Fee } from './gen/cosmos/tx/v1beta1/tx_pb.ts';
import { isTransactionMessage } from './signers.ts';
import { formatTimestamp } from './time-text.ts';

/** Whose signature it is to be. */
export type AminoSigner = { readonly chainId: string; readonly accountNumber: bigint; readonly sequence: bigint };

/** A message as its fields, by local name. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * What one signer signs in SIGN_MODE_LEGACY_AMINO_JSON, before it is hashed.
 *
 * @throws AMINO_UNSUPPORTED for a transaction that has no such text: extension options, a tip, a message with a choice, a double
 * other than zero or an embedded key; a Fault with a `WireFaultCode` for unknown fields.
 */
export function aminoSignBytes(
  transaction: { readonly bodyBytes: Uint8Array; readonly authInfo: AuthInfo },
  signer: AminoSigner,
): Uint8Array {
  const body = decode(TxBodySchema, transaction.bodyBytes, { unknownFields: 'refuse' });
  if (body.extensionOptions.length > 0 || body.nonCriticalExtensionOptions.length > 0) {
    throw unsupported('extension options');
  }
  if (transaction.authInfo.tip !== undefined) throw unsupported('a tip');
  const { timeoutHeight, timeoutTimestamp, unordered } = body;
  const text = objectText({
    account_number: `"${signer.accountNumber}"`,
    chain_id: goJsonString(signer.chainId),
    fee: feeText(transaction.authInfo.fee),
    memo: goJsonString(body.memo),
    msgs: `[${body.messages.map(namedText).join(',')}]`,
    sequence: `"${signer.sequence}"`,
    timeout_height: timeoutHeight === 0n ? undefined : `"${timeoutHeight}"`,
    timeout_timestamp: timeoutTimestamp === undefined ? undefined : timestampText(timeoutTimestamp),
    unordered: unordered ? 'true' : undefined,
  });
  return utf8(text);
}

function feeText(fee: Fee | undefined): string {
  const { amount = [], gasLimit = 0n, payer = '', granter = '' } = fee ?? {};
  return objectText({
    amount: `[${amount.map((coin: Coin) => messageText(CoinSchema, coin)).join(',')}]`,
    gas: `"${gasLimit}"`,
    granter: granter === '' ? undefined : goJsonString(granter),
    payer: payer === '' ? undefined : goJsonString(payer),
  });
}

/** A message with its name: the one that the schema declares, else its type URL. */
function namedText(any: Any): string {
  const { schema, message }: TypedMessage = unpackAny(any, { unknownFields: 'refuse' });
  if (!isTransactionMessage(schema)) throw unsupported(schema.typeName);
  const type = getOption(schema, name) || typeUrlOf(schema);
  return objectText({ type: goJsonString(type), value: messageText(schema, message) });
}

/** Members in the order of their keys; those without a text are not there. */
function objectText(members: Readonly<Record<string, string | undefined>>): string {
  const present = Object.keys(members).filter((key) => members[key] !== undefined);
  return `{${present
    .sort()
    .map((key) => `"${key}":${members[key]}`)
    .join(',')}}`;
}

function messageText(schema: DescMessage, message: unknown): string {
  switch (schema.typeName) {
    case AnySchema.typeName:
      return namedText(message as Any);
    case TimestampSchema.typeName:
      return timestampText(message as Timestamp);
    case DurationSchema.typeName:
      throw unsupported(schema.typeName);
    default:
      return objectText(
        Object.fromEntries(schema.fields.map((field) => [field.name, fieldText(field, message as Fields)])),
      );
  }
}

function fieldText(field: DescField, fields: Fields): string | undefined {
  // Chosen or not: the type has no text at all.
  if (field.oneof !== undefined || field.fieldKind === 'map') throw unsupported(field.toString());
  const value = fields[field.localName];
  const isKept = getOption(field, dont_omitempty) || (numericTextOf(field) !== undefined && isAlwaysWritten(field));
  if (field.fieldKind === 'list') {
    const items = value as readonly unknown[];
    return items.length === 0 && !isKept ? undefined : `[${items.map((item) => valueText(field, item)).join(',')}]`;
  }
  if (field.fieldKind === 'message') return value === undefined ? undefined : messageText(field.message, value);
  return isEmpty(value) && !isKept ? undefined : valueText(field, value);
}

function isEmpty(value: unknown): boolean {
  return value instanceof Uint8Array ? value.length === 0 : !value;
}

function valueText(field: DescField, value: unknown): string {
  if (field.message !== undefined) return messageText(field.message, value);
  if (field.enum !== undefined) return String(value);
  switch (field.scalar) {
    case ScalarType.STRING:
      return goJsonString(numberText(field, value as string));
    case ScalarType.BYTES:
      return `"${toBase64(value as Uint8Array)}"`;
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return `"${String(value)}"`;
    case ScalarType.BOOL:
    case ScalarType.INT32:
    case ScalarType.UINT32:
      return String(value);
    default:
      throw unsupported(field.toString());
  }
}

function numberText(field: DescField, text: string): string {
  const kind = numericTextOf(field);
  if (kind === undefined) return text;
  return kind === 'decimal' ? decimalFromWire(text || '0') : text || '0';
}

/** Go's RFC 3339: no zero at the end of the fraction. */
function timestampText(timestamp: Timestamp): string {
  return `"${formatTimestamp(timestamp).replace(/(\.\d*?)0+Z$/, '$1Z')}"`;
}

function unsupported(what: string): Fault {
  return new Fault('AMINO_UNSUPPORTED', `${what} cannot be signed as JSON`, { what });
}
