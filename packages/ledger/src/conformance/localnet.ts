/**
 * Replays a recorded run: the same genesis and blocks must end in the same results, events, records and answers.
 *
 * Taken as given are a block's height, time, hash and transactions, and what `localnet-given.ts` names. Each transaction, the
 * events of each block, the records after it and each recorded query are a case.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { fromBase64, fromHex, toBase64 } from '@decai/protocol/bytes';
import type { CaseVerdict, VectorChecker } from '@decai/protocol/conformance';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { parseTimestamp } from '@decai/protocol/time-text';
import { exportGenesis } from '../export-genesis.ts';
import { parseGenesis } from '../genesis.ts';
import { Ledger } from '../ledger.ts';
import { State } from '../state.ts';
import { Store } from '../store.ts';
import type { StricterRule } from '../stricter-rule.ts';
import { compareCase } from './first-difference.ts';
import { comparableText } from './localnet-exceptions.ts';
import { isGiven, writeGiven, writeValidators } from './localnet-given.ts';
import { underRule } from './known-stricter.ts';
import { ledgerGenesis } from './localnet-genesis.ts';
import { answerText, recordsOf, withFeesTogether } from './localnet-records.ts';
import { relayCases } from './localnet-relays.ts';
import { comparableEvents, comparableOurs, comparableResult } from './localnet-results.ts';
import {
  isLocalnetRun,
  type JsonObject,
  type LocalnetRun,
  type RecordedBlock,
  type RecordedQuery,
} from './localnet-run.ts';

const EXPORTED_MODULES = [
  'application',
  'authz',
  'gateway',
  'proof',
  'service',
  'session',
  'shared',
  'supplier',
  'tokenomics',
];

/** Answers a URL of REST from a ledger: status and body. */
export type UrlAnswerer = (ledger: Ledger, url: string, height: number) => { status: number; body: string };

export const localnetChecker: VectorChecker = localnetCheckerWith();

/** A checker that also asks each query over REST, if it is told how. */
export function localnetCheckerWith(answerUrl?: UrlAnswerer): VectorChecker {
  return {
    format: 'localnet',
    recognises: isLocalnetRun,
    check: (document) => replay(document as LocalnetRun, answerUrl),
  };
}

function* replay(run: LocalnetRun, answerUrl: UrlAnswerer | undefined): Generator<CaseVerdict> {
  const disk = createMemoryStore();
  /** Those of our rules that would have decided something in this block. */
  const relaxed = new Set<StricterRule>();
  const ledger = new Ledger(disk, { relaxes: (rule) => relaxed.add(rule).has(rule) });
  disk.write(ledger.initChain(parseGenesis(ledgerGenesis(run))).writes);
  const expected: Record<string, Record<string, JsonValue>> = {};
  for (const block of run.blocks) {
    const { height } = block;
    const timeNs = nanoseconds(block.block.header.time);
    const hash = fromHex(block.block_id.hash.toLowerCase());
    const transactions = block.block.data.txs.map(fromBase64);
    const { results, events, writes } = ledger.finalizeBlock({ height, timeNs, hash, transactions });
    disk.write(writes);
    yield* transactionCases(block, results);
    const recordedEvents = block.results.finalize_block_events ?? [];
    const name = underRule(`block ${height}, its events`, ...relaxed);
    relaxed.clear();
    yield compareCase(name, comparableEvents(recordedEvents), () => comparableEvents(events));

    const changes = run.state.find((one) => one.height === height);
    const given = stateOf(disk, run, height, timeNs);
    writeGiven(given, block);
    writeValidators(given, run.genesis, changes);
    disk.write(given.store.writes());

    apply(expected, changes);
    yield* recordCases(height, expected, () => recordsOf(ledger, stateOf(disk, run, height, timeNs), expected));
    for (const relay of run.relays ?? []) {
      if (relay.height === height) yield* relayCases(stateOf(disk, run, height, timeNs), relay);
    }
    yield* exportCases(disk, height, run.exports?.[height]?.app_state ?? {});
    for (const query of run.queries ?? []) {
      if (query.height !== height) continue;
      yield queryCase(ledger, query);
      if (answerUrl !== undefined && query.rest_url !== undefined) yield urlCase(ledger, query, answerUrl);
    }
  }
}

function* transactionCases(block: RecordedBlock, results: readonly Parameters<typeof comparableOurs>[0][]) {
  for (const [index, expected] of (block.results.txs_results ?? []).entries()) {
    if (isGiven(block.block.data.txs[index]!)) continue;
    yield compareCase(`block ${block.height}, transaction ${index}`, comparableResult(expected), () =>
      comparableOurs(results[index]!, expected),
    );
  }
}

/** A case a section, so that one difference does not hide another. */
function* recordCases(height: number, expected: JsonObject, read: () => JsonObject): Generator<CaseVerdict> {
  const sections = withFeesTogether(expected);
  const actual = withFeesTogether(read());
  for (const [name, records] of Object.entries(sections)) {
    if (actual[name] === undefined) continue;
    yield compareCase(`block ${height}, ${name} after it`, records, () => actual[name]);
  }
}

/** What each module says of itself in the genesis of a chain that goes on from here. */
function* exportCases(disk: KeyValueStore, height: number, expected: JsonObject): Generator<CaseVerdict> {
  let modules: JsonObject | undefined;
  for (const module of EXPORTED_MODULES) {
    const recorded = expected[module];
    if (recorded === undefined) continue;
    yield compareCase(`block ${height}, export of ${module}`, recorded, () => {
      modules ??= exportGenesis(disk)['app_state'] as JsonObject;
      return modules[module];
    });
  }
}

/** The answer in bytes and, where the record has it, the text of its JSON. */
function queryCase(ledger: Ledger, query: RecordedQuery): CaseVerdict {
  const { height, path, request_json: request, request_b64: data, abci } = query;
  const { code, codespace, log, value } = abci;
  const json = query.rest_status === 200 && code === 0 ? query.rest_body : undefined;
  return compareCase(
    `block ${height}, query ${path} ${JSON.stringify(request)}`,
    { code, codespace, log: comparableText(log), json, value: value ?? '' },
    () => {
      const answer = ledger.query({ path, data: fromBase64(data), height });
      return {
        code: answer.code,
        codespace: answer.codespace,
        log: comparableText(answer.log),
        json: json === undefined ? undefined : answerText(path, answer.value),
        value: toBase64(answer.value),
      };
    },
  );
}

function urlCase(ledger: Ledger, query: RecordedQuery, answerUrl: UrlAnswerer): CaseVerdict {
  const { height, rest_url: url = '', rest_status: status, rest_body: body = '' } = query;
  return compareCase(`block ${height}, REST ${url}`, { status, body: comparableText(body) }, () => {
    const answer = answerUrl(ledger, url, height);
    return { status: answer.status, body: comparableText(answer.body) };
  });
}

/** Applies what a block changed to the records expected so far. */
function apply(expected: Record<string, Record<string, JsonValue>>, changes: LocalnetRun['state'][number] | undefined) {
  for (const [section, records] of Object.entries(changes ?? {})) {
    if (typeof records === 'number') continue;
    const all = (expected[section] ??= {});
    for (const [key, record] of Object.entries(records)) {
      if (record === null) delete all[key];
      else all[key] = record;
    }
  }
}

function stateOf(disk: KeyValueStore, { genesis }: LocalnetRun, height: number, timeNs: bigint): State {
  const chainId = String(genesis['chain_id']);
  return new State(new Store(disk), { chainId, profile: 'pocket', height, timeNs, hash: new Uint8Array(32) });
}

function nanoseconds(text: string): bigint {
  const { seconds, nanos } = parseTimestamp(text);
  return seconds * 1_000_000_000n + BigInt(nanos);
}
