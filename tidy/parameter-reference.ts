/**
 * The parameters of `docs/wire.md`: of every module, each with its type, the field of MsgUpdateParam that carries it, and
 * what a new network begins with.
 */
import { ScalarType, type DescField, type JsonValue } from '@bufbuild/protobuf';
import { defaultAppState } from '../packages/ledger/src/default-app-state.ts';
import { GOVERNED } from '../packages/ledger/src/governed-module.ts';

const FIELDS: Readonly<Record<string, string>> = { uint64: 'as_uint64', double: 'as_float', string: 'as_string' };

/** Cells: parameter, type, field, default. */
export function parameterRows(): string[][] {
  const defaults = defaultAppState() as Record<string, { params: Record<string, JsonValue> }>;
  return Object.entries(GOVERNED).flatMap(([module, { schema, rules }]) =>
    schema.fields.map((field) => {
      const isSettable = Object.hasOwn(rules.values, field.localName);
      return [
        `\`${module}.${field.name}\``,
        typeOf(field),
        isSettable ? `\`${carrierOf(field)}\`` : 'set by the chain alone',
        inWords(defaults[module]!.params[field.name]!),
      ];
    }),
  );
}

function typeOf(field: DescField): string {
  return field.message?.name ?? ScalarType[field.scalar!].toLowerCase();
}

function carrierOf(field: DescField): string {
  const { message } = field;
  if (message === undefined) return FIELDS[typeOf(field)]!;
  return `as_${message.name.replace(/(?<=.)([A-Z])/g, '_$1').toLowerCase()}`;
}

/** `5 upokt`, `dao 0.1, supplier 0.9`, `12`. */
function inWords(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { denom, amount, ...shares } = value as Record<string, JsonValue>;
  if (denom !== undefined) return `${String(amount)} ${String(denom)}`;
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${String(share)}`)
    .join(', ');
}
