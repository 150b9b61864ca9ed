import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '@decai/protocol/fault';
import { eventMap, matchesEvents, parseEventQuery } from './event-query.ts';

const events = eventMap(
  [
    {
      type: 'transfer',
      attributes: [
        { key: 'recipient', value: 'pokt1a' },
        { key: 'amount', value: '5upokt' },
      ],
    },
    {
      type: 'transfer',
      attributes: [
        { key: 'recipient', value: 'pokt1b' },
        { key: 'amount', value: '10upokt' },
      ],
    },
    { type: 'pocket.proof.EventClaimCreated', attributes: [{ key: 'num_relays', value: '"7"' }] },
  ],
  { 'tm.event': 'Tx', 'tx.height': '12' },
);

describe('event queries', () => {
  test.each([
    ["tm.event='Tx'", true],
    ["tm.event = 'NewBlock'", false],
    ["tm.event='Tx' AND transfer.recipient='pokt1b'", true],
    ["transfer.recipient='pokt1c'", false],
    ['tx.height=12', true],
    ['tx.height>11 AND tx.height<13', true],
    ['tx.height>12', false],
    ['tx.height>=12 AND tx.height<=12', true],
    // As a number and not as text.
    ['tx.height>9', true],
    ['transfer.amount>5', true],
    ['transfer.amount>10', false],
    ['transfer.recipient>1', false],
    ["transfer.recipient CONTAINS 'kt1b'", true],
    ["transfer.recipient CONTAINS 'x'", false],
    ['transfer.amount EXISTS', true],
    ['transfer.nothing EXISTS', false],
    ['pocket.proof.EventClaimCreated.num_relays=\'"7"\'', true],
  ])('%s is %s', (query, expected) => {
    expect(matchesEvents(parseEventQuery(query), events)).toBe(expected);
  });

  test.each([
    '',
    'tm.event',
    "tm.event='Tx' OR tx.height=1",
    "tm.event='Tx",
    "tm.event='Tx' AND",
    "tm.event='Tx' AND tx.height",
    'tx.height==5',
    "x'y='z'",
    `a='${'x'.repeat(600)}'`,
    Array.from({ length: 17 }, (_, n) => `a${n}=1`).join(' AND '),
  ])('%s is refused', (query) => {
    expect(() => parseEventQuery(query)).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }));
  });

  test('any text is a query or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[a-z.]+ ?(=|<|>|CONTAINS|EXISTS)? ?'?[a-z0-9]*'? ?(AND)? ?/)),
        (text) => {
          try {
            matchesEvents(parseEventQuery(text), events);
          } catch (thrown) {
            expect(isFault(thrown, 'QUERY_INVALID')).toBe(true);
          }
        },
      ),
    );
  });
});
