/**
 * Whether a backend is worth asking: as long as it does not fail several times in a row.
 *
 * Requests and probes count alike. Once unhealthy, only a probe brings it back, so that no request is spent on finding out.
 */
import type { HttpHeaders } from '@decai/protocol/http';
import { fromUtf8 } from '@decai/protocol/bytes';
import { readBody } from '@decai/protocol/http';
import type { World } from '@decai/protocol/world';
import { withDeadline } from '@decai/client/deadline';
import { backendUrl } from './backend-path.ts';
import type { ServiceConfig } from './miner-config.ts';

export class BackendHealth {
  readonly #failuresMax: number;
  #failures = 0;
  #models: readonly string[] = [];

  constructor(failuresMax: number) {
    this.#failuresMax = failuresMax;
  }

  get isHealthy(): boolean {
    return this.#failures < this.#failuresMax;
  }

  /** The models that the backend listed when it was last asked. */
  get models(): readonly string[] {
    return this.#models;
  }

  succeeded(models: readonly string[] = this.#models): void {
    this.#failures = 0;
    this.#models = models;
  }

  failed(): void {
    this.#failures += 1;
  }
}

/** Asks the backend once how it is. Never throws, except the signal's reason. */
export async function probeBackend(
  world: Pick<World, 'request' | 'sleep'>,
  { backend, probe }: ServiceConfig,
  headers: HttpHeaders,
  health: BackendHealth,
  signal: AbortSignal,
): Promise<void> {
  try {
    await withDeadline(world, probe.timeoutMs, signal, async (inner) => {
      const url = backendUrl(backend, { path: probe.path, query: '' });
      const answer = await world.request({ method: 'GET', url, headers, body: new Uint8Array(0), signal: inner });
      const body = await readBody(answer.body, PROBE_BYTES_MAX, () => new Error('a probe answers briefly'));
      if (answer.status >= 500) health.failed();
      else health.succeeded(answer.status === 200 ? listedModels(body) : []);
    });
  } catch {
    signal.throwIfAborted();
    health.failed();
  }
}

/** A list of every model there is has less. */
const PROBE_BYTES_MAX = 1024 * 1024;

/** The ids in an answer of `/v1/models`; none in anything else. */
function listedModels(body: Uint8Array): string[] {
  try {
    const { data } = JSON.parse(fromUtf8(body)) as { data?: unknown };
    if (!Array.isArray(data)) return [];
    return data.map((model: { id?: unknown } | null) => model?.id).filter((id) => typeof id === 'string');
  } catch {
    return [];
  }
}
