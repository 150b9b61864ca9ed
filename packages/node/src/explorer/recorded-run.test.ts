/**
 * A recorded run of the real chain, indexed: what the explorer says of money, work and actors is what the ledger's own records
 * say after the last block.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { moduleAddress } from '@decai/protocol/address';
import { amountOf, parseCoins } from '@decai/protocol/coin';
import { MODULE_ACCOUNTS } from '@decai/ledger/module-account';
import { beforeAll, describe, expect, test } from 'vitest';
import { explored, type Explored } from '../testing/explored.ts';
import { recordedChain, type RecordedChain } from '../testing/recorded-chain.ts';

type ChainEvent = { readonly type: string; readonly attributes: readonly { key: string; value: string }[] };
type Records = Record<string, any>;

const MODULES = new Set(MODULE_ACCOUNTS.map(({ name }) => moduleAddress(name)));
/** A key among the balances. */
const SUPPLY = 'supply';
const BATCH = 'pocket.tokenomics.EventSettlementBatch';

/** Claims of which the second version named another session end: the recorded node let that pass, this ledger refuses it. */
const REPLACED_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'run-a': [],
  'run-q': [
    '417918138a8b11d7d48a0c2e82256e6b8818358f207133e62e25024b4c85cac0/pokt1zhj3enyyrn22vrhg0w0efcypt2aw0nvs0l050e',
  ],
};

describe.each(Object.entries(REPLACED_ELSEWHERE))('%s', (name, replaced) => {
  let chain: RecordedChain;
  let explorer: Explored;
  let after: Records;

  beforeAll(async () => {
    chain = recordedChain(name);
    explorer = await explored(chain);
    after = recordsAfter(chain.state);
  });

  test('every account was paid what its balance shows beyond all other movements', async () => {
    const before = new Map<string, bigint>(
      (chain.genesis as any).app_state.bank.balances.map(({ address, coins }: any) => [address, upoktOf(coins)]),
    );
    const others = movementsBesideSettlement(chain);
    for (const [address, bonded] of bondedInGenesis(chain)) others.set(address, (others.get(address) ?? 0n) - bonded);
    let accounts = 0;
    for (const [address, balance] of Object.entries<string>(after['balances'])) {
      if (MODULES.has(address) || address === SUPPLY) continue;
      const paidUpokt = BigInt(balance) - (before.get(address) ?? 0n) - (others.get(address) ?? 0n);
      const { status, json } = await explorer.ask(`/accounts/${address}`);
      expect([address, status === 404 ? 0n : BigInt(json.paidUpokt)]).toEqual([address, paidUpokt]);
      if (paidUpokt > 0n) accounts += 1;
    }
    expect(accounts).toBeGreaterThan(8);
  });

  test('the supply is the sum of all balances, and every change of it is in a block', async () => {
    const { [SUPPLY]: supply, ...balances } = after['balances'] as Record<string, string>;
    const sum = Object.values(balances).reduce((total, balance) => total + BigInt(balance), 0n);
    const { json } = await explorer.ask('/totals');
    expect([json.supplyUpokt, `${sum}`]).toEqual([supply, supply]);
    const blocks = await explorer.list('/blocks?order=asc', 50);
    expect(blocks.map(({ height }) => height)).toEqual(heights(chain));
    for (const [index, block] of blocks.entries()) {
      if (index === 0) continue;
      const change = BigInt(block.mintedUpokt) - BigInt(block.burnedUpokt);
      expect(BigInt(block.supplyUpokt) - BigInt(blocks[index - 1].supplyUpokt)).toBe(change);
    }
  });

  test('what was settled, minted and paid is what the batches of the blocks moved', async () => {
    const moved = new Map<string, bigint>();
    for (const { attributes } of blockEvents(chain).filter(({ type }) => type === BATCH)) {
      const fields = Object.fromEntries(
        attributes.map(({ key, value }) => [key, key === 'mode' ? value : JSON.parse(value)]),
      );
      // Between modules some reasons occur again.
      if (fields.op_type === 'mod_to_mod') continue;
      moved.set(fields.op_reason, (moved.get(fields.op_reason) ?? 0n) + upoktIn(fields.total_amount));
    }
    const { totals } = (await explorer.ask('/totals')).json;
    const of = (...reasons: string[]): string =>
      `${reasons.reduce((sum, reason) => sum + (moved.get(reason) ?? 0n), 0n)}`;
    const tlm = (part: string): string[] => [`TLM_RELAY_BURN_EQUALS_MINT_${part}`, `TLM_GLOBAL_MINT_${part}`];
    expect(totals).toMatchObject({
      settledUpokt: of('TLM_RELAY_BURN_EQUALS_MINT_APPLICATION_STAKE_BURN'),
      mintedUpokt: of('TLM_RELAY_BURN_EQUALS_MINT_TOKENOMICS_CLAIM_DISTRIBUTION_MINT'),
      paidSuppliersUpokt: of(...tlm('SUPPLIER_SHAREHOLDER_REWARD_DISTRIBUTION')),
      paidSourcesUpokt: of(...tlm('SOURCE_OWNER_REWARD_DISTRIBUTION')),
      paidApplicationsUpokt: of(...tlm('APPLICATION_REWARD_DISTRIBUTION')),
      paidTreasuryUpokt: of(...tlm('DAO_REWARD_DISTRIBUTION')),
      reimbursementUpokt: of('TLM_GLOBAL_MINT_REIMBURSEMENT_REQUEST_ESCROW_DAO_TRANSFER'),
    });
    expect(BigInt(totals.settledUpokt)).toBeGreaterThan(0n);
  });

  test('counts of events add up, in all, by service, by supplier, by application and by session end', async () => {
    const { totals } = (await explorer.ask('/totals')).json;
    const counted = (type: string): string => `${chainEvents(chain).filter((event) => event.type === type).length}`;
    expect(totals).toMatchObject({
      claimsCreated: counted('pocket.proof.EventClaimCreated'),
      claimsUpdated: counted('pocket.proof.EventClaimUpdated'),
      proofsSubmitted: counted('pocket.proof.EventProofSubmitted'),
      claimsSettled: counted('pocket.tokenomics.EventClaimSettled'),
      claimsExpired: counted('pocket.tokenomics.EventClaimExpired'),
      claimsDiscarded: counted('pocket.tokenomics.EventClaimDiscarded'),
      slashes: counted('pocket.tokenomics.EventSupplierSlashed'),
    });
    expect(Number(totals.proofsValid) + Number(totals.proofsInvalid)).toBe(
      Number(counted('pocket.proof.EventProofValidityChecked')),
    );
    for (const actors of ['/services', '/suppliers', '/applications']) {
      const all = (await explorer.list(actors)).map((one) => one.totals);
      // Applications that are gone are listed; suppliers and services that have claims are known.
      expect([actors, summed(all)]).toEqual([actors, withoutPrice(totals)]);
    }
    expect(summed(await explorer.list('/totals/sessions', 7))).toEqual(withoutPrice(totals));
    expect((await explorer.list('/claims', 60)).length - replaced.length).toBe(Number(totals.claimsCreated));
    expect((await explorer.list('/slashes')).length).toBe(Number(totals.slashes));
  });

  test('claims that wait are those in the ledger, under their sessions', async () => {
    const keyOf = ({ sessionId, supplierAddress }: any): string => `${sessionId}/${supplierAddress}`;
    const pending = await explorer.list('/claims?status=pending');
    const waiting = pending.filter((claim) => !replaced.includes(keyOf(claim)));
    expect(waiting.length + replaced.length).toBe(pending.length);
    expect(waiting.map(keyOf).sort()).toEqual(Object.keys(after['claims']).sort());
    for (const claim of waiting) {
      const { json } = await explorer.ask(`/sessions/${claim.sessionId}`);
      const { session_header: header } = after['claims'][`${claim.sessionId}/${claim.supplierAddress}`];
      expect([
        json.serviceId,
        json.applicationAddress,
        `${json.sessionStartHeight}`,
        `${json.sessionEndHeight}`,
      ]).toEqual([
        header.service_id,
        header.application_address,
        header.session_start_block_height,
        header.session_end_block_height,
      ]);
    }
  });

  test('services, suppliers and applications are those in the ledger', async () => {
    const services = await explorer.list('/services');
    expect(services.map((one) => [one.serviceId, one.name, one.computeUnitsPerRelay, one.ownerAddress])).toEqual(
      sorted(after['services']).map((one) => [one.id, one.name, one.compute_units_per_relay, one.owner_address]),
    );
    const suppliers = (await explorer.list('/suppliers')).filter(({ status }) => status !== 'unstaked');
    expect(suppliers.map((one) => [one.supplierAddress, one.ownerAddress, one.status, one.stakeUpokt])).toEqual(
      sorted(after['suppliers']).map((one) => [
        one.operator_address,
        one.owner_address,
        statusOf(one),
        one.stake.amount,
      ]),
    );
    const applications = (await explorer.list('/applications')).filter(({ status }) => /staked|unbonding/.test(status));
    expect(
      applications
        .filter(({ status }) => status !== 'unstaked')
        .map((one) => [one.applicationAddress, one.serviceId, one.status]),
    ).toEqual(
      sorted(after['applications']).map((one) => [one.address, one.service_configs[0].service_id, statusOf(one)]),
    );
  });
});

function heights(chain: RecordedChain): number[] {
  return Array.from({ length: chain.latestHeight() }, (_, index) => index + 1);
}

/** What transactions of the genesis took from the accounts of validators. */
function bondedInGenesis({ genesis, state }: RecordedChain): [address: string, bondedUpokt: bigint][] {
  return Object.entries<any>(state[0]!['validators'] as any).map(([operator, { account }]) => {
    const messages = (genesis as any).app_state.genutil.gen_txs.flatMap((one: any) => one.body.messages);
    return [account, BigInt(messages.find((one: any) => one.validator_address === operator).value.amount)];
  });
}

/** Records after the last block, by section and key. */
function recordsAfter(state: RecordedChain['state']): Records {
  const after: Records = {};
  for (const changes of state) {
    for (const [section, records] of Object.entries(changes)) {
      if (typeof records === 'number') continue;
      const all = (after[section] ??= {});
      for (const [key, record] of Object.entries(records)) {
        if (record === null) delete all[key];
        else all[key] = record;
      }
    }
  }
  return after;
}

function sorted(records: Record<string, any> = {}): any[] {
  return Object.keys(records)
    .sort()
    .map((key) => records[key]);
}

function statusOf(record: { unstake_session_end_height: string }): string {
  return record.unstake_session_end_height === '0' ? 'staked' : 'unbonding';
}

function chainEvents(chain: RecordedChain): ChainEvent[] {
  return heights(chain).flatMap((height) => {
    const { results } = chain.blocks.block(height)!;
    return [...results.txResults.flatMap(({ events }) => events), ...results.events];
  });
}

function blockEvents(chain: RecordedChain): ChainEvent[] {
  return heights(chain).flatMap((height) => chain.blocks.block(height)!.results.events);
}

/** Coins in and out of each account by anything but settlement, whose events stand between the block's first batch and its last. */
function movementsBesideSettlement(chain: RecordedChain): Map<string, bigint> {
  const moved = new Map<string, bigint>();
  const add = ({ type, attributes }: ChainEvent): void => {
    if (type !== 'coin_received' && type !== 'coin_spent') return;
    const { receiver, spender, amount = '' } = Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
    const account = receiver ?? spender!;
    moved.set(account, (moved.get(account) ?? 0n) + (receiver === undefined ? -upoktIn(amount) : upoktIn(amount)));
  };
  for (const height of heights(chain)) {
    const { results } = chain.blocks.block(height)!;
    results.txResults.flatMap(({ events }) => events).forEach(add);
    const lastBatch = results.events.findLastIndex(({ type }) => type === BATCH);
    results.events.forEach((event, index) => {
      const mode = event.attributes.find(({ key }) => key === 'mode')?.value;
      if (mode !== 'EndBlock' || index > lastBatch) add(event);
    });
  }
  return moved;
}

function upoktIn(coins: string): bigint {
  return coins === ''
    ? 0n
    : parseCoins(coins).reduce((sum, one) => (one.denom === 'upokt' ? sum + amountOf(one) : sum), 0n);
}

function upoktOf(coins: readonly { denom: string; amount: string }[]): bigint {
  return coins.reduce((sum, { denom, amount }) => (denom === 'upokt' ? sum + BigInt(amount) : sum), 0n);
}

function withoutPrice(totals: Record<string, JsonValue>): Record<string, JsonValue> {
  const { price: _, ...counts } = totals;
  return counts;
}

function summed(all: readonly Record<string, any>[]): Record<string, string> {
  const sum: Record<string, bigint> = {};
  for (const { price: _, sessionEndHeight: __, ...counts } of all) {
    for (const [field, value] of Object.entries<string>(counts)) sum[field] = (sum[field] ?? 0n) + BigInt(value);
  }
  return Object.fromEntries(Object.entries(sum).map(([field, value]) => [field, `${value}`]));
}
