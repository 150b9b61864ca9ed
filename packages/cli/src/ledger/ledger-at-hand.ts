/** The ledger that a command talks to: `--rpc URL`, or the one of the network that runs in the home. */
import { createLedgerClient, type LedgerClient } from '@decai/client/ledger-client';
import { createRpcTransport } from '@decai/client/rpc-transport';
import { createWorld, type RealWorld } from '@decai/world';
import { type Invocation, type OptionSpec, urlOption } from '../command.ts';
import { homeOf, needRunningNetwork } from '../home-option.ts';

export const RPC_OPTION: OptionSpec = {
  flags: '--rpc <url>',
  help: 'RPC of a ledger node; absent, that of the network in the home',
  environment: 'DECAI_RPC',
};

export type LedgerAtHand = { readonly world: RealWorld; readonly ledger: LedgerClient };

/** The RPC address that was given, or that of the running network. */
export async function ledgerUrl(invocation: Invocation): Promise<string> {
  return urlOption(invocation, 'rpc') ?? (await needRunningNetwork(invocation, '--rpc URL')).ledger.rpc;
}

/** Runs `work` with a ledger and closes the connections behind it. */
export async function withLedger<Result>(
  invocation: Invocation,
  work: (at: LedgerAtHand) => Promise<Result>,
): Promise<Result> {
  const url = await ledgerUrl(invocation);
  const world = createWorld({ dataDirectory: homeOf(invocation) });
  try {
    return await work({ world, ledger: createLedgerClient(createRpcTransport(world, { url })) });
  } finally {
    await world.close();
  }
}
