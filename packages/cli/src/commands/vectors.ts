/** `decai vectors DIR`: does this build agree with bytes that other implementations made? */
import type { Command } from '../command.ts';
import { UsageError } from '../command.ts';
import { checkDirectory } from '../vectors/check-directory.ts';

export const vectors: Command = {
  name: 'vectors',
  summary: 'Check this build against a directory of conformance vectors.',
  arguments: [
    { name: '<directory>', help: 'JSON files (also .json.gz) and recorded chains, sub-directories included' },
  ],
  examples: ['decai vectors vectors', 'decai vectors ../my-vectors'],
  async run({ arguments: [directory], print }) {
    if (directory === undefined) throw new UsageError('which directory?', 'decai vectors DIR');
    // Loaded here, so that other commands need not.
    const { CHECKERS } = await import('../vectors/checkers.ts');
    const counts = { passed: 0, failed: 0 };
    for await (const report of checkDirectory(directory, CHECKERS)) {
      counts.passed += report.passed;
      counts.failed += report.failures.length;
      print(
        `${report.failures.length === 0 ? 'ok  ' : 'FAIL'} ${report.file} (${report.format}): ${report.passed} passed`,
      );
      for (const failure of report.failures) {
        print(`     ${failure.name}`);
        print(`       expected ${abridge(failure.expected)}`);
        print(`       actual   ${abridge(failure.actual)}`);
      }
    }
    print(`${counts.passed} passed, ${counts.failed} failed`);
    return counts.failed === 0 ? 0 : 1;
  },
};

/** Long values are cut around nothing in particular: the place where they part is what helps, and it is near the front. */
function abridge(text: string): string {
  return text.length <= 2_000 ? text : `${text.slice(0, 2_000)} ... (${text.length} characters)`;
}
