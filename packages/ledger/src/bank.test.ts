import { coin } from '@decai/protocol/coin';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moduleNamed } from './module-account.ts';
import { addressNamed, emptyState, endow, eventsOf } from './test-chain.ts';
import { UPOKT, upokt } from './coins.ts';

const [ALICE, BOB] = [addressNamed('alice'), addressNamed('bob')];
const TOKENOMICS = moduleNamed('tokenomics').address;
const FEE_COLLECTOR = moduleNamed('fee_collector').address;

type Step = {
  readonly do: 'send' | 'mint' | 'burn' | 'release';
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
};

const people = [ALICE, BOB, TOKENOMICS, addressNamed('carol')];
const steps = fc.record({
  do: fc.constantFrom<Step['do']>('send', 'mint', 'burn', 'release'),
  from: fc.constantFrom(...people),
  to: fc.constantFrom(...people),
  amount: fc.bigInt({ min: 0n, max: 40n }),
});

describe('Bank', () => {
  it('agrees with a plain table of balances, and never makes or loses a coin unseen', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 40 }), (actions) => {
        const state = emptyState();
        const model = new Map(people.map((address) => [address, 20n]));
        for (const address of people) endow(state, address, 20n);
        let supply = 20n * BigInt(people.length);
        for (const { do: action, from, to, amount } of actions) {
          const payer = action === 'send' ? from : TOKENOMICS;
          const covered = amount > 0n && (action === 'mint' || model.get(payer)! >= amount);
          const verdict =
            action === 'send'
              ? state.bank.send(from, to, upokt(amount))
              : action === 'mint'
                ? state.bank.mint('tokenomics', upokt(amount))
                : action === 'burn'
                  ? state.bank.burn('tokenomics', upokt(amount))
                  : state.bank.release('tokenomics', to, upokt(amount));
          expect(verdict.ok).toBe(covered);
          if (!covered) continue;
          if (action !== 'mint') model.set(payer, model.get(payer)! - amount);
          const receiver = action === 'mint' ? TOKENOMICS : to;
          if (action !== 'burn') model.set(receiver, model.get(receiver)! + amount);
          supply += action === 'mint' ? amount : action === 'burn' ? -amount : 0n;
        }
        for (const [address, amount] of model) expect(state.bank.balance(address, UPOKT)).toBe(amount);
        expect(state.bank.supply(UPOKT)).toBe(supply);
        expect([...model.values()].reduce((sum, amount) => sum + amount, 0n)).toBe(supply);
      }),
      { numRuns: 60 },
    );
  });

  it('raises the events of a transfer in the order of Cosmos, and creates the account that receives', () => {
    const state = emptyState();
    endow(state, ALICE, 10n);
    expect(state.accounts.get(BOB)).toBeUndefined();
    expect(state.bank.send(ALICE, BOB, upokt(4n))).toEqual({ ok: true });
    expect(eventsOf(state)).toEqual([
      { type: 'coin_spent', data: { spender: ALICE, amount: '4upokt' } },
      { type: 'coin_received', data: { receiver: BOB, amount: '4upokt' } },
      { type: 'transfer', data: { recipient: BOB, sender: ALICE, amount: '4upokt' } },
      { type: 'message', data: { sender: ALICE } },
    ]);
    expect(state.accounts.get(BOB)?.accountNumber).toBe(state.accounts.get(ALICE)!.accountNumber + 1n);
  });

  it('raises coinbase after a mint and burn after a burn', () => {
    const state = emptyState();
    state.bank.mint('tokenomics', upokt(5n));
    state.bank.burn('tokenomics', upokt(2n));
    expect(eventsOf(state)).toEqual([
      { type: 'coin_received', data: { receiver: TOKENOMICS, amount: '5upokt' } },
      { type: 'coinbase', data: { minter: TOKENOMICS, amount: '5upokt' } },
      { type: 'coin_spent', data: { spender: TOKENOMICS, amount: '2upokt' } },
      { type: 'burn', data: { burner: TOKENOMICS, amount: '2upokt' } },
    ]);
  });

  it('refuses, in this order: a recipient that takes no coins, a list that is none, a shortage', () => {
    const state = emptyState();
    endow(state, TOKENOMICS, 1n);
    const release = (to: string, amount: bigint) => state.bank.release('tokenomics', to, upokt(amount));
    expect(release(FEE_COLLECTOR, 0n)).toMatchObject({ codespace: 'sdk', code: 4 });
    expect(release(ALICE, 0n)).toMatchObject({ codespace: 'sdk', code: 10, message: '0upokt: invalid coins' });
    expect(release(ALICE, 2n)).toMatchObject({
      codespace: 'sdk',
      code: 5,
      message: 'spendable balance 1upokt is smaller than 2upokt: insufficient funds',
    });
    expect(state.bank.send(TOKENOMICS, ALICE, [coin(1n, 'b11'), coin(1n, 'a11')])).toMatchObject({ code: 10 });
    expect(state.journal.mark()).toBe(0);
  });

  it('moves the empty list of coins without a coin', () => {
    const state = emptyState();
    expect(state.bank.send(ALICE, BOB, [])).toEqual({ ok: true });
    expect(eventsOf(state)[0]).toEqual({ type: 'coin_spent', data: { spender: ALICE, amount: '' } });
  });

  it('lists several denominations in ascending order', () => {
    const state = emptyState();
    state.bank.endow(ALICE, [coin(3n, 'mact'), coin(5n)]);
    expect(state.bank.balances(ALICE).map(({ denom, amount }) => amount + denom)).toEqual(['3mact', '5upokt']);
    expect(state.bank.totalSupply().map(({ denom }) => denom)).toEqual(['mact', 'upokt']);
  });
});
