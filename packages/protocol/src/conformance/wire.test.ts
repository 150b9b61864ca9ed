import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { VectorChecker } from '../conformance.ts';
import { httpMessageChecker } from './http-messages.ts';
import { relayChecker } from './relays.ts';
import { transactionChecker } from './transactions.ts';

type Json = Record<string, unknown>;

const CHECKERS: readonly [name: string, checker: VectorChecker, cases: number][] = [
  ['http', httpMessageChecker, 6],
  ['relays', relayChecker, 132],
  ['transactions', transactionChecker, 107],
];

function read(name: string): Json {
  const file = new URL(`../../../../vectors/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Json;
}

function failures(checker: VectorChecker, document: unknown): number {
  return [...checker.check(document)].filter((verdict) => !verdict.passed).length;
}

describe('vectors of relays, embedded HTTP and transactions', () => {
  it.each(CHECKERS)('%s.json passes case by case', (name, checker, cases) => {
    const document = read(name);
    const verdicts = [...checker.check(document)];
    expect(verdicts.filter((verdict) => !verdict.passed)).toEqual([]);
    expect(verdicts).toHaveLength(cases);
  });

  it('are known by their shape', () => {
    const documents = [
      ...CHECKERS.map(([name]) => read(name)),
      read('ring'),
      null,
      7,
      'relays',
      [],
      {},
      [[]],
      { relays: 1 },
    ];
    for (const [index, [, checker]] of CHECKERS.entries()) {
      expect(documents.map((document) => checker.recognises(document))).toEqual(
        documents.map((_d, at) => at === index),
      );
    }
  });
});

describe('a checker of these', () => {
  it('fails a relay for each value that is wrong', () => {
    const document = read('relays') as { keys: unknown; relays: Json[] };
    const relay = document.relays.find((item) => 'relayBytes' in item && !('relayMinerError' in item))!;
    const failuresWith = (changes: Json): number =>
      failures(relayChecker, { keys: document.keys, relays: [{ ...relay, ...changes }] });
    expect(failuresWith({})).toBe(0);
    for (const name of [
      'requestSignBytes',
      'requestHash',
      'responseSignature',
      'relayBytes',
      'relayHash',
      'treePath',
    ]) {
      expect(failuresWith({ [name]: '00' }), name).toBe(1);
    }
    expect(failuresWith({ ringPubs: [] })).toBe(1);
    expect(failuresWith({ applicable: [['00'.repeat(32), true]] })).toBe(1);
    expect(failuresWith({ supplier: 'pokt1nobody' })).toBe(3);
  });

  it('fails a message, a transaction and an object that are wrong', () => {
    const document = read('transactions') as { transactions: Json[]; objects: Json[] };
    const [transaction, object] = [document.transactions[0]!, document.objects[0]!];
    const failuresWith = (transactionChanges: Json, objectChanges: Json = {}): number => {
      const transactions = [{ ...transaction, ...transactionChanges }];
      return failures(transactionChecker, { ...document, transactions, objects: [{ ...object, ...objectChanges }] });
    };
    expect(failuresWith({})).toBe(0);
    expect(failuresWith({ signers: [] })).toBe(1);
    expect(failuresWith({ json: {} })).toBe(1);
    expect(failuresWith({ direct: { ...(transaction['direct'] as Json), sequence: 9 } })).toBe(1);
    expect(failuresWith({ direct: { ...(transaction['direct'] as Json), txHash: '00' } })).toBe(1);
    expect(failuresWith({ legacyAminoJson: { ...(transaction['legacyAminoJson'] as Json), memo: 'x' } })).toBe(1);
    expect(failuresWith({ legacyAminoJson: { error: 'none' } })).toBe(1);
    expect(failuresWith({}, { bytes: '' })).toBe(1);
    expect(failuresWith({}, { type: 'pocket.unknown.Type' })).toBe(1);
  });

  it('fails an embedded message that is wrong', () => {
    const [, request] = read('http') as unknown as Json[];
    expect(failures(httpMessageChecker, [request])).toBe(0);
    expect(failures(httpMessageChecker, [{ ...request, method: 'PUT' }])).toBe(1);
  });
});
