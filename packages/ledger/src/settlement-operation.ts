/**
 * Money as a list: what a settlement mints, burns and moves, written down before any of it happens.
 *
 * The tests, the events and the bank all read the same list, and conservation is one sum over it.
 *
 * Source: pokt-network/poktroll `x/tokenomics/types` (settlement results), `pocket.tokenomics.SettlementOpReason`.
 */
import { SettlementOpReason } from '@decai/protocol/gen/pocket/tokenomics/types_pb';
import { Fault } from '@decai/protocol/fault';
import type { ModuleName } from './module-account.ts';

/** The names that the batch events carry. */
export type OperationType = 'mint' | 'burn' | 'mod_to_mod' | 'mod_to_acct';

export type SettlementOperation = {
  readonly type: OperationType;
  /** The module that pays; for a mint or burn, the module whose account grows or shrinks. */
  readonly sender: ModuleName;
  /** A module's name or an account's address; empty for a mint or burn. */
  readonly recipient: string;
  readonly reason: SettlementOpReason;
  readonly amountUpokt: bigint;
};

/** Collects operations in the order in which they are queued. Nothing is queued for an amount of zero. */
export class OperationList {
  readonly operations: SettlementOperation[] = [];

  mint(module: ModuleName, amountUpokt: bigint, reason: SettlementOpReason): void {
    this.queue({ type: 'mint', sender: module, recipient: '', reason, amountUpokt });
  }

  burn(module: ModuleName, amountUpokt: bigint, reason: SettlementOpReason): void {
    this.queue({ type: 'burn', sender: module, recipient: '', reason, amountUpokt });
  }

  toModule(sender: ModuleName, recipient: ModuleName, amountUpokt: bigint, reason: SettlementOpReason): void {
    this.queue({ type: 'mod_to_mod', sender, recipient, reason, amountUpokt });
  }

  toAccount(sender: ModuleName, recipient: string, amountUpokt: bigint, reason: SettlementOpReason): void {
    this.queue({ type: 'mod_to_acct', sender, recipient, reason, amountUpokt });
  }

  private queue(operation: SettlementOperation): void {
    if (operation.amountUpokt > 0n) this.operations.push(operation);
  }
}

/** What a list of operations leaves in the account of each module: positive where more comes in than goes out. */
export function moduleFlows(operations: Iterable<SettlementOperation>): Map<string, bigint> {
  const flows = new Map<string, bigint>();
  const flow = (module: string, amountUpokt: bigint): void => {
    flows.set(module, (flows.get(module) ?? 0n) + amountUpokt);
  };
  for (const { type, sender, recipient, amountUpokt } of operations) {
    flow(sender, type === 'mint' ? amountUpokt : -amountUpokt);
    if (type === 'mod_to_mod') flow(recipient, amountUpokt);
  }
  return flows;
}

/**
 * Checks that a claim's operations take from the application what its stake lost, pass on all that they bring to the
 * supplier module, and leave in tokenomics what is still owed to validators.
 *
 * @throws MONEY_NOT_CONSERVED with the first module that does not balance.
 */
export function assertConserved(
  operations: Iterable<SettlementOperation>,
  expected: { readonly applicationUpokt: bigint; readonly tokenomicsUpokt: bigint },
): void {
  const flows = moduleFlows(operations);
  const wanted = { application: expected.applicationUpokt, supplier: 0n, tokenomics: expected.tokenomicsUpokt };
  for (const [module, amountUpokt] of Object.entries(wanted)) {
    const flowUpokt = flows.get(module) ?? 0n;
    if (flowUpokt === amountUpokt) continue;
    throw new Fault('MONEY_NOT_CONSERVED', 'a settlement does not balance', { module, amountUpokt, flowUpokt });
  }
}
