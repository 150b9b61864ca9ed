/**
 * Blocks of claims for tests of settlement: parties by name, claims by count of relays, and everything due at one height.
 *
 * One session of the default parameters, blocks 1 to 10; its claims settle at height 20. One compute unit a relay and one
 * upokt a unit, so a claim of n relays is worth n upokt.
 */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { withPrefix } from '@decai/protocol/address';
import { utf8 } from '@decai/protocol/bytes';
import { coin } from '@decai/protocol/coin';
import { BondStatus, DelegationSchema, ValidatorSchema } from '@decai/protocol/gen/cosmos/staking/v1beta1/staking_pb';
import { ApplicationSchema, type Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { ClaimProofStatus, ClaimSchema, type Claim } from '@decai/protocol/gen/pocket/proof/types_pb';
import { ServiceSchema } from '@decai/protocol/gen/pocket/shared/service_pb';
import { ServiceConfigUpdateSchema, SupplierSchema } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import type { Params as TokenomicsParams } from '@decai/protocol/gen/pocket/tokenomics/params_pb';
import { sha256 } from '@decai/protocol/hash';
import { encodeRoot } from '@decai/protocol/root';
import { UPOKT } from './coins.ts';
import { moduleNamed, type ModuleName } from './module-account.ts';
import { amountUpoktOf, upoktCoin } from './stake.ts';
import type { State } from './state.ts';
import { addressNamed, emptyState, eventsOf } from './test-chain.ts';
import { setProofParams } from './test-session.ts';
import { ONE_DEC } from './validator-rewards.ts';

export const SETTLEMENT_HEIGHT = 20;
export const DAO: string = addressNamed('dao');

/** Nobody yet; no inflation, everything minted to the supplier, no proofs asked for. */
export function settlementState(): State {
  const state = emptyState(SETTLEMENT_HEIGHT);
  state.params.shared.setLive({
    ...state.params.shared.live(),
    computeUnitsToTokensMultiplier: 1n,
    computeUnitCostGranularity: 1n,
  });
  setProofParams(state, { proofRequestProbability: 0, proofRequirementThreshold: upoktCoin(10n ** 18n) });
  setTokenomics(state, { daoRewardAddress: DAO, globalInflationPerClaim: 0 });
  setShares(state, { supplier: 1, dao: 0, proposer: 0, sourceOwner: 0, application: 0 });
  setMinimumStakes(state, 1n);
  state.blockHashes.put(15, sha256(utf8('seed')));
  return state;
}

export function setTokenomics(state: State, changed: Partial<TokenomicsParams>): void {
  state.params.tokenomics.setLive({ ...state.params.tokenomics.live(), ...changed });
}

type Shares = { supplier: number; dao: number; proposer: number; sourceOwner: number; application: number };

/** The same shares for what is minted and for inflation. */
export function setShares(state: State, shares: Shares): void {
  const { mintEqualsBurnClaimDistribution: minted, mintAllocationPercentages: inflated } =
    state.params.tokenomics.live();
  setTokenomics(state, {
    mintEqualsBurnClaimDistribution: { ...minted!, ...shares },
    mintAllocationPercentages: { ...inflated!, ...shares },
  });
}

export function setMinimumStakes(state: State, minimumUpokt: bigint): void {
  const minStake = upoktCoin(minimumUpokt);
  state.params.application.setLive({ ...state.params.application.live(), minStake });
  state.params.supplier.setLive({ ...state.params.supplier.live(), minStake });
}

export function addService(state: State, id: string): void {
  const service = { id, name: id, computeUnitsPerRelay: 1n, ownerAddress: addressNamed(`source of ${id}`) };
  state.services.put(create(ServiceSchema, service));
}

export function addApplication(
  state: State,
  name: string,
  stakeUpokt: bigint,
  fields: Partial<Application> = {},
): void {
  const application = create(ApplicationSchema, { address: addressNamed(name), stake: upoktCoin(stakeUpokt) });
  state.applications.put({ ...application, ...fields });
  if (stakeUpokt > 0n) state.bank.endow(moduleNamed('application').address, [coin(stakeUpokt)]);
}

export type SupplierTerms = {
  readonly services?: readonly string[];
  /** Names and percentages; the owner takes everything if absent. */
  readonly revShare?: readonly (readonly [name: string, percentage: number])[];
  readonly deactivationHeight?: bigint;
};

export function addSupplier(state: State, name: string, stakeUpokt: bigint, terms: SupplierTerms = {}): void {
  const operatorAddress = addressNamed(name);
  const ownerAddress = addressNamed(`owner of ${name}`);
  state.suppliers.put(create(SupplierSchema, { operatorAddress, ownerAddress, stake: upoktCoin(stakeUpokt) }));
  if (stakeUpokt > 0n) state.bank.endow(moduleNamed('supplier').address, [coin(stakeUpokt)]);
  const { services = ['svc'], revShare = [[`owner of ${name}`, 100]], deactivationHeight = 0n } = terms;
  for (const serviceId of services) {
    const shares = revShare.map(([recipient, percentage]) => ({
      address: addressNamed(recipient),
      revSharePercentage: BigInt(percentage),
    }));
    const config = {
      operatorAddress,
      service: { serviceId, revShare: shares },
      activationHeight: 1n,
      deactivationHeight,
    };
    state.suppliers.putConfig(create(ServiceConfigUpdateSchema, config));
  }
}

export type ClaimTerms = {
  readonly application?: string;
  readonly supplier?: string;
  readonly service?: string;
  readonly sessionId?: string;
  readonly status?: ClaimProofStatus;
  /** The sum in the root, where it is not the number of relays. */
  readonly sum?: bigint;
  /** Last block of the session, where it is not 10. */
  readonly sessionEnd?: bigint;
};

/** Puts a claim of the session that is due. Unless named, parties are `app`, `supplier` and `svc`, and each application has one session. */
export function addClaim(state: State, relays: bigint, terms: ClaimTerms = {}): Claim {
  const {
    application = 'app',
    supplier = 'supplier',
    service = 'svc',
    status = ClaimProofStatus.PENDING_VALIDATION,
  } = terms;
  const { sessionId = `session of ${application}`, sum = relays, sessionEnd = 10n } = terms;
  const claim = create(ClaimSchema, {
    supplierOperatorAddress: addressNamed(supplier),
    sessionHeader: {
      applicationAddress: addressNamed(application),
      serviceId: service,
      sessionId,
      sessionStartBlockHeight: 1n,
      sessionEndBlockHeight: sessionEnd,
    },
    rootHash: encodeRoot({ digest: sha256(utf8(`${application}/${supplier}`)), sum, count: relays }),
    proofValidationStatus: status,
  });
  state.claims.put(claim);
  return claim;
}

/** A bonded validator that has delegated all its tokens itself. */
export function addValidator(state: State, name: string, tokens: bigint): void {
  const account = addressNamed(name);
  const operatorAddress = withPrefix(account, 'pokt', 'poktvaloper');
  const shares = (tokens * ONE_DEC).toString();
  const commission = { commissionRates: { rate: '0' } };
  state.validators.put(
    create(ValidatorSchema, {
      operatorAddress,
      status: BondStatus.BONDED,
      tokens: tokens.toString(),
      delegatorShares: shares,
      commission,
    }),
  );
  state.validators.putDelegation(
    create(DelegationSchema, { delegatorAddress: account, validatorAddress: operatorAddress, shares }),
  );
}

/** One application with a large stake, one supplier and one service. */
export function smallTown(): State {
  const state = settlementState();
  addService(state, 'svc');
  addApplication(state, 'app', 1_000_000n);
  addSupplier(state, 'supplier', 1_000_000n);
  return state;
}

/** By the names of those who hold coins. */
export const balance = (state: State, name: string): bigint => state.bank.balance(addressNamed(name), UPOKT);
export const moduleBalance = (state: State, name: ModuleName): bigint =>
  state.bank.balance(moduleNamed(name).address, UPOKT);
export const stakeOf = (state: State, application: string = 'app'): bigint =>
  amountUpoktOf(state.applications.get(addressNamed(application))!.stake);

/** Names of the typed events, without their packages. */
export function eventNames(state: State): string[] {
  return eventsOf(state).flatMap(({ type }) => (type.startsWith('pocket.') ? [type.split('.Event')[1]!] : []));
}

export function eventsNamed(state: State, name: string): Record<string, JsonValue>[] {
  return eventsOf(state)
    .filter(({ type }) => type.endsWith(`.Event${name}`))
    .map(({ data }) => data);
}
