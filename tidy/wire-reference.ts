/**
 * `docs/wire.md`, made from the descriptors: every message that crosses a wire or lies in a store, with its source and who acts on it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DescFile, DescMessage } from '@bufbuild/protobuf';
import { REST_SERVICES } from '../packages/node/src/rest/rest-services.ts';
import { methodPath } from '../packages/node/src/rest/rest-method.ts';
import { restRoutes, type RestRoute } from '../packages/node/src/rest/rest-route.ts';
import { nodeMethods } from '../packages/node/src/rest/serve-rest.ts';
import type { LedgerNode } from '../packages/node/src/ledger-node.ts';
import { queryPaths } from '../packages/ledger/src/query.ts';
import { ruleFor } from '../packages/ledger/src/message-rules.ts';
import { ROOT, sourceFiles, stripComments } from './source-files.ts';

const GENERATED = 'packages/protocol/src/gen';
const PROTO = 'packages/protocol/proto';

export async function wireReference(): Promise<string> {
  const files = await descriptors();
  const messages = files.flatMap((file) => [...allMessages(file.messages)]);
  const services = files.flatMap((file) => file.services);
  const methods = (name: string) => services.filter((service) => service.name === name).flatMap((each) => each.methods);
  const transactions = methods('Msg').map((method) => method.input);
  const asked = new Set(services.flatMap((service) => service.methods).flatMap(({ input, output }) => [input, output]));
  const events = messages.filter(({ name }) => name.startsWith('Event'));
  const answered = new Set(queryPaths());
  const beside = new Set(nodeMethods({} as LedgerNode).map(({ path }) => path));
  const paths = restPaths();
  const code = ledgerCode();
  return [
    '# The wire',
    '',
    'Every message type of this software, made from the descriptors by `npx vitest run tidy -u`. Field numbers stand in the `.proto` files',
    `under \`${PROTO}\`, each of which names its source; how bytes are written is \`packages/protocol/src/codec.ts\`.`,
    '',
    '## Transactions',
    '',
    'What can be asked of the ledger, and the file that carries it out. A dash: refused as unknown (sdk 6).',
    '',
    ...table(
      ['message', 'source', 'carried out in'],
      transactions.map((each) => [asCode(each.typeName), sourceOf(each), ledgerFile(code, each)]),
    ),
    '',
    '## Queries',
    '',
    'ABCI paths, and those of REST. A dash: refused as unknown. What stands only over REST is about blocks, transactions and the node itself.',
    '',
    ...table(
      ['path', 'asks', 'answers', 'source', 'answered', 'REST'],
      services
        .filter(({ name }) => name !== 'Msg')
        .flatMap(({ typeName, methods: own }) =>
          own.map((method) => {
            const path = `/${typeName}/${method.name}`;
            return [
              asCode(path),
              asCode(method.input.name),
              asCode(method.output.name),
              sourceOf(method.input),
              answered.has(path) ? 'yes' : beside.has(path) ? 'over REST' : '-',
              paths.get(path) ?? '-',
            ];
          }),
        ),
    ),
    '',
    '## Events',
    '',
    ...table(
      ['event', 'source', 'told by'],
      events.map((each) => [asCode(each.typeName), sourceOf(each), emitters(code, each)]),
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
        .map((each) => [asCode(each.typeName), sourceOf(each)]),
    ),
    '',
  ].join('\n');
}

/** The descriptors of all generated files, by name. */
/** By ABCI path, with the verb. */
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

/** The repository and path that the `.proto` file names. */
function sourceOf({ file }: DescMessage): string {
  const text = readFileSync(join(ROOT, PROTO, `${file.name}.proto`), 'utf8');
  const source = /Source: (.+?)\.?\n(?!\/\/ )/s.exec(text)?.[1]?.replaceAll('\n// ', ' ');
  if (source === undefined) throw new Error(`${file.name}.proto names no source`);
  return source;
}

function ledgerFile(code: ReadonlyMap<string, string>, message: DescMessage): string {
  if (ruleFor(`/${message.typeName}`) === undefined) return '-';
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
  return found.length === 0 ? '-' : found.map((path) => `[${path.split('/').at(-1)}](../${path})`).join(', ');
}

function asCode(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
