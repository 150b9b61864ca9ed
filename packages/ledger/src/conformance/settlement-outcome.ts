/**
 * What a settled block left behind, written as settlement vectors write it.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { toHex } from '@decai/protocol/bytes';
import type { Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { UPOKT } from '../coins.ts';
import { moduleAt, moduleNamed } from '../module-account.ts';
import { TOKENOMICS } from '../registered-error.ts';
import type { Settlement } from '../settle-claims.ts';
import type { OperationType, SettlementOperation } from '../settlement-operation.ts';
import { amountUpoktOf } from '../stake.ts';
import type { State } from '../state.ts';
import { typedEvents } from './vector-state.ts';
import type { Json, Result } from './settlement-case.ts';

/** What is compared by meaning: discarded claims by the errors they were discarded with; zero coins, which do not move. */
export function comparable(result: Result): unknown {
  return {
    ...result,
    applications: sortedBy(result.applications, ({ address }) => address),
    suppliers: sortedBy(result.suppliers, ({ operator }) => operator),
    slashOperations: result.slashOperations.filter((operation) => operation.at(-1) !== ''),
    events: result.events.map((event) => (event === 'batches' ? event : comparableEvent(event[0], event[1]))),
  };
}

function sortedBy<T>(records: readonly T[], key: (record: T) => string): readonly T[] {
  return [...records].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function comparableEvent(type: string, data: JsonValue): unknown {
  if (!type.endsWith('.EventClaimDiscarded')) return [type, data];
  const { error, ...fields } = data as { error: string };
  return [type, { ...fields, error: registeredErrors(error) }];
}

/** The registered texts that an error ends in; what stands before them is worded freely. */
function registeredErrors(error: string): string[] {
  const registered = new Set<string>(Object.values(TOKENOMICS).map(([, , text]) => text));
  const parts = error.split(': ');
  const details = parts.findLastIndex((part) => !registered.has(part));
  return parts.slice(details + 1);
}

export function settledOperations(
  { settled, validatorOperations }: Settlement,
  named: (claim: Claim) => unknown,
): unknown[] {
  const results: unknown[] = settled.map(({ claim, operations }) => ({ ...byType(operations), claim: named(claim) }));
  if (validatorOperations.length > 0) results.push({ ...byType(validatorOperations), validatorRewards: true });
  return results;
}

function byType(operations: readonly SettlementOperation[]): Record<string, unknown> {
  const some = (wanted: OperationType, line: (operation: SettlementOperation) => unknown): unknown[] =>
    operations.filter(({ type }) => type === wanted).map(line);
  const single = ({ sender, reason, amountUpokt }: SettlementOperation): unknown => [sender, reason, amountUpokt];
  const transfer = ({ sender, recipient, reason, amountUpokt }: SettlementOperation): unknown => [
    sender,
    recipient,
    reason,
    amountUpokt,
  ];
  return {
    mints: some('mint', single),
    burns: some('burn', single),
    moduleToModule: some('mod_to_mod', transfer),
    moduleToAccount: some('mod_to_acct', transfer),
  };
}

/** The events in order, with one word in place of the batches; and the batches, as their events tell them. */
export function eventsOf(state: State): { events: unknown[]; batches: unknown[] } {
  const events: unknown[] = [];
  const batches: unknown[] = [];
  for (const { type, data } of typedEvents(state)) {
    if (!type.endsWith('.EventSettlementBatch')) {
      events.push(comparableEvent(type, data));
      continue;
    }
    const batch = data as Json;
    if (events.at(-1) !== 'batches') events.push('batches');
    batches.push([
      batch['op_type'],
      batch['sender_module'],
      batch['recipient'],
      batch['op_reason'],
      batch['total_amount'],
      batch['num_claims'],
      batch['session_end_block_height'],
    ]);
  }
  return { events, batches };
}

export function recordsOf(state: State): Record<string, unknown> {
  const balance = (address: string): bigint => state.bank.balance(address, UPOKT);
  const accounts: [string, bigint][] = [];
  for (const { address } of state.accounts.records.values()) {
    if (moduleAt(address) === undefined && balance(address) > 0n) accounts.push([address, balance(address)]);
  }
  const modules = (['application', 'supplier', 'tokenomics'] as const).map((name) => [
    name,
    balance(moduleNamed(name).address),
  ]);
  return {
    claimsLeft: [...state.claims.entries()].length,
    accountBalances: Object.fromEntries(accounts) as unknown,
    moduleBalances: Object.fromEntries(modules) as unknown,
    applications: [...state.applications.entries()].map(([, { address, stake, unstakeSessionEndHeight }]) => ({
      address,
      stake: amountUpoktOf(stake),
      unstakeSessionEndHeight: Number(unstakeSessionEndHeight),
    })),
    suppliers: [...state.suppliers.entries()].map(([, { operatorAddress, stake, unstakeSessionEndHeight }]) => ({
      operator: operatorAddress,
      stake: amountUpoktOf(stake),
      unstakeSessionEndHeight: Number(unstakeSessionEndHeight),
    })),
    difficulty: [...state.services.newestDifficulties.values()].map(
      ({ serviceId, blockHeight, numRelaysEma, targetHash }) => ({
        serviceId,
        blockHeight: Number(blockHeight),
        numRelaysEma,
        targetHash: toHex(targetHash),
      }),
    ),
  };
}
