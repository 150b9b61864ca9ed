/**
 * A miner among those it lives with: a real embedded ledger with an application, its gateway, two suppliers and two
 * services, a backend that the test plays, and a clock and a disk that the test moves and crashes.
 *
 * Sessions have ten blocks, one a second; claims in the three blocks after the next one, proofs in the three after those.
 */
import type { LedgerTransport } from '@decai/client/ledger-transport';
import { openNetworkView, type NetworkView } from '@decai/client/network-view';
import { sendRelay, type RelayAnswer } from '@decai/client/send-relay';
import type { NetworkSession } from '@decai/client/session-book';
import { signRelay, type RelaySigning, type SignedRelay } from '@decai/client/sign-relay';
import { sequencerKey } from '@decai/node/block/sequencer-key';
import { EmbeddedChain } from '@decai/node/embedded/embedded-chain';
import { inProcessTransport } from '@decai/node/in-process-transport';
import { moduleAddress } from '@decai/protocol/address';
import { EMPTY, toBase64, utf8 } from '@decai/protocol/bytes';
import { createMemoryStore } from '@decai/protocol/memory-store';
import type { Hop } from '@decai/protocol/hop';
import type { HttpAnswer, HttpExchange, HttpHandler } from '@decai/protocol/http';
import type { HttpRequestMessage } from '@decai/protocol/http-message';
import { sha256 } from '@decai/protocol/hash';
import { keyFromPrivateKey, type Key } from '@decai/protocol/keys';
import { gatewayRing } from '@decai/protocol/ring-members';
import { checkMinerConfig } from '../miner-config.ts';
import { startMiner, type Miner, type MinerOptions } from '../start-miner.ts';
import { settle } from '@decai/client/testing/manual-clock';
import type { World } from '@decai/protocol/world';
import { createMemoryWorld, type MemoryWorld } from './memory-world.ts';

export function testKey(name: string): Key {
  return keyFromPrivateKey(sha256(utf8(`miner test key ${name}`)));
}

export const application: Key = testKey('application');
/** Staked for the service that is no language model. */
export const rpcApplication: Key = testKey('rpc application');
export const gateway: Key = testKey('gateway');
export const supplier: Key = testKey('supplier');
export const otherSupplier: Key = testKey('other supplier');
export const stranger: Key = testKey('stranger');
const owner = testKey('owner');

export const SERVICE = 'tiny';
export const RPC_SERVICE = 'rpc';
/** Compute units of one relay, and uPOKT: the price is one. */
export const UNITS_PER_RELAY = 1_000n;
export const MINER_URL = 'http://miner:8545';

export type TownOptions = {
  /** Changes to what the miner is configured with. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Changes to the service's part of the configuration. */
  readonly service?: Readonly<Record<string, unknown>>;
  readonly applicationStakeUpokt?: bigint;
  /** Parameters of the proof module. */
  readonly proof?: Readonly<Record<string, unknown>>;
  readonly targetNumRelays?: number;
  /** Takes the place of the ledger that the miner sees. */
  readonly wrapLedger?: (transport: LedgerTransport) => LedgerTransport;
  readonly options?: Partial<MinerOptions>;
  /** Where everybody lives; a fresh world if absent. */
  readonly net?: MemoryWorld;
};

export type Town = {
  readonly net: MemoryWorld;
  readonly chain: EmbeddedChain;
  readonly view: NetworkView;
  readonly hops: Hop[];
  readonly troubles: unknown[];
  miner: Miner;
  /** One second passes and one block is made, so often. */
  tick(blocks?: number): Promise<void>;
  /** Ticks until the newest block has this height. */
  tickTo(height: number): Promise<void>;
  /** The running session. */
  session(service?: string): Promise<NetworkSession>;
  /** A relay, signed as the gateway would; `change` spoils it. */
  sign(http?: Partial<HttpRequestMessage>, change?: Partial<RelaySigning>, service?: string): Promise<SignedRelay>;
  /** Hands bytes to the miner as they are. */
  post(body: Uint8Array, exchange?: Partial<HttpExchange>): Promise<HttpAnswer>;
  get(path: string): Promise<HttpAnswer>;
  /** Sends a relay as a client does and verifies the answer. */
  send(relay: SignedRelay, signal?: AbortSignal): Promise<RelayAnswer>;
  /** Starts another life of the miner on the same disk; the last one must have been closed or killed. */
  restart(): Promise<void>;
  /** Kills the miner as `kill -9` and a power cut do: nothing it waited for ever comes, and the disk forgets. */
  kill(survivors?: (unflushedBatches: number) => number): void;
  stop(): Promise<void>;
};

/** Opens the town at height 2, with a miner that is ready. */
export async function openTown(backend: HttpHandler, options: TownOptions = {}): Promise<Town> {
  const net = options.net ?? createMemoryWorld();
  net.route('gpu:1', backend);
  const chain = await EmbeddedChain.open({
    store: createMemoryStore(),
    genesis: genesis(options),
    sequencer: sequencerKey(sha256(utf8('sequencer'))),
  });
  const transport = inProcessTransport(chain);
  const view = openNetworkView({ world: net.world, transport });
  const hops: Hop[] = [];
  const troubles: unknown[] = [];
  let life = new AbortController();
  const start = (): Promise<Miner> => {
    life = new AbortController();
    return startMiner({
      world: mortalWorld(net.world, life.signal),
      config: checkMinerConfig({
        listen: { host: 'miner', port: 8545 },
        services: {
          [SERVICE]: { backend: 'http://gpu:1', ...options.service },
          [RPC_SERVICE]: { backend: 'http://gpu:1', allowedPaths: ['/'] },
        },
        ...options.config,
      }),
      ledger: mortalLedger(options.wrapLedger?.(transport) ?? transport, life.signal),
      keys: [supplier],
      onHop: (hop) => hops.push(hop),
      onTrouble: (trouble) => troubles.push(trouble),
      ...options.options,
    });
  };
  const tick = async (blocks = 1): Promise<void> => {
    for (let block = 0; block < blocks; block++) {
      await net.clock.advance(1_000);
      await chain.produceBlock(net.clock.now());
      await settle();
    }
  };
  const never = new AbortController().signal;
  const post = (body: Uint8Array, exchange: Partial<HttpExchange> = {}): Promise<HttpAnswer> =>
    net.world.request({ method: 'POST', url: MINER_URL, headers: {}, body, signal: never, ...exchange });
  const session = (service = SERVICE): Promise<NetworkSession> =>
    view.currentSession(applicationOf(service).address, service);
  const town: Town = {
    net,
    chain,
    view,
    hops,
    troubles,
    miner: await start(),
    tick,
    async tickTo(height) {
      while (chain.latestHeight() < height) await tick();
    },
    session,
    async sign(http = {}, change = {}, service = SERVICE) {
      return signRelay({
        sessionHeader: (await session(service)).header,
        supplierOperatorAddress: supplier.address,
        http: { method: 'POST', url: 'http://x/v1/chat/completions', headers: {}, body: utf8('{}'), ...http },
        ring: gatewayRing(applicationOf(service).publicKey, gateway.publicKey),
        privateKey: gateway.privateKey,
        randomBytes: net.world.randomBytes,
        ...change,
      });
    },
    post,
    get: (path) => post(EMPTY, { method: 'GET', url: `${MINER_URL}${path}` }),
    send: (relay, signal = never) =>
      sendRelay({ world: net.world, keys: view.keys, relay, target: { url: MINER_URL, rpcType: 4 }, signal }),
    async restart() {
      town.miner = await start();
      await settle();
    },
    kill(survivors) {
      life.abort();
      net.route('miner:8545', null);
      net.disk.crash(survivors);
    },
    async stop() {
      if (!life.signal.aborted) await town.miner.close();
      await view.stop();
      await chain.close();
    },
  };
  await tick(2);
  return town;
}

/** The promise while somebody lives who waits for it; nothing, for ever, once he is dead. */
function living<T>(promise: Promise<T>, life: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then(
      (value) => life.aborted || resolve(value),
      (thrown: unknown) => life.aborted || reject(thrown as Error),
    );
  });
}

function mortalWorld(world: World, life: AbortSignal): World {
  return {
    ...world,
    sleep: (ms, signal) => living(world.sleep(ms, signal), life),
    request: (exchange) => living(world.request(exchange), life),
  };
}

function mortalLedger(ledger: LedgerTransport, life: AbortSignal): LedgerTransport {
  return {
    status: (...question) => living(ledger.status(...question), life),
    block: (...question) => living(ledger.block(...question), life),
    blockResults: (...question) => living(ledger.blockResults(...question), life),
    abciQuery: (...question) => living(ledger.abciQuery(...question), life),
    broadcastTxSync: (...question) => living(ledger.broadcastTxSync(...question), life),
    tx: (...question) => living(ledger.tx(...question), life),
    txSearch: (...question) => living(ledger.txSearch(...question), life),
    async *subscribeBlocks(signal) {
      for await (const block of ledger.subscribeBlocks(signal)) {
        if (life.aborted) return;
        yield block;
      }
    },
  };
}

function applicationOf(service: string): Key {
  return service === RPC_SERVICE ? rpcApplication : application;
}

const upokt = (amount: bigint | number): { denom: string; amount: string } => ({ denom: 'upokt', amount: `${amount}` });

function genesis({
  applicationStakeUpokt = 1_000_000_000n,
  proof = {},
  targetNumRelays = 100_000,
}: TownOptions): never {
  const STAKE = 1_000_000_000n;
  const shares = { dao: 0.1, proposer: 0.05, supplier: 0.7, source_owner: 0.15, application: 0 };
  const people = [application, rpcApplication, gateway, supplier, otherSupplier, owner];
  const services = [SERVICE, RPC_SERVICE];
  const config = (serviceId: string) => ({
    service_id: serviceId,
    endpoints: [{ url: MINER_URL, rpc_type: 'REST', configs: [] }],
    rev_share: [{ address: supplier.address, rev_share_percentage: '100' }],
  });
  const document = {
    chain_id: 'miner-test-1',
    genesis_time: '2023-01-01T00:00:00Z',
    initial_height: '1',
    profile: 'pocket',
    consensus: { params: { block: { max_bytes: '1000000', max_gas: '-1' } } },
    app_state: {
      auth: {
        params: {
          max_memo_characters: '256',
          tx_sig_limit: '7',
          tx_size_cost_per_byte: '10',
          sig_verify_cost_ed25519: '590',
          sig_verify_cost_secp256k1: '1000',
        },
        accounts: people.map(({ address, publicKey }, index) => ({
          '@type': '/cosmos.auth.v1beta1.BaseAccount',
          address,
          pub_key: { '@type': '/cosmos.crypto.secp256k1.PubKey', key: toBase64(publicKey) },
          account_number: `${index}`,
          sequence: '0',
        })),
      },
      bank: {
        params: { send_enabled: [], default_send_enabled: true },
        balances: [
          ...people.map(({ address }) => ({ address, coins: [upokt(1_000_000_000)] })),
          { address: moduleAddress('application'), coins: [upokt(2n * applicationStakeUpokt)] },
          { address: moduleAddress('gateway'), coins: [upokt(STAKE)] },
          { address: moduleAddress('supplier'), coins: [upokt(2n * STAKE)] },
        ],
        supply: [],
        denom_metadata: [],
      },
      staking: { validators: [], delegations: [] },
      service: {
        params: { add_service_fee: upokt(1), target_num_relays: `${targetNumRelays}` },
        service_list: services.map((id) => ({
          id,
          name: id,
          compute_units_per_relay: `${UNITS_PER_RELAY}`,
          owner_address: owner.address,
        })),
      },
      gateway: {
        params: { min_stake: upokt(1) },
        gateway_list: [{ address: gateway.address, stake: upokt(STAKE) }],
      },
      application: {
        params: { max_delegated_gateways: '7', min_stake: upokt(1) },
        application_list: services.map((service_id) => ({
          address: applicationOf(service_id).address,
          stake: upokt(applicationStakeUpokt),
          service_configs: [{ service_id }],
          delegatee_gateway_addresses: [gateway.address],
        })),
      },
      supplier: {
        params: { min_stake: upokt(1), staking_fee: upokt(1) },
        supplierList: [supplier, otherSupplier].map(({ address }) => ({
          owner_address: address,
          operator_address: address,
          stake: upokt(STAKE),
          services: services.map(config),
        })),
      },
      session: { params: { num_suppliers_per_session: '5' } },
      proof: {
        params: {
          proof_request_probability: 0.25,
          proof_requirement_threshold: upokt(0),
          proof_missing_penalty: upokt(1),
          proof_submission_fee: upokt(0),
          ...proof,
        },
      },
      tokenomics: {
        params: {
          dao_reward_address: owner.address,
          mint_allocation_percentages: shares,
          mint_equals_burn_claim_distribution: shares,
          global_inflation_per_claim: 0,
          mint_ratio: 1,
          overservicing_bonus_multiplier: '1',
        },
      },
      shared: {
        params: {
          num_blocks_per_session: '10',
          grace_period_end_offset_blocks: '1',
          claim_window_open_offset_blocks: '1',
          claim_window_close_offset_blocks: '3',
          proof_window_open_offset_blocks: '1',
          proof_window_close_offset_blocks: '3',
          supplier_unbonding_period_sessions: '1',
          application_unbonding_period_sessions: '1',
          gateway_unbonding_period_sessions: '1',
          compute_units_to_tokens_multiplier: '1000000',
          compute_unit_cost_granularity: '1000000',
        },
      },
    },
  };
  return document as never;
}
