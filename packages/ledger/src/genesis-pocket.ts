/**
 * The pocket modules' parts of a genesis document: parameters, actors, services, claims, in the order in which the Go
 * application reads them.
 *
 * Source: pokt-network/poktroll `x/<module>/module/genesis.go`, `x/<module>/types/genesis.go`.
 */
import { create, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { addressProblem, isAddress } from '@decai/protocol/address';
import type { Coin } from '@decai/protocol/coin';
import { GenesisStateSchema as ApplicationGenesisSchema } from '@decai/protocol/gen/pocket/application/genesis_pb';
import { GenesisStateSchema as GatewayGenesisSchema } from '@decai/protocol/gen/pocket/gateway/genesis_pb';
import { GenesisStateSchema as ProofGenesisSchema } from '@decai/protocol/gen/pocket/proof/genesis_pb';
import { GenesisStateSchema as ServiceGenesisSchema } from '@decai/protocol/gen/pocket/service/genesis_pb';
import { GenesisStateSchema as SessionGenesisSchema } from '@decai/protocol/gen/pocket/session/genesis_pb';
import { GenesisStateSchema as SharedGenesisSchema } from '@decai/protocol/gen/pocket/shared/genesis_pb';
import { ServiceConfigUpdateSchema, type Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { GenesisStateSchema as SupplierGenesisSchema } from '@decai/protocol/gen/pocket/supplier/genesis_pb';
import { GenesisStateSchema as TokenomicsGenesisSchema } from '@decai/protocol/gen/pocket/tokenomics/genesis_pb';
import { ROOT_BYTES } from '@decai/protocol/root';
import { textKey } from './collection.ts';
import { UPOKT } from './coins.ts';
import { invalidGenesis } from './genesis.ts';
import { isBlocked, moduleNamed, type ModuleName } from './module-account.ts';
import {
  checkApplicationParams,
  checkGatewayParams,
  checkProofParams,
  checkServiceParams,
  checkSessionParams,
  checkSharedParams,
  checkSupplierParams,
  checkTokenomicsParams,
} from './params-check.ts';
import type { Refusal } from './refusal.ts';
import { checkService, checkServiceId } from './service-check.ts';
import { amountUpoktOf, stakeProblem } from './stake.ts';
import type { State } from './state.ts';
import { checkSupplierConfigs } from './supplier-config-check.ts';

/** Gives a module's part of the document. */
export type GenesisReader = <Desc extends DescMessage>(module: string, schema: Desc) => MessageShape<Desc>;

/** @throws GENESIS_INVALID */
export function readPocketGenesis(state: State, part: GenesisReader): void {
  readServices(state, part('service', ServiceGenesisSchema));
  readGateways(state, part('gateway', GatewayGenesisSchema));
  readApplications(state, part('application', ApplicationGenesisSchema));
  readSuppliers(state, part('supplier', SupplierGenesisSchema));
  readSession(state, part('session', SessionGenesisSchema));
  readProofs(state, part('proof', ProofGenesisSchema));
  const { params } = part('tokenomics', TokenomicsGenesisSchema);
  state.params.tokenomics.setLive(checked('tokenomics', params, checkTokenomicsParams));
  readShared(state, part('shared', SharedGenesisSchema));
}

/** Names must differ as well as ids, and no service may have two difficulties. Difficulties begin without history, as in Shannon. */
function readServices(state: State, genesis: MessageShape<typeof ServiceGenesisSchema>): void {
  state.params.service.setLive(checked('service', genesis.params, checkServiceParams));
  const names = new Set<string>();
  for (const service of genesis.serviceList) {
    refuseRecord('service', service.id, checkService(service));
    if (state.services.get(service.id) !== undefined) throw invalidRecord('service', service.id, 'id twice');
    if (names.has(service.name)) throw invalidRecord('service', service.id, `name '${service.name}' twice`);
    names.add(service.name);
    state.services.put(service);
  }
  for (const difficulty of genesis.relayMiningDifficultyList) {
    const { serviceId, targetHash } = difficulty;
    if (targetHash.length !== 32) throw invalidRecord('difficulty', serviceId, 'target hash is not 32 bytes');
    if (state.services.newestDifficulties.has(textKey(serviceId))) {
      throw invalidRecord('difficulty', serviceId, 'twice');
    }
    state.services.newestDifficulties.put(textKey(serviceId), difficulty);
  }
  for (const update of genesis.computeUnitsPerRelayHistory) {
    state.services.unitsHistory.put(textKey(update.serviceId), Number(update.effectiveHeight), update);
  }
}

function readGateways(state: State, genesis: MessageShape<typeof GatewayGenesisSchema>): void {
  state.params.gateway.setLive(checked('gateway', genesis.params, checkGatewayParams));
  for (const gateway of genesis.gatewayList) {
    checkActor('gateway', gateway.address, gateway.stake);
    if (state.gateways.get(gateway.address) !== undefined) throw invalidRecord('gateway', gateway.address, 'twice');
    state.gateways.put(gateway);
  }
  checkEscrow(state, 'gateway', genesis.gatewayList);
}

function readApplications(state: State, genesis: MessageShape<typeof ApplicationGenesisSchema>): void {
  state.params.application.setLive(checked('application', genesis.params, checkApplicationParams));
  for (const application of genesis.applicationList) {
    const { address, stake, serviceConfigs, delegateeGatewayAddresses, serviceConfigHistory } = application;
    checkActor('application', address, stake);
    if (state.applications.get(address) !== undefined) throw invalidRecord('application', address, 'twice');
    if (serviceConfigs.length !== 1) throw invalidRecord('application', address, 'exactly one service');
    refuseRecord('application', address, checkServiceId(serviceConfigs[0]!.serviceId));
    if (!delegateeGatewayAddresses.every((gateway) => isAddress(gateway))) {
      throw invalidRecord('application', address, 'a delegatee is no address');
    }
    for (const { service, activationHeight, deactivationHeight } of serviceConfigHistory) {
      const isOrdered = deactivationHeight === 0n || deactivationHeight > activationHeight;
      if (service === undefined || !isOrdered) throw invalidRecord('application', address, 'service history');
    }
    state.applications.put(application);
  }
  checkEscrow(state, 'application', genesis.applicationList);
}

function readSuppliers(state: State, genesis: MessageShape<typeof SupplierGenesisSchema>): void {
  state.params.supplier.setLive(checked('supplier', genesis.params, checkSupplierParams));
  for (const supplier of genesis.supplierList) {
    const { ownerAddress, operatorAddress, stake, services } = supplier;
    checkActor('supplier', operatorAddress, stake);
    const owner = addressProblem(ownerAddress);
    if (owner !== undefined) throw invalidRecord('supplier', operatorAddress, `owner: ${owner}`);
    if (state.suppliers.get(operatorAddress) !== undefined) throw invalidRecord('supplier', operatorAddress, 'twice');
    if (services.length === 0) throw invalidRecord('supplier', operatorAddress, 'at least one service');
    refuseRecord('supplier', operatorAddress, checkSupplierConfigs(services));
    state.suppliers.put(supplier);
    putConfigs(state, supplier);
  }
  checkEscrow(state, 'supplier', genesis.supplierList);
}

/** A supplier without history has served its services from the first block on. */
function putConfigs(state: State, { operatorAddress, services, serviceConfigHistory }: Supplier): void {
  const first = services.map((service) =>
    create(ServiceConfigUpdateSchema, { operatorAddress, service, activationHeight: 1n }),
  );
  for (const config of serviceConfigHistory.length > 0 ? serviceConfigHistory : first) {
    state.suppliers.putConfig({ ...config, operatorAddress });
  }
}

function readSession(state: State, genesis: MessageShape<typeof SessionGenesisSchema>): void {
  state.params.session.setLive(checked('session', genesis.params, checkSessionParams));
  for (const { effectiveHeight, params } of genesis.paramsHistory) {
    const held = checked('session', params, checkSessionParams);
    state.params.session.history.put('', Number(effectiveHeight), held);
  }
}

function readProofs(state: State, genesis: MessageShape<typeof ProofGenesisSchema>): void {
  state.params.proof.setLive(checked('proof', genesis.params, checkProofParams));
  for (const claim of genesis.claimList) {
    const { sessionHeader, supplierOperatorAddress, rootHash } = claim;
    const sessionId = sessionHeader?.sessionId ?? '';
    const name = `${sessionId}/${supplierOperatorAddress}`;
    if (rootHash.length !== ROOT_BYTES) throw invalidRecord('claim', name, `root hash is not ${ROOT_BYTES} bytes`);
    if (state.claims.get(sessionId, supplierOperatorAddress) !== undefined) throw invalidRecord('claim', name, 'twice');
    state.claims.put(claim);
  }
  for (const proof of genesis.proofList) {
    const { sessionHeader, supplierOperatorAddress } = proof;
    const sessionId = sessionHeader?.sessionId ?? '';
    if (state.proofs.get(sessionId, supplierOperatorAddress) !== undefined) {
      throw invalidRecord('proof', `${sessionId}/${supplierOperatorAddress}`, 'twice');
    }
    state.proofs.put(proof);
  }
}

function readShared(state: State, genesis: MessageShape<typeof SharedGenesisSchema>): void {
  state.params.shared.setLive(checked('shared', genesis.params, checkSharedParams));
  for (const { effectiveHeight, params } of genesis.paramsHistory) {
    const held = checked('shared', params, checkSharedParams);
    state.params.shared.history.put('', Number(effectiveHeight), held);
  }
}

function checked<P>(module: string, params: P | undefined, check: (params: P) => Refusal | undefined): P {
  if (params === undefined) throw invalidGenesis(`app_state.${module}.params is missing`);
  const refusal = check(params);
  if (refusal !== undefined) throw invalidGenesis(`app_state.${module}.params: ${refusal.message}`);
  return params;
}

function checkActor(kind: string, address: string, stake: Coin | undefined): void {
  const problem = addressProblem(address) ?? stakeProblem(stake, kind);
  if (problem !== undefined) throw invalidRecord(kind, address, problem);
  if (isBlocked(address)) throw invalidRecord(kind, address, 'the account takes no coins');
}

/** Stakes in the document are promises that the module's account must be able to keep. */
function checkEscrow(state: State, module: ModuleName, actors: readonly { readonly stake?: Coin | undefined }[]): void {
  const stakesUpokt = actors.reduce((sum, { stake }) => sum + amountUpoktOf(stake), 0n);
  const { address } = moduleNamed(module);
  const heldUpokt = state.bank.balance(address, UPOKT);
  if (heldUpokt >= stakesUpokt) return;
  throw invalidGenesis(
    `app_state.bank: module ${module} (${address}) holds ${heldUpokt}${UPOKT}, its stakes add up to ${stakesUpokt}${UPOKT}`,
  );
}

function refuseRecord(kind: string, name: string, refusal: Refusal | undefined): void {
  if (refusal !== undefined) throw invalidRecord(kind, name, refusal.message);
}

function invalidRecord(kind: string, name: string, problem: string): Error {
  return invalidGenesis(`${kind} ${name}: ${problem}`);
}
