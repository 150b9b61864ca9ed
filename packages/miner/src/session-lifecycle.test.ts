import type { LedgerTransport } from '@decai/client/ledger-transport';
import { fromHex, toHex, utf8 } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import type { HttpHandler } from '@decai/protocol/http';
import { decodeRoot } from '@decai/protocol/root';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { SessionRecord } from './session-record.ts';
import { settle } from '@decai/client/testing/manual-clock';
import { openTown, RPC_SERVICE, type Town, type TownOptions } from './testing/test-town.ts';

/*
 * The first session is heights 1 to 10. Its claims are taken at 12 to 15, its proofs at 16 to 19; it is settled at the end
 * of block 19.
 */
const backend: HttpHandler = async () => ({ status: 200, headers: {}, body: utf8('{}') });

let town: Town;
afterEach(() => town.stop());

const open = (options: TownOptions = {}): Promise<Town> => openTown(backend, options);

async function serve(relays: number, service?: string): Promise<void> {
  for (let relay = 0; relay < relays; relay++) {
    const answer = await town.send(await town.sign(service === RPC_SERVICE ? { url: '/' } : {}, {}, service));
    expect(answer.ok).toBe(true);
  }
  await settle();
}

function only(): SessionRecord {
  const [record, ...rest] = town.miner.records();
  expect(rest).toEqual([]);
  return record!;
}

const countOf = ({ root }: SessionRecord): number => Number(decodeRoot(fromHex(root!)).count);
const hops = (name: string): number => town.hops.filter(({ hop }) => hop === name).length;
const troubles = (): string[] => town.troubles.map((trouble) => (trouble as Fault).code);

describe('a session', () => {
  test('is sealed when its claim window opens, and every relay of it is claimed', async () => {
    town = await open();
    await serve(3);
    await town.tickTo(11);
    expect(only().state).toBe('active');
    await town.tickTo(12);
    expect([only().state, countOf(only())]).toEqual(['sealed', 3]);
    await town.tickTo(20);
    expect(only()).toMatchObject({ state: 'settled', claimedUpokt: '3000', settledUpokt: '3000' });
    expect(only().transactions.map(({ kind, height }) => [kind, height])).toEqual([
      ['claim', 13],
      ['proof', 17],
    ]);
    expect(town.troubles).toEqual([]);
  });

  test('in which nothing was mined leaves nothing behind', async () => {
    town = await openTown(async () => ({ status: 500, headers: {}, body: utf8('') }));
    await town.send(await town.sign());
    await town.tickTo(13);
    expect(town.miner.records()).toEqual([]);
  });

  test('that need not be proven is not: a proof that nobody asked for would be refused', async () => {
    const threshold = { denom: 'upokt', amount: '1000000000' };
    town = await open({ proof: { proof_request_probability: 0, proof_requirement_threshold: threshold } });
    await serve(1);
    await town.tickTo(17);
    expect(only().state).toBe('proof-not-required');
    await town.tickTo(20);
    expect(only()).toMatchObject({ state: 'settled', settledUpokt: '1000' });
    expect([hops('claim.submitted'), hops('proof.submitted')]).toEqual([1, 0]);
  });

  test('ends together with others of the same supplier in one transaction', async () => {
    town = await open();
    await serve(1);
    await serve(2, RPC_SERVICE);
    await town.tickTo(20);
    const records = town.miner.records();
    expect(records.map(({ state, claimedUpokt }) => [state, claimedUpokt]).sort()).toEqual([
      ['settled', '1000'],
      ['settled', '2000'],
    ]);
    const claims = records.map(({ transactions }) => transactions.find(({ kind }) => kind === 'claim')!.hash);
    expect(new Set(claims).size).toBe(1);
    expect(town.miner.earnings().map(({ serviceId, settledUpokt }) => [serviceId, settledUpokt])).toEqual([
      ['rpc', 2000n],
      ['tiny', 1000n],
    ]);
  });

  test('is not sealed while a relay of it runs, and when time is short the relay comes too late', async () => {
    let finish = (): void => undefined;
    town = await openTown(
      async ({ method }) => {
        if (method === 'POST') await new Promise<void>((resolve) => (finish = resolve));
        return { status: 200, headers: {}, body: utf8('{}') };
      },
      { config: { claims: { safetyBlocks: 1 } } },
    );
    const first = town.send(await town.sign());
    await settle();
    finish();
    await first;
    const late = town.send(await town.sign());
    await town.tickTo(13);
    expect(only().state).toBe('active');
    await town.tickTo(14);
    expect(only().state).toBe('sealed');
    finish();
    expect((await late).ok).toBe(true);
    await town.tickTo(20);
    expect([only().state, countOf(only()), hops('relay.mined')]).toEqual(['settled', 1, 1]);
  });

  test('is forgotten long after it was settled, with its evidence', async () => {
    town = await open({ config: { claims: { retainSessions: 1 } } });
    await serve(1);
    await town.tickTo(29);
    expect(only().state).toBe('settled');
    await town.tickTo(31);
    expect(town.miner.records()).toEqual([]);
    const store = town.net.disk.openStore('miner');
    expect([...store.range({})]).toEqual([]);
  });
});

describe('trouble with the ledger', () => {
  /** A ledger whose broadcasts disappear while `lose` says so. */
  const losing =
    (lose: () => boolean) =>
    (transport: LedgerTransport): LedgerTransport => ({
      ...transport,
      broadcastTxSync: async (bytes, signal) =>
        lose() ? { code: 0, codespace: '', log: '', hash: '' } : await transport.broadcastTxSync(bytes, signal),
    });

  test('a claim that no block took is sent again', async () => {
    let lost = 0;
    town = await open({ wrapLedger: losing(() => (lost += 1) === 1) });
    await serve(1);
    await town.tickTo(20);
    expect(lost).toBeGreaterThan(1);
    expect(only().state).toBe('settled');
  });

  test('a claim that no block ever took is missed, and its evidence is kept', async () => {
    town = await open({ wrapLedger: losing(() => true) });
    await serve(1);
    await town.tickTo(22);
    expect(only()).toMatchObject({ state: 'claim-missed', claimedUpokt: '1000' });
    expect(only().reason).toContain('claim not taken (lost)');
    expect(troubles()).toContain('SUBMISSION_REFUSED');
    expect(town.miner.earnings()[0]!.lostUpokt).toEqual({ 'claim-missed': 1000n });
  });

  test('a proof that no block ever took is missed', async () => {
    let sent = 0;
    town = await open({ wrapLedger: losing(() => (sent += 1) > 1) });
    await serve(1);
    await town.tickTo(24);
    expect(only().state).toBe('proof-missed');
    expect(only().reason).toContain('proof not taken (lost)');
  });

  test('a node that is away for a while costs nothing', async () => {
    let away = false;
    const fail = (): Promise<never> => Promise.reject(new Fault('LEDGER_UNREACHABLE', 'away'));
    town = await open({
      wrapLedger: (transport) => ({
        ...transport,
        abciQuery: (...question) => (away ? fail() : transport.abciQuery(...question)),
        broadcastTxSync: (...question) => (away ? fail() : transport.broadcastTxSync(...question)),
      }),
    });
    await serve(2);
    away = true;
    await town.tickTo(13);
    away = false;
    await town.tickTo(20);
    expect(only()).toMatchObject({ state: 'settled', settledUpokt: '2000' });
    expect(troubles()).toContain('LEDGER_UNREACHABLE');
  });

  test('a claim of ours that somebody else has replaced raises an alarm', async () => {
    let foreign = false;
    town = await open({
      wrapLedger: (transport) => ({
        ...transport,
        async abciQuery(path, ...rest) {
          const answer = await transport.abciQuery(path, ...rest);
          if (!foreign || !path.endsWith('/Claim') || answer.value.length === 0) return answer;
          // One byte of the root, which stands near the end of the claim.
          const value = answer.value.slice();
          value[value.length - 20]! ^= 1;
          return { ...answer, value };
        },
      }),
    });
    await serve(1);
    foreign = true;
    await town.tickTo(14);
    expect(troubles()).toContain('CLAIM_DIFFERS');
    expect(only().state).toBe('sealed');
    foreign = false;
    await town.tickTo(20);
    expect(only().state).toBe('settled');
  });
});

describe('a miner that dies', () => {
  test('in the middle of a session goes on with the same tree', async () => {
    town = await open();
    await serve(2);
    await town.tickTo(5);
    town.kill();
    await town.restart();
    await town.tick();
    await serve(3);
    await town.tickTo(20);
    expect([only().state, countOf(only())]).toEqual(['settled', 5]);
  });

  test.each([12, 13, 14, 16, 17, 18])('at height %i is paid all the same', async (height) => {
    town = await open();
    await serve(2);
    await town.tickTo(height);
    const before = only().root;
    town.kill();
    await town.tick();
    await town.restart();
    await town.tickTo(22);
    expect(only()).toMatchObject({ state: 'settled', settledUpokt: '2000' });
    if (before !== undefined) expect(only().root).toBe(before);
  });

  test('right after it has sent a claim does not need to send another', async () => {
    town = await open();
    await serve(1);
    await town.tickTo(12);
    town.kill();
    await town.tickTo(14);
    await town.restart();
    await town.tickTo(20);
    expect(only().state).toBe('settled');
    expect(hops('claim.submitted')).toBe(0);
  });

  test('and stays away for too long has missed the claim, and says so', async () => {
    town = await open();
    await serve(1);
    town.kill();
    await town.tickTo(16);
    await town.restart();
    await town.tickTo(20);
    expect(only()).toMatchObject({ state: 'claim-missed', claimedUpokt: '1000' });
  });

  test('and stays away for the proof window has missed the proof, and says so', async () => {
    town = await open();
    await serve(1);
    await town.tickTo(14);
    town.kill();
    await town.tickTo(21);
    await town.restart();
    await town.tickTo(22);
    expect(only().state).toBe('proof-missed');
  });

  test('at any moment: every relay that was counted is claimed, and none that was not served', async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.constant('serve' as const) },
      { weight: 3, arbitrary: fc.constant('tick' as const) },
      { weight: 2, arbitrary: fc.nat(3) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 16 }), async (steps) => {
        town = await open();
        let served = 0;
        for (const action of steps) {
          if (town.chain.latestHeight() >= 10) break;
          if (action === 'serve') {
            // Not waited for: the kill may come between the answer and the disk.
            served += 1;
            expect((await town.post((await town.sign()).bytes)).status).toBe(200);
          } else if (action === 'tick') {
            await town.tick();
          } else {
            town.kill((unflushed) => Math.min(unflushed, action));
            await town.restart();
            await town.tick();
          }
        }
        const counted = town.hops.filter(({ hop }) => hop === 'relay.mined').map(({ facts }) => `${facts['leaf']}`);
        await town.tickTo(22);
        const store = town.net.disk.openStore('miner');
        const leaves = [...store.range({ start: utf8('l/'), end: utf8('l0') })].map(([key]) => toHex(key.slice(-32)));
        expect(counted.every((leaf) => leaves.includes(leaf))).toBe(true);
        expect(leaves.length).toBeLessThanOrEqual(served);
        for (const record of town.miner.records()) {
          expect([record.state, countOf(record)]).toEqual(['settled', leaves.length]);
        }
        await town.stop();
      }),
      { numRuns: 8 },
    );
    town = await open();
  });
});
