/**
 * The engine on llama.cpp, through node-llama-cpp: processor only, never a download or a build.
 *
 * Each slot has a context of its own, so that what one request gets never depends on which others are batched with it, and
 * every answer starts on an empty context: the same request gives the same log-probabilities to the last bit on one machine.
 * Source: node-llama-cpp `LlamaContextSequence.controlledEvaluate`; llama.cpp `include/llama.h`.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Llama, LlamaContextSequence, LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp';
import { Fault } from '@decai/protocol/fault';
import { CONTROL_NAMES, renderChatParts, type ControlToken } from './chat-template.ts';
import type { Engine, GeneratedPiece, Piece, ScoredPiece } from './engine.ts';
import { createSampler, type Distribution } from './sampler.ts';
import { Turnstile } from './turnstile.ts';
import { hashVocabulary, readVocabulary, type TokenizerMetadata } from './vocabulary.ts';

export type LlamaEngineOptions = {
  readonly modelId: string;
  /** SHA-256 in hex that the file must have, where it is known. */
  readonly sha256?: string;
  /** Path of a GGUF file with a SentencePiece vocabulary and ChatML's control tokens. */
  readonly file: string;
  readonly contextTokens: number;
  /** Threads of one answer. Default: cores - 1, at least 1. More than the cores makes llama.cpp a thousand times slower. */
  readonly threads?: number;
  /** Answers computed at once. */
  readonly slots?: number;
};

/** Likelier than nothing, and still a number in JSON. */
const LOG_PROBABILITY_MIN = -9999;
const SLOTS = 4;
const GGUF_VERSION = 3;

/** One llama.cpp per process, for all models. */
let backend: Promise<Llama> | undefined;

async function loadBackend(): Promise<Llama> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  return getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, progressLogs: false });
}

/** @throws LLAMA_UNAVAILABLE when llama.cpp cannot load here; MODEL_UNREADABLE when the file is not a model it can run. */
export async function createLlamaEngine(options: LlamaEngineOptions): Promise<Engine> {
  const weightsHash = await checkWeights(options);
  backend ??= loadBackend();
  const llama = await backend.catch((cause: unknown) => {
    backend = undefined;
    throw new Fault('LLAMA_UNAVAILABLE', `llama.cpp cannot load here: ${whyUnavailable(cause)}`, {}, cause);
  });
  const model = await llama.loadModel({ modelPath: options.file }).catch((cause: unknown) => {
    throw unreadable(options, messageOf(cause), cause);
  });
  try {
    return new LlamaEngine(options, model, weightsHash);
  } catch (cause) {
    await model.dispose();
    throw cause;
  }
}

/**
 * The SHA-256 of the weights, once they are known to be what was asked for.
 *
 * Done before llama.cpp sees the file: given one that is no GGUF it may read without end.
 */
async function checkWeights(options: LlamaEngineOptions): Promise<string> {
  const bytes = await readFile(options.file).catch((cause: unknown) => {
    throw unreadable(options, messageOf(cause), cause);
  });
  const version = bytes.length < 8 ? 0 : bytes.readUInt32LE(4);
  if (bytes.toString('latin1', 0, 4) !== 'GGUF' || version !== GGUF_VERSION) {
    throw unreadable(options, `expected a GGUF file of version ${GGUF_VERSION}`);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (options.sha256 !== undefined && options.sha256 !== sha256) {
    throw unreadable(options, `expected the weights ${options.sha256}, got ${sha256}`);
  }
  return sha256;
}

/** node-llama-cpp names its error after the missing build and says no more. */
function whyUnavailable(cause: unknown): string {
  const message = messageOf(cause);
  return message === 'NoBinaryFoundError' ? `no build of it for ${process.platform}-${process.arch}` : message;
}

function unreadable({ modelId }: LlamaEngineOptions, why: string, cause?: unknown): Fault {
  return new Fault('MODEL_UNREADABLE', `cannot read ${modelId}: ${why}`, { model: modelId }, cause);
}

class LlamaEngine implements Engine {
  readonly kind = 'llama' as const;
  readonly modelId: string;
  readonly contextTokens: number;
  readonly slots: number;
  readonly tokenizerHash: string;
  readonly weightsHash: string;
  readonly #model: LlamaModel;
  readonly #vocabulary: readonly Piece[];
  readonly #control: ReadonlyMap<ControlToken, Piece>;
  readonly #threads: number;
  readonly #turnstile: Turnstile;
  readonly #idle: LlamaContextSequence[] = [];
  readonly #embedding: Turnstile = new Turnstile(1);
  #embeddingContext: LlamaEmbeddingContext | undefined;
  #disposed = false;

  constructor(options: LlamaEngineOptions, model: LlamaModel, weightsHash: string) {
    const { ggml } = model.fileInfo.metadata.tokenizer as { readonly ggml: TokenizerMetadata };
    this.modelId = options.modelId;
    this.contextTokens = options.contextTokens;
    this.slots = options.slots ?? SLOTS;
    this.weightsHash = weightsHash;
    this.tokenizerHash = hashVocabulary(ggml);
    this.#model = model;
    this.#vocabulary = readVocabulary(ggml);
    this.#control = findControlTokens(ggml, this.#vocabulary);
    this.#threads = options.threads ?? Math.max(1, availableParallelism() - 1);
    this.#turnstile = new Turnstile(this.slots);
  }

  tokenize(text: string): Piece[] {
    return this.#model.tokenize(text, false).map((id) => this.#vocabulary[id]!);
  }

  pieceOf(id: number): Piece | undefined {
    return this.#vocabulary[id];
  }

  renderChat(messages: Parameters<Engine['renderChat']>[0]): Piece[] {
    return this.#render(messages, (content) => this.tokenize(content.trim()));
  }

  renderText(pieces: readonly Piece[]): Piece[] {
    return [this.#control.get('begin')!, ...pieces];
  }

  /**
   * A turn of the user, up to where the answer would begin.
   *
   * The model was trained to write answers, so what it makes of a text stands where an answer starts: there, questions with
   * like answers lie close together. Within the text, and in a mean over it, they do not.
   */
  renderInput(pieces: readonly Piece[]): Piece[] {
    return this.#render([{ role: 'user', content: pieces }], (content) => content);
  }

  async *generate(
    prompt: readonly Piece[],
    sampling: Parameters<Engine['generate']>[1],
    signal?: AbortSignal,
  ): AsyncGenerator<GeneratedPiece, void, void> {
    const lease = await this.#lease(signal);
    try {
      const sampler = createSampler(sampling);
      let input: readonly Piece[] = prompt;
      for (let used = prompt.length; used < this.contextTokens; used += 1) {
        const [distribution] = (await evaluate(lease.sequence, input, 'last')).slice(-1);
        signal?.throwIfAborted();
        const id = sampler.choose(distribution!);
        if (this.#model.isEogToken(id as Token)) return;
        const piece = this.#describe(id, distribution!, sampling.topCount);
        yield piece;
        signal?.throwIfAborted();
        input = [piece];
      }
    } finally {
      lease.release();
    }
  }

  async score(
    pieces: readonly Piece[],
    topCount: number,
    signal?: AbortSignal,
  ): Promise<(GeneratedPiece | undefined)[]> {
    const lease = await this.#lease(signal);
    try {
      const distributions = await evaluate(lease.sequence, pieces, 'each');
      return pieces.map(({ id }, at) => (at === 0 ? undefined : this.#describe(id, distributions[at - 1]!, topCount)));
    } finally {
      lease.release();
    }
  }

  /** The last layer's state after the last piece: without a pooling type in the file, llama.cpp gives that one. */
  async embed(input: readonly Piece[], signal?: AbortSignal): Promise<number[]> {
    const ticket = await this.#embedding.enter(signal);
    try {
      this.#embeddingContext ??= await this.#model.createEmbeddingContext({
        contextSize: this.contextTokens,
        threads: this.#threads,
      });
      const { vector } = await this.#embeddingContext.getEmbeddingFor(input.map(({ id }) => id as Token));
      const length = Math.hypot(...vector);
      return vector.map((value) => value / (length === 0 ? 1 : length));
    } finally {
      ticket!.release();
    }
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#model.dispose();
  }

  #render<Content>(
    messages: Parameters<typeof renderChatParts<Content>>[0],
    cut: (content: Content) => readonly Piece[],
  ): Piece[] {
    return renderChatParts(messages).flatMap((part) => {
      if ('control' in part) return [this.#control.get(part.control)!];
      return 'head' in part ? this.tokenize(part.head) : cut(part.content);
    });
  }

  /** An empty context of one's own until `release`. */
  async #lease(signal?: AbortSignal): Promise<{ readonly sequence: LlamaContextSequence; release(): void }> {
    const ticket = await this.#turnstile.enter(signal);
    try {
      const sequence = this.#idle.pop() ?? (await this.#createSequence());
      await sequence.clearHistory();
      return {
        sequence,
        release: () => {
          this.#idle.push(sequence);
          ticket!.release();
        },
      };
    } catch (thrown) {
      ticket!.release();
      throw thrown;
    }
  }

  async #createSequence(): Promise<LlamaContextSequence> {
    if (this.#disposed) throw new Fault('ENGINE_DISPOSED', `${this.modelId} is already closed`);
    const context = await this.#model.createContext({
      contextSize: this.contextTokens,
      batchSize: this.contextTokens,
      sequences: 1,
      threads: this.#threads,
    });
    return context.getSequence();
  }

  #describe(id: number, distribution: Distribution, topCount: number): GeneratedPiece {
    const top: ScoredPiece[] = [];
    for (const [other, logProbability] of distribution) {
      if (top.length >= topCount) break;
      top.push({ ...this.#vocabulary[other]!, logProbability });
    }
    return { ...this.#vocabulary[id]!, logProbability: distribution.get(id) ?? LOG_PROBABILITY_MIN, top };
  }
}

/** Reads pieces into the sequence; gives the plain distribution after the last, or after each, of them. */
async function evaluate(
  sequence: LlamaContextSequence,
  pieces: readonly Piece[],
  after: 'last' | 'each',
): Promise<Distribution[]> {
  const wanted = { generateNext: { probabilities: true, options: { temperature: 0 } } };
  const outputs = await sequence.controlledEvaluate(
    pieces.map(({ id }, at) => (after === 'each' || at === pieces.length - 1 ? [id as Token, wanted] : (id as Token))),
  );
  return outputs.flatMap((output) => {
    const probabilities = output?.next.probabilities;
    return probabilities === undefined ? [] : [toLogProbabilities(probabilities)];
  });
}

function toLogProbabilities(probabilities: ReadonlyMap<number, number>): Distribution {
  const logs = new Map<number, number>();
  for (const [id, probability] of probabilities) logs.set(id, Math.max(Math.log(probability), LOG_PROBABILITY_MIN));
  return logs;
}

function findControlTokens(
  { tokens }: TokenizerMetadata,
  vocabulary: readonly Piece[],
): ReadonlyMap<ControlToken, Piece> {
  return new Map(
    (Object.entries(CONTROL_NAMES) as [ControlToken, string][]).map(([control, name]) => {
      const piece = vocabulary[tokens!.indexOf(name)];
      if (piece === undefined) throw new Fault('VOCABULARY_UNKNOWN', `the vocabulary lacks ${name}`, { token: name });
      return [control, piece];
    }),
  );
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
