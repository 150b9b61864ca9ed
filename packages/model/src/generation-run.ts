/** What one request fixes for all its choices: its id, its time, its seed. */
import type { World } from '@decai/protocol/world';
import type { Engine, Sampling } from './engine.ts';
import type { GenerationRequest } from './generation-request.ts';

export type AnswerIdentity = {
  /** Without the prefix that each API puts before it. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  /** Changes when the weights change: same seed and same fingerprint, same answer. */
  readonly fingerprint: string;
  readonly seed: number;
  readonly temperature: number;
};

export function identify(
  world: Pick<World, 'now' | 'randomBytes'>,
  engine: Engine,
  request: GenerationRequest,
  defaultTemperature: number,
): AnswerIdentity {
  const random = world.randomBytes(16);
  return {
    id: Buffer.from(random.subarray(0, 12)).toString('hex'),
    created: Math.floor(world.now() / 1000),
    fingerprint: `fp_${engine.weightsHash.slice(0, 10)}`,
    seed: request.seed ?? Buffer.from(random).readUInt32LE(12),
    temperature: request.temperature ?? defaultTemperature,
  };
}

/** The sampling of one choice. Choices differ by their seed, so each can be asked for again. */
export function samplingOf(request: GenerationRequest, identity: AnswerIdentity, choice: number): Sampling {
  return { ...request.sampling, temperature: identity.temperature, seed: identity.seed + choice };
}
