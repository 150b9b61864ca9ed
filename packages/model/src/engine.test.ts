import { describeEngine } from './engine.conformance.ts';
import { loadEngine } from './load-engine.ts';
import { MODELS } from './models.ts';
import { createStandInEngine } from './stand-in-engine.ts';

describeEngine('stand-in', () => Promise.resolve(createStandInEngine({ modelId: MODELS[0]!.id, contextTokens: 512 })));

for (const { id } of MODELS) {
  describeEngine(
    `llama.cpp, ${id}`,
    async () => (await loadEngine({ modelId: id, kind: 'llama', threads: 1, slots: 2 })).engine,
  );
}
