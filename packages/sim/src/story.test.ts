/**
 * The story: one town, one completion by the unmodified `openai` client, virtual time until the Source is paid. Every hop in
 * order, and every balance to the last uPOKT.
 */
import { beforeAll, expect, test } from 'vitest';
import { PUBLISHED_MODELS, STAKES_UPOKT } from '@decai/cli/dev/local-accounts';
import { followTrace } from '@decai/cli/trace/follow-trace';
import { HOPS } from '@decai/protocol/hop';
import { API_KEY, LocalTown, MODELS } from './local-town.ts';

let town: LocalTown;
beforeAll(async () => {
  town = await LocalTown.found('the story', { explorer: true });
});

async function balances(): Promise<Record<string, bigint>> {
  const entries = await Promise.all(
    town.accounts.map(async ({ name, key }) => [name, await town.ledger.balance(key.address)] as const),
  );
  return Object.fromEntries(entries);
}

test('one completion travels the whole way, and its Source is paid', async () => {
  const before = await town.live(balances());
  const stake = async () => BigInt((await town.ledger.application(town.address('application-1')))!.stake!.amount);
  expect(await town.live(stake())).toBe(STAKES_UPOKT.application);

  const asking = (async () => {
    const stream = await town.openai().chat.completions.create({
      model: MODELS[0]!,
      messages: [{ role: 'user', content: 'What does a Source do?' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    let [text, id, tokens] = ['', '', 0];
    for await (const chunk of stream) {
      id = chunk.id;
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.completion_tokens ?? tokens;
    }
    return { text, id, tokens };
  })();
  const answer = await town.live(asking);
  expect(answer.text).toMatch(/Source/);
  expect(answer.tokens).toBeGreaterThan(3);

  const waiting = (async () => {
    const follower = followTrace({
      world: town.client,
      ledger: town.ledger,
      gateway: { url: town.gatewayUrl, key: API_KEY },
      id: answer.id,
      signal: new AbortController().signal,
    });
    for (;;) {
      const look = await follower.look();
      if (look?.end !== undefined) return look;
      await town.client.sleep(1_000);
    }
  })();
  const trace = await town.live(waiting);
  expect(trace.end?.outcome).toBe('paid');

  // The miner's own hops are told to the town; the trace adds those of gateway and ledger.
  const told = new Set([...trace.hops, ...town.hops].map(({ hop }) => hop));
  expect(HOPS.filter((hop) => told.has(hop))).toEqual([...HOPS]);
  const times = HOPS.map((hop) => [...trace.hops, ...town.hops].find((seen) => seen.hop === hop)!.at);
  const late = HOPS.filter((_hop, index) => index > 0 && times[index]! < times[index - 1]!);
  expect(late, 'hops that came before their predecessor').toEqual([]);

  // One relay: its price burns from the application's stake; 97.5 % of it are minted and split 85 / 8 / 4 / 3.
  const price = PUBLISHED_MODELS[0]!.computeUnitsPerRelay * 42n;
  const minted = (price * 975n) / 1_000n;
  const part = (percent: bigint) => (minted * percent) / 100n;
  const treasury = minted - part(85n) - part(8n) - part(4n);
  const supplier = town.accounts.find(
    ({ key }) => key.address === trace.hops.find(({ facts }) => facts.supplier)!.facts.supplier,
  )!;
  const after = await town.live(balances());
  const changes = Object.fromEntries(
    Object.keys(after)
      .filter((name) => after[name] !== before[name])
      .map((name) => [name, after[name]! - before[name]!]),
  );
  expect(changes).toEqual({
    [supplier.name]: part(85n),
    source: part(8n),
    validator: part(4n),
    treasury,
  });
  expect(await town.live(stake())).toBe(STAKES_UPOKT.application - price);

  // The explorer tells the same, of everybody.
  const explored = await town.live(
    Promise.all(
      Object.keys(changes).map(async (name) => [name, await town.explore(`/accounts/${town.address(name)}`)] as const),
    ),
  );
  expect(Object.fromEntries(explored.map(([name, { paidUpokt }]) => [name, BigInt(paidUpokt)]))).toEqual(changes);
  const application = await town.live(town.explore(`/applications/${town.address('application-1')}`));
  expect(application).toMatchObject({ spentUpokt: `${price}`, totals: { price: { upoktPerRelay: `${price}` } } });
  const { items: claims } = await town.live(town.explore(`/claims?supplier=${supplier.key.address}`));
  expect(claims).toMatchObject([
    { status: 'settled', relays: '1', settledUpokt: `${price}`, mintedUpokt: `${minted}` },
  ]);
  const service = await town.live(town.explore(`/services/${claims[0].serviceId}`));
  expect(service).toMatchObject({ ownerAddress: town.address('source'), totals: { paidSourcesUpokt: `${part(8n)}` } });
  expect(town.troubles).toEqual([]);
});
