/**
 * The message that changes one parameter, made of what people write: its names, and its value as a genesis has it.
 */
import { create, type DescMessage, type JsonValue, type MessageInitShape } from '@bufbuild/protobuf';
import type { TypedMessage } from '@decai/protocol/any';
import { Fault } from '@decai/protocol/fault';
import { fromChainJson } from '@decai/protocol/parse-chain-json';
import { GOVERNANCE_MESSAGES, type GovernedName } from './governance-messages.ts';
import { AUTHORITY, GOVERNED } from './governed-module.ts';
import { settable, valueCase } from './update-params.ts';

/**
 * A change of one parameter in the name of the authority, to be carried out by whoever may (MsgExec).
 *
 * @throws PARAM_UNKNOWN for a module or parameter that there is not, with those that there are; CHAIN_JSON_INVALID and the
 * like for a value of another kind. Whether the value is in its range, the ledger says.
 */
export function paramChange(module: string, name: string, value: JsonValue): TypedMessage {
  const modules = Object.keys(GOVERNED);
  if (!modules.includes(module)) {
    throw new Fault('PARAM_UNKNOWN', `no module is called "${module}"; there are ${modules.join(', ')}`, { module });
  }
  const governed = GOVERNED[module as GovernedName];
  const field = settable<DescMessage>(governed, name);
  if (field === undefined) {
    const names = governed.schema.fields.filter((each) => settable<DescMessage>(governed, each.name) !== undefined);
    const known = names.map((each) => each.name).join(', ');
    throw new Fault('PARAM_UNKNOWN', `${module} has no parameter "${name}"; it has ${known}`, { module, name });
  }
  const params: Readonly<Record<string, unknown>> = {
    ...fromChainJson<DescMessage>(governed.schema, { [name]: value }),
  };
  const { one: schema } = GOVERNANCE_MESSAGES[module as GovernedName];
  const asType = { case: valueCase(field), value: params[field.localName] };
  const fields = { authority: AUTHORITY, name, asType };
  return { schema, message: create(schema, fields as MessageInitShape<DescMessage>) };
}
