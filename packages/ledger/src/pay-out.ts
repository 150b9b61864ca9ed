/**
 * Carrying out a block's settlement: the operations of all claims, summed up and executed in batches.
 *
 * Operations that differ only in the amount become one transfer, so that thousands of claims cost the bank a few dozen
 * movements. Coins are minted before they are moved and burned last.
 *
 * Source: pokt-network/poktroll `x/tokenomics/keeper` (settlement batches).
 */
import { create } from '@bufbuild/protobuf';
import { Fault } from '@decai/protocol/fault';
import { EventSettlementBatchSchema } from '@decai/protocol/gen/pocket/tokenomics/event_pb';
import { SettlementOpReason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import { UPOKT, upokt } from './coins.ts';
import type { ModuleName } from './module-account.ts';
import type { Verdict } from './refusal.ts';
import type { OperationType, SettlementOperation } from './settlement-operation.ts';
import type { State } from './state.ts';

export type SettlementBatch = SettlementOperation & {
  /** How many operations were summed up. */ readonly count: number;
};

/** The order in which the four kinds are carried out. */
const EXECUTION_ORDER: readonly OperationType[] = ['mint', 'mod_to_mod', 'mod_to_acct', 'burn'];

/**
 * Sums up operations of the same kind, parties and reason. The batches come in the order in which they are executed:
 * by kind, and within a kind by the text of what they have in common (so that reason 10 comes before 9).
 *
 * @throws OPERATION_UNSPECIFIED for an operation without a reason.
 */
export function batchOperations(operations: Iterable<SettlementOperation>): SettlementBatch[] {
  const byType = new Map(EXECUTION_ORDER.map((type): [OperationType, SumsBySender] => [type, new Map()]));
  for (const operation of operations) {
    const { type, sender, reason, recipient, amountUpokt } = operation;
    if (reason === SettlementOpReason.UNSPECIFIED) {
      throw new Fault('OPERATION_UNSPECIFIED', 'money moves for a reason', { type });
    }
    // Found without making the text that they are sorted by: there are many operations and few sums.
    const sums = madeIn(madeIn(byType.get(type)!, sender), reason);
    const sum = sums.get(recipient);
    if (sum === undefined) {
      sums.set(recipient, { operation, amountUpokt, count: 1 });
    } else {
      sum.amountUpokt += amountUpokt;
      sum.count += 1;
    }
  }
  return EXECUTION_ORDER.flatMap((type) => inOrder(byType.get(type)!));
}

type Sum = { readonly operation: SettlementOperation; amountUpokt: bigint; count: number };
type SumsByRecipient = Map<string, Sum>;
type SumsBySender = Map<ModuleName, Map<SettlementOpReason, SumsByRecipient>>;

function madeIn<Key, K, V>(outer: Map<Key, Map<K, V>>, key: Key): Map<K, V> {
  const known = outer.get(key);
  if (known !== undefined) return known;
  const made = new Map<K, V>();
  outer.set(key, made);
  return made;
}

function inOrder(bySender: SumsBySender): SettlementBatch[] {
  return [...bySender.values()]
    .flatMap((byReason) => [...byReason.values()])
    .flatMap((sums) => [...sums.values()])
    .map((sum): [key: string, sum: Sum] => [batchKey(sum.operation), sum])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { operation, amountUpokt, count }]) => ({ ...operation, amountUpokt, count }));
}

/**
 * Executes batches and raises EventSettlementBatch after each.
 *
 * `sessionEndHeight` is that of the first claim that settled in the block.
 *
 * @throws PAYOUT_REFUSED when the bank refuses one: the list was wrong, and no part of the block may stand.
 */
export function payOut(state: State, batches: readonly SettlementBatch[], sessionEndHeight: bigint): void {
  for (const batch of batches) {
    execute(state, batch);
    state.journal.emit(
      EventSettlementBatchSchema,
      create(EventSettlementBatchSchema, {
        sessionEndBlockHeight: sessionEndHeight,
        senderModule: batch.sender,
        recipient: batch.recipient,
        opReason: batch.reason,
        totalAmount: `${batch.amountUpokt}${UPOKT}`,
        numClaims: batch.count,
        opType: batch.type,
      }),
    );
  }
}

/** @throws PAYOUT_REFUSED */
export function execute(state: State, operation: SettlementOperation): void {
  const verdict = movement(state, operation);
  if (verdict.ok) return;
  const { type, sender, recipient, reason, amountUpokt } = operation;
  throw new Fault('PAYOUT_REFUSED', verdict.message, { type, sender, recipient, reason, amountUpokt });
}

function movement({ bank }: State, { type, sender, recipient, amountUpokt }: SettlementOperation): Verdict {
  const coins = upokt(amountUpokt);
  switch (type) {
    case 'mint':
      return bank.mint(sender, coins);
    case 'mod_to_mod':
      return bank.moveBetween(sender, recipient as ModuleName, coins);
    case 'mod_to_acct':
      return bank.release(sender, recipient, coins);
    case 'burn':
      return bank.burn(sender, coins);
  }
}

function batchKey({ type, sender, recipient, reason }: SettlementOperation): string {
  return type === 'mint' || type === 'burn' ? `${sender}|${reason}` : `${sender}|${recipient}|${reason}`;
}
