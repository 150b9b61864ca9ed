/**
 * The local network of `decai dev`, in one process and in virtual time: a ledger, a model, three suppliers with miners, a
 * gateway, and the founding by real transactions. Every role has a World of its own, so each can be killed alone.
 */
import { createLedgerClient, type LedgerClient } from '@decai/client/ledger-client';
import { createRpcTransport } from '@decai/client/rpc-transport';
import { foundNetwork, untilServed } from '@decai/cli/dev/found-network';
import type { Foundation } from '@decai/cli/dev/founding';
import { LOCAL_ACCOUNTS, PAYS_FOR, PUBLISHED_MODELS, SERVED_BY, STAKES_UPOKT } from '@decai/cli/dev/local-accounts';
import { localGenesis } from '@decai/cli/dev/local-genesis';
import { accountNamed, type KeptAccount } from '@decai/cli/dev/network-file';
import { type RunningGateway, startGateway } from '@decai/gateway/gateway';
import { hashOfKey } from '@decai/gateway/tenants';
import { checkMinerConfig } from '@decai/miner/miner-config';
import { type Miner, startMiner } from '@decai/miner/start-miner';
import { createModelHandler } from '@decai/model/model-handler';
import { createStandInEngine } from '@decai/model/stand-in-engine';
import { sequencerKey } from '@decai/node/block/sequencer-key';
import { type RunningNode, startNode } from '@decai/node/start-node';
import type { Hop } from '@decai/protocol/hop';
import { generateKey } from '@decai/protocol/keys';
import type { World } from '@decai/protocol/world';
import OpenAI from 'openai';
import { type Resident, SimulatedTown } from './simulated-town.ts';
import { virtualFetch } from './virtual-fetch.ts';

export const API_KEY = 'sk-town';
export const MODELS: readonly string[] = PUBLISHED_MODELS.map(({ id }) => id);
export const SUPPLIERS: readonly string[] = Object.keys(SERVED_BY);

const RPC = { host: '10.0.0.1', port: 26_657 };
const MODEL = { host: '10.0.0.2', port: 8_000 };
const EXPLORER = { host: '10.0.0.4', port: 1_318 };
const GATEWAY = { host: '10.0.0.3', port: 8_080 };
const RPC_URL = `http://${RPC.host}:${RPC.port}`;
const minerHost = (supplier: string): string => `10.0.1.${SUPPLIERS.indexOf(supplier)}`;

/** A role that runs now. */
type Running<Role> = { readonly role: Role; readonly resident: Resident };

export class LocalTown {
  readonly town: SimulatedTown;
  readonly accounts: readonly KeptAccount[];
  /** Hops as gateway and miners told them, in order. */
  readonly hops: Hop[] = [];
  readonly troubles: unknown[] = [];
  readonly client: World;
  readonly ledger: LedgerClient;
  node!: RunningNode;
  readonly #miners = new Map<string, Running<Miner>>();
  #gateway: Running<RunningGateway> | undefined;

  private constructor(seed: string) {
    this.town = new SimulatedTown(seed);
    const random = this.town.random.fork('keys');
    this.accounts = LOCAL_ACCOUNTS.map((account) => ({
      ...account,
      mnemonic: '',
      key: generateKey((length) => random.bytes(length)),
    }));
    this.client = this.town.resident('client').world;
    this.ledger = createLedgerClient(createRpcTransport(this.client, { url: RPC_URL }));
  }

  /** A town that serves: founded, and in a session in which every application finds a supplier; with an explorer if wanted. */
  static async found(seed: string, { explorer = false }: { readonly explorer?: boolean } = {}): Promise<LocalTown> {
    const local = new LocalTown(seed);
    await local.town.clock.run(local.#found(explorer), 300_000);
    return local;
  }

  address(name: string): string {
    return accountNamed(this.accounts, name).key.address;
  }

  /** An unmodified client of the gateway. */
  openai(): OpenAI {
    return new OpenAI({
      baseURL: `http://${GATEWAY.host}:${GATEWAY.port}/v1`,
      apiKey: API_KEY,
      fetch: virtualFetch(this.client),
      maxRetries: 0,
    });
  }

  get gatewayUrl(): string {
    return `http://${GATEWAY.host}:${GATEWAY.port}/v1`;
  }

  /** What the explorer answers below its root. */
  async explore(path: string): Promise<any> {
    const answer = await virtualFetch(this.client)(`${this.node.explorerUrl}/explorer/v1${path}`);
    return answer.json();
  }

  /** Lets the town live until `work` is done. */
  live<T>(work: Promise<T>, limitMs = 600_000): Promise<T> {
    return this.town.clock.run(work, limitMs);
  }

  async startMiner(supplier: string): Promise<void> {
    const resident = this.town.resident(supplier);
    const { world } = resident;
    const config = checkMinerConfig({
      ledger: RPC_URL,
      listen: { host: minerHost(supplier), port: 8_545 },
      services: Object.fromEntries(
        SERVED_BY[supplier]!.map((service) => [service, { backend: `http://${MODEL.host}:${MODEL.port}` }]),
      ),
    });
    const role = await startMiner({
      world,
      config,
      ledger: createRpcTransport(world, { url: RPC_URL }),
      keys: [accountNamed(this.accounts, supplier).key],
      onHop: (hop) => this.hops.push(hop),
      onTrouble: (trouble) => this.troubles.push(trouble),
    });
    this.#miners.set(supplier, { role, resident });
  }

  killMiner(supplier: string): void {
    this.#miners.get(supplier)?.resident.kill();
    this.#miners.delete(supplier);
  }

  miner(supplier: string): Miner | undefined {
    return this.#miners.get(supplier)?.role;
  }

  async startGateway(): Promise<void> {
    const resident = this.town.resident('gateway');
    const { world } = resident;
    const role = await startGateway({
      world,
      ledger: createRpcTransport(world, { url: RPC_URL }),
      key: accountNamed(this.accounts, 'gateway').key,
      listen: GATEWAY,
      keys: [{ label: 'town', sha256: hashOfKey(API_KEY) }],
      onHop: (hop) => this.hops.push(hop),
      onTrouble: (trouble) => this.troubles.push(trouble),
    });
    this.#gateway = { role, resident };
  }

  killGateway(): void {
    this.#gateway?.resident.kill();
    this.#gateway = undefined;
  }

  async #found(explorer: boolean): Promise<void> {
    await this.#startNode(explorer);
    await this.#startModel();
    await Promise.all([...SUPPLIERS.map((supplier) => this.startMiner(supplier)), this.startGateway()]);
    const founding = {
      world: this.client,
      ledger: this.ledger,
      accounts: this.accounts,
      foundation: this.#foundation(),
      note: () => undefined,
      signal: new AbortController().signal,
    };
    await foundNetwork(founding);
    await untilServed(founding);
    while ((this.#gateway?.role.gateway.catalog.entries.length ?? 0) < MODELS.length) await this.client.sleep(200);
  }

  async #startNode(explorer: boolean): Promise<void> {
    const { world } = this.town.resident('ledger');
    const proposerKey = world.randomBytes(32);
    this.node = await startNode({
      world,
      rpc: RPC,
      ...(explorer && { explorer: EXPLORER }),
      proposerKey,
      genesis: localGenesis({
        chainId: 'decai-town',
        time: new Date(world.now()).toISOString(),
        accounts: this.accounts,
        proposerPublicKey: sequencerKey(proposerKey).publicKey,
      }),
      onFault: (_method, trouble) => this.troubles.push(trouble),
    });
  }

  async #startModel(): Promise<void> {
    const { world } = this.town.resident('model');
    const engines = MODELS.map((modelId) => createStandInEngine({ modelId, contextTokens: 512 }));
    await world.listen(createModelHandler({ world, engines }), MODEL);
  }

  #foundation(): Foundation {
    const party = (name: string) => ({ name, address: this.address(name) });
    return {
      source: party('source'),
      services: PUBLISHED_MODELS,
      gateway: { ...party('gateway'), stakeUpokt: STAKES_UPOKT.gateway },
      applications: PAYS_FOR.map(({ name, model: serviceId, delegates }) => ({
        ...party(name),
        serviceId,
        stakeUpokt: STAKES_UPOKT.application,
        delegates,
      })),
      suppliers: SUPPLIERS.map((name) => ({
        ...party(name),
        stakeUpokt: STAKES_UPOKT.supplier,
        url: `http://${minerHost(name)}:8545`,
        serviceIds: SERVED_BY[name]!,
      })),
    };
  }
}
