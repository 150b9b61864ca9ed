/**
 * The explorer's tables, as types and as SQL.
 *
 * Columns bear the names of the JSON fields. Amounts and counts that a stranger can make large are decimal texts, because
 * engines round integers above 2⁵³; heights and ids are integers. NULL is what is not known, never zero.
 */
import type { Generated } from 'kysely';
import type { PaidRole } from './paid-role.ts';
import { TALLY_FIELDS, type TallyField, type TallyScope } from './tally.ts';

/** Another number: what is there is dropped and built anew from the blocks. */
export const EXPLORER_SCHEMA_VERSION = 1;

/** How far the index has come, by name. */
export type ProgressTable = { name: string; value: string };

export type BlocksTable = {
  height: number;
  /** RFC 3339. */
  time: string;
  hash: string;
  transactions: number;
  failedTransactions: number;
  mintedUpokt: string;
  burnedUpokt: string;
  /** Of uPOKT, after the block. */
  supplyUpokt: string;
  claimsCreated: string;
  proofsSubmitted: string;
  claimsSettled: string;
  claimsExpired: string;
  claimsDiscarded: string;
  slashes: string;
  settledUpokt: string;
};

export type ServicesTable = {
  serviceId: string;
  name: string;
  /** The Source. */
  ownerAddress: string;
  computeUnitsPerRelay: string;
  addedHeight: number;
};

export type ActorStatus = 'staked' | 'unbonding' | 'unstaked' | 'transferred';

export type SuppliersTable = {
  supplierAddress: string;
  ownerAddress: string | null;
  status: ActorStatus;
  stakeUpokt: string | null;
  sinceHeight: number;
};

/** The services that a supplier last staked for. */
export type SupplierServicesTable = { supplierAddress: string; serviceId: string };

export type ApplicationsTable = {
  applicationAddress: string;
  serviceId: string | null;
  status: ActorStatus;
  sinceHeight: number;
};

/** Sessions that somebody claimed work for. */
export type SessionsTable = {
  sessionId: string;
  serviceId: string;
  applicationAddress: string;
  sessionStartHeight: number | null;
  sessionEndHeight: number;
};

export type ClaimStatus = 'pending' | 'settled' | 'expired' | 'discarded';
export type ProofStatus = 'none' | 'submitted' | 'valid' | 'invalid';

export type ClaimsTable = {
  /** In the order in which claims were first made. */
  id: Generated<number>;
  sessionId: string | null;
  sessionEndHeight: number;
  serviceId: string;
  applicationAddress: string;
  supplierAddress: string;
  supplierOwnerAddress: string | null;
  status: ClaimStatus;
  createdHeight: number | null;
  endedHeight: number | null;
  relays: string | null;
  estimatedRelays: string | null;
  computeUnits: string | null;
  estimatedComputeUnits: string | null;
  claimedUpokt: string | null;
  proofStatus: ProofStatus | null;
  proofHeight: number | null;
  proofFailure: string | null;
  /** NOT_REQUIRED, PROBABILISTIC or THRESHOLD; known when the claim settles. */
  proofRequirement: string | null;
  settledUpokt: string | null;
  mintedUpokt: string | null;
  mintRatio: string | null;
  overservicingLossUpokt: string | null;
  deflationLossUpokt: string | null;
  slashedUpokt: string | null;
  /** Why it expired or was discarded. */
  endReason: string | null;
  /** JSON: a list of `Payment`. */
  payments: string | null;
};

export type SlashesTable = {
  id: Generated<number>;
  height: number;
  sessionEndHeight: number;
  serviceId: string;
  applicationAddress: string;
  supplierAddress: string;
  slashedUpokt: string;
  stakeAfterUpokt: string;
};

export type TalliesTable = {
  scope: TallyScope;
  /** Empty for the network. */
  subject: string;
  /** 0: of all sessions. */
  sessionEndHeight: number;
} & Record<TallyField, string>;

/** What was paid to whom, by what it was paid for. */
export type EarningsTable = {
  scope: 'network' | 'service' | 'supplier';
  subject: string;
  recipient: string;
  role: PaidRole;
  paidUpokt: string;
  payments: string;
};

export type ExplorerTables = {
  progress: ProgressTable;
  blocks: BlocksTable;
  services: ServicesTable;
  suppliers: SuppliersTable;
  supplierServices: SupplierServicesTable;
  applications: ApplicationsTable;
  sessions: SessionsTable;
  claims: ClaimsTable;
  slashes: SlashesTable;
  tallies: TalliesTable;
  earnings: EarningsTable;
};

/** What makes two rows of a table the same row; empty where every row is new. */
export const KEYS: { readonly [Table in keyof ExplorerTables]: readonly (keyof ExplorerTables[Table] & string)[] } = {
  progress: ['name'],
  blocks: ['height'],
  services: ['serviceId'],
  suppliers: ['supplierAddress'],
  supplierServices: ['supplierAddress', 'serviceId'],
  applications: ['applicationAddress'],
  sessions: ['sessionId'],
  claims: ['sessionEndHeight', 'serviceId', 'applicationAddress', 'supplierAddress'],
  slashes: [],
  tallies: ['scope', 'subject', 'sessionEndHeight'],
  earnings: ['scope', 'subject', 'recipient', 'role'],
};

export const CREATE_TABLES: readonly string[] = [
  'CREATE TABLE progress (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  `CREATE TABLE blocks (height INTEGER PRIMARY KEY, time TEXT, hash TEXT, transactions INTEGER,
    failedTransactions INTEGER, mintedUpokt TEXT, burnedUpokt TEXT, supplyUpokt TEXT, claimsCreated TEXT,
    proofsSubmitted TEXT, claimsSettled TEXT, claimsExpired TEXT, claimsDiscarded TEXT, slashes TEXT, settledUpokt TEXT)`,
  `CREATE TABLE services (serviceId TEXT PRIMARY KEY, name TEXT, ownerAddress TEXT, computeUnitsPerRelay TEXT,
    addedHeight INTEGER) WITHOUT ROWID`,
  'CREATE INDEX servicesByOwner ON services (ownerAddress)',
  `CREATE TABLE suppliers (supplierAddress TEXT PRIMARY KEY, ownerAddress TEXT, status TEXT, stakeUpokt TEXT,
    sinceHeight INTEGER) WITHOUT ROWID`,
  `CREATE TABLE supplierServices (supplierAddress TEXT, serviceId TEXT, PRIMARY KEY (supplierAddress, serviceId))
    WITHOUT ROWID`,
  'CREATE INDEX suppliersByService ON supplierServices (serviceId)',
  `CREATE TABLE applications (applicationAddress TEXT PRIMARY KEY, serviceId TEXT, status TEXT, sinceHeight INTEGER)
    WITHOUT ROWID`,
  'CREATE INDEX applicationsByService ON applications (serviceId)',
  `CREATE TABLE sessions (sessionId TEXT PRIMARY KEY, serviceId TEXT, applicationAddress TEXT,
    sessionStartHeight INTEGER, sessionEndHeight INTEGER) WITHOUT ROWID`,
  'CREATE INDEX sessionsByEnd ON sessions (sessionEndHeight, sessionId)',
  'CREATE INDEX sessionsByService ON sessions (serviceId, sessionEndHeight, sessionId)',
  'CREATE INDEX sessionsByApplication ON sessions (applicationAddress, sessionEndHeight, sessionId)',
  `CREATE TABLE claims (id INTEGER PRIMARY KEY, sessionId TEXT, sessionEndHeight INTEGER NOT NULL,
    serviceId TEXT NOT NULL, applicationAddress TEXT NOT NULL, supplierAddress TEXT NOT NULL, supplierOwnerAddress TEXT,
    status TEXT, createdHeight INTEGER, endedHeight INTEGER, relays TEXT, estimatedRelays TEXT, computeUnits TEXT,
    estimatedComputeUnits TEXT, claimedUpokt TEXT, proofStatus TEXT, proofHeight INTEGER, proofFailure TEXT,
    proofRequirement TEXT, settledUpokt TEXT, mintedUpokt TEXT, mintRatio TEXT, overservicingLossUpokt TEXT,
    deflationLossUpokt TEXT, slashedUpokt TEXT, endReason TEXT, payments TEXT)`,
  `CREATE UNIQUE INDEX claimsByKey ON claims (sessionEndHeight, serviceId, applicationAddress, supplierAddress)`,
  'CREATE INDEX claimsBySession ON claims (sessionId)',
  ...['serviceId', 'applicationAddress', 'supplierAddress', 'status', 'proofStatus'].map(
    (column) => `CREATE INDEX claimsBy_${column} ON claims (${column}, sessionEndHeight, id)`,
  ),
  `CREATE TABLE slashes (id INTEGER PRIMARY KEY, height INTEGER, sessionEndHeight INTEGER, serviceId TEXT,
    applicationAddress TEXT, supplierAddress TEXT, slashedUpokt TEXT, stakeAfterUpokt TEXT)`,
  ...['serviceId', 'applicationAddress', 'supplierAddress'].map(
    (column) => `CREATE INDEX slashesBy_${column} ON slashes (${column}, height, id)`,
  ),
  'CREATE INDEX slashesByHeight ON slashes (height, id)',
  `CREATE TABLE tallies (scope TEXT, subject TEXT, sessionEndHeight INTEGER,
    ${TALLY_FIELDS.map((field) => `${field} TEXT`).join(', ')},
    PRIMARY KEY (scope, subject, sessionEndHeight)) WITHOUT ROWID`,
  `CREATE TABLE earnings (scope TEXT, subject TEXT, recipient TEXT, role TEXT, paidUpokt TEXT, payments TEXT,
    PRIMARY KEY (scope, subject, recipient, role)) WITHOUT ROWID`,
  'CREATE INDEX earningsByRecipient ON earnings (recipient, scope, subject, role)',
];
