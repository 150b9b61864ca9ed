import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAnswerText } from './answer-text.ts';
import type { GeneratedPiece } from './engine.ts';

const piece = (bytes: Uint8Array | string, id = 0): GeneratedPiece => ({
  id,
  bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes,
  logProbability: 0,
  top: [],
});

function run(pieces: readonly GeneratedPiece[], stops: readonly string[]): { shown: string[]; reported: number[] } {
  const text = createAnswerText(stops);
  const released = [...pieces.map((one) => text.push(one)), text.end()];
  return {
    shown: released.map((one) => one.text),
    reported: released.flatMap((one) => one.pieces.map(({ id }) => id)),
  };
}

test('without stops every piece is shown at once', () => {
  expect(run([piece('one', 1), piece(' two', 2)], [])).toEqual({ shown: ['one', ' two', ''], reported: [1, 2] });
});

test('a character in two pieces is shown when it is whole', () => {
  const [first, second] = [new TextEncoder().encode('é').subarray(0, 1), new TextEncoder().encode('é').subarray(1)];
  expect(run([piece('caf'), piece(first), piece(second)], []).shown).toEqual(['caf', '', 'é', '']);
});

test('a character that never becomes whole is shown as a replacement character', () => {
  expect(run([piece(Uint8Array.of(0xe2, 0x82))], []).shown).toEqual(['', '\uFFFD']);
});

test('nothing of a stop string is shown, however it is cut, and its pieces are not reported', () => {
  expect(run([piece('a', 1), piece(' EN', 2), piece('D', 3), piece(' b', 4)], [' END'])).toEqual({
    shown: ['a', '', '', '', ''],
    reported: [1],
  });
});

test('what only looked like a stop string is shown after all', () => {
  expect(run([piece('a EN', 1), piece('C', 2)], [' END'])).toEqual({ shown: ['a', ' ENC', ''], reported: [1, 2] });
  expect(run([piece('a EN', 1)], [' END'])).toEqual({ shown: ['a', ' EN'], reported: [1] });
});

test('a stop string that is complete ends the answer, though a longer one began before it', () => {
  const stops = ['two three', 'wo'];
  expect(run([piece('one two three')], stops).shown.join('')).toBe('one t');
  expect(run([piece('one two'), piece(' three')], stops).shown.join('')).toBe('one t');
  expect(run([piece('one two')], ['wo', 'two']).shown.join('')).toBe('one ');
});

test('the earliest of several stop strings ends the answer', () => {
  expect(run([piece('one, two; three')], [';', ',']).shown.join('')).toBe('one');
});

test('any cutting of any text shows the text up to the stop string that is complete first', () => {
  const cuts = fc.array(fc.nat(40), { maxLength: 8 });
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '€', '😀'), minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(word), cuts, fc.array(word, { maxLength: 3 }), (words, places, stops) => {
      const text = words.join('');
      const bytes = new TextEncoder().encode(text);
      const bounds = [0, ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
      const pieces = bounds.slice(1).map((end, at) => piece(bytes.subarray(bounds[at], end), at));
      const found = stops
        .map((stop) => ({ at: text.indexOf(stop), end: text.indexOf(stop) + stop.length }))
        .filter(({ at }) => at >= 0)
        .sort((one, other) => one.end - other.end || one.at - other.at);
      const first = found[0]?.at ?? text.length;
      const { shown, reported } = run(pieces, stops);
      expect(shown.join('')).toBe(text.slice(0, first));
      expect(reported).toEqual([...reported].sort((a, b) => a - b));
      if (first === text.length) expect(reported.length).toBe(pieces.length);
    }),
    { numRuns: 1000 },
  );
});
