/**
 * Everything that a message or an end-of-block rule can read and change, as one value for the length of a block.
 *
 * Rules take a State and nothing else from outside; what is not in it (clock, disk, network, chance) they cannot reach.
 */
import { Accounts } from './account.ts';
import { ApplicationRecords } from './application-records.ts';
import { Bank } from './bank.ts';
import { BlockHashes } from './block-hashes.ts';
import { ClaimRecords, ProofRecords } from './claim-records.ts';
import { GatewayRecords } from './gateway-records.ts';
import { Grants } from './grants.ts';
import { Journal } from './journal.ts';
import { Params } from './params.ts';
import { ServiceRecords } from './service-records.ts';
import type { Store } from './store.ts';
import { SupplierRecords } from './supplier-records.ts';
import { UnorderedNonces } from './unordered-nonces.ts';
import { ValidatorRecords } from './validator-records.ts';

/** The block being executed. */
export type BlockContext = {
  readonly chainId: string;
  readonly height: number;
  /** Nanoseconds since the epoch, the same for the whole block. */
  readonly timeNs: bigint;
  /** The block's own hash; empty while genesis is read. */
  readonly hash: Uint8Array;
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
    this.params = new Params(store);
    this.applications = new ApplicationRecords(store);
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
