import { describe, expect, it } from 'vitest';
import { UPOKT } from './coins.ts';
import { parseGenesis } from './genesis.ts';
import { moduleNamed } from './module-account.ts';
import { addressNamed } from './test-chain.ts';
import {
  APP,
  GATEWAY,
  genesisDocument,
  genesisProblem,
  OWNER,
  startChain,
  upokt,
  VALIDATOR,
  type Json,
} from './test-genesis.ts';

const first = (state: Json, list: string): Json => (state[list] as Json[])[0]!;

describe('a genesis', () => {
  it('becomes the first state', () => {
    const { ledger, state, appHash } = startChain();
    expect(ledger.chain).toEqual({ chainId: 'pocket-test', profile: 'pocket', initialHeight: 1, maxBlockGas: -1n });
    expect(ledger.lastBlock).toEqual({ height: 0, timeNs: 1_767_323_045_000_000_006n, appHash });
    expect(state.accounts.get(APP)).toMatchObject({ accountNumber: 7n, sequence: 3n });
    expect(state.accounts.get(moduleNamed('fee_collector').address)?.accountNumber).toBe(8n);
    expect(state.accounts.get(addressNamed('faucet'))?.accountNumber).toBe(14n);
    expect(state.bank.supply(UPOKT)).toBe(1_007_001_000n);
    expect([...state.applications.delegatingTo(GATEWAY)].map(({ address }) => address)).toEqual([APP]);
    expect([...state.suppliers.candidates('a', 1)].map(({ activationHeight }) => activationHeight)).toEqual([1n]);
    expect([...state.validators.bonded()].map(({ tokens, delegatorShares }) => [tokens, delegatorShares])).toEqual([
      ['900', '900000000000000000000'],
    ]);
    expect([...state.validators.delegationsTo(VALIDATOR)].map(({ delegatorAddress }) => delegatorAddress)).toEqual([
      OWNER,
    ]);
    expect(state.params.shared.at(5).numBlocksPerSession).toBe(10n);
  });

  it('gives the same hash every time, and another one for another document', () => {
    expect(startChain().appHash).toEqual(startChain().appHash);
    const other = startChain(
      (genesis) => (first(genesis.app_state['gateway']!, 'gateway_list')['stake'] = upokt('999')),
    );
    expect(other.appHash).not.toEqual(startChain().appHash);
  });

  it('may begin at another height and limit the gas of blocks', () => {
    const { ledger } = startChain((genesis) => {
      genesis['initial_height'] = '100';
      genesis['consensus'] = { params: { block: { max_gas: '5000000' } } };
    });
    expect(ledger.lastBlock?.height).toBe(99);
    expect(ledger.chain?.maxBlockGas).toBe(5_000_000n);
  });

  it('is read once', () => {
    const { ledger } = startChain();
    expect(() => ledger.initChain(parseGenesis(genesisDocument()))).toThrow(
      expect.objectContaining({ code: 'CHAIN_EXISTS' }),
    );
  });

  it('of profile decai is refused in words that say what to do', () => {
    expect(genesisProblem((genesis) => (genesis['profile'] = 'decai'))).toMatch(/^PROFILE_UNSUPPORTED: .*use pocket/);
    expect(genesisProblem((genesis) => (genesis['profile'] = 'pocket'))).toBe('nothing');
    expect(genesisProblem((genesis) => (genesis['profile'] = 'other'))).toMatch(/^GENESIS_INVALID: profile/);
  });
});
