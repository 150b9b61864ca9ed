/**
 * Governance: the authority changes one parameter of a module, or all of them at once.
 *
 * A message is looked at before the state is: its name and its value by itself. What a value may be next to the others is
 * asked of the set that it leads to, so no change can leave a set that genesis would refuse.
 *
 * Source: pokt-network/poktroll `x/<module>/types/message_update_params.go`, `x/<module>/keeper/msg_update_params.go` and
 * the like for one parameter.
 */
import { create, ScalarType, type DescField, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { addressProblem } from '@decai/protocol/address';
import { AUTHORITY, type GovernedModule } from './governed-module.ts';
import { refuseParams, refuseValue } from './param-rules.ts';
import { ACCEPTED, refuse, withStatus, type GrpcCode, type Refusal, type Verdict } from './refusal.ts';
import type { State } from './state.ts';

/** A message that changes one parameter, of whichever module: the value says of which kind it is. */
export type OneChange = {
  readonly authority: string;
  readonly name: string;
  readonly asType: { readonly case: string | undefined; readonly value?: unknown };
};

export type WholeChange<P> = { readonly authority: string; readonly params?: P | undefined };

/** What a message rule is made of. */
export type Change<Message> = {
  readonly check: (message: Message) => Refusal | undefined;
  readonly apply: (state: State, message: Message) => Verdict;
};

/**
 * MsgUpdateParam. Refuses ahead, in this order: an authority that is no address, a missing value, an unknown name, a value
 * of another kind, a value out of its range. Then: another authority (1100), a set that does not hold together
 * (InvalidArgument).
 */
export function changeOfOne<Desc extends DescMessage>(module: GovernedModule<Desc>): Change<OneChange> {
  const { rules, one } = module;
  const check = ({ authority, name, asType }: OneChange): Refusal | undefined => {
    const problem = addressProblem(authority);
    if (problem !== undefined)
      return refuse(one.malformedAuthority, `invalid authority address ${authority}; ${problem}`);
    if (asType.case === undefined) return refuse(one.valueMissing, 'missing param AsType');
    const field = settable(module, name);
    if (field === undefined) return refuse(one.nameUnknown, `unsupported param "${name}"`);
    const expected = valueCase(field);
    if (asType.case !== expected) {
      const details = `invalid type for param "${name}" expected ${variant(expected)}, got ${variant(asType.case)}`;
      return refuse(rules.error, details);
    }
    return refuseValue(rules, field.localName as Key<Desc>, asType.value as MessageShape<Desc>[Key<Desc>]);
  };
  const apply = (state: State, { authority, name, asType }: OneChange): Verdict => {
    const stranger = checkAuthority(module, authority, one.wrongAuthority);
    if (stranger !== undefined) return stranger;
    const params = { ...module.base(state), [settable(module, name)!.localName]: asType.value };
    const refusal = refuseParams(rules, params);
    if (refusal !== undefined) return withStatus(refusal, 'InvalidArgument');
    module.change(state, params);
    return ACCEPTED;
  };
  return { check, apply };
}

/**
 * MsgUpdateParams. Refuses ahead: an authority that is no address, a set that is not valid. Then: another authority (1100).
 * A set that is left out is one of zeros.
 */
export function changeOfAll<Desc extends DescMessage>(
  module: GovernedModule<Desc>,
): Change<WholeChange<MessageShape<Desc>>> {
  const paramsOf = ({ params }: WholeChange<MessageShape<Desc>>) => params ?? create(module.schema);
  return {
    check: (message) => {
      const problem = addressProblem(message.authority);
      if (problem !== undefined) {
        return refuse(module.all.malformedAuthority, `invalid authority address ${message.authority}; ${problem}`);
      }
      return refuseParams(module.rules, paramsOf(message));
    },
    apply: (state, message) => {
      const stranger = checkAuthority(module, message.authority, 'PermissionDenied');
      if (stranger !== undefined) return stranger;
      module.change(state, paramsOf(message));
      return ACCEPTED;
    },
  };
}

function checkAuthority<Desc extends DescMessage>(
  module: GovernedModule<Desc>,
  authority: string,
  status: GrpcCode,
): Refusal | undefined {
  if (authority === AUTHORITY) return undefined;
  return refuse(module.wrongAuthority, `invalid authority; expected ${AUTHORITY}, got ${authority}`, status);
}

type Key<Desc extends DescMessage> = keyof MessageShape<Desc>;

/** The parameter that a message names as the wire does; undefined for one that nobody may set. */
export function settable<Desc extends DescMessage>(
  { schema, rules }: GovernedModule<Desc>,
  name: string,
): DescField | undefined {
  const field = schema.fields.find((candidate) => candidate.name === name);
  return field !== undefined && Object.hasOwn(rules.values, field.localName) ? field : undefined;
}

const SCALAR_CASES: ReadonlyMap<ScalarType | undefined, string> = new Map([
  [ScalarType.UINT64, 'asUint64'],
  [ScalarType.DOUBLE, 'asFloat'],
  [ScalarType.STRING, 'asString'],
]);

/** How a value of a parameter travels: `asUint64`, `asFloat`, `asString`, or `as` and the name of its message. */
export function valueCase({ message, scalar }: DescField): string {
  if (message !== undefined) return `as${message.name}`;
  return SCALAR_CASES.get(scalar) ?? '';
}

/** The network's name of the kind, as its refusals spell it. */
function variant(name: string): string {
  return `*types.MsgUpdateParam_${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
