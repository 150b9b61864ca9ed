/**
 * `docs/wire.md`, made from the descriptors: every message that crosses a wire or lies in a store, with its source and who acts on it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getOption, type DescEnum, type DescFile, type DescMessage } from '@bufbuild/protobuf';
import { signer } from '../packages/protocol/src/gen/cosmos/msg/v1/msg_pb.ts';
import { REST_SERVICES } from '../packages/node/src/rest/rest-services.ts';
import { methodPath } from '../packages/node/src/rest/rest-method.ts';
import { restRoutes, type RestRoute } from '../packages/node/src/rest/rest-route.ts';
import { nodeMethods } from '../packages/node/src/rest/serve-rest.ts';
import type { LedgerNode } from '../packages/node/src/ledger-node.ts';
import { queryPaths } from '../packages/ledger/src/query.ts';
import { ruleFor } from '../packages/ledger/src/message-rules.ts';
import { parameterRows } from './parameter-reference.ts';
import { ROOT, sourceFiles, stripComments } from './source-files.ts';

const GENERATED = 'packages/protocol/src/gen';
const PROTO = 'packages/protocol/proto';

/** What of the descriptors nobody serves, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'cosmos.staking.v1beta1.MsgCreateValidator': 'genesis lists the validators',
  'cosmos.staking.v1beta1.MsgEditValidator': 'genesis lists the validators',
  'cosmos.staking.v1beta1.MsgDelegate': 'genesis lists the delegations',
  'cosmos.staking.v1beta1.MsgBeginRedelegate': 'genesis lists the delegations',
  'cosmos.staking.v1beta1.MsgUndelegate': 'genesis lists the delegations',
  'cosmos.staking.v1beta1.MsgCancelUnbondingDelegation': 'genesis lists the delegations',
};

export async function wireReference(): Promise<string> {
  const files = await descriptors();
  const messages = files.flatMap((file) => [...allMessages(file.messages)]);
  const services = files.flatMap((file) => file.services);
  const methods = (name: string) => services.filter((service) => service.name === name).flatMap((each) => each.methods);
  const transactions = methods('Msg').map((method) => method.input);
  const asked = new Set(services.flatMap((service) => service.methods).flatMap(({ input, output }) => [input, output]));
  const events = messages.filter(({ name, file }) => name.startsWith('Event') && file.name.endsWith('/event'));
  const answered = new Set(queryPaths());
  const beside = new Set(nodeMethods({} as LedgerNode).map(({ path }) => path));
  const paths = restPaths();
  const code = ledgerCode();
  return [
    '# The wire',
    '',
    'Every message type of this software, made from the descriptors by `npx vitest run tidy -u`. A name leads to the `.proto` file with its',
    `fields and their numbers, all under \`${PROTO}\`; the source is where that file was taken from. How bytes are written is said in`,
    '[codec.ts](../packages/protocol/src/codec.ts), JSON in [chain-json.ts](../packages/protocol/src/chain-json.ts), what is signed in',
    '[sign-transaction.ts](../packages/protocol/src/sign-transaction.ts). The order in which a message is refused, and with which codes, stands',
    'over the functions that carry it out.',
    '',
    '[Transactions](#transactions) · [Queries](#queries) · [Events](#events) · [Parameters](#parameters) · [Enumerations](#enumerations) ·',
    '[Everything else](#everything-else)',
    '',
    '## Transactions',
    '',
    'What can be asked of the ledger, the field that names who signs, and the file that carries it out. What is not carried out is',
    'refused as unknown (sdk 6).',
    '',
    ...table(
      ['message', 'signed by', 'carried out in', 'source'],
      transactions.map((each) => [linked(each), signersOf(each), ledgerFile(code, each), sourceOf(each)]),
    ),
    '',
    '## Queries',
    '',
    'ABCI paths, and those of REST. What stands only over REST is about blocks, transactions and the node itself.',
    '',
    ...table(
      ['path', 'asks', 'answers', 'answered', 'REST', 'source'],
      services
        .filter(({ name }) => name !== 'Msg')
        .flatMap(({ typeName, methods: own }) =>
          own.map((method) => {
            const path = `/${typeName}/${method.name}`;
            return [
              asCode(path),
              linked(method.input, method.input.name),
              linked(method.output, method.output.name),
              served(path, answered.has(path) ? 'yes' : beside.has(path) ? 'over REST' : undefined),
              paths.get(path) ?? '-',
              sourceOf(method.input),
            ];
          }),
        ),
    ),
    '',
    '## Events',
    '',
    'What the ledger tells, and the files that tell it.',
    '',
    ...table(
      ['event', 'told by', 'source'],
      events.map((each) => [linked(each), emitters(code, each), sourceOf(each)]),
    ),
    '',
    '## Parameters',
    '',
    'What a network can be tuned with, by `MsgUpdateParams` of the module or, one at a time, by `MsgUpdateParam` with the value in the field',
    'that is named here. Limits and errors: [params-check.ts](../packages/ledger/src/params-check.ts).',
    '',
    ...table(['parameter', 'type', 'value in', 'begins as'], parameterRows()),
    '',
    '## Enumerations',
    '',
    ...table(
      ['enumeration', 'values'],
      files
        .flatMap((file) => [...allEnums(file)])
        .map((each) => [asCode(each.typeName), each.values.map(({ name, number }) => `${name} ${number}`).join(', ')]),
    ),
    '',
    '## Everything else',
    '',
    'Parts of the above, state, relays, blocks.',
    '',
    ...table(
      ['message', 'source'],
      messages
        .filter((each) => !asked.has(each) && !events.includes(each))
        .map((each) => [linked(each), sourceOf(each)]),
    ),
    '',
  ].join('\n');
}

/** REST paths by ABCI path, with the verb. */
function restPaths(): ReadonlyMap<string, string> {
  const template = (segments: RestRoute['segments']): string =>
    segments.map((each) => (each.kind === 'word' ? `/${each.text}` : `/{${each.name}}`)).join('');
  return new Map(
    restRoutes(REST_SERVICES).map(({ method, verb, segments }) => [
      methodPath(method),
      asCode(`${verb} ${template(segments)}`),
    ]),
  );
}

/** The descriptors of all generated files, by name. */
async function descriptors(): Promise<DescFile[]> {
  const paths = readdirSync(join(ROOT, GENERATED), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('_pb.ts'),
  );
  const modules = await Promise.all(
    paths.sort().map(async (path) => (await import(join(ROOT, GENERATED, path))) as Record<string, unknown>),
  );
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is DescFile => (value as { kind?: string }).kind === 'file')
    .filter(({ name }) => !/^(google|gogoproto|amino|cosmos_proto|cosmos\/msg)\//.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The ledger's sources without their comments, by path. */
function ledgerCode(): ReadonlyMap<string, string> {
  const files = sourceFiles('packages', /\.ts$/).filter(
    ({ room, path, isTest }) => room === 'ledger' && !isTest && !path.includes('/conformance/'),
  );
  return new Map(files.map(({ path, text }) => [path, stripComments(text)]));
}

function* allMessages(messages: readonly DescMessage[]): Generator<DescMessage> {
  for (const each of messages) {
    yield each;
    yield* allMessages(each.nestedMessages);
  }
}

/** The repository and path that the `.proto` file names; what is ours was not taken from anywhere. */
function sourceOf({ file }: DescMessage): string {
  if (file.name.startsWith('decai/')) return 'our own';
  const text = readFileSync(join(ROOT, PROTO, `${file.name}.proto`), 'utf8');
  const source = /Source: (.+?)\.?\n(?!\/\/ )/s.exec(text)?.[1]?.replaceAll('\n// ', ' ');
  if (source === undefined) throw new Error(`${file.name}.proto names no source`);
  return source;
}

function* allEnums(file: DescFile): Generator<DescEnum> {
  yield* file.enums;
  for (const message of allMessages(file.messages)) yield* message.nestedEnums;
}

/** What stands in the table for something that is served; the reason for something that is not. */
function served(name: string, how: string | undefined): string {
  const reason = LEFT_OUT[name];
  if (how !== undefined && reason !== undefined) throw new Error(`${name} is served, and listed as left out`);
  const said = how ?? reason;
  if (said === undefined) throw new Error(`${name} is not served, and nobody says why`);
  return said;
}

/** The fields whose addresses must sign. */
function signersOf(message: DescMessage): string {
  return getOption(message, signer).map(asCode).join(', ');
}

function ledgerFile(code: ReadonlyMap<string, string>, message: DescMessage): string {
  if (ruleFor(`/${message.typeName}`) === undefined) return `not carried out: ${served(message.typeName, undefined)}`;
  served(message.typeName, 'yes');
  const name = message.name.replace(/^Msg/, '');
  const handler = name[0]!.toLowerCase() + name.slice(1);
  const fileWith = (pattern: RegExp): string | undefined => [...code].find(([, text]) => pattern.test(text))?.[0];
  const path =
    fileWith(new RegExp(`export function ${handler}\\b`)) ??
    fileWith(new RegExp(`import [^;]*\\b${message.name}\\b[^;]* from '[^']*/${message.file.name}_pb'`)) ??
    (/^UpdateParams?$/.test(name) ? 'packages/ledger/src/update-params.ts' : 'packages/ledger/src/message-rules.ts');
  return `[${path.split('/').at(-1)}](../${path})`;
}

function emitters(code: ReadonlyMap<string, string>, { name }: DescMessage): string {
  const found = [...code.keys()].filter((path) => new RegExp(`\\b${name}Schema\\b`).test(code.get(path)!));
  if (found.length === 0) throw new Error(`nobody tells ${name}`);
  return found.map((path) => `[${path.split('/').at(-1)}](../${path})`).join(', ');
}

/** The name of a message, leading to our copy of its schema. */
function linked({ typeName, file }: DescMessage, shown: string = typeName): string {
  return `[${asCode(shown)}](../${PROTO}/${file.name}.proto)`;
}

function asCode(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
