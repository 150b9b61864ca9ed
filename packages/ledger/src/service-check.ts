/**
 * What a service may be called and carry: its id, name, price of a relay and card.
 *
 * Source: pokt-network/poktroll `x/shared/types/service.go`.
 */
import { isAddress } from '@decai/protocol/address';
import type { Metadata, Service } from '@decai/protocol/gen/pocket/shared/service_pb';
import { serviceIdProblem } from '@decai/protocol/service-id';
import { refuse, wrapRefusal, type Refusal } from './refusal.ts';
import { SHARED } from './registered-error.ts';

const NAME_LENGTH_MAX = 169;
const COMPUTE_UNITS_MAX = 2n ** 21n;
const CARD_BYTES_MAX = 262_144;

/** Refuses an id that is empty, longer than 42 characters, or has others than letters, digits, `_`, `-` (shared 1108). */
export function checkServiceId(id: string): Refusal | undefined {
  const problem = serviceIdProblem(id);
  return problem === undefined ? undefined : refuse(SHARED.INVALID_SERVICE_ID, problem);
}

/** Refuses a name of more than 169 characters or with others than letters, digits, blank, `_`, `-` (shared 1109). Empty is a name. */
export function checkServiceName(name: string): Refusal | undefined {
  if (name.length > NAME_LENGTH_MAX) {
    const details = `service name has ${name.length} characters, at most ${NAME_LENGTH_MAX} are taken`;
    return refuse(SHARED.INVALID_SERVICE_NAME, details);
  }
  if (!/^[a-zA-Z0-9_ -]*$/.test(name)) {
    return refuse(SHARED.INVALID_SERVICE_NAME, `service name '${name}' contains invalid characters`);
  }
  return undefined;
}

/** Refuses 0 and more than 2,097,152 units (shared 1110). */
export function checkComputeUnits(units: bigint): Refusal | undefined {
  if (units === 0n) return refuse(SHARED.INVALID_COMPUTE_UNITS, 'compute units per relay must be greater than 0');
  if (units > COMPUTE_UNITS_MAX) {
    return refuse(SHARED.INVALID_COMPUTE_UNITS, `compute units per relay must be less than ${COMPUTE_UNITS_MAX}`);
  }
  return undefined;
}

/** Refuses a card of 0 bytes or more than 262,144 (shared 1111). No metadata at all is fine. */
export function checkMetadata(metadata: Metadata | undefined): Refusal | undefined {
  if (metadata === undefined) return undefined;
  if (metadata.card.length === 0) return refuse(SHARED.INVALID_METADATA, 'metadata card must not be empty');
  if (metadata.card.length > CARD_BYTES_MAX) {
    const details = `metadata card has ${metadata.card.length} bytes, at most ${CARD_BYTES_MAX} are taken`;
    return refuse(SHARED.INVALID_METADATA, details);
  }
  return undefined;
}

/** Refuses, in this order: the id (shared 1108), the name (1109), the owner (1107), the units (1107), the card (1111). */
export function checkService(service: Service): Refusal | undefined {
  const named = checkServiceId(service.id) ?? checkServiceName(service.name);
  if (named !== undefined) return named;
  if (!isAddress(service.ownerAddress)) {
    return refuse(SHARED.INVALID_SERVICE, `invalid owner address: ${service.ownerAddress}`);
  }
  const units = checkComputeUnits(service.computeUnitsPerRelay);
  if (units !== undefined) return wrapRefusal(units, SHARED.INVALID_SERVICE);
  return checkMetadata(service.metadata);
}
