/** What a record of the state says, by its key: a message as JSON, a number or a text; undefined for other bytes. */
import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import { toChainJson } from '@decai/protocol/chain-json';
import { decode } from '@decai/protocol/codec';
import { BaseAccountSchema } from '@decai/protocol/gen/cosmos/auth/v1beta1/auth_pb';
import { GrantSchema } from '@decai/protocol/gen/cosmos/authz/v1beta1/authz_pb';
import { MetadataSchema } from '@decai/protocol/gen/cosmos/bank/v1beta1/bank_pb';
import { DelegationSchema, ValidatorSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { GatewaySchema } from '@decai/protocol/gen/pocket/gateway/types_pb';
import { ClaimSchema } from '@decai/protocol/gen/pocket/proof/types_pb';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { ServiceConfigUpdateSchema, SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';

const MESSAGES: readonly (readonly [prefix: string, schema: DescMessage])[] = [
  ['auth/account/', BaseAccountSchema],
  ['authz/grant/', GrantSchema],
  ['bank/denom_metadata/', MetadataSchema],
  ['staking/validator/', ValidatorSchema],
  ['staking/delegation/', DelegationSchema],
  ['application/Application/address/', ApplicationSchema],
  ['gateway/Gateway/address/', GatewaySchema],
  ['supplier/Supplier/operator_address/', SupplierSchema],
  ['supplier/ServiceConfigUpdate/service_id/', ServiceConfigUpdateSchema],
  ['service/Service/id/', ServiceSchema],
  ['service/RelayMiningDifficulty/', RelayMiningDifficultySchema],
  ['service/ServiceComputeUnitsPerRelay/history/', ServiceComputeUnitsPerRelayUpdateSchema],
  ['proof/Claim/primary_key/', ClaimSchema],
];

/** Whole numbers as decimal text. */
const NUMBERS = ['bank/balance/', 'bank/supply/', 'auth/next_number'];

/** @throws a wire fault for bytes that are no message of their key's type. */
export function recordInWords(key: Uint8Array, value: Uint8Array): JsonValue | undefined {
  const name = Buffer.from(key).toString('latin1');
  const schema = MESSAGES.find(([prefix]) => name.startsWith(prefix))?.[1];
  if (schema !== undefined) return toChainJson(schema, decode(schema, value));
  if (NUMBERS.some((prefix) => name.startsWith(prefix))) return Buffer.from(value).toString('latin1');
  return undefined;
}
