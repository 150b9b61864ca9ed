/**
 * The engine where llama.cpp cannot load: the same words for the same question, made without any model.
 *
 * It answers in one useful sentence, so that everything around a model (streams, token counts, log-probabilities, payment)
 * works and can be tested on any machine. Pieces are words with the blank before them; a piece's id is a hash of its bytes.
 */
import { createHash } from 'node:crypto';
import { CONTROL_NAMES, renderChatParts, type ControlToken } from './chat-template.ts';
import type { ChatMessage, Engine, GeneratedPiece, Piece, Sampling } from './engine.ts';

const EMBEDDING_LENGTH = 64;
const SLOTS = 64;

/** What is said of a word that the question contains; the first match answers. */
const SENTENCES: readonly (readonly [word: RegExp, sentence: string])[] = [
  [/royalt/, 'A royalty is the share of every settled claim that goes to the Source, the author of the model.'],
  [/watcher/, 'A Watcher tests suppliers in secret and publishes what it found.'],
  [/gateway/, 'A Gateway sells an OpenAI-compatible API and carries requests to suppliers.'],
  [/supplier|miner/, 'A Supplier serves models with its own hardware and is paid for metered work.'],
  [/application/, 'An Application stakes tokens for a service and uses it.'],
  [/source/, 'A Source publishes a model and earns a share of its use.'],
  [/session/, 'A session pairs an application with suppliers drawn at random, for a span of blocks.'],
  [/relay/, 'A relay is one signed request and its signed response.'],
  [/claim/, 'A claim states the work that a supplier did in one session.'],
  [/proof/, 'A proof opens one branch of a session tree, chosen after the claim.'],
  [/decai|network|ledger/, 'decai is a permissionless network for language model inference.'],
  [/hello|hi\b|hey/, 'Hello! How can I help you?'],
];

export function createStandInEngine(options: { readonly modelId: string; readonly contextTokens: number }): Engine {
  const known = new Map<number, Piece>();
  const tokenize = (text: string): Piece[] =>
    (text.match(/\s*\S+|\s+$/g) ?? []).map((word) => {
      const bytes = new TextEncoder().encode(word);
      return { id: hashBytes(bytes), bytes };
    });
  for (const [, sentence] of SENTENCES) for (const piece of tokenize(sentence)) known.set(piece.id, piece);

  const control = (name: string): Piece => ({
    id: hashBytes(new TextEncoder().encode(name)),
    bytes: new Uint8Array(0),
  });
  const controls: Readonly<Record<ControlToken, Piece>> = {
    begin: control(CONTROL_NAMES.begin),
    'turn-start': control(CONTROL_NAMES['turn-start']),
    'turn-end': control(CONTROL_NAMES['turn-end']),
  };

  return {
    kind: 'stand-in',
    modelId: options.modelId,
    contextTokens: options.contextTokens,
    slots: SLOTS,
    tokenizerHash: createHash('sha256').update('stand-in: words').digest('hex'),
    weightsHash: createHash('sha256')
      .update(JSON.stringify(SENTENCES.map(([, sentence]) => sentence)))
      .digest('hex'),
    tokenize,
    pieceOf: (id) => known.get(id),
    renderChat: (messages: readonly ChatMessage[]) =>
      renderChatParts(messages).flatMap((part) => {
        if ('control' in part) return [controls[part.control]];
        return tokenize('head' in part ? part.head : part.content.trim());
      }),
    renderText: (pieces) => [controls.begin, ...pieces],
    async *generate(prompt: readonly Piece[], sampling: Sampling, signal?: AbortSignal) {
      const pieces = tokenize(answerTo(lastUserText(prompt, controls['turn-start'].id)));
      for (const piece of pieces.slice(0, Math.max(0, options.contextTokens - prompt.length))) {
        await Promise.resolve();
        signal?.throwIfAborted();
        yield certain(piece, sampling.topCount);
      }
    },
    score: (pieces, topCount) =>
      Promise.resolve(pieces.map((piece, at) => (at === 0 ? undefined : certain(piece, topCount)))),
    renderInput: (pieces) => [...pieces],
    embed: (pieces) => Promise.resolve(embedWords(pieces)),
    dispose: () => Promise.resolve(),
  };
}

/** Nothing competes with the only piece there is: its probability is 1. */
function certain(piece: Piece, topCount: number): GeneratedPiece {
  const scored = { ...piece, logProbability: 0 };
  return { ...scored, top: topCount > 0 ? [scored] : [] };
}

/** The last turn that is not the assistant's still empty one; a plain text is one turn. */
function lastUserText(prompt: readonly Piece[], turnStart: number): string {
  const turns: Piece[][] = [[]];
  for (const piece of prompt) {
    if (piece.id === turnStart && piece.bytes.length === 0) turns.push([]);
    else turns.at(-1)!.push(piece);
  }
  const turn = turns.length > 2 ? turns.at(-2)! : turns.at(-1)!;
  return Buffer.concat(turn.map(({ bytes }) => bytes))
    .toString('utf8')
    .replace(/^(?:user|system|assistant)\s/, '');
}

function answerTo(question: string): string {
  const lower = question.toLowerCase();
  const sentence = SENTENCES.find(([word]) => word.test(lower))?.[1];
  return (
    sentence ??
    'This is the stand-in for the small model: llama.cpp cannot load here, but your request arrived and was answered.'
  );
}

/** A bag of words without their punctuation, hashed into a fixed number of places and scaled to unit length. */
function embedWords(pieces: readonly Piece[]): number[] {
  const vector = Array.from({ length: EMBEDDING_LENGTH }, () => 0);
  for (const { bytes } of pieces) {
    const letters = new TextDecoder()
      .decode(bytes)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
    const word = hashBytes(new TextEncoder().encode(letters));
    vector[word % EMBEDDING_LENGTH]! += 1;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / (length === 0 ? 1 : length));
}

/** FNV-1a over the bytes, 31 bits. */
function hashBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 1;
}
