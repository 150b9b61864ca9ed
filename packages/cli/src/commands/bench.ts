/** `decai bench`: ratios of two things in one run, with the machine named. */
import { type Command, UsageError } from '../command.ts';
import { machine, printLine, type BenchLine } from '../bench/report.ts';

/** Name to benchmark; loaded when asked for, so that one of them does not pay for the others. */
const BENCHES: Readonly<Record<string, () => Promise<BenchLine[]>>> = {
  ring: async () => (await import('../bench/bench-ring.ts')).benchRing(),
  trie: async () => (await import('../bench/bench-trie.ts')).benchTrie(),
  settlement: async () => (await import('../bench/bench-settlement.ts')).benchSettlement(),
  network: async () => (await import('../bench/bench-network.ts')).benchNetwork(),
};

export const bench: Command = {
  name: 'bench',
  summary: 'Measure this build against what it replaces, in one run on this machine.',
  arguments: [{ name: '[names...]', help: `which of ${Object.keys(BENCHES).join(', ')}; all if none is named` }],
  examples: ['decai bench', 'decai bench ring trie'],
  async run({ arguments: names, print }) {
    const unknown = names.find((name) => BENCHES[name] === undefined);
    if (unknown !== undefined) {
      throw new UsageError(`there is no benchmark "${unknown}"`, `there are ${Object.keys(BENCHES).join(', ')}`);
    }
    print(machine());
    for (const name of names.length === 0 ? Object.keys(BENCHES) : names) {
      for (const line of await BENCHES[name]!()) print(printLine(line));
    }
    return 0;
  },
};
