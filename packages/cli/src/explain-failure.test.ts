import { readFileSync } from 'node:fs';
import { Fault } from '@decai/protocol/fault';
import { expect, test } from 'vitest';
import { UsageError } from './command.ts';
import { explainFailure } from './explain-failure.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

test('a mistake is one line, and one with advice if there is any', () => {
  expect(explainFailure(new UsageError('which key?'))).toBe('decai: which key?');
  expect(explainFailure(new UsageError('which key?', 'decai keys show NAME'))).toBe(
    'decai: which key?\n       decai keys show NAME',
  );
});

test('a fault shows its code and its facts', () => {
  const fault = new Fault('ADDRESS_IN_USE', 'port 8080 is taken', { host: '127.0.0.1', port: 8080 });
  expect(explainFailure(fault)).toBe('decai: port 8080 is taken (ADDRESS_IN_USE)\n  host: 127.0.0.1\n  port: 8080');
});

test('what the operating system refuses is told in its words, without a stack', () => {
  const told = explainFailure(thrownBy(() => readFileSync('/nowhere/at/all')));
  expect(told).toBe("decai: ENOENT: no such file or directory, open '/nowhere/at/all'");
});

test('what nobody foresaw comes with its stack', () => {
  expect(explainFailure(new TypeError('a slip'))).toMatch(/^decai: TypeError: a slip\n {4}at /);
  expect(explainFailure('text')).toBe('decai: text');
});
