/**
 * Every field of the genesis of every module counts: a document with another value in it begins another chain, or none.
 */
import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import { toBase64, toHex } from '@decai/protocol/bytes';
import { GenesisStateSchema as ApplicationGenesisSchema } from '@decai/protocol/gen/pocket/application/genesis_pb';
import { GenesisStateSchema as GatewayGenesisSchema } from '@decai/protocol/gen/pocket/gateway/genesis_pb';
import { GenesisStateSchema as ProofGenesisSchema } from '@decai/protocol/gen/pocket/proof/genesis_pb';
import { GenesisStateSchema as ServiceGenesisSchema } from '@decai/protocol/gen/pocket/service/genesis_pb';
import { GenesisStateSchema as SessionGenesisSchema } from '@decai/protocol/gen/pocket/session/genesis_pb';
import { GenesisStateSchema as SharedGenesisSchema } from '@decai/protocol/gen/pocket/shared/genesis_pb';
import { GenesisStateSchema as SupplierGenesisSchema } from '@decai/protocol/gen/pocket/supplier/genesis_pb';
import { GenesisStateSchema as TokenomicsGenesisSchema } from '@decai/protocol/gen/pocket/tokenomics/genesis_pb';
import { describe, expect, test } from 'vitest';
import { addressNamed } from './test-chain.ts';
import { APP, GATEWAY, OPERATOR, OWNER, startChain, upokt, type GenesisDocument, type Json } from './test-genesis.ts';

const SCHEMAS: Readonly<Record<string, DescMessage>> = {
  application: ApplicationGenesisSchema,
  gateway: GatewayGenesisSchema,
  proof: ProofGenesisSchema,
  service: ServiceGenesisSchema,
  session: SessionGenesisSchema,
  shared: SharedGenesisSchema,
  supplier: SupplierGenesisSchema,
  tokenomics: TokenomicsGenesisSchema,
};

const CARD = { card: toBase64(new Uint8Array([1, 2, 3])) };
const HEADER: Json = {
  application_address: APP,
  service_id: 'a',
  session_id: 'aa',
  session_start_block_height: '11',
  session_end_block_height: '20',
};
const SERVICE: Json = {
  service_id: 'a',
  endpoints: [{ url: 'http://h', rpc_type: 'JSON_RPC', configs: [{ key: 'TIMEOUT', value: '1' }] }],
  rev_share: [{ address: OWNER, rev_share_percentage: '100' }],
};

/** Something in every field. */
function fill(genesis: GenesisDocument): void {
  const state = genesis.app_state;
  const first = (module: string, list: string): Json => (state[module]![list] as Json[])[0]!;
  Object.assign(first('application', 'application_list'), {
    delegatee_gateway_addresses: [GATEWAY],
    pending_undelegations: { '20': { gateway_addresses: [addressNamed('former gateway')] } },
    unstake_session_end_height: '10',
    pending_transfer: { destination_address: addressNamed('other app'), session_end_height: '10' },
    per_session_spend_limit: upokt('1000000'),
    service_config_history: [
      { application_address: APP, service: { service_id: 'a' }, activation_height: '1', deactivation_height: '11' },
    ],
  });
  Object.assign(first('gateway', 'gateway_list'), { unstake_session_end_height: '10', metadata: CARD });
  Object.assign(first('supplier', 'supplierList'), {
    services: [SERVICE],
    unstake_session_end_height: '10',
    service_config_history: [
      { operator_address: OPERATOR, service: SERVICE, activation_height: '1', deactivation_height: '11' },
    ],
  });
  first('service', 'service_list')['metadata'] = CARD;
  Object.assign(state['service']!, {
    relayMiningDifficultyList: [
      { service_id: 'a', block_height: '1', num_relays_ema: '5', target_hash: toBase64(new Uint8Array(32).fill(7)) },
    ],
    compute_units_per_relay_history: [{ effective_height: '1', service_id: 'a', compute_units_per_relay: '2' }],
  });
  for (const module of ['session', 'shared']) {
    const { params } = state[module]!;
    state[module]!['params_history'] = [{ effective_height: '1', params: structuredClone(params!) }];
  }
  Object.assign(state['proof']!, {
    claim_list: [
      {
        supplier_operator_address: OPERATOR,
        session_header: HEADER,
        root_hash: toBase64(new Uint8Array(48).fill(1)),
        proof_validation_status: 'VALIDATED',
      },
    ],
    proof_list: [
      {
        supplier_operator_address: OPERATOR,
        session_header: { ...HEADER },
        closest_merkle_proof: toBase64(new Uint8Array(3)),
      },
    ],
  });
}

type Path = readonly (string | number)[];

/** The places of all values that are not made of others. */
function* leaves(value: JsonValue, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) yield path;
  else for (const [key, part] of Object.entries(value)) yield* leaves(part as JsonValue, [...path, key]);
}

/** Names of fields down to the plain ones, as a document that says something in each of them spells them. */
function* fieldsOf(schema: DescMessage, before = ''): Generator<string> {
  for (const field of schema.fields) {
    const name = `${before}${field.name}`;
    if (field.message === undefined) yield name;
    else yield* fieldsOf(field.message, `${name}.`);
  }
}

const isKey = (part: string | number): boolean => !/^[0-9]+$/.test(String(part));

function valueAt(document: JsonValue, path: Path): JsonValue {
  return path.reduce<JsonValue>((value, key) => (value as Json)[key]!, document);
}

/** Another value of the same kind, as near as can be. */
function another(value: JsonValue): JsonValue {
  if (typeof value === 'number') return value / 2;
  if (value === 'JSON_RPC') return 'REST';
  if (value === 'VALIDATED') return 'INVALID';
  if (value === 'TIMEOUT') return 'UNKNOWN_CONFIG';
  if (typeof value !== 'string') return `${String(value)}x`;
  if (/^[0-9]+$/.test(value)) return String(BigInt(value) + 1n);
  if (value.endsWith('=') || /^[A-Z][A-Za-z0-9+/]{3,}$/.test(value)) return `Z${value.slice(1)}`;
  if (value.startsWith('pokt1')) return addressNamed(`another than ${value}`);
  return `${value}x`;
}

const begin = (change: (genesis: GenesisDocument) => void = () => undefined): string => {
  try {
    const { appHash } = startChain((genesis) => {
      fill(genesis);
      change(genesis);
    });
    return toHex(appHash);
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
};

const filled = (() => {
  let document: GenesisDocument | undefined;
  const unchanged = begin((genesis) => (document = structuredClone(genesis)));
  return { document: document!, unchanged };
})();

describe.each(Object.keys(SCHEMAS))('the genesis of %s', (module) => {
  const part = filled.document.app_state[module]!;
  const places = [...leaves(part)];

  test('is written out whole here', () => {
    const written = new Set(places.map((path) => path.filter(isKey).join('.')));
    const known = [...fieldsOf(SCHEMAS[module]!)];
    expect(known.filter((name) => !written.has(name))).toEqual([]);
  });

  test.each(places.map((path) => [path.join('.'), path] as const))('%s counts', (_name, path) => {
    const begun = begin((genesis) => {
      const holder = valueAt(genesis.app_state[module]!, path.slice(0, -1)) as Json;
      holder[path.at(-1)!] = another(holder[path.at(-1)!]!);
    });
    expect(begun === 'GENESIS_INVALID' || /^[0-9a-f]{64}$/.test(begun), begun).toBe(true);
    expect(begun).not.toBe(filled.unchanged);
  });
});

test('the document with something in every field begins a chain', () => {
  expect(filled.unchanged).toMatch(/^[0-9a-f]{64}$/);
});
