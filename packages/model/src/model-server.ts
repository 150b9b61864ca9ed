/** A model server that listens: engines loaded, behind one address, until closed. */
import type { World } from '@decai/protocol/world';
import type { Engine } from './engine.ts';
import { loadEngine, type LoadEngineOptions } from './load-engine.ts';
import { createModelHandler, type ModelHandlerOptions } from './model-handler.ts';
import { MODELS } from './models.ts';

export type ModelServerOptions = Omit<ModelHandlerOptions, 'world' | 'engines'> & {
  readonly world: Pick<World, 'now' | 'randomBytes' | 'listen'>;
  /** Engines that the caller loaded and will dispose of; then `models` is not used. */
  readonly engines?: readonly Engine[];
  /** Ids of models in the box. Default: all of them. */
  readonly models?: readonly string[];
  /** How the models are loaded. */
  readonly load?: Omit<LoadEngineOptions, 'modelId'>;
  /** Default: loopback. */
  readonly host?: string;
  /** Default: any free port. */
  readonly port?: number;
};

export type ModelServer = {
  /** `http://host:port`; the API is under `/v1`. */
  readonly url: string;
  readonly models: readonly { readonly id: string; readonly kind: Engine['kind']; readonly reason?: string }[];
  close(): Promise<void>;
};

/** @throws what `loadEngine` and `World.listen` throw; nothing stays loaded then. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { world, host = '127.0.0.1', port = 0, load = {}, ...limits } = options;
  const loaded: Awaited<ReturnType<typeof loadEngine>>[] = [];
  try {
    if (options.engines === undefined) {
      for (const modelId of options.models ?? MODELS.map(({ id }) => id)) {
        loaded.push(await loadEngine({ ...load, modelId }));
      }
    }
    const engines = options.engines ?? loaded.map(({ engine }) => engine);
    const handler = createModelHandler({ ...limits, world, engines });
    const listening = await world.listen(handler, { host, port });
    return {
      url: listening.url,
      models: engines.map((engine) => {
        const reason = loaded.find((one) => one.engine === engine)?.reason;
        return { id: engine.modelId, kind: engine.kind, ...(reason === undefined ? {} : { reason }) };
      }),
      async close() {
        await listening.close();
        await disposeAll(loaded);
      },
    };
  } catch (thrown) {
    await disposeAll(loaded);
    throw thrown;
  }
}

async function disposeAll(loaded: readonly { readonly engine: Engine }[]): Promise<void> {
  for (const { engine } of loaded) await engine.dispose();
}
