/**
 * Checks settlement vectors: whole blocks, with what every claim is worth, the operations that are queued, the batches that
 * are executed, all events in order, and the records, balances and difficulties that are left.
 */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { withPrefix } from '@decai/protocol/address';
import { fromHex, toHex } from '@decai/protocol/bytes';
import { encode } from '@decai/protocol/codec';
import type { CaseVerdict, VectorChecker } from '@decai/protocol/conformance';
import { decimalToWire } from '@decai/protocol/decimal-text';
import { BondStatus, DelegationSchema, ValidatorSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { ParamsSchema as ApplicationParamsSchema } from '@decai/protocol/gen/pocket/application/params_pb';
import { ApplicationSchema } from '@decai/protocol/gen/pocket/application/types_pb';
import { ParamsSchema as ProofParamsSchema } from '@decai/protocol/gen/pocket/proof/params_pb';
import {
  ClaimProofStatus,
  ClaimSchema,
  ProofRequirementReason,
  type Claim,
} from '@decai/protocol/gen/pocket/proof/types_pb';
import { ServiceComputeUnitsPerRelayUpdateSchema } from '@decai/protocol/gen/pocket/service/compute_units_pb';
import { ParamsSchema as ServiceParamsSchema } from '@decai/protocol/gen/pocket/service/params_pb';
import { RelayMiningDifficultySchema } from '@decai/protocol/gen/pocket/service/relay_mining_difficulty_pb';
import { SessionHeaderSchema, type SessionHeader } from '@decai/protocol/gen/pocket/session/types_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { ParamsSchema as SupplierParamsSchema } from '@decai/protocol/gen/pocket/supplier/params_pb';
import { ParamsSchema as TokenomicsParamsSchema } from '@decai/protocol/gen/pocket/tokenomics/params_pb';
import { sha256 } from '@decai/protocol/hash';
import { proofRequirement } from '@decai/protocol/proof-requirement';
import { priceClaim } from '../claim-price.ts';
import { claimRequirement, proofSeedHash } from '../claim-requirement.ts';
import { textKey } from '../collection.ts';
import { UPOKT, upokt } from '../coins.ts';
import { moduleAt, moduleNamed } from '../module-account.ts';
import { TOKENOMICS } from '../registered-error.ts';
import { settleClaims, settledRelays, type Settlement } from '../settle-claims.ts';
import type { OperationType, SettlementOperation } from '../settlement-operation.ts';
import { amountUpoktOf } from '../stake.ts';
import type { State } from '../state.ts';
import { updateDifficulty } from '../update-difficulty.ts';
import { compareCase } from './first-difference.ts';
import { type StricterRule, underRule } from './known-stricter.ts';
import {
  type BlockHash,
  read,
  setBlockHashes,
  setSharedParams,
  type SharedParamsUpdate,
  stateAt,
  typedEvents,
} from './vector-state.ts';

type Json = { readonly [name: string]: JsonValue };

type ServiceInput = {
  readonly service: JsonValue;
  readonly difficulty?: {
    readonly effectiveHeight: number;
    readonly numRelaysEma: string;
    readonly targetHash: string;
  };
  readonly computeUnitsHistory?: readonly { readonly effectiveHeight: number; readonly computeUnitsPerRelay: string }[];
};

type ClaimInput = {
  readonly session: number;
  readonly supplier: string;
  readonly rootHash: string;
  readonly status: keyof typeof ClaimProofStatus;
  readonly bytes?: string;
  readonly hash?: string;
};

type ValidatorInput = {
  readonly operatorAddress: string;
  readonly accountAddress: string;
  readonly tokens: string;
  readonly commissionRate: string;
  readonly delegatorShares: string;
  readonly delegations: readonly { readonly delegator: string; readonly shares: string }[];
};

type SettlementInput = {
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

type Priced = { readonly claim: readonly [session: number, supplier: string] };

type Result = {
  readonly applications: readonly { readonly address: string }[];
  readonly suppliers: readonly { readonly operator: string }[];
  readonly slashOperations: readonly (readonly string[])[];
  readonly events: readonly ('batches' | readonly [type: string, data: Json])[];
};

type SettlementCase = {
  readonly name: string;
  readonly input: SettlementInput;
  readonly priced: readonly Priced[];
  readonly result: Result;
};

export const settlementChecker: VectorChecker = {
  format: 'settlement',

  recognises(document) {
    const cases = (document as { cases?: unknown } | null)?.cases;
    const first = Array.isArray(cases) ? (cases[0] as Partial<SettlementCase> | undefined) : undefined;
    return (
      first?.input?.tokenomicsParams !== undefined && Array.isArray(first.input.claims) && Array.isArray(first.priced)
    );
  },

  *check(document) {
    for (const item of (document as { cases: SettlementCase[] }).cases) yield checkCase(item);
  },
};

function checkCase({ name, input, priced, result }: SettlementCase): CaseVerdict {
  const encodings = input.claims.map(({ bytes, hash }) => ({ bytes, hash }));
  let rule: StricterRule | undefined;
  const verdict = compareCase(name, { encodings, priced, result: comparable(result) }, () => {
    const headers = input.sessions.map((header) => read(SessionHeaderSchema, header));
    const claims = input.claims.map((claim) => claimOf(claim, headers));
    const state = buildState(input, claims);
    const named = (claim: Claim): unknown => nameOf(claim, headers);
    if (claims.some((claim) => isDrawnTwice(state, claim))) rule = 'REQUIREMENT_WITHOUT_STATUS';
    return {
      encodings: claims.map((claim, index) => encodingOf(claim, input.claims[index]!)),
      priced: priced.map(({ claim: [session, supplier] }) => {
        const claim = claims.find(
          (one) => one.sessionHeader === headers[session] && one.supplierOperatorAddress === supplier,
        )!;
        return { ...pricedOf(state, claim), claim: named(claim) };
      }),
      result: settle(state, named),
    };
  });
  return { ...verdict, name: underRule(name, rule) };
}

/** What is compared by meaning: discarded claims by the errors they were discarded with; zero coins, which do not move. */
function comparable(result: Result): unknown {
  return {
    ...result,
    applications: sortedBy(result.applications, ({ address }) => address),
    suppliers: sortedBy(result.suppliers, ({ operator }) => operator),
    slashOperations: result.slashOperations.filter((operation) => operation.at(-1) !== ''),
    events: result.events.map((event) => (event === 'batches' ? event : comparableEvent(event[0], event[1]))),
  };
}

function sortedBy<T>(records: readonly T[], key: (record: T) => string): readonly T[] {
  return [...records].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function comparableEvent(type: string, data: JsonValue): unknown {
  if (!type.endsWith('.EventClaimDiscarded')) return [type, data];
  const { error, ...fields } = data as { error: string };
  return [type, { ...fields, error: registeredErrors(error) }];
}

/** The registered texts that an error ends in; what stands before them is worded freely. */
function registeredErrors(error: string): string[] {
  const registered = new Set<string>(Object.values(TOKENOMICS).map(([, , text]) => text));
  const parts = error.split(': ');
  const details = parts.findLastIndex((part) => !registered.has(part));
  return parts.slice(details + 1);
}

function claimOf({ session, supplier, rootHash, status }: ClaimInput, headers: readonly SessionHeader[]): Claim {
  return create(ClaimSchema, {
    supplierOperatorAddress: supplier,
    sessionHeader: headers[session]!,
    rootHash: fromHex(rootHash),
    proofValidationStatus: ClaimProofStatus[status],
  });
}

function nameOf(claim: Claim, headers: readonly SessionHeader[]): readonly [session: number, supplier: string] {
  const id = claim.sessionHeader?.sessionId;
  return [headers.findIndex(({ sessionId }) => sessionId === id), claim.supplierOperatorAddress];
}

function encodingOf(claim: Claim, expected: ClaimInput): { bytes: string | undefined; hash: string | undefined } {
  const bytes = encode(ClaimSchema, claim);
  return {
    bytes: expected.bytes === undefined ? undefined : toHex(bytes),
    hash: expected.hash === undefined ? undefined : toHex(sha256(bytes)),
  };
}

function pricedOf(state: State, claim: Claim): Record<string, unknown> {
  const { claimedUpokt, estimatedComputeUnits, estimatedRelays } = priceClaim(
    state,
    claim.sessionHeader!,
    claim.rootHash,
  );
  const requirement = recordedRequirement(state, claim, claimedUpokt);
  const proofRequirement = Object.entries(ProofRequirementReason).find(([, value]) => value === requirement)![0];
  return { claimed: claimedUpokt, estimatedComputeUnits, estimatedRelays, proofRequirement };
}

/**
 * The requirement as the vectors have it. For a claim whose proof has been validated they draw over the status too, and we
 * do not (REQUIREMENT_WITHOUT_STATUS): there, their draw is repeated, so that the rest of the block compares.
 */
function recordedRequirement(state: State, claim: Claim, claimedUpokt: bigint): ProofRequirementReason {
  if (claim.proofValidationStatus === ClaimProofStatus.PENDING_VALIDATION)
    return claimRequirement(state, claim, claimedUpokt);
  const params = state.params.proof.live();
  const requirement = proofRequirement(
    {
      claimedUpokt,
      claimHash: sha256(encode(ClaimSchema, claim)),
      seedHash: proofSeedHash(state, Number(claim.sessionHeader!.sessionEndBlockHeight)),
    },
    {
      proofRequirementThresholdUpokt: amountUpoktOf(params.proofRequirementThreshold),
      proofRequestProbability: params.proofRequestProbability,
    },
  );
  return ProofRequirementReason[requirement];
}

/** Whether the draw of the vectors and ours part for a claim. */
function isDrawnTwice(state: State, claim: Claim): boolean {
  const { claimedUpokt } = priceClaim(state, claim.sessionHeader!, claim.rootHash);
  return recordedRequirement(state, claim, claimedUpokt) !== claimRequirement(state, claim, claimedUpokt);
}

function settle(state: State, named: (claim: Claim) => unknown): unknown {
  const supplyBefore = state.bank.supply(UPOKT);
  const settlement = settleClaims(state, recordedRequirement);
  updateDifficulty(state, settledRelays(settlement));
  return {
    numSettled: settlement.settled.length,
    numExpired: settlement.expired.length,
    numDiscarded: settlement.discarded.length,
    settled: settledOperations(settlement, named),
    expired: settlement.expired.map(({ claim }) => named(claim)),
    slashOperations: settlement.slashes.map(({ type, sender, recipient, amountUpokt }) => [
      type === 'burn' ? 'burn' : 'moduleToModule',
      sender,
      recipient,
      `${amountUpokt}${UPOKT}`,
    ]),
    ...eventsOf(state),
    ...recordsOf(state),
    supplyBefore,
    supplyAfter: state.bank.supply(UPOKT),
  };
}

function settledOperations({ settled, validatorOperations }: Settlement, named: (claim: Claim) => unknown): unknown[] {
  const results: unknown[] = settled.map(({ claim, operations }) => ({ ...byType(operations), claim: named(claim) }));
  if (validatorOperations.length > 0) results.push({ ...byType(validatorOperations), validatorRewards: true });
  return results;
}

function byType(operations: readonly SettlementOperation[]): Record<string, unknown> {
  const some = (wanted: OperationType, line: (operation: SettlementOperation) => unknown): unknown[] =>
    operations.filter(({ type }) => type === wanted).map(line);
  const single = ({ sender, reason, amountUpokt }: SettlementOperation): unknown => [sender, reason, amountUpokt];
  const transfer = ({ sender, recipient, reason, amountUpokt }: SettlementOperation): unknown => [
    sender,
    recipient,
    reason,
    amountUpokt,
  ];
  return {
    mints: some('mint', single),
    burns: some('burn', single),
    moduleToModule: some('mod_to_mod', transfer),
    moduleToAccount: some('mod_to_acct', transfer),
  };
}

/** The events in order, with one word in place of the batches; and the batches, as their events tell them. */
function eventsOf(state: State): { events: unknown[]; batches: unknown[] } {
  const events: unknown[] = [];
  const batches: unknown[] = [];
  for (const { type, data } of typedEvents(state)) {
    if (!type.endsWith('.EventSettlementBatch')) {
      events.push(comparableEvent(type, data));
      continue;
    }
    const batch = data as Json;
    if (events.at(-1) !== 'batches') events.push('batches');
    batches.push([
      batch['op_type'],
      batch['sender_module'],
      batch['recipient'],
      batch['op_reason'],
      batch['total_amount'],
      batch['num_claims'],
      batch['session_end_block_height'],
    ]);
  }
  return { events, batches };
}

function recordsOf(state: State): Record<string, unknown> {
  const balance = (address: string): bigint => state.bank.balance(address, UPOKT);
  const accounts: [string, bigint][] = [];
  for (const { address } of state.accounts.records.values()) {
    if (moduleAt(address) === undefined && balance(address) > 0n) accounts.push([address, balance(address)]);
  }
  const modules = (['application', 'supplier', 'tokenomics'] as const).map((name) => [
    name,
    balance(moduleNamed(name).address),
  ]);
  return {
    claimsLeft: [...state.claims.entries()].length,
    accountBalances: Object.fromEntries(accounts) as unknown,
    moduleBalances: Object.fromEntries(modules) as unknown,
    applications: [...state.applications.entries()].map(([, { address, stake, unstakeSessionEndHeight }]) => ({
      address,
      stake: amountUpoktOf(stake),
      unstakeSessionEndHeight: Number(unstakeSessionEndHeight),
    })),
    suppliers: [...state.suppliers.entries()].map(([, { operatorAddress, stake, unstakeSessionEndHeight }]) => ({
      operator: operatorAddress,
      stake: amountUpoktOf(stake),
      unstakeSessionEndHeight: Number(unstakeSessionEndHeight),
    })),
    difficulty: [...state.services.newestDifficulties.values()].map(
      ({ serviceId, blockHeight, numRelaysEma, targetHash }) => ({
        serviceId,
        blockHeight: Number(blockHeight),
        numRelaysEma,
        targetHash: toHex(targetHash),
      }),
    ),
  };
}

function buildState(input: SettlementInput, claims: readonly Claim[]): State {
  const state = stateAt(input.height);
  const { params } = state;
  setSharedParams(state, input.sharedParams, input.sharedParamsHistory);
  params.application.setLive(read(ApplicationParamsSchema, input.applicationParams));
  params.proof.setLive(read(ProofParamsSchema, input.proofParams));
  params.service.setLive(read(ServiceParamsSchema, input.serviceParams));
  params.supplier.setLive(read(SupplierParamsSchema, input.supplierParams));
  params.tokenomics.setLive(read(TokenomicsParamsSchema, input.tokenomicsParams));
  setBlockHashes(state, input.blockHashes);
  for (const service of input.services) addService(state, service);
  for (const json of input.applications) {
    const application = read(ApplicationSchema, json);
    state.applications.put(application);
    state.bank.endow(moduleNamed('application').address, upokt(amountUpoktOf(application.stake)));
  }
  for (const { service_config_history: history, ...json } of input.suppliers) {
    const supplier = read(SupplierSchema, json as JsonValue);
    const { serviceConfigHistory } = read(SupplierSchema, { service_config_history: history as JsonValue });
    state.suppliers.put(supplier);
    for (const config of serviceConfigHistory)
      state.suppliers.putConfig({ ...config, operatorAddress: supplier.operatorAddress });
    state.bank.endow(moduleNamed('supplier').address, upokt(amountUpoktOf(supplier.stake)));
  }
  for (const validator of input.validators) addValidator(state, validator);
  for (const claim of claims) state.claims.put(claim);
  return state;
}

function addService(state: State, { service: json, difficulty, computeUnitsHistory = [] }: ServiceInput): void {
  const service = read(ServiceSchema, json);
  const serviceId = service.id;
  state.services.put(service);
  for (const { effectiveHeight, computeUnitsPerRelay } of computeUnitsHistory) {
    const update = {
      serviceId,
      effectiveHeight: BigInt(effectiveHeight),
      computeUnitsPerRelay: BigInt(computeUnitsPerRelay),
    };
    state.services.unitsHistory.put(
      textKey(serviceId),
      effectiveHeight,
      create(ServiceComputeUnitsPerRelayUpdateSchema, update),
    );
  }
  if (difficulty === undefined) return;
  const record = create(RelayMiningDifficultySchema, {
    serviceId,
    blockHeight: BigInt(difficulty.effectiveHeight),
    numRelaysEma: BigInt(difficulty.numRelaysEma),
    targetHash: fromHex(difficulty.targetHash),
  });
  state.services.newestDifficulties.put(textKey(serviceId), record);
  state.services.difficultyHistory.put(textKey(serviceId), difficulty.effectiveHeight, record);
}

function addValidator(state: State, input: ValidatorInput): void {
  const { operatorAddress, accountAddress, tokens, commissionRate, delegatorShares, delegations } = input;
  if (withPrefix(operatorAddress, 'poktvaloper', 'pokt') !== accountAddress)
    throw new Error(`${accountAddress} is not ${operatorAddress}`);
  state.validators.put(
    create(ValidatorSchema, {
      operatorAddress,
      status: BondStatus.BONDED,
      tokens,
      delegatorShares: decimalToWire(delegatorShares),
      commission: { commissionRates: { rate: decimalToWire(commissionRate) } },
    }),
  );
  for (const { delegator, shares } of delegations) {
    const delegation = {
      delegatorAddress: delegator,
      validatorAddress: operatorAddress,
      shares: decimalToWire(shares),
    };
    state.validators.putDelegation(create(DelegationSchema, delegation));
  }
}
