/** Loads a model in the box: on llama.cpp where that works, on the stand-in elsewhere, and says which and why. */
import { Fault, isFault } from '@decai/protocol/fault';
import type { Engine } from './engine.ts';
import { createLlamaEngine } from './llama-engine.ts';
import { findModel, MODELS } from './models.ts';
import { createStandInEngine } from './stand-in-engine.ts';

export type LoadEngineOptions = {
  readonly modelId: string;
  /** Threads of one answer; see `LlamaEngineOptions`. */
  readonly threads?: number;
  /** Answers computed at once. */
  readonly slots?: number;
  /** `auto` (the default) falls back to the stand-in; `llama` throws instead; `stand-in` does not try llama.cpp. */
  readonly kind?: 'auto' | 'llama' | 'stand-in';
  /** What loads llama.cpp. */
  readonly createLlama?: typeof createLlamaEngine;
};

export type LoadedEngine = {
  readonly engine: Engine;
  readonly kind: Engine['kind'];
  /** Why the stand-in answers, if it does. */
  readonly reason?: string;
};

/** @throws MODEL_UNKNOWN; with kind `llama` also what `createLlamaEngine` throws. */
export async function loadEngine(options: LoadEngineOptions): Promise<LoadedEngine> {
  const model = findModel(options.modelId);
  if (model === undefined) {
    const known = MODELS.map(({ id }) => id).join(', ');
    throw new Fault('MODEL_UNKNOWN', `there is no model ${options.modelId} in the box; there are ${known}`);
  }
  const { createLlama = createLlamaEngine } = options;
  const { contextTokens } = model;
  const standIn = (reason: string): LoadedEngine => ({
    engine: createStandInEngine({ modelId: model.id, contextTokens }),
    kind: 'stand-in',
    reason,
  });
  if (options.kind === 'stand-in') return standIn('the stand-in was asked for');
  try {
    const engine = await createLlama({
      modelId: model.id,
      file: model.file,
      sha256: model.sha256,
      contextTokens,
      ...(options.threads === undefined ? {} : { threads: options.threads }),
      ...(options.slots === undefined ? {} : { slots: options.slots }),
    });
    return { engine, kind: 'llama' };
  } catch (thrown) {
    if (options.kind === 'llama' || !isFault(thrown)) throw thrown;
    return standIn(thrown.message);
  }
}
