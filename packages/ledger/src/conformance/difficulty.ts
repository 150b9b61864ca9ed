/** Checks difficulty vectors: sequences of updates with their events, the history they leave, and what it answers. */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { toHex } from '@decai/protocol/bytes';
import type { CaseVerdict, VectorChecker } from '@decai/protocol/conformance';
import { ParamsSchema as ServiceParamsSchema } from '@decai/protocol/gen/pocket/service/params_pb';
import type { RelayMiningDifficulty } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { textKey } from '../collection.ts';
import { difficultyAt } from '../relay-mining-difficulty.ts';
import type { State } from '../state.ts';
import { updateDifficulty } from '../update-difficulty.ts';
import { compareCase } from './first-difference.ts';
import { emptyStore, setSharedParams, stateAt, typedEvents, type VectorEvent } from './vector-state.ts';

type Step = {
  readonly height: number;
  readonly relays: Readonly<Record<string, string>>;
  readonly events: readonly VectorEvent[];
  /** The newest record of each service that has claims in this step. */
  readonly after: Readonly<Record<string, unknown>>;
};

type Sequence = {
  readonly name: string;
  readonly sharedParams: JsonValue;
  readonly targetNumRelays: number;
  readonly steps: readonly Step[];
  readonly history: readonly { readonly serviceId: string }[];
  readonly lookups: readonly { readonly serviceId: string; readonly height: number }[];
};

export const difficultyChecker: VectorChecker = {
  format: 'difficulty',

  recognises(document) {
    const sequences = (document as { sequences?: unknown } | null)?.sequences;
    const first = Array.isArray(sequences) ? (sequences[0] as Partial<Sequence> | undefined) : undefined;
    return first?.targetNumRelays !== undefined && Array.isArray(first.steps);
  },

  *check(document) {
    for (const sequence of (document as { sequences: Sequence[] }).sequences) yield checkSequence(sequence);
  },
};

function checkSequence({ name, sharedParams, targetNumRelays, steps, history, lookups }: Sequence): CaseVerdict {
  return compareCase(name, { steps, history, lookups }, () => {
    const store = emptyStore();
    let state = stateAt(1, store);
    setSharedParams(state, sharedParams);
    state.params.service.setLive(create(ServiceParamsSchema, { targetNumRelays: BigInt(targetNumRelays) }));

    const stepped = steps.map(({ height, relays, after }) => {
      state = stateAt(height, store);
      updateDifficulty(state, new Map(Object.entries(relays).map(([id, count]) => [id, BigInt(count)])));
      const newest = Object.keys(after).map((id) => [id, record(state.services.newestDifficulties.get(textKey(id))!)]);
      return { height, relays, events: typedEvents(state), after: Object.fromEntries(newest) as unknown };
    });
    return {
      steps: stepped,
      history: historyOf(state, steps),
      lookups: lookups.map((lookup) => answer(state, lookup)),
    };
  });
}

/** By service, then height. */
function historyOf(state: State, steps: readonly Step[]): unknown {
  const services = new Set(steps.flatMap(({ relays }) => Object.keys(relays)));
  return [...services].sort().flatMap((serviceId) =>
    [...state.services.difficultyHistory.entries(textKey(serviceId))].map(([effectiveHeight, difficulty]) => ({
      ...record(difficulty),
      serviceId: difficulty.serviceId,
      effectiveHeight,
    })),
  );
}

function answer(state: State, { serviceId, height }: Sequence['lookups'][number]): unknown {
  const difficulty = difficultyAt(state, serviceId, height);
  return { ...record(difficulty), serviceId: difficulty.serviceId, height };
}

function record({ blockHeight, numRelaysEma, targetHash }: RelayMiningDifficulty): Record<string, unknown> {
  return { blockHeight: Number(blockHeight), numRelaysEma, targetHash: toHex(targetHash) };
}
