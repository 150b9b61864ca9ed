/** What Shannon's own node was asked over REST, and what it said: ours hears and says the same. */
import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { fromBase64, fromUtf8, toBase64, utf8 } from '@decai/protocol/bytes';
import { fromChainJson } from '@decai/protocol/parse-chain-json';
import { EventSchema, ExecTxResultSchema } from '@decai/protocol/gen/tendermint/abci/types_pb';
import { BlockSchema } from '@decai/protocol/gen/tendermint/types/block_pb';
import { BlockIDSchema, CommitSchema } from '@decai/protocol/gen/tendermint/types/types_pb';
import { parseTimestamp } from '@decai/protocol/time-text';
import { committedLines } from '@decai/protocol/testing/committed-vectors';
import { describe, expect, test } from 'vitest';
import type { LedgerNode, StateQuery } from '../ledger-node.ts';
import type { FoundTransaction } from '../search-transactions.ts';
import { blockMethods } from './block-methods.ts';
import { restHandler } from './rest-handler.ts';
import { REST_SERVICES } from './rest-services.ts';
import { transactionTexts } from './transaction-json.ts';

type Recorded = {
  readonly height: number;
  readonly path: string;
  readonly request_b64: string;
  readonly abci: { code: number; codespace: string; log: string; value: string | null; height: string };
  readonly rest_url: string;
  readonly rest_status: number;
  readonly rest_body: string;
  readonly rest_height_header: Readonly<Record<string, string>>;
};

const queries = committedLines('localnet/run-a/queries.jsonl') as Recorded[];
const rest: Record<string, any> = JSON.parse(readFileSync(new URL('../../vectors/rest.json', import.meta.url), 'utf8'));

const HEIGHTS = ['x-cosmos-block-height', 'grpc-metadata-x-cosmos-block-height'];

/** A handler over a ledger that gives the recorded answer, and what it was asked. */
function over(abci: Recorded['abci'], methods: Parameters<typeof restHandler>[0]['methods'] = []) {
  const asked: StateQuery[] = [];
  const handler = restHandler({
    services: REST_SERVICES,
    methods,
    ledger: {
      latestHeight: () => Number(abci.height),
      read: async (look) => look(),
      query(query) {
        asked.push(query);
        return { ...abci, value: fromBase64(abci.value ?? ''), height: Number(abci.height) };
      },
    },
  });
  const ask = async (url: string, headers: Record<string, string> = {}, method = 'GET', body = '') => {
    const { signal } = new AbortController();
    const answer = await handler({ method, url, headers, body: utf8(body), signal });
    const heights = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => HEIGHTS.includes(name)));
    return { status: answer.status, body: fromUtf8(answer.body as Uint8Array), heights };
  };
  return { ask, asked };
}

const NOTHING = { code: 0, codespace: '', log: '', value: null, height: '201' };

describe('queries', () => {
  test('are understood as they were, and answered with the same text, status and height', async () => {
    expect(queries.length).toBeGreaterThan(700);
    for (const query of queries) {
      const { ask, asked } = over({ ...query.abci, height: `${query.height}` });
      const answer = await ask(query.rest_url, { 'x-cosmos-block-height': `${query.height}` });
      expect([query.rest_url, answer.status, answer.body]).toEqual([
        query.rest_url,
        query.rest_status,
        query.rest_body,
      ]);
      expect(answer.heights).toMatchObject(query.rest_height_header);
      expect(Object.keys(answer.heights)).toHaveLength(query.rest_status === 200 ? 2 : 1);
      const understood = asked.map(({ path, data, height }) => [path, toBase64(data), height]);
      expect(understood).toEqual([[query.path, query.request_b64, query.height]]);
    }
  });

  test('cover every pocket method that has a path', () => {
    const recorded = new Set(queries.map(({ path }) => path));
    const pocket = REST_SERVICES.filter(({ typeName }) => typeName.startsWith('pocket.'));
    for (const { typeName, methods } of pocket) {
      for (const { name } of methods) expect(recorded).toContain(`/${typeName}/${name}`);
    }
  });

  test('that no path has are refused', async () => {
    const { status, body } = rest['REST GET /nonexistent'];
    const { ask, asked } = over(NOTHING);
    expect(await ask('/nonexistent')).toEqual({ status, body, heights: {} });
    expect(asked).toEqual([]);
  });
});

describe('transactions', () => {
  test('are simulated', async () => {
    const { request, status, body } = rest['REST POST simulate'];
    const { ask, asked } = over(rest['abci_query Simulate'].response);
    const answer = await ask('/cosmos/tx/v1beta1/simulate', {}, 'POST', JSON.stringify(request));
    expect(answer).toMatchObject({ status, body });
    expect(asked[0]!.path).toBe('/cosmos.tx.v1beta1.Service/Simulate');
  });

  test.each(['tx ok', 'tx failed'])('are shown as sent and as executed: %s', (name) => {
    const { result } = rest[name].response;
    const { body } = rest[`REST /cosmos/tx/v1beta1/txs/${name}`];
    const time = parseTimestamp(JSON.parse(body).tx_response.timestamp);
    const { tx_result: executed } = result;
    const found: FoundTransaction = {
      hash: result.hash,
      height: Number(result.height),
      index: result.index,
      bytes: fromBase64(result.tx),
      result: create(ExecTxResultSchema, {
        code: executed.code,
        codespace: executed.codespace,
        data: fromBase64(executed.data ?? ''),
        log: executed.log,
        gasWanted: BigInt(executed.gas_wanted),
        gasUsed: BigInt(executed.gas_used),
        events: executed.events.map((event: any) => fromChainJson(EventSchema, event)),
      }),
      block: create(BlockSchema, { header: { time: { ...time, nanos: 5 } } }),
    };
    const texts = transactionTexts(found);
    expect(`{"tx":${texts.tx},"tx_response":${texts.response}}`).toBe(body);
  });
});

describe('blocks', () => {
  const { body } = rest['REST GET /cosmos/base/tendermint/v1beta1/blocks/5'];
  const whole = JSON.parse(body);
  const stored = {
    block: fromChainJson(BlockSchema, whole.block),
    commit: create(CommitSchema, { blockId: fromChainJson(BlockIDSchema, whole.block_id) }),
  };
  const node = {
    latestHeight: () => 5,
    minGasPrice: '',
    chainId: 'localnet-a1',
    identity: { moniker: 'v1', address: new Uint8Array(20), publicKey: new Uint8Array(32), votingPower: 1n },
    blocks: { block: (height: number) => (height === 5 ? stored : undefined) },
  };
  const { ask } = over(NOTHING, blockMethods(node as unknown as LedgerNode));

  test.each(['5', 'latest'])('come with the proposer in both forms: %s', async (height) => {
    const answer = await ask(`/cosmos/base/tendermint/v1beta1/blocks/${height}`);
    expect(answer).toEqual({ status: 200, body, heights: { [HEIGHTS[0]!]: '201', [HEIGHTS[1]!]: '201' } });
  });

  test.each(['/cosmos/base/tendermint/v1beta1/syncing', '/cosmos/base/node/v1beta1/config'])('%s', async (path) => {
    expect((await ask(path)).body).toBe(rest[`REST GET ${path}`].body);
  });

  test('the node presents itself with the same fields', async () => {
    const path = '/cosmos/base/tendermint/v1beta1/node_info';
    const [ours, theirs] = [(await ask(path)).body, rest[`REST GET ${path}`].body].map((text) => JSON.parse(text));
    for (const part of ['default_node_info', 'application_version'])
      expect(Object.keys(ours[part])).toEqual(Object.keys(theirs[part]));
    expect(ours.default_node_info).toMatchObject({ network: 'localnet-a1', version: '0.38.26', moniker: 'v1' });
    expect(ours.application_version.cosmos_sdk_version).toBe(theirs.application_version.cosmos_sdk_version);
  });
});
