import { describe, expect, it, test } from 'vitest';
import { committedLines, committedVectors, failuresOf } from '@decai/protocol/testing/committed-vectors';
import { comparableText, isCompared } from './localnet-exceptions.ts';
import { localnetChecker } from './localnet.ts';

const runA = {
  genesis: committedVectors('localnet/run-a/genesis.json'),
  blocks: committedLines('localnet/run-a/blocks.jsonl'),
  state: committedLines('localnet/run-a/state.jsonl'),
  queries: committedLines('localnet/run-a/queries.jsonl'),
  exports: committedVectors('localnet/run-a/exports.json'),
  relays: [...committedLines('localnet/run-a/relays.jsonl'), ...committedLines('localnet/run-a/relays-cli.jsonl')],
};

const runQ = {
  genesis: committedVectors('localnet/run-q/genesis.json'),
  blocks: committedLines('localnet/run-q/blocks.jsonl'),
  state: committedLines('localnet/run-q/state.jsonl'),
  relays: committedLines('localnet/run-q/relays.jsonl'),
};

test('120 blocks of a Shannon chain end in the same results, events, records and answers', () => {
  expect(localnetChecker.recognises(runA)).toBe(true);
  expect(failuresOf(localnetChecker, runA)).toEqual({ checked: 2854, failures: [] });
});

test('44 blocks of a chain that was made without our stricter rules are followed where it says so, and only there', () => {
  expect(failuresOf(localnetChecker, runQ)).toEqual({ checked: 783, failures: [] });
  const ruled = [...localnetChecker.check(runQ)].flatMap(({ name }) => {
    const rules = [...name.matchAll(/rule ([A-Z_]+):/g)].map(([, rule]) => rule);
    return rules.length === 0 ? [] : [`${/^block \d+/.exec(name)![0]}: ${rules.join(', ')}`];
  });
  expect(ruled).toMatchInlineSnapshot(`
    [
      "block 19: REQUIREMENT_WITHOUT_STATUS",
      "block 27: SESSION_HEIGHTS",
      "block 31: SLASHED_SUPPLIER_LEAVES",
      "block 36: REQUIREMENT_WITHOUT_STATUS",
      "block 37: REQUIREMENT_WITHOUT_STATUS",
    ]
  `);
});

const STUCK = 'pocket.application.EventApplicationStakeStuckInModulePool';

type Attributes = { key: string; value: string }[];
type Result = { code: number; codespace: string; log: string; data: string; events: { attributes: Attributes }[] };
type Run = {
  genesis: unknown;
  blocks: { results: { txs_results: Result[] | null; finalize_block_events: { attributes: Attributes }[] } }[];
  state: { height: number; [section: string]: unknown }[];
  queries: { height: number; abci: { code: number; log: string; value: string }; rest_body: string }[];
};

/** Block 3 has the first transactions, and the first queries follow block 4. */
function shortRun(): Run {
  const { genesis, blocks, state, queries } = structuredClone(runA) as unknown as Run;
  return {
    genesis,
    blocks: blocks.slice(0, 4),
    state: state.filter(({ height }) => height <= 4),
    queries: queries.filter(({ height }) => height === 4),
  };
}

const result = ({ blocks }: Run): Result => blocks[2]!.results.txs_results![0]!;

describe('a change in the record is noticed', () => {
  const unchanged = failuresOf(localnetChecker, shortRun());

  it.each<[string, (run: Run) => void]>([
    ['code', (run) => void (result(run).code = 5)],
    ['codespace', (run) => void (result(run).codespace = 'sdk')],
    ['text', (run) => void (result(run).log = 'no')],
    ['data', (run) => void (result(run).data = 'AAAA')],
    ['attribute', (run) => void (result(run).events[0]!.attributes[0]!.value = '1upokt')],
    ['order of attributes', (run) => void result(run).events[0]!.attributes.reverse()],
    ['order of events', (run) => void result(run).events.reverse()],
    ['event of a block', ({ blocks }) => void blocks[0]!.results.finalize_block_events.pop()],
    ['answer', ({ queries }) => void (queries[0]!.abci.value = '')],
    ['answer’s JSON', ({ queries }) => void (queries[0]!.rest_body += ' ')],
    ['refusal of a query', ({ queries }) => void (queries.find(({ abci }) => abci.code !== 0)!.abci.code = 1)],
  ])('%s', (_what, change) => {
    const run = shortRun();
    change(run);
    expect(failuresOf(localnetChecker, run)).toMatchObject({
      checked: unchanged.checked,
      failures: [{ name: expect.stringMatching(/^block [0-9]+, /) }],
    });
  });

  it.each(['applications', 'gateways', 'suppliers', 'services', 'balances', 'params', 'shared_params_in_force'])(
    'record among %s',
    (section) => {
      const run = shortRun();
      const changes = run.state.find((one) => section in one)!;
      const records = changes[section] as Record<string, unknown>;
      records[Object.keys(records)[0]!] = {};
      const { failures } = failuresOf(localnetChecker, run);
      expect(failures.map(({ name }) => name)).toContain(`block ${changes.height}, ${section} after it`);
    },
  );

  it('and nothing fails without one', () => {
    expect(unchanged.failures).toEqual([]);
  });
});

describe('a change in a recorded relay is noticed', () => {
  type Relay = { height: number; label: string; request_http_b64: string; response_http_b64: string };
  /** The first relay whose supplier the ledger knows by then, and the chain up to it. */
  const first = (runA.relays as Relay[])[0]!;
  const upTo = (relay: Relay): unknown => ({
    genesis: runA.genesis,
    blocks: runA.blocks.slice(0, first.height),
    state: runA.state,
    relays: [relay],
  });
  /** With one byte of the message's body another one, counted from its end. */
  const changed = (message: string, fromEnd: number): string => {
    const bytes = Buffer.from(message, 'base64');
    bytes[bytes.length - fromEnd]! ^= 1;
    return bytes.toString('base64');
  };
  const failed = (relay: Relay): string[] =>
    failuresOf(localnetChecker, upTo(relay)).failures.map(({ name }) => name.replace(/^.*, /, ''));

  it.each<[string, Relay, string[]]>([
    ['none', first, []],
    [
      'the answer',
      { ...first, response_http_b64: changed(first.response_http_b64, 1) },
      ['its answer', 'whose answer it is'],
    ],
    ['the request', { ...first, request_http_b64: changed(first.request_http_b64, 1) }, ['whose request it is']],
  ])('%s', (_what, relay, names) => {
    expect(failed(relay)).toEqual(names);
  });
});

test.each<[string, Record<string, string>, boolean]>([
  ['mint', { bonded_ratio: '1', mode: 'BeginBlock' }, false],
  ['coin_spent', { spender: 'a', amount: '1upokt', mode: 'EndBlock' }, true],
  ['pocket.supplier.EventSupplierServiceConfigActivated', { mode: 'BeginBlock' }, true],
  [STUCK, { stuck_coin: '{"denom":"upokt","amount":"0"}', mode: 'EndBlock' }, false],
  [STUCK, { stuck_coin: '{"denom":"upokt","amount":"1"}', mode: 'EndBlock' }, true],
])('of %s with %o is compared: %s', (type, fields, compared) => {
  const attributes = Object.entries(fields).map(([key, value]) => ({ key, value }));
  expect(isCompared({ type, attributes })).toBe(compared);
});

test.each([
  [
    'is not allowed to unstake supplier {OwnerAddress:a}: no',
    'is not allowed to unstake supplier {OwnerAddress:b}: no',
    true,
  ],
  ['failed to unmarshal relay: EOF: invalid relay', 'failed to unmarshal relay: cut short: invalid relay', true],
  ['failed to unmarshal relay: EOF: invalid relay', 'failed to unmarshal relay: EOF: invalid proof', false],
  [
    'out of gas in location: Has; gasWanted: 5, gasUsed: 6',
    'out of gas in location: x; gasWanted: 5, gasUsed: 7',
    true,
  ],
  [
    'out of gas in location: Has; gasWanted: 5, gasUsed: 6',
    'out of gas in location: Has; gasWanted: 4, gasUsed: 6',
    false,
  ],
  [
    'pocket.tokenomics.EventClaimDiscarded a=1 error="x" service_id="s"',
    'pocket.tokenomics.EventClaimDiscarded a=1 error="y \\"z\\"" service_id="s"',
    true,
  ],
  [
    'pocket.tokenomics.EventClaimSettled error="x" service_id=1',
    'pocket.tokenomics.EventClaimSettled error="y" service_id=1',
    false,
  ],
  [
    'decoding bech32 failed: invalid checksum (expected a got b): bad',
    'address has prefix x, expected pokt: bad',
    true,
  ],
  [
    "(hrp does not match bech32 prefix: expected 'pokt' got 'x'): bad",
    '(address has 19 bytes, expected 20): bad',
    true,
  ],
  ['decoding bech32 failed: too short: bad', 'address is not bech32, or its checksum fails: bad', true],
  ['balance 5upokt is smaller', 'balance 6upokt is smaller', false],
])('of %s and %s only the named words are left out', (a, b, same) => {
  const [left, right] = [comparableText(a), comparableText(b)];
  expect(left === right).toBe(same);
});
