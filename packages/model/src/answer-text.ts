/**
 * Turns pieces into text that may be shown: whole characters only, and nothing of a stop string.
 *
 * Bytes of an unfinished character and text that may be the beginning of a stop string are held back until the next piece
 * decides. Invariant: the released texts joined are the answer, and a piece is reported no earlier than the text before it.
 */
import type { GeneratedPiece } from './engine.ts';

export type Released = {
  readonly text: string;
  readonly pieces: readonly GeneratedPiece[];
};

export type AnswerText = {
  /** Takes a piece; gives what may be shown now. After a stop string was found nothing more comes. */
  push(piece: GeneratedPiece): Released;
  /** Whether a stop string was found. */
  readonly stopped: boolean;
  /** What was held back when the answer ended without a stop string. */
  end(): Released;
};

const NOTHING: Released = { text: '', pieces: [] };

export function createAnswerText(stops: readonly string[]): AnswerText {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Decoded but not shown. */
  let held = '';
  /** Pieces not reported, each with the length of `held` at its end. */
  let pieces: { readonly piece: GeneratedPiece; readonly end: number }[] = [];
  let stopped = false;

  const release = (length: number): Released => {
    const text = held.slice(0, length);
    const out = pieces.filter(({ end }) => end <= length).map(({ piece }) => piece);
    pieces = pieces.filter(({ end }) => end > length).map(({ piece, end }) => ({ piece, end: end - length }));
    held = held.slice(length);
    return { text, pieces: out };
  };

  return {
    get stopped() {
      return stopped;
    },
    push(piece) {
      if (stopped) return NOTHING;
      held += decoder.decode(piece.bytes, { stream: true });
      pieces.push({ piece, end: held.length });
      const cut = findStop(held, stops);
      if (cut >= 0) {
        stopped = true;
        return release(cut);
      }
      const shown = held.length - lengthOfPossibleStop(held, stops);
      return shown === 0 ? NOTHING : release(shown);
    },
    end() {
      if (stopped) return NOTHING;
      held += decoder.decode();
      return release(held.length);
    },
  };
}

/**
 * Where the stop string begins that is complete first, or -1; of two that end together, the longer.
 *
 * The end decides and not the beginning, so that the answer is the same however its text is cut into pieces.
 */
function findStop(text: string, stops: readonly string[]): number {
  let found = { at: -1, end: Infinity };
  for (const stop of stops) {
    const at = text.indexOf(stop);
    const end = at + stop.length;
    if (at >= 0 && (end < found.end || (end === found.end && at < found.at))) found = { at, end };
  }
  return found.at;
}

/** Length of the longest end of `text` with which a stop string begins. */
function lengthOfPossibleStop(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length -= 1) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}
