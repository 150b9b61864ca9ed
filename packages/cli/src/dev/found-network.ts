/** Brings the ledger to what a local network needs, by transactions of its accounts, and waits until relays can be served. */
import type { LedgerClient } from '@decai/client/ledger-client';
import { createTransactionSender } from '@decai/client/transaction-sender';
import { Fault, isFault } from '@decai/protocol/fault';
import { nextSessionStart, sharedTimings } from '@decai/protocol/session-grid';
import type { World } from '@decai/protocol/world';
import { type Foundation, type FoundingStep, missingSteps, type Standing } from './founding.ts';
import { accountNamed, type KeptAccount } from './network-file.ts';

export type Founding = {
  readonly world: Pick<World, 'sleep'>;
  readonly ledger: LedgerClient;
  readonly accounts: readonly KeptAccount[];
  readonly foundation: Foundation;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
};

const POLL_MS = 200;

/** Sends what is missing. @throws FOUNDING_REFUSED with the ledger's words when it does not take a step. */
export async function foundNetwork(founding: Founding): Promise<void> {
  const steps = missingSteps(founding.foundation, await readStanding(founding));
  for (const wave of [1, 2] as const) {
    await Promise.all(steps.filter((step) => step.wave === wave).map((step) => send(founding, step)));
  }
}

async function send({ world, ledger, accounts, note, signal }: Founding, step: FoundingStep): Promise<void> {
  const { key } = accountNamed(accounts, step.by);
  const sender = createTransactionSender({ world, ledger, key, pollMs: POLL_MS });
  const outcome = await sender.send(step.messages, { signal });
  if (outcome.ok) {
    note(`  ${step.by} ${step.what} (block ${outcome.height})`);
    return;
  }
  const { stage, codespace, code, log } = outcome.refusal;
  const details = { by: step.by, what: step.what, stage, codespace, code };
  throw new Fault('FOUNDING_REFUSED', `the ledger refused that ${step.by} ${step.what}: ${log}`, details);
}

async function readStanding({ ledger, foundation, signal }: Founding): Promise<Standing> {
  const { services, gateway, applications, suppliers } = foundation;
  const byAddress = async <Record>(
    parties: readonly { readonly address: string }[],
    ask: (address: string) => Promise<Record | undefined>,
  ): Promise<Map<string, Record>> => {
    const records = await Promise.all(parties.map(async ({ address }) => [address, await ask(address)] as const));
    return new Map(records.flatMap(([address, record]) => (record === undefined ? [] : [[address, record] as const])));
  };
  const ids = services.map(({ id }) => ({ address: id }));
  return {
    services: await byAddress(ids, (id) => ledger.service(id, { signal })),
    gateway: await ledger.gateway(gateway.address, { signal }),
    applications: await byAddress(applications, (address) => ledger.application(address, { signal })),
    suppliers: await byAddress(suppliers, (address) => ledger.supplier(address, { signal })),
  };
}

/** Resolves when every application has a session with somebody in it to ask. A supplier serves from the session after its stake. */
export async function untilServed({ world, ledger, foundation, note, signal }: Founding): Promise<void> {
  let told = false;
  for (;;) {
    const served = await Promise.all(
      foundation.applications.map(({ address, serviceId }) => hasSuppliers(ledger, address, serviceId, signal)),
    );
    if (served.every(Boolean)) return;
    if (!told)
      note(`  suppliers serve from the next session on: waiting for block ${await nextSession(ledger, signal)}`);
    told = true;
    await world.sleep(POLL_MS, signal);
  }
}

async function nextSession(ledger: LedgerClient, signal: AbortSignal): Promise<string> {
  const { latestHeight } = await ledger.transport.status(signal);
  const params = await ledger.sharedParams(latestHeight, { signal });
  return `${nextSessionStart(sharedTimings(params), latestHeight)} (now at ${latestHeight})`;
}

async function hasSuppliers(
  ledger: LedgerClient,
  application: string,
  serviceId: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const session = await ledger.session(application, serviceId, 0, { signal });
    return session.suppliers.length > 0;
  } catch (thrown) {
    if (isFault(thrown, 'LEDGER_QUERY_REFUSED')) return false;
    throw thrown;
  }
}
