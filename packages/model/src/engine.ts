/**
 * What the server needs of whatever computes the answers: llama.cpp, or the stand-in where llama.cpp cannot load.
 *
 * Text goes in and out as pieces, an id and the bytes it stands for. A piece may end in the middle of a character, so only
 * joined bytes are text. Invariant: the same pieces, sampling and seed give the same pieces and log-probabilities.
 */

/** One token: its id in the vocabulary and its bytes. Control tokens have no bytes. */
export type Piece = {
  readonly id: number;
  readonly bytes: Uint8Array;
};

export type ScoredPiece = Piece & {
  /** Natural logarithm of the probability that the plain model, before temperature and truncation, gives this piece. */
  readonly logProbability: number;
};

/** A chosen piece and, likeliest first, the pieces that competed for its place. */
export type GeneratedPiece = ScoredPiece & {
  readonly top: readonly ScoredPiece[];
};

export type ChatMessage = {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
};

export type Sampling = {
  /** 0 takes the likeliest piece each time and ignores the seed. */
  readonly temperature: number;
  /** Keeps the likeliest pieces whose probabilities reach this sum; 1 keeps all. */
  readonly topP: number;
  readonly seed: number;
  readonly presencePenalty: number;
  readonly frequencyPenalty: number;
  /** Added to the log-probability of a piece before choosing. */
  readonly bias: ReadonlyMap<number, number>;
  /** How many competing pieces to report with each piece. */
  readonly topCount: number;
};

/** Takes the likeliest piece every time and reports nothing beside it. */
export const GREEDY: Sampling = {
  temperature: 0,
  topP: 1,
  seed: 0,
  presencePenalty: 0,
  frequencyPenalty: 0,
  bias: new Map(),
  topCount: 0,
};

export type Engine = {
  readonly kind: 'llama' | 'stand-in';
  readonly modelId: string;
  readonly contextTokens: number;
  /** How many answers can be computed at once. */
  readonly slots: number;
  /** SHA-256 in hex over the vocabulary: two engines with the same hash cut text alike. */
  readonly tokenizerHash: string;
  /** SHA-256 in hex over the weights. */
  readonly weightsHash: string;
  /** Cuts text into pieces. Names of control tokens in the text are text like any other. */
  tokenize(text: string): Piece[];
  /** The piece of an id, or undefined where the vocabulary has none. */
  pieceOf(id: number): Piece | undefined;
  /** What the model reads before it answers a conversation: the chat template around the messages. */
  renderChat(messages: readonly ChatMessage[]): Piece[];
  /** What the model reads before it continues a plain text. */
  renderText(pieces: readonly Piece[]): Piece[];
  /**
   * Pieces of the answer until the model ends its turn or the context is full. Waits for a free slot.
   *
   * Leaving the loop, or aborting the signal, stops the work and frees the slot.
   */
  generate(
    prompt: readonly Piece[],
    sampling: Sampling,
    signal?: AbortSignal,
  ): AsyncGenerator<GeneratedPiece, void, void>;
  /** Scores each piece given those before it; the first has nothing before it and is undefined. */
  score(pieces: readonly Piece[], topCount: number, signal?: AbortSignal): Promise<(GeneratedPiece | undefined)[]>;
  /** What the model reads before it places a text among others. */
  renderInput(pieces: readonly Piece[]): Piece[];
  /** A vector of unit length for the meaning of what `renderInput` gave. */
  embed(input: readonly Piece[], signal?: AbortSignal): Promise<number[]>;
  dispose(): Promise<void>;
};
