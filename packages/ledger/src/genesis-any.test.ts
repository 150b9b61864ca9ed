import type { JsonValue } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isFault } from '@decai/protocol/fault';
import { moduleNamed } from './module-account.ts';
import { hashOf } from './test-chain.ts';
import {
  APP,
  GATEWAY,
  OPERATOR,
  OWNER,
  startChain,
  VALIDATOR,
  upokt,
  type GenesisDocument,
  type Json,
} from './test-genesis.ts';

/** The document with something in every list that a running chain could have written. */
function lived(genesis: GenesisDocument): void {
  const first = (module: string, list: string): Json => (genesis.app_state[module]![list] as Json[])[0]!;
  const header = {
    application_address: APP,
    service_id: 'a',
    session_id: 'aa',
    session_start_block_height: '1',
    session_end_block_height: '10',
  };
  const ofSession = { supplier_operator_address: OPERATOR, session_header: header };
  const rootHash = Buffer.concat([
    Buffer.alloc(32, 7),
    Buffer.from([0, 0, 0, 0, 0, 0, 0, 5]),
    Buffer.from([0, 0, 0, 0, 0, 0, 0, 5]),
  ]);
  genesis.app_state['proof']!['claim_list'] = [{ ...ofSession, root_hash: rootHash.toString('base64') }];
  genesis.app_state['proof']!['proof_list'] = [{ ...ofSession, closest_merkle_proof: 'AAAA' }];
  const { params } = genesis.app_state['shared']!;
  genesis.app_state['shared']!['params_history'] = [{ effective_height: '1', params: params! }];
  genesis.app_state['session']!['params_history'] = [
    { effective_height: '1', params: genesis.app_state['session']!['params']! },
  ];
  const target = Buffer.alloc(32, 200).toString('base64');
  genesis.app_state['service']!['relayMiningDifficultyList'] = [
    { service_id: 'a', block_height: '1', num_relays_ema: '9', target_hash: target },
  ];
  genesis.app_state['service']!['compute_units_per_relay_history'] = [
    { service_id: 'a', effective_height: '1', compute_units_per_relay: '1' },
  ];
  Object.assign(first('application', 'application_list'), {
    pending_undelegations: { '10': { gateway_addresses: [OWNER] } },
    pending_transfer: { destination_address: OWNER, session_end_height: '10' },
    unstake_session_end_height: '0',
    service_config_history: [{ application_address: APP, service: { service_id: 'a' }, activation_height: '1' }],
    per_session_spend_limit: upokt('1000000'),
  });
  const supplier = first('supplier', 'supplierList');
  supplier['unstake_session_end_height'] = '10';
  supplier['service_config_history'] = [
    {
      operator_address: OPERATOR,
      service: (supplier['services'] as JsonValue[])[0]!,
      activation_height: '1',
      deactivation_height: '11',
    },
  ];
}

/** Every place in the document, as the keys that lead there. */
function placesIn(value: JsonValue, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]))];
}

function replace(root: JsonValue, path: readonly string[], value: JsonValue): void {
  let at = root as Json;
  for (const key of path.slice(0, -1)) at = at[key] as Json;
  at[path.at(-1)!] = value;
}

const template = startingDocument();
const places = placesIn(template).filter((path) => path.length > 0);

function startingDocument(): GenesisDocument {
  let document: GenesisDocument | undefined;
  startChain((genesis) => {
    lived(genesis);
    document = structuredClone(genesis);
  });
  return document!;
}

const NUMBERS = [
  '-1',
  '0',
  '1',
  '2',
  '5',
  '7',
  '10',
  '11',
  '20',
  '900',
  '1000',
  '4294967296',
  '9007199254740993',
  '18446744073709551615',
];
const ADDRESSES = [APP, GATEWAY, OWNER, OPERATOR, moduleNamed('mint').address, moduleNamed('supplier').address];
const anything = fc.oneof(
  fc.constantFrom<JsonValue>(...NUMBERS, ...ADDRESSES, VALIDATOR, '', 'x', '1e3', '0.5', '-0.5', '9'.repeat(90)),
  fc.constantFrom<JsonValue>(null, true, -1, 0, 0.5, 1e300, [], {}, [{}], { a: 'b' }, upokt('1'), upokt('x')),
  fc.constantFrom<JsonValue>(...[1, 32, 48].map((length) => Buffer.alloc(length, length % 5).toString('base64'))),
);

/** A place and what is put there, as often as not something of the kind that was there. */
const change = fc
  .constantFrom(...places)
  .chain((path) => fc.tuple(fc.constant(path), fc.oneof(anything, ofKind(valueAt(path)))));

function ofKind(value: JsonValue): fc.Arbitrary<JsonValue> {
  if (typeof value === 'number') return fc.constantFrom(-1, 0, 0.25, 0.5, 1, 2, 1e300);
  if (typeof value === 'string' && /^[0-9]+$/.test(value)) return fc.constantFrom(...NUMBERS);
  if (typeof value === 'string' && value.startsWith('pokt1')) return fc.constantFrom(...ADDRESSES);
  return anything;
}

function valueAt(path: readonly string[]): JsonValue {
  return path.reduce<JsonValue>((at, key) => (at as Json)[key]!, template);
}

it('a genesis is refused, or its chain goes on past every window, whatever stands in the document', () => {
  let started = 0;
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
      let chain: ReturnType<typeof startChain>;
      try {
        chain = startChain((genesis) => {
          Object.assign(genesis, structuredClone(template));
          // A place below one that was replaced may be gone.
          for (const [path, put] of changes.slice(0, 1)) replace(genesis, path, put);
          for (const [path, put] of changes.slice(1)) if (isThere(genesis, path)) replace(genesis, path, put);
        });
      } catch (thrown) {
        if (!isFault(thrown)) throw thrown;
        expect(['GENESIS_INVALID', 'PROFILE_UNSUPPORTED'], thrown.stack ?? thrown.code).toContain(thrown.code);
        return;
      }
      started += 1;
      const { height, timeNs } = chain.ledger.lastBlock!;
      for (let ahead = 1; ahead <= 45; ahead += 1) {
        const block = { height: height + ahead, timeNs: timeNs + BigInt(ahead), hash: hashOf(ahead), transactions: [] };
        chain.disk.write(chain.ledger.finalizeBlock(block).writes);
      }
    }),
    { numRuns: 300 },
  );
  expect(started).toBeGreaterThan(10);
});

function isThere(root: JsonValue, path: readonly string[]): boolean {
  let at: JsonValue | undefined = root;
  for (const key of path.slice(0, -1)) {
    if (typeof at !== 'object' || at === null) return false;
    at = (at as Json)[key];
  }
  return typeof at === 'object' && at !== null;
}

it('is refused when it is something else, or holds something else, as deep and as large as may be', () => {
  const nested = (depth: number): JsonValue => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as JsonValue;
  const others = fc.oneof(
    fc.jsonValue({ maxDepth: 6 }) as fc.Arbitrary<JsonValue>,
    fc.constantFrom(100, 5_000).map(nested),
    fc.constant<JsonValue>(Array(20_000).fill({})),
    fc.constant<JsonValue>('9'.repeat(100_000)),
    fc.constant<JsonValue>(Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key ${index}`, index]))),
  );
  const codeOf = (change: (genesis: GenesisDocument) => void): string => {
    try {
      startChain((genesis) => {
        Object.assign(genesis, structuredClone(template));
        change(genesis);
      });
      return 'none';
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown;
      return thrown.code;
    }
  };
  const names = Object.keys(template.app_state);
  fc.assert(
    fc.property(
      others,
      fc.constantFrom(...names),
      fc.constantFrom('part', 'list', 'app_state', 'top'),
      (other, name, where) => {
        const code = codeOf((genesis) => {
          const part = genesis.app_state[name] as Record<string, JsonValue>;
          if (where === 'part') (genesis.app_state as Record<string, JsonValue>)[name] = other;
          else if (where === 'list') part[Object.keys(part).at(-1)!] = other;
          else if (where === 'app_state') (genesis as Record<string, JsonValue>)['app_state'] = other;
          else (genesis as Record<string, JsonValue>)['consensus'] = other;
        });
        expect(['none', 'GENESIS_INVALID', 'PROFILE_UNSUPPORTED']).toContain(code);
      },
    ),
    { numRuns: 150 },
  );
});
