/**
 * Everything that a message or an end-of-block rule can read and change, as one value for the length of a block.
 *
 * Rules take a State and nothing else from outside; what is not in it (clock, disk, network, chance) they cannot reach.
 */
import { Accounts } from './account.ts';
import { ApplicationRecords } from './application-records.ts';
import { Bank } from './bank.ts';
import { BlockHashes } from './block-hashes.ts';
import type { Profile } from './chain-record.ts';
import { ClaimRecords, ProofRecords } from './claim-records.ts';
import { DelegationIntervals } from './delegation-intervals.ts';
import { GatewayRecords } from './gateway-records.ts';
import { Grants } from './grants.ts';
import { Journal } from './journal.ts';
import { Params } from './params.ts';
import { ServiceRecords } from './service-records.ts';
import type { Store } from './store.ts';
import type { Relaxation, StricterRule } from './stricter-rule.ts';
import { SupplierRecords } from './supplier-records.ts';
import { UnorderedNonces } from './unordered-nonces.ts';
import { ValidatorRecords } from './validator-records.ts';

/** The block being executed. */
export type BlockContext = {
  readonly chainId: string;
  /** The rules of the chain. */
  readonly profile: Profile;
  readonly height: number;
  /** Nanoseconds since the epoch, the same for the whole block. */
  readonly timeNs: bigint;
  /** The block's own hash; empty while genesis is read. */
  readonly hash: Uint8Array;
  /** Only for whoever follows a chain that was made without our stricter rules. */
  readonly relaxes?: Relaxation;
};

export class State {
  readonly store: Store;
  readonly block: BlockContext;
  readonly journal: Journal;
  readonly accounts: Accounts;
  readonly nonces: UnorderedNonces;
  readonly bank: Bank;
  readonly grants: Grants;
  readonly params: Params;
  readonly applications: ApplicationRecords;
  /** Only where sessions are pinned. */
  readonly delegations: DelegationIntervals | undefined;
  readonly gateways: GatewayRecords;
  readonly suppliers: SupplierRecords;
  readonly services: ServiceRecords;
  readonly claims: ClaimRecords;
  readonly proofs: ProofRecords;
  readonly blockHashes: BlockHashes;
  readonly validators: ValidatorRecords;

  constructor(store: Store, block: BlockContext) {
    this.store = store;
    this.block = block;
    this.journal = new Journal();
    this.accounts = new Accounts(store);
    this.nonces = new UnorderedNonces(store);
    this.bank = new Bank(store, this.accounts, this.journal);
    this.grants = new Grants(store);
    this.params = new Params(store, block);
    this.applications = new ApplicationRecords(store);
    this.delegations = this.isPinned ? new DelegationIntervals(store) : undefined;
    this.gateways = new GatewayRecords(store);
    this.suppliers = new SupplierRecords(store);
    this.services = new ServiceRecords(store);
    this.claims = new ClaimRecords(store);
    this.proofs = new ProofRecords(store);
    this.blockHashes = new BlockHashes(store);
    this.validators = new ValidatorRecords(store);
  }

  get height(): number {
    return this.block.height;
  }

  /** Whether what a session depends on is read as of its start (docs/decisions/0006). */
  get isPinned(): boolean {
    return this.block.profile === 'decai';
  }

  /** As of which height a fact about a session that began at `startHeight` is read: that one if it is pinned, else now. */
  asOf(startHeight: number): number {
    return this.isPinned ? startHeight : this.height;
  }

  /** Whether one of our stricter rules does not hold here. To be asked only where it would decide. */
  relaxes(rule: StricterRule): boolean {
    return this.block.relaxes?.(rule) ?? false;
  }

  /** Writes every index anew, where there are none: what was restored from records alone has no other way to them. */
  reindex(): void {
    for (const records of [this.applications, this.suppliers, this.claims, this.proofs, this.delegations])
      records?.reindex();
  }

  /** Runs `act`; if it is refused or throws, neither its writes nor its events remain. */
  atomically<V extends { readonly ok: boolean }>(act: () => V): V {
    const mark = this.journal.mark();
    let kept = false;
    try {
      const verdict = this.store.atomically(act, ({ ok }) => ok);
      kept = verdict.ok;
      return verdict;
    } finally {
      if (!kept) this.journal.rollback(mark);
    }
  }
}
