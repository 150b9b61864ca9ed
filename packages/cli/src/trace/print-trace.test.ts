import type { Hop } from '@decai/protocol/hop';
import { HOPS } from '@decai/protocol/hop';
import { describe, expect, test } from 'vitest';
import { HopPrinter, paymentLine, traceJson } from './print-trace.ts';
import { inStoryOrder } from './story-order.ts';

const hop = (name: Hop['hop'], at: number, facts: Hop['facts'] = {}): Hop => ({ hop: name, at, role: 'miner', facts });
const DIGEST = 'ab'.repeat(32);

describe('a printed trace', () => {
  test('has one line a hop, with the time since the first', () => {
    const printer = new HopPrinter();
    expect(printer.line(hop('relay.received', 1_700_000_000_000, { status: 200 }))).toBe(
      'relay.received    22:13:20.000    +0.000 s  miner    status=200',
    );
    expect(printer.line(hop('relay.served', 1_700_000_001_250))).toBe(
      'relay.served      22:13:21.250    +1.250 s  miner',
    );
  });

  test('tells an identity once and a count every time', () => {
    const printer = new HopPrinter();
    const facts = { supplier: 'pokt1aaaaaaaaaaaaaaaa', relays: 2, request: DIGEST };
    expect(printer.line(hop('relay.received', 0, facts))).toContain(
      'supplier=pokt1aaaaaaaaaaaaaaaa relays=2 request=abab',
    );
    expect(printer.line(hop('relay.served', 0, facts))).toMatch(/miner {4}relays=2$/);
  });

  test('cuts digests, and leaves what one would paste', () => {
    const line = new HopPrinter().line(
      hop('relay.mined', 0, { leaf: DIGEST, session: DIGEST.replace('a', 'c'), transaction: DIGEST.toUpperCase() }),
    );
    expect(line).toContain(`leaf=${DIGEST.slice(0, 12)}…`);
    expect(line).toContain(`session=${DIGEST.replace('a', 'c')}`);
    expect(line).toContain(`transaction=${DIGEST.toUpperCase()}`);
  });

  test('ends with who was paid, and the parts add up to what was paid', () => {
    const facts = {
      burnedUpokt: '168000',
      mintedUpokt: '163800',
      supplierUpokt: '139230',
      sourceUpokt: '13104',
      validatorsUpokt: '6552',
      treasuryUpokt: '4914',
    };
    const line = paymentLine([hop('claim.settled', 0, facts)])!;
    const [paid, ...parts] = [...line.matchAll(/[\d,]{2,}/g)].map(([text]) => Number(text.replaceAll(',', '')));
    expect(paid).toBe(168_000);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(paid);
    expect(paymentLine([hop('relay.mined', 0)])).toBeUndefined();
  });

  test('is an array of flat objects for scripts', () => {
    expect(JSON.parse(traceJson([hop('relay.mined', 5, { computeUnits: 4_000 })]))).toEqual([
      { hop: 'relay.mined', at: 5, role: 'miner', computeUnits: 4_000 },
    ]);
  });
});

describe('the order of a story', () => {
  test('is the vocabulary, whatever the clocks say', () => {
    const shuffled = [...HOPS].reverse().map((name, index) => hop(name, index));
    expect(inStoryOrder(shuffled).map(({ hop: name }) => name)).toEqual([...HOPS]);
  });

  test('has each hop once: that of the last try', () => {
    const hops = [hop('supplier.chosen', 1, { attempt: 1 }), hop('supplier.chosen', 2, { attempt: 2 })];
    expect(inStoryOrder(hops)).toEqual([hops[1]]);
  });

  test('leaves out what is no hop', () => {
    expect(inStoryOrder([hop('teapot.boiled' as Hop['hop'], 1)])).toEqual([]);
  });
});
