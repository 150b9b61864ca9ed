import { describe, expect, test } from 'vitest';
import { type KeepOptions, keepRole } from './keep-role.ts';
import type { RoleProcess } from './role-process.ts';

type Fake = RoleProcess & { die(): void; stops: number };

function fakeRole(): Fake {
  let end: (how: { code: number | null; signal: string | null }) => void;
  const fake: Fake = {
    name: 'miner',
    ready: { type: 'ready', url: 'http://h:1' },
    ended: new Promise((resolve) => (end = resolve)),
    stops: 0,
    die: () => end({ code: 1, signal: null }),
    stop: () => {
      fake.stops += 1;
      end({ code: 0, signal: null });
      return Promise.resolve();
    },
  };
  return fake;
}

/** Starts give the outcomes in turn; sleeps end at once and are written down. */
function keeping(outcomes: (Fake | Error)[]) {
  const notes: string[] = [];
  const pauses: number[] = [];
  let started = 0;
  let clock = 0;
  const options: KeepOptions = {
    start: () => {
      const outcome = outcomes[started++]!;
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
    note: (line) => notes.push(line),
    world: {
      now: () => clock,
      sleep: (ms) => {
        pauses.push(ms);
        return Promise.resolve();
      },
    },
  };
  return { options, notes, pauses, starts: () => started, advance: (ms: number) => (clock += ms) };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a kept role', () => {
  test('fails with its first start', async () => {
    await expect(keepRole('miner', keeping([new Error('no port')]).options)).rejects.toThrow('no port');
  });

  test('is started again when it dies, and says so', async () => {
    const [first, second] = [fakeRole(), fakeRole()];
    const { options, notes, starts } = keeping([first, second]);
    const kept = await keepRole('miner', options);
    first.die();
    await until(() => notes.length === 2);
    expect(notes).toEqual(['miner ended (exit code 1); starting it again in 0.5 s', 'miner is back']);
    await kept.stop();
    expect([starts(), second.stops > 0]).toEqual([2, true]);
  });

  test('is given longer and longer pauses while it keeps dying', async () => {
    const roles = [fakeRole(), fakeRole(), fakeRole(), fakeRole()];
    const { options, pauses, starts } = keeping(roles);
    const kept = await keepRole('miner', options);
    for (const [index, role] of roles.slice(0, 3).entries()) {
      role.die();
      await until(() => starts() === index + 2);
    }
    await kept.stop();
    expect(pauses).toEqual([500, 1_000, 2_000]);
  });

  test('begins with the shortest pause again after a long life', async () => {
    const roles = [fakeRole(), fakeRole(), fakeRole()];
    const { options, pauses, starts, advance } = keeping(roles);
    const kept = await keepRole('miner', options);
    roles[0]!.die();
    await until(() => starts() === 2);
    await new Promise((resolve) => setImmediate(resolve));
    advance(61_000);
    roles[1]!.die();
    await until(() => starts() === 3);
    await kept.stop();
    expect(pauses).toEqual([500, 500]);
  });

  test('is tried again when it does not come back', async () => {
    const [first, last] = [fakeRole(), fakeRole()];
    const { options, notes, pauses } = keeping([first, new Error('still no port'), last]);
    const kept = await keepRole('miner', options);
    first.die();
    await until(() => notes.at(-1) === 'miner is back');
    expect(notes[1]).toBe('miner did not come back: still no port');
    expect(pauses).toEqual([500, 1_000]);
    await kept.stop();
  });

  test('stays down once it was stopped', async () => {
    const role = fakeRole();
    const { options, notes, starts } = keeping([role]);
    const kept = await keepRole('miner', options);
    await kept.stop();
    expect([starts(), notes]).toEqual([1, []]);
  });
});
