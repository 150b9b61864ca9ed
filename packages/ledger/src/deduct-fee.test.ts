import { coin } from '@decai/protocol/coin';
import { describe, expect, it } from 'vitest';
import { UPOKT } from './coins.ts';
import { moduleNamed } from './module-account.ts';
import { ALICE, BOB, chain, changed, run, send, START_UPOKT, TO, twoSigned } from './test-transactions.ts';

const FEES = moduleNamed('fee_collector').address;

describe('the fee', () => {
  it('goes from the first signer to the collector, in every denomination that was offered', () => {
    const town = chain();
    town.patch((state) => state.bank.endow(ALICE.address, [coin(5n, 'mact')]));
    const fee = [coin(5n, 'mact'), coin(7n)];
    const { results } = town.block(town.sign(ALICE, [send(ALICE.address, 1n)], { fee }));
    expect(results[0]).toMatchObject({ code: 0 });
    const { bank } = town.state();
    expect(bank.balances(FEES)).toEqual(fee);
    expect(bank.balances(ALICE.address)).toEqual([coin(START_UPOKT - 8n)]);
  });

  it('goes from who is named to pay it, who signs as well', () => {
    const town = chain();
    const { results } = town.block(twoSigned(town, { fee: [coin(7n)] }));
    expect(results[0]).toMatchObject({ code: 0 });
    const { bank, accounts } = town.state();
    expect([ALICE.address, BOB.address, FEES, TO].map((address) => bank.balance(address, UPOKT))).toEqual([
      START_UPOKT - 1n,
      START_UPOKT - 7n,
      7n,
      1n,
    ]);
    expect([ALICE, BOB].map(({ address }) => accounts.get(address)!.sequence)).toEqual([1n, 1n]);
    expect(results[0]!.events.flatMap(({ attributes }) => attributes)).toContainEqual({
      key: 'fee_payer',
      value: BOB.address,
    });
  });

  it('is not paid by somebody who has not signed', () => {
    const town = chain();
    const bytes = changed(town, ({ authInfo }) => void (authInfo.fee!.payer = BOB.address));
    expect(run(town, bytes)).toMatchObject({ codespace: 'sdk', code: 4 });
    const nobody = changed(town, ({ authInfo }) => void (authInfo.fee!.payer = 'nobody'));
    expect(run(town, nobody)).toMatchObject({ codespace: 'sdk', code: 2 });
  });

  it('may be granted by its payer to himself, which is to pay it', () => {
    const town = chain();
    const bytes = changed(town, ({ authInfo }) => void (authInfo.fee!.granter = ALICE.address));
    expect(run(town, bytes)).toMatchObject({ code: 0 });
  });

  it('is refused in coins that are none, and in coins that nobody has', () => {
    const town = chain();
    const paying = (...fee: ReturnType<typeof coin>[]) =>
      run(town, town.sign(ALICE, [send(ALICE.address, 1n)], { fee }));
    expect(paying(coin(1n, 'x'))).toMatchObject({ codespace: 'sdk', code: 13 });
    expect(paying(coin(1n), coin(1n, 'mact'))).toMatchObject({ codespace: 'sdk', code: 13 });
    expect(paying({ ...coin(1n), amount: '-1' })).toMatchObject({ codespace: 'sdk', code: 13 });
    expect(paying(coin(1n, 'nothing'))).toMatchObject({ codespace: 'sdk', code: 5 });
    expect(paying(coin(0n))).toMatchObject({ code: 0 });
  });

  it('is compared with the price of this node on the way into its pool, and nowhere else', () => {
    const town = chain();
    const policy = { minGasPrice: { numerator: 1n, denominator: 3n } };
    const priced = (feeUpokt: bigint) => town.sign(ALICE, [send(ALICE.address, 1n)], { fee: [coin(feeUpokt)] });
    expect(run(town, priced(333_333n), 'check', policy)).toMatchObject({ codespace: 'sdk', code: 13 });
    expect(run(town, priced(333_334n), 'check', policy)).toMatchObject({ code: 0 });
    for (const mode of ['recheck', 'execute', 'simulate'] as const) {
      expect(run(town, priced(1n), mode, policy)).toMatchObject({ code: 0 });
    }
  });
});
