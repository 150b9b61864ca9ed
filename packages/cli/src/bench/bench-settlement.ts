/**
 * The end of a block in which many sessions settle at once: how its cost grows from a hundred claims to ten thousand.
 *
 * Twenty suppliers a session, three shares of revenue each, five validators, every claim paid in full. Proofs were judged
 * before; this is settlement alone, on one core, with all its events.
 */
import { settleClaims } from '@decai/ledger/settle-claims';
import type { State } from '@decai/ledger/state';
import {
  addApplication,
  addClaim,
  addService,
  addSupplier,
  addValidator,
  setShares,
  settlementState,
} from '@decai/ledger/test-settlement';
import type { BenchLine } from './report.ts';

const SIZES = [100, 1_000, 10_000];
const PER_SESSION = 20;
const SUPPLIERS = 100;
const SERVICES = 10;

export async function benchSettlement(): Promise<BenchLine[]> {
  // The first block also warms up.
  settle(1_000);
  const [base, ...larger] = SIZES.map((claims) => ({ claims, ms: settle(claims) }));
  return larger.map(({ claims, ms }) => ({
    what: `settlement of ${claims} claims in a block`,
    ours: `${ms.toFixed(0)} ms`,
    baseline: `${base!.claims} claims ${base!.ms.toFixed(1)} ms`,
    ratio: ms / base!.ms,
    ratioMeans: `times the cost for ${claims / base!.claims} times the claims`,
  }));
}

function settle(claims: number): number {
  const state = townWith(claims);
  const started = performance.now();
  const { settled } = settleClaims(state);
  const ms = performance.now() - started;
  if (settled.length !== claims) throw new Error(`${settled.length} of ${claims} claims settled`);
  return ms;
}

function townWith(claims: number): State {
  const state = settlementState();
  setShares(state, { supplier: 0.79, dao: 0.1, proposer: 0.05, sourceOwner: 0.05, application: 0.01 });
  const services = range(SERVICES).map((index) => `service-${index}`);
  for (const service of services) addService(state, service);
  for (const index of range(SUPPLIERS)) {
    const revShare: [string, number][] = [
      [`owner of supplier-${index}`, 60],
      [`partner-${index}`, 30],
      [`helper-${index}`, 10],
    ];
    addSupplier(state, `supplier-${index}`, 1_000_000n, { services, revShare });
  }
  for (const index of range(5)) addValidator(state, `validator-${index}`, 1_000n);
  for (const index of range(claims)) {
    const session = Math.floor(index / PER_SESSION);
    const application = `application-${session}`;
    if (index % PER_SESSION === 0) addApplication(state, application, 1_000_000_000n);
    const supplier = `supplier-${(7 * session + index) % SUPPLIERS}`;
    addClaim(state, BigInt(1_000 + index), { application, supplier, service: services[session % SERVICES]! });
  }
  return state;
}

function range(length: number): number[] {
  return Array.from({ length }, (_unused, index) => index);
}
