/**
 * What one block changes in the explorer's tables, collected in memory: rows to put, rows to remove, and sums to add to.
 *
 * Nothing here knows of a database, so what a block means can be tested without one, and half a block is never written.
 */
import type { ExplorerTables } from './explorer-tables.ts';
import type { PaidRole } from './paid-role.ts';
import { addTally, type RunningTally, type Tally, type TallyScope } from './tally.ts';

type TableName = keyof ExplorerTables;
type Cell = string | number | null;
export type Cells = Readonly<Record<string, Cell>>;
/** Columns of a table. */
type Row<Table extends TableName> = Readonly<Partial<{ [Column in keyof ExplorerTables[Table]]: Cell }>>;

export type RowChange =
  | {
      readonly kind: 'put';
      readonly table: TableName;
      /** The key and every column that takes this value. */
      readonly row: Cells;
      /** Columns that take their value only when the row is new. */
      readonly first: Cells;
    }
  | { readonly kind: 'remove'; readonly table: TableName; readonly row: Cells };

export type TallyChange = {
  readonly scope: TallyScope;
  readonly subject: string;
  readonly sessionEndHeight: number;
  readonly add: RunningTally;
};

export type EarningChange = {
  readonly scope: ExplorerTables['earnings']['scope'];
  readonly subject: string;
  readonly recipient: string;
  readonly role: PaidRole;
  paidUpokt: bigint;
  payments: bigint;
};

/** Whose claim it is: what every event about one says. */
export type ClaimKey = {
  readonly sessionEndHeight: number;
  readonly serviceId: string;
  readonly applicationAddress: string;
  readonly supplierAddress: string;
};

export class BlockChanges {
  readonly height: number;
  /** In the order in which they are to be made. */
  readonly rows: RowChange[] = [];
  mintedUpokt = 0n;
  burnedUpokt = 0n;
  readonly #tallies = new Map<string, TallyChange>();
  readonly #earnings = new Map<string, EarningChange>();

  constructor(height: number) {
    this.height = height;
  }

  put<Table extends TableName>(table: Table, row: Row<Table>, first?: Row<Table>): void {
    this.rows.push({ kind: 'put', table, row: row as Cells, first: (first ?? {}) as Cells });
  }

  /** Removes all rows that have these values. */
  remove<Table extends TableName>(table: Table, row: Row<Table>): void {
    this.rows.push({ kind: 'remove', table, row: row as Cells });
  }

  /** Adds to the counts of the network and of the three parties to a claim, in all and for its session end. */
  count(claim: ClaimKey, add: Tally): void {
    const subjects: [TallyScope, string][] = [
      ['network', ''],
      ['service', claim.serviceId],
      ['supplier', claim.supplierAddress],
      ['application', claim.applicationAddress],
    ];
    for (const [scope, subject] of subjects) {
      for (const sessionEndHeight of [0, claim.sessionEndHeight]) {
        addTally(this.#tallyOf(scope, subject, sessionEndHeight), add);
      }
    }
  }

  /** Adds to what an account was paid: by the network and, for a claim, by its service and for its supplier. */
  earn(recipient: string, role: PaidRole, paidUpokt: bigint, claim?: ClaimKey): void {
    const scopes: [EarningChange['scope'], string][] = [['network', '']];
    if (claim !== undefined) scopes.push(['service', claim.serviceId], ['supplier', claim.supplierAddress]);
    for (const [scope, subject] of scopes) {
      const key = `${scope}/${role}/${recipient}/${subject}`;
      const sum = this.#earnings.get(key);
      if (sum === undefined) {
        this.#earnings.set(key, { scope, subject, recipient, role, paidUpokt, payments: 1n });
      } else {
        sum.paidUpokt += paidUpokt;
        sum.payments += 1n;
      }
    }
  }

  /** What the block adds to the counts of the network. */
  get network(): Tally {
    return this.#tallies.get('network/0/')?.add ?? {};
  }

  get tallies(): Iterable<TallyChange> {
    return this.#tallies.values();
  }

  get earnings(): Iterable<EarningChange> {
    return this.#earnings.values();
  }

  #tallyOf(scope: TallyScope, subject: string, sessionEndHeight: number): RunningTally {
    const key = `${scope}/${sessionEndHeight}/${subject}`;
    const known = this.#tallies.get(key);
    if (known !== undefined) return known.add;
    const change = { scope, subject, sessionEndHeight, add: {} };
    this.#tallies.set(key, change);
    return change.add;
  }
}
