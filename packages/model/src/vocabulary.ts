/**
 * The vocabulary of a GGUF model: the bytes of every token, and a hash that names the tokenizer.
 *
 * Of a SentencePiece vocabulary (`tokenizer.ggml.model` = `llama`): byte tokens are written `<0x0A>`, a blank is written `▁`,
 * control tokens stand for no text. Source: ggml `docs/gguf.md`; llama.cpp `src/llama-vocab.cpp` (token_to_piece).
 */
import { createHash } from 'node:crypto';
import { Fault } from '@decai/protocol/fault';
import type { Piece } from './engine.ts';

/** `tokenizer.ggml` of a GGUF file's metadata. */
export type TokenizerMetadata = {
  readonly model?: string;
  readonly tokens?: readonly string[];
  readonly scores?: readonly number[];
  readonly token_type?: readonly number[];
};

const CONTROL_TYPES = new Set([2, 3]);
const BYTE_TYPE = 6;

/** @throws VOCABULARY_UNKNOWN unless the vocabulary is of SentencePiece kind. */
export function readVocabulary({ model, tokens, token_type: types }: TokenizerMetadata): Piece[] {
  if (model !== 'llama' || tokens === undefined || types === undefined || tokens.length !== types.length) {
    throw new Fault('VOCABULARY_UNKNOWN', 'expected a SentencePiece vocabulary with a type for each token', {
      expected: 'llama',
      actual: model ?? 'none',
      tokens: tokens?.length ?? 0,
      types: types?.length ?? 0,
    });
  }
  return tokens.map((token, id) => ({ id, bytes: bytesOf(token, types[id]!) }));
}

function bytesOf(token: string, type: number): Uint8Array {
  if (CONTROL_TYPES.has(type)) return new Uint8Array(0);
  if (type === BYTE_TYPE) return Uint8Array.of(Number.parseInt(token.slice(3, 5), 16));
  return new TextEncoder().encode(token.replaceAll('▁', ' '));
}

/**
 * SHA-256 in hex over the model kind and, for each token in order, its text, score and type, one line each.
 *
 * It changes with anything that changes how text is cut.
 */
export function hashVocabulary({ model, tokens = [], scores = [], token_type: types = [] }: TokenizerMetadata): string {
  const hash = createHash('sha256').update(`${model ?? ''}\n`);
  tokens.forEach((token, id) => hash.update(`${JSON.stringify(token)} ${scores[id] ?? 0} ${types[id] ?? 0}\n`));
  return hash.digest('hex');
}
