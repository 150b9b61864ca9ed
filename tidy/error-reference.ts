/**
 * `docs/errors.md`, made from the sources: every code with its meaning, so that the page cannot lie.
 *
 * Refusals come from the tables that the code itself uses; faults are read off the places that throw them.
 */
import { API_ERRORS } from '../packages/gateway/src/openai-error.ts';
import * as registered from '../packages/ledger/src/registered-error.ts';
import { MINER_REFUSALS } from '../packages/miner/src/miner-refusal.ts';
import { EXPLORER_REFUSALS } from '../packages/node/src/explorer/explorer-refusal.ts';
import { RELAY_ERROR } from '../packages/protocol/src/relay-error.ts';
import { sourceFiles, stripComments } from './source-files.ts';

type Fact = readonly string[];

export function errorReference(): string {
  return [
    '# Errors',
    '',
    'Every code that this software says or writes, made from the sources by `npx vitest run tidy -u`.',
    '',
    'A **refusal** is an expected "no": its code is stable, checked in a documented order, and tested. A **fault** is something nobody chose: it is',
    'thrown, written to the log with its code and facts, and shown to strangers only as status 500.',
    '',
    '## Towards clients of a gateway',
    '',
    'The OpenAI envelope: `{"error": {"message", "type", "param", "code"}}`.',
    '',
    table(['code', 'status', 'type', 'x-should-retry'], apiRows()),
    '',
    '## Towards gateways: a miner refuses a relay',
    '',
    'A signed `RelayResponse` with a `RelayMinerError`; JSON for those who accept only that.',
    '',
    table(['code', 'status', 'codespace', 'number'], minerRows()),
    '',
    '## RelayMinerError, as the network registers it',
    '',
    table(['codespace', 'number', 'description'], relayRows()),
    '',
    '## Towards readers of the explorer',
    '',
    '`{"error": {"code", "message"}}`.',
    '',
    table(['code', 'status', 'when'], explorerRows()),
    '',
    '## On the ledger',
    '',
    'Codespace and code of transaction results and queries, as Shannon and the Cosmos SDK register them.',
    '',
    table(['codespace', 'code', 'text'], ledgerRows()),
    '',
    '## Faults',
    '',
    table(['code', 'room', 'says'], faultRows()),
    '',
  ].join('\n');
}

function apiRows(): Fact[] {
  return Object.entries(API_ERRORS).map(([code, { status, type, retry }]) => [
    code,
    String(status),
    type,
    retry === undefined ? '' : String(retry),
  ]);
}

function explorerRows(): Fact[] {
  return Object.entries(EXPLORER_REFUSALS).map(([code, { status, when }]) => [code, String(status), when]);
}

function minerRows(): Fact[] {
  return Object.entries(MINER_REFUSALS).map(([code, [status, kind]]) => [
    code,
    String(status),
    kind.codespace,
    String(kind.code),
  ]);
}

function relayRows(): Fact[] {
  return Object.values(RELAY_ERROR).map(({ codespace, code, description }) => [codespace, String(code), description]);
}

function ledgerRows(): Fact[] {
  const isRegistered = (value: unknown): value is readonly [string, number, string] =>
    Array.isArray(value) && value.length === 3 && typeof value[1] === 'number';
  return Object.values(registered)
    .flatMap((group: unknown) => (isRegistered(group) ? [group] : Object.values(group as object)))
    .filter(isRegistered)
    .map(([codespace, code, text]) => [codespace, String(code), text]);
}

/** One row a code: the rooms that throw it and the first thing that one of them says. */
function faultRows(): Fact[] {
  const THROWN = /new Fault(?:<\w+>)?\(\s*'([A-Z][A-Z0-9_]+)',\s*(?:'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|([^,)]+))/g;
  const found = new Map<string, { rooms: Set<string>; says: string }>();
  for (const { text, room, isTest } of sourceFiles('packages', /\.ts$/)) {
    if (isTest) continue;
    for (const [, code, plain, template] of stripComments(text).matchAll(THROWN)) {
      const says = (plain ?? template ?? '').replaceAll('\\', '').replace(/\$\{([^}]*)\}/g, '…');
      const known = found.get(code!) ?? { rooms: new Set<string>(), says: '' };
      known.rooms.add(room);
      if (known.says === '') known.says = says;
      found.set(code!, known);
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { rooms, says }]) => [code, [...rooms].join(', '), says]);
}

function table(head: Fact, rows: readonly Fact[]): string {
  const line = (cells: Fact) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
