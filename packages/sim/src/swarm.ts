/**
 * One life of a town that a seed has decided: some requests, some deaths, some bad network, and the checkers' verdict.
 *
 * Each seed switches some faults off altogether and makes others frequent, so that they are met alone and together.
 */
import { LocalTown, MODELS, SUPPLIERS } from './local-town.ts';
import { type MoneyChecker, watchMoney } from './money-checker.ts';
import { checkRelays, type TreeFate } from './relay-checker.ts';
import type { SeededRandom } from './seeded-random.ts';

export type SwarmReport = {
  readonly seed: string;
  readonly answered: number;
  readonly failed: number;
  readonly fates: readonly TreeFate[];
  /** What the checkers found wrong. */
  readonly findings: readonly string[];
  readonly blocks: number;
};

/** What may go wrong in one town. */
type Weather = {
  readonly delayMsMax: number;
  readonly loseRequest: number;
  readonly loseAnswer: number;
  readonly minersKilled: number;
  readonly minersIsolated: number;
  readonly gatewayKilled: boolean;
  readonly clientsLeave: boolean;
};

const BUSY_MS = 12_000;
/** Beyond this, a few questions and answers take as long as a window is open; a claim may then come too late. */
const LATE_MS = 150;
/** A session and all its windows, and the one that may have begun meanwhile. */
const AFTERMATH_BLOCKS = 32;

function weatherOf(random: SeededRandom): Weather {
  const on = (): boolean => random.chance(0.5);
  return {
    delayMsMax: on() ? random.whole(5, 400) : 1,
    loseRequest: on() ? random.number() * 0.08 : 0,
    loseAnswer: on() ? random.number() * 0.08 : 0,
    minersKilled: on() ? random.whole(1, 3) : 0,
    minersIsolated: on() ? random.whole(1, 2) : 0,
    gatewayKilled: on(),
    clientsLeave: on(),
  };
}

/** Lives one town from its founding until every claim of its busy time has an end. */
export async function liveThrough(seed: string): Promise<SwarmReport> {
  const local = await LocalTown.found(seed);
  const random = local.town.random.fork('life');
  const weather = weatherOf(random);
  const money = watchMoney(
    local.node,
    local.accounts.map(({ key }) => key.address),
    ['application-1', 'application-2', 'sovereign'].map((name) => local.address(name)),
  );
  const tally = { answered: 0, failed: 0 };
  return await local.live(life(local, seed, random, weather, money, tally));
}

async function life(
  local: LocalTown,
  seed: string,
  random: SeededRandom,
  weather: Weather,
  money: MoneyChecker,
  tally: { answered: number; failed: number },
): Promise<SwarmReport> {
  const { town, client } = local;
  const { loseRequest, loseAnswer, delayMsMax } = weather;
  town.faults = { delayMs: [1, delayMsMax], loseRequest, loseAnswer };
  const later = async (what: () => unknown): Promise<void> => {
    await client.sleep(random.whole(0, BUSY_MS));
    await what();
  };
  await Promise.all([
    ...times(random.whole(2, 6), () => later(() => askSomething(local, random, weather, tally))),
    ...times(weather.minersKilled, () => later(() => killAndRestart(local, random))),
    ...times(weather.minersIsolated, () => later(() => isolate(local, random))),
    ...times(weather.gatewayKilled ? 1 : 0, () =>
      later(async () => {
        local.killGateway();
        await client.sleep(random.whole(10, 2_000));
        await local.startGateway();
      }),
    ),
  ]);
  town.faults = { delayMs: [1, 1], loseRequest: 0, loseAnswer: 0 };
  const last = local.node.node.latestHeight() + AFTERMATH_BLOCKS;
  while (local.node.node.latestHeight() < last) await client.sleep(1_000);
  await money.done();

  const records = SUPPLIERS.flatMap((supplier) => local.miner(supplier)?.records() ?? []);
  const isSlow = delayMsMax > LATE_MS;
  const mayLose = isSlow || weather.minersKilled + weather.minersIsolated > 0 || loseRequest + loseAnswer > 0;
  const { fates, findings } = await checkRelays(local.node, local.hops, records, mayLose);
  return { seed, ...tally, fates, findings: [...money.findings, ...findings], blocks: money.blocks() };
}

async function askSomething(
  local: LocalTown,
  random: SeededRandom,
  weather: Weather,
  tally: { answered: number; failed: number },
): Promise<void> {
  const patience = new AbortController();
  if (weather.clientsLeave && random.chance(0.5)) {
    void local.client.sleep(random.whole(1, 300)).then(() => patience.abort());
  }
  const question = {
    model: MODELS[random.whole(0, MODELS.length - 1)]!,
    messages: [{ role: 'user' as const, content: 'What is a relay?' }],
  };
  const options = { signal: patience.signal };
  try {
    if (random.chance(0.5)) {
      const stream = await local.openai().chat.completions.create({ ...question, stream: true }, options);
      for await (const _chunk of stream);
    } else {
      await local.openai().chat.completions.create(question, options);
    }
    tally.answered += 1;
  } catch {
    tally.failed += 1;
  }
}

async function killAndRestart(local: LocalTown, random: SeededRandom): Promise<void> {
  const supplier = SUPPLIERS[random.whole(0, SUPPLIERS.length - 1)]!;
  // Already dead: somebody else restarts it.
  if (local.miner(supplier) === undefined) return;
  local.killMiner(supplier);
  await local.client.sleep(random.whole(10, random.chance(0.3) ? 25_000 : 3_000));
  await local.startMiner(supplier);
}

async function isolate(local: LocalTown, random: SeededRandom): Promise<void> {
  const supplier = SUPPLIERS[random.whole(0, SUPPLIERS.length - 1)]!;
  local.town.isolated.add(supplier);
  await local.client.sleep(random.whole(100, random.chance(0.3) ? 20_000 : 4_000));
  local.town.isolated.delete(supplier);
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
