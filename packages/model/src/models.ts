/**
 * The models in the box: what each is called, where its weights lie, what it can hold.
 *
 * The weights were trained by the scripts in `training/` and are part of the package. A model's id is its name everywhere:
 * in `/v1/models`, in a request, and as the id of the service that offers it.
 */
import { fileURLToPath } from 'node:url';

export type ModelInBox = {
  readonly id: string;
  /** Path of the GGUF file on this machine. */
  readonly file: string;
  /** SHA-256 of the file, in hex: whoever serves this model serves exactly these weights. */
  readonly sha256: string;
  readonly parameters: number;
  /** Tokens of prompt and answer together. */
  readonly contextTokens: number;
  /** Used where a request names none: low, because the models are small and their best answer is usually the first. */
  readonly defaultTemperature: number;
  /** Seconds since the epoch, as `/v1/models` shows it. */
  readonly created: number;
};

const weights = (name: string): string => fileURLToPath(new URL(`../weights/${name}`, import.meta.url));

/** The better one first: it is the one to recommend. */
export const MODELS: readonly ModelInBox[] = [
  {
    id: 'decai-small-4m',
    file: weights('decai-small-4m.gguf'),
    sha256: 'a31aa8edbbe0e4fb9479be61a3c82f34c51afc25218844faa62c908cf6229126',
    parameters: 3_934_464,
    contextTokens: 512,
    defaultTemperature: 0.2,
    created: 1_795_219_200,
  },
  {
    id: 'decai-tiny-1m',
    file: weights('decai-tiny-1m.gguf'),
    sha256: 'ea47212cb897211d5a7fdbf9df26be024659a4c800f33323f2604ff98bd44a43',
    parameters: 1_115_264,
    contextTokens: 512,
    defaultTemperature: 0.2,
    created: 1_795_219_200,
  },
];

export type ModelId = string;

/** The model of that id, or undefined. */
export function findModel(id: ModelId): ModelInBox | undefined {
  return MODELS.find((model) => model.id === id);
}
