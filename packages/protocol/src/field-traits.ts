/**
 * What the schema says about a field beyond its type: whether it is always on the wire, and whether its text is a number.
 *
 * Go keeps some messages and numbers by value. Such a field has no "absent": it is written even when empty, and because
 * hashes and signatures cover the bytes, so must we.
 *
 * Source: cosmos/gogoproto `gogoproto/gogo.proto` (`nullable`); cosmos/cosmos-proto `proto/cosmos_proto/cosmos.proto`
 * (`scalar`); cosmos/cosmos-sdk `math/int.go`, `math/dec.go`.
 */
import { getOption, hasOption, type DescField } from '@bufbuild/protobuf';
import { scalar } from './gen/cosmos_proto/cosmos_pb.ts';
import { nullable } from './gen/gogoproto/gogo_pb.ts';

type FieldTraits = { readonly isAlwaysWritten: boolean; readonly numericText: NumericText | undefined };

/** Looking an option up decodes it anew; a block prints thousands of events. */
const KNOWN = new WeakMap<DescField, FieldTraits>();

function traitsOf(field: DescField): FieldTraits {
  const known = KNOWN.get(field);
  if (known !== undefined) return known;
  const traits = {
    isAlwaysWritten: hasOption(field, nullable) && !getOption(field, nullable),
    numericText: NUMERIC_TEXTS.get(getOption(field, scalar)),
  };
  KNOWN.set(field, traits);
  return traits;
}

/** Whether an embedded message, or the text of a number, is written even when it is empty. */
export function isAlwaysWritten(field: DescField): boolean {
  return traitsOf(field).isAlwaysWritten;
}

/** `integer`: decimal digits. `decimal`: the value times 10^18 in decimal digits. Empty text is zero where it is always written. */
export type NumericText = 'integer' | 'decimal';

/** Which number the text of this field holds, if it holds one. */
export function numericTextOf(field: DescField): NumericText | undefined {
  return traitsOf(field).numericText;
}

const NUMERIC_TEXTS: ReadonlyMap<string, NumericText> = new Map([
  ['cosmos.Int', 'integer'],
  ['cosmos.Dec', 'decimal'],
]);
