/**
 * What a settlement vector says: the state before a block, and what the block made of it.
 */
import type { JsonValue } from '@bufbuild/protobuf';
import { ClaimProofStatus } from '@decai/protocol/gen/pocket/proof/types_pb';
import type { BlockHash, SharedParamsUpdate } from './vector-state.ts';

export type Json = { readonly [name: string]: JsonValue };

export type ServiceInput = {
  readonly service: JsonValue;
  readonly difficulty?: {
    readonly effectiveHeight: number;
    readonly numRelaysEma: string;
    readonly targetHash: string;
  };
  readonly computeUnitsHistory?: readonly { readonly effectiveHeight: number; readonly computeUnitsPerRelay: string }[];
};

export type ClaimInput = {
  readonly session: number;
  readonly supplier: string;
  readonly rootHash: string;
  readonly status: keyof typeof ClaimProofStatus;
  readonly bytes?: string;
  readonly hash?: string;
};

export type ValidatorInput = {
  readonly operatorAddress: string;
  readonly accountAddress: string;
  readonly tokens: string;
  readonly commissionRate: string;
  readonly delegatorShares: string;
  readonly delegations: readonly { readonly delegator: string; readonly shares: string }[];
};

export type SettlementInput = {
  readonly height: number;
  readonly applicationParams: JsonValue;
  readonly proofParams: JsonValue;
  readonly serviceParams: JsonValue;
  readonly sharedParams: JsonValue;
  readonly sharedParamsHistory: readonly SharedParamsUpdate[];
  readonly supplierParams: JsonValue;
  readonly tokenomicsParams: JsonValue;
  readonly blockHashes: readonly BlockHash[];
  readonly services: readonly ServiceInput[];
  readonly applications: readonly JsonValue[];
  readonly suppliers: readonly (Json & { readonly service_config_history: readonly Json[] })[];
  readonly validators: readonly ValidatorInput[];
  readonly sessions: readonly JsonValue[];
  readonly claims: readonly ClaimInput[];
};

export type Priced = { readonly claim: readonly [session: number, supplier: string] };

export type Result = {
  readonly applications: readonly { readonly address: string }[];
  readonly suppliers: readonly { readonly operator: string }[];
  readonly slashOperations: readonly (readonly string[])[];
  readonly events: readonly ('batches' | readonly [type: string, data: Json])[];
};

export type SettlementCase = {
  readonly name: string;
  readonly input: SettlementInput;
  readonly priced: readonly Priced[];
  readonly result: Result;
};
