/** What a client may ask about the models here: the list, one of them, the tokenizer of one. */
import type { Engine } from './engine.ts';
import { findModel } from './models.ts';

/** One entry of `GET /v1/models`; the fields after the first four are ours. */
export function modelEntry(engine: Engine): object {
  const model = findModel(engine.modelId);
  return {
    id: engine.modelId,
    object: 'model',
    created: model?.created ?? 0,
    owned_by: 'decai',
    context_length: engine.contextTokens,
    engine: engine.kind,
    ...(model === undefined ? {} : { parameters: model.parameters }),
  };
}

/**
 * What identifies the tokenizer and the weights, so that a gateway can count tokens ahead and an evaluator can compare suppliers.
 */
export function tokenizerEntry(engine: Engine): object {
  return {
    object: 'tokenizer',
    model: engine.modelId,
    sha256: engine.tokenizerHash,
    weights_sha256: engine.weightsHash,
  };
}
