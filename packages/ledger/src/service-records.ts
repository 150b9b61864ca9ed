/**
 * Services, and the two things about them that are read as of a height: units per relay and difficulty.
 *
 * Source: pokt-network/poktroll `x/service/keeper`, `x/service/types/keys*.go`.
 */
import {
  ServiceComputeUnitsPerRelayUpdateSchema,
  type ServiceComputeUnitsPerRelayUpdate,
} from '@decai/protocol/gen/pocket/service/compute_units_pb';
import {
  RelayMiningDifficultySchema,
  type RelayMiningDifficulty,
} from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { ServiceSchema, type Service } from '@decai/protocol/gen/pocket/shared/service_pb';
import { CollectionShape, textKey, type Collection, type CollectionRange } from './collection.ts';
import { HeightHistory } from './height-history.ts';
import { messageValue } from './message-value.ts';
import type { Store } from './store.ts';

const SERVICES = new CollectionShape('service/Service/id/', messageValue(ServiceSchema));
const UNITS_HISTORY = new CollectionShape(
  'service/ServiceComputeUnitsPerRelay/history/',
  messageValue(ServiceComputeUnitsPerRelayUpdateSchema),
);
const DIFFICULTIES = new CollectionShape(
  'service/RelayMiningDifficulty/value/',
  messageValue(RelayMiningDifficultySchema),
);
const DIFFICULTY_HISTORY = new CollectionShape(
  'service/RelayMiningDifficulty/history/',
  messageValue(RelayMiningDifficultySchema),
);

export class ServiceRecords {
  private readonly services: Collection<Service>;
  /** Owner segment: `textKey(serviceId)`. */
  readonly unitsHistory: HeightHistory<ServiceComputeUnitsPerRelayUpdate>;
  /** The newest difficulty of each service, whether or not it is in force yet. Key: `textKey(serviceId)`. */
  readonly newestDifficulties: Collection<RelayMiningDifficulty>;
  /** Owner segment: `textKey(serviceId)`. */
  readonly difficultyHistory: HeightHistory<RelayMiningDifficulty>;

  constructor(store: Store) {
    this.services = SERVICES.in(store);
    this.unitsHistory = new HeightHistory(store, UNITS_HISTORY);
    this.newestDifficulties = DIFFICULTIES.in(store);
    this.difficultyHistory = new HeightHistory(store, DIFFICULTY_HISTORY);
  }

  get(id: string): Service | undefined {
    return this.services.get(textKey(id));
  }

  put(service: Service): void {
    this.services.put(textKey(service.id), service);
  }

  /** All services with their key suffixes, by id. */
  entries(range?: CollectionRange): Iterable<readonly [suffix: string, service: Service]> {
    return this.services.entries(range);
  }

  /** Compute units per relay as of a height; undefined for an unknown service. Without history the present value answers. */
  unitsPerRelayAt(id: string, height: number): bigint | undefined {
    const service = this.get(id);
    if (service === undefined) return undefined;
    return this.unitsHistory.at(textKey(id), height)?.computeUnitsPerRelay ?? service.computeUnitsPerRelay;
  }
}
