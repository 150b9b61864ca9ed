import { afterEach, describe, expect, test } from 'vitest';
import { Fault } from '@decai/protocol/fault';
import { startBlockWatch, type BlockWatch } from './block-watch.ts';
import { blockAt, ledgerDouble } from './testing/ledger-double.ts';
import { manualClock, settle } from './testing/manual-clock.ts';

const watches: BlockWatch[] = [];

afterEach(async () => {
  for (const watch of watches.splice(0)) await watch.stop();
});

function watching() {
  const ledger = ledgerDouble();
  const world = manualClock();
  const troubles: unknown[] = [];
  const watch = startBlockWatch({ world, transport: ledger.transport, onTrouble: (trouble) => troubles.push(trouble) });
  watches.push(watch);
  const heard: number[] = [];
  watch.onBlock(({ height }) => heard.push(height));
  return { ledger, world, watch, heard, troubles };
}

describe('startBlockWatch', () => {
  test('tells of the newest block at once and of each one after it', async () => {
    const { ledger, watch, heard } = watching();
    await settle();
    expect(heard).toEqual([1]);
    ledger.addBlock();
    ledger.addBlock();
    await settle();
    expect(heard).toEqual([1, 2, 3]);
    expect(watch.latest).toEqual(blockAt(3));
  });

  test('a subscription that ends is taken up again, and what was missed is told in order', async () => {
    const { ledger, world, heard } = watching();
    await settle();
    ledger.dropSubscriptions();
    await settle();
    for (let n = 0; n < 3; n += 1) ledger.addBlock();
    await world.advance(1000);
    expect(heard).toEqual([1, 2, 3, 4]);
    ledger.addBlock();
    await settle();
    expect(heard).toEqual([1, 2, 3, 4, 5]);
  });

  test('without a subscription the ledger is asked once a second', async () => {
    const { ledger, world, heard, troubles } = watching();
    ledger.noSubscriptions = true;
    ledger.dropSubscriptions();
    await settle();
    ledger.addBlock();
    await world.advance(2000);
    ledger.addBlock();
    await world.advance(2000);
    expect(heard).toEqual([1, 2, 3]);
    expect(troubles.length).toBeGreaterThan(0);
  });

  test('a subscription that goes silent is found out by asking', async () => {
    const { ledger, world, heard } = watching();
    await settle();
    // Blocks are made that nobody is told of.
    ledger.height = 4;
    await world.advance(10_000);
    expect(heard).toEqual([1, 2, 3, 4]);
    await world.advance(1000);
    ledger.addBlock();
    await settle();
    expect(heard).toEqual([1, 2, 3, 4, 5]);
  });

  test('a slow chain is not taken for a silent subscription', async () => {
    const { ledger, world } = watching();
    await world.advance(60_000);
    expect(ledger.calls.filter((name) => name === 'subscribeBlocks')).toHaveLength(1);
  });

  test('an outage is survived, and told', async () => {
    const { ledger, world, heard, troubles } = watching();
    await settle();
    ledger.outage = new Fault('LEDGER_UNREACHABLE', 'away');
    ledger.dropSubscriptions();
    await world.advance(5000);
    expect(troubles).toContain(ledger.outage);
    ledger.outage = undefined;
    ledger.height = 3;
    await world.advance(1000);
    expect(heard).toEqual([1, 2, 3]);
  });

  test('after a very long gap only the last two hundred are told', async () => {
    const { ledger, world, heard } = watching();
    await settle();
    ledger.height = 1000;
    await world.advance(10_000);
    expect(heard.slice(0, 2)).toEqual([1, 800]);
    expect(heard).toHaveLength(202);
  });

  test('until waits for a height, and ends with the signal or the watch', async () => {
    const { ledger, watch } = watching();
    expect(await watch.until(1)).toEqual(blockAt(1));
    await settle();
    const second = watch.until(2);
    ledger.addBlock();
    expect((await second).height).toBe(2);
    const cancel = new AbortController();
    const cancelled = watch.until(9, cancel.signal);
    cancel.abort(new Error('enough'));
    await expect(cancelled).rejects.toThrow('enough');
    const stopped = watch.until(9);
    void watch.stop();
    await expect(stopped).rejects.toMatchObject({ code: 'WATCH_STOPPED' });
    await expect(watch.until(9)).rejects.toMatchObject({ code: 'WATCH_STOPPED' });
  });

  test('whoever stops listening hears no more, and nothing sleeps on after the stop', async () => {
    const { ledger, world, watch } = watching();
    const heard: number[] = [];
    const stop = watch.onBlock(({ height }) => heard.push(height));
    await settle();
    stop();
    ledger.addBlock();
    await settle();
    expect(heard).toEqual([1]);
    await watch.stop();
    expect(world.sleepers).toBe(0);
  });
});
