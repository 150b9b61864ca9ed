import { describe, expect, it } from 'vitest';
import { ALICE, BOB, chain, run, send, START_UPOKT, twoSigned } from './test-transactions.ts';

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
      log: expect.stringContaining(`sender ${ALICE.address} has already used timeout 100000000000`),
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

  it('costs what forgetting it will cost, and nothing of an ordered one', () => {
    const town = chain();
    town.patch((state) => state.params.auth.setLive({ ...state.params.auth.live(), txSizeCostPerByte: 0n }));
    const { publicKey } = ALICE;
    const signers = [{ publicKey, sequence: 0n }];
    const gas = (draft: object): bigint => run(town, town.sign(ALICE, [send(ALICE.address, 1n)], draft)).gasUsed;
    const { length } = ALICE.address;
    const counted = gas({ signers });
    const unordered = gas({ ...at(100n), signers });
    // Not counted: the account is neither read nor written again, nor is its number's index.
    expect([unordered > 2240n, unordered < counted + 2240n, length]).toEqual([true, true, 43]);
  });

  it('is tried without being used, and is used once even where its messages fail', () => {
    const town = chain();
    const bytes = town.sign(ALICE, [send(ALICE.address, START_UPOKT * 2n)], at(100n));
    for (const _again of [1, 2]) expect(run(town, bytes, 'simulate')).toMatchObject({ codespace: 'sdk', code: 5 });
    expect(town.ledger.checkTx(bytes)).toMatchObject({ code: 0 });
    expect(town.ledger.checkTx(bytes)).toMatchObject({ codespace: 'sdk', code: 18 });
    const { results } = town.block(bytes, bytes);
    expect(results.map(({ code }) => code)).toEqual([5, 18]);
  });

  it('is used by each of its signers', () => {
    const town = chain();
    const both = twoSigned(town, at(100n));
    const alone = town.sign(BOB, [send(BOB.address, 1n)], at(100n));
    expect(town.block(both, alone).results.map(({ code }) => code)).toEqual([0, 18]);
    expect(town.block(town.sign(BOB, [send(BOB.address, 1n)], at(101n))).results[0]).toMatchObject({ code: 0 });
  });

  it('needs no sequence, and its zero of a timeout is none', () => {
    const town = chain();
    for (const seconds of [0n, -62_135_596_800n]) {
      const bytes = town.sign(ALICE, [send(ALICE.address, 1n)], at(seconds));
      expect(run(town, bytes)).toMatchObject({
        code: 18,
        log: expect.stringContaining('must have timeout_timestamp set'),
      });
      const ordered = town.sign(ALICE, [send(ALICE.address, 1n)], { timeout: { seconds, nanos: 0 } });
      expect(run(town, ordered)).toMatchObject({ code: 0 });
    }
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
