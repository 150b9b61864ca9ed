import { create } from '@bufbuild/protobuf';
import type { LedgerClient } from '@decai/client/ledger-client';
import { utf8 } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import { EventClaimCreatedSchema } from '@decai/protocol/gen/pocket/proof/event_pb';
import { ParamsSchema } from '@decai/protocol/gen/pocket/shared/params_pb';
import type { Hop } from '@decai/protocol/hop';
import type { HttpAnswer } from '@decai/protocol/http';
import { typedEvent } from '@decai/protocol/typed-event';
import { describe, expect, test } from 'vitest';
import { followTrace, type TraceFollower } from './follow-trace.ts';

const PARAMS = create(ParamsSchema, {
  numBlocksPerSession: 10n,
  gracePeriodEndOffsetBlocks: 1n,
  claimWindowOpenOffsetBlocks: 1n,
  claimWindowCloseOffsetBlocks: 3n,
  proofWindowOpenOffsetBlocks: 1n,
  proofWindowCloseOffsetBlocks: 3n,
});

const gatewayHop = (hop: Hop['hop'], facts: Hop['facts']): Hop => ({ hop, at: 1, role: 'gateway', facts });

const ANSWERED: readonly Hop[] = [
  gatewayHop('session.found', { application: 'pokt1app', service: 'model', endHeight: 20 }),
  gatewayHop('supplier.chosen', { supplier: 'pokt1supplier', url: 'http://miner:1' }),
  gatewayHop('relay.signed', { requestHash: 'ab'.repeat(32) }),
  gatewayHop('request.answered', { status: 200 }),
];

type Town = {
  height: number;
  gateway: { status: number; document: unknown };
  miner?: readonly Hop[];
  asked: string[];
  blocksRead: number[];
};

function follow(town: Town): TraceFollower {
  const json = (status: number, document: unknown): HttpAnswer => ({
    status,
    headers: {},
    body: utf8(JSON.stringify(document)),
  });
  const claim = create(EventClaimCreatedSchema, {
    serviceId: 'model',
    applicationAddress: 'pokt1app',
    supplierOperatorAddress: 'pokt1supplier',
    sessionEndBlockHeight: 20n,
    numRelays: 1n,
    claimedUpokt: '5upokt',
  });
  const transport = {
    status: () => Promise.resolve({ latestHeight: town.height }),
    block: (height: number) => Promise.resolve({ time: '2026-01-01T00:00:00Z', transactions: [], height }),
    blockResults: (height: number) => {
      town.blocksRead.push(height);
      const blockEvents = height === 23 ? [typedEvent(EventClaimCreatedSchema, claim)] : [];
      return Promise.resolve({ transactionResults: [], blockEvents });
    },
  };
  return followTrace({
    world: {
      request: ({ url }) => {
        town.asked.push(url);
        if (!url.startsWith('http://gateway')) {
          if (town.miner === undefined) return Promise.reject(new Fault('HTTP_UNREACHABLE', 'nobody there'));
          return Promise.resolve(json(200, town.miner));
        }
        return Promise.resolve(json(town.gateway.status, town.gateway.document));
      },
    },
    ledger: { transport, sharedParams: () => Promise.resolve(PARAMS) } as unknown as LedgerClient,
    gateway: { url: 'http://gateway/v1/', key: 'k' },
    id: 'chatcmpl-1',
    signal: new AbortController().signal,
  });
}

const town = (height: number, hops: readonly Hop[] = ANSWERED): Town => ({
  height,
  gateway: { status: 200, document: { requestId: 'req_1', hops } },
  asked: [],
  blocksRead: [],
});

describe('following a trace', () => {
  test('asks the gateway for the id, and the miner for the digest', async () => {
    const here = { ...town(15), miner: [{ hop: 'relay.mined', at: 2, role: 'miner', facts: {} }] as const };
    const look = await follow(here).look();
    expect(here.asked).toEqual([
      'http://gateway/v1/traces/chatcmpl-1',
      `http://miner:1/hops?request=${'ab'.repeat(32)}`,
    ]);
    expect(look!.hops.map(({ hop }) => hop)).toContain('relay.mined');
    expect(look!.waitingFor).toBe('the end of the session at block 20');
    expect(here.blocksRead).toEqual([]);
  });

  test('goes on without a miner that keeps no hops', async () => {
    expect((await follow(town(15)).look())!.hops).toHaveLength(4);
  });

  test('knows no request that the gateway does not know', async () => {
    expect(await follow({ ...town(15), gateway: { status: 404, document: {} } }).look()).toBeUndefined();
  });

  test('says that a key is wrong', async () => {
    const follower = follow({ ...town(15), gateway: { status: 401, document: {} } });
    await expect(follower.look()).rejects.toThrow(/does not know this key/);
  });

  test('ends where the request was refused', async () => {
    const look = await follow(town(15, [gatewayHop('request.answered', { status: 503 })])).look();
    expect(look!.end).toMatchObject({ outcome: 'refused' });
  });

  test('reads each block after the session once, and none that is still to come', async () => {
    const here = town(22);
    const follower = follow(here);
    expect((await follower.look())!.waitingFor).toBe('the claim, due by block 25');
    expect(here.blocksRead).toEqual([21, 22]);
    here.height = 24;
    const look = await follower.look();
    expect(here.blocksRead).toEqual([21, 22, 23, 24]);
    expect(look!.hops.at(-1)).toMatchObject({ hop: 'claim.accepted', facts: { height: 23, claimedUpokt: '5' } });
    expect(look!.waitingFor).toBe('the settlement at block 29');
  });

  test('ends when the window for claims has passed without one', async () => {
    const hops = ANSWERED.map((hop) =>
      hop.hop === 'supplier.chosen' ? { ...hop, facts: { ...hop.facts, supplier: 'pokt1other' } } : hop,
    );
    const here = town(26, hops);
    const follower = follow(here);
    expect((await follower.look())!.end).toBeUndefined();
    here.height = 27;
    expect((await follower.look())!.end).toMatchObject({ outcome: 'unclaimed' });
  });
});
