import { describe, expect, it } from 'vitest';
import { ALICE, chain, send, run } from './test-transactions.ts';

describe('an unordered transaction', () => {
  const at = (seconds: bigint) => ({ unordered: true, timeout: { seconds, nanos: 0 } });

  it('is carried out in any order, each once', () => {
    const town = chain();
    const [first, second] = [1n, 2n].map((amount, index) =>
      town.sign(ALICE, [send(ALICE.address, amount)], at(100n + BigInt(index))),
    );
    const { results } = town.block(second!, first!, second!);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 18]);
    expect(results[0]!.events.some(({ attributes }) => attributes[0]!.key === 'acc_seq')).toBe(false);
    expect(town.state().accounts.get(ALICE.address)!.sequence).toBe(0n);
    expect(town.block(first!).results[0]).toMatchObject({
      code: 18,
      log: expect.stringContaining('already used timeout'),
    });
  });

  it('is refused without a timeout, with one that has passed, more than ten minutes ahead, or with a sequence', () => {
    const town = chain();
    town.blocksTo(5);
    const refusal = (bytes: Uint8Array) => {
      const { codespace, code, log } = run(town, bytes);
      return [codespace, code, log];
    };
    const unset = town.sign(ALICE, [send(ALICE.address, 1n)], { unordered: true });
    expect(refusal(unset)).toEqual(['sdk', 18, expect.stringContaining('must have timeout_timestamp set')]);
    expect(refusal(town.sign(ALICE, [send(ALICE.address, 1n)], at(5n)))).toEqual([
      'sdk',
      18,
      expect.stringContaining('already passed'),
    ]);
    expect(refusal(town.sign(ALICE, [send(ALICE.address, 1n)], at(606n)))).toEqual([
      'sdk',
      18,
      expect.stringContaining('ttl exceeds 10m0s'),
    ]);
    const signers = [{ publicKey: ALICE.publicKey, sequence: 3n }];
    const counted = town.sign(ALICE, [send(ALICE.address, 1n)], { ...at(100n), signers });
    expect(refusal(counted)).toEqual(['sdk', 18, expect.stringContaining('sequence is not allowed')]);
    expect(run(town, town.sign(ALICE, [send(ALICE.address, 1n)], at(605n)))).toMatchObject({ code: 0 });
  });

  it('is forgotten once its timeout has passed', () => {
    const town = chain();
    town.block(town.sign(ALICE, [send(ALICE.address, 1n)], at(3n)));
    expect(town.state().nonces.has(3_000_000_000n, ALICE.address)).toBe(true);
    town.blocksTo(2);
    expect(town.state().nonces.has(3_000_000_000n, ALICE.address)).toBe(true);
    town.blocksTo(3);
    expect(town.state().nonces.has(3_000_000_000n, ALICE.address)).toBe(false);
  });
});
