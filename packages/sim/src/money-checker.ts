/**
 * Watches every block of a chain and says where money appeared, vanished, or lay where it should not.
 *
 * Asked of the ledger as anybody could ask it: all balances together are the supply; what actors have staked lies in the
 * accounts of their modules; the supply changes only by what the block's own events minted and burnt.
 */
import { createLedgerClient } from '@decai/client/ledger-client';
import { ask } from '@decai/client/ledger-query';
import type { ChainEvent } from '@decai/protocol/typed-event';
import { MODULE_ACCOUNTS } from '@decai/ledger/module-account';
import type { RunningNode } from '@decai/node/start-node';
import { amountOf, parseCoins, UPOKT } from '@decai/protocol/coin';
import { Query as BankQuery } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { moduleAddress } from '@decai/protocol/address';

export type MoneyChecker = {
  /** What was found wrong, in words; one entry a finding. */
  readonly findings: string[];
  /** Blocks that were looked at. */
  readonly blocks: () => number;
  /** Resolves when every block made so far was looked at. */
  readonly done: () => Promise<void>;
};

/** Starts to watch. `addresses` are all that hold money besides the modules; `applications` those that may have staked. */
export function watchMoney(
  node: RunningNode,
  addresses: readonly string[],
  applications: readonly string[],
): MoneyChecker {
  const { transport } = node;
  const ledger = createLedgerClient(transport);
  const holders = [...new Set([...addresses, ...MODULE_ACCOUNTS.map(({ name }) => moduleAddress(name))])];
  const findings: string[] = [];
  let supplyBefore: bigint | undefined;
  let blocks = 0;
  let looking: Promise<void> = Promise.resolve();

  const look = async (height: number): Promise<void> => {
    const balances = await Promise.all(holders.map((address) => ledger.balance(address)));
    const { amount } = await ask(transport, BankQuery.method.supplyOf, { denom: UPOKT });
    const supply = amountOf(amount!);
    const sum = balances.reduce((total, balance) => total + balance, 0n);
    if (sum !== supply) findings.push(`block ${height}: balances sum to ${sum}, the supply is ${supply}`);

    const { transactionResults, blockEvents } = await transport.blockResults(height);
    const events = [...transactionResults.flatMap((result) => result.events), ...blockEvents];
    const change = flow(events, 'coinbase') - flow(events, 'burn');
    if (supplyBefore !== undefined && supply - supplyBefore !== change) {
      findings.push(`block ${height}: the supply changed by ${supply - supplyBefore}, its events say ${change}`);
    }
    supplyBefore = supply;

    const records = await Promise.all(applications.map((address) => ledger.application(address)));
    const staked = records.reduce((total, record) => total + BigInt(record?.stake?.amount ?? '0'), 0n);
    const escrow = await ledger.balance(moduleAddress('application'));
    if (escrow !== staked)
      findings.push(`block ${height}: applications have staked ${staked}, ${escrow} lie in escrow`);
    blocks += 1;
  };
  node.node.onBlock((height) => {
    looking = looking.then(() => look(height));
  });
  return { findings, blocks: () => blocks, done: () => looking };
}

/** uPOKT in the events of one type of the bank. */
function flow(events: readonly ChainEvent[], type: string): bigint {
  return events
    .filter((event) => event.type === type)
    .flatMap(({ attributes }) => attributes.filter(({ key }) => key === 'amount'))
    .flatMap(({ value }) => (value === '' ? [] : parseCoins(value)))
    .reduce((total, one) => total + (one.denom === UPOKT ? amountOf(one) : 0n), 0n);
}
