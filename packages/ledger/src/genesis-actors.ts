/**
 * The actors in a genesis document: gateways, applications, suppliers, and the stakes that the modules' accounts must hold.
 *
 * Source: pokt-network/poktroll `x/{gateway,application,supplier}/module/genesis.go`, `x/*\/types/genesis.go`.
 */
import { create, type MessageShape } from '@bufbuild/protobuf';
import { addressProblem, isAddress } from '@decai/protocol/address';
import type { Coin } from '@decai/protocol/coin';
import { GenesisStateSchema as ApplicationGenesisSchema } from '@decai/protocol/gen/pocket/application/genesis_pb';
import type { Application } from '@decai/protocol/gen/pocket/application/types_pb';
import { GenesisStateSchema as GatewayGenesisSchema } from '@decai/protocol/gen/pocket/gateway/genesis_pb';
import { ServiceConfigUpdateSchema, type Supplier } from '@decai/protocol/gen/pocket/shared/supplier_pb';
import { GenesisStateSchema as SupplierGenesisSchema } from '@decai/protocol/gen/pocket/supplier/genesis_pb';
import { UPOKT } from './coins.ts';
import { invalidGenesis } from './genesis.ts';
import {
  checkActor,
  checkedParams,
  heightIn,
  invalidRecord,
  refuseRecord,
  type GenesisReader,
} from './genesis-record.ts';
import { moduleAt, moduleNamed, type ModuleName } from './module-account.ts';
import { checkApplicationParams, checkGatewayParams, checkSupplierParams } from './params-check.ts';
import { checkMetadata, checkServiceId } from './service-check.ts';
import { amountUpoktOf } from './stake.ts';
import { spendLimitProblem } from './stake-application.ts';
import type { State } from './state.ts';
import { checkSupplierConfigs } from './supplier-config-check.ts';

/** @throws GENESIS_INVALID */
export function readActors(state: State, part: GenesisReader, isExport: boolean): void {
  readGateways(state, part('gateway', GatewayGenesisSchema));
  readApplications(state, part('application', ApplicationGenesisSchema), isExport);
  readSuppliers(state, part('supplier', SupplierGenesisSchema), isExport);
}

function readGateways(state: State, genesis: MessageShape<typeof GatewayGenesisSchema>): void {
  state.params.gateway.setLive(checkedParams('gateway', genesis.params, checkGatewayParams));
  for (const gateway of genesis.gatewayList) {
    const { address, stake, metadata, unstakeSessionEndHeight } = gateway;
    checkActor('gateway', address, stake);
    if (state.gateways.get(address) !== undefined) throw invalidRecord('gateway', address, 'twice');
    refuseRecord('gateway', address, checkMetadata(metadata));
    heightIn('gateway', address, unstakeSessionEndHeight);
    state.gateways.put(gateway);
  }
  checkEscrow(state, 'gateway', genesis.gatewayList);
}

function readApplications(
  state: State,
  genesis: MessageShape<typeof ApplicationGenesisSchema>,
  isExport: boolean,
): void {
  state.params.application.setLive(checkedParams('application', genesis.params, checkApplicationParams));
  for (const application of genesis.applicationList) {
    const { address } = application;
    checkActor('application', address, application.stake);
    if (state.applications.get(address) !== undefined) throw invalidRecord('application', address, 'twice');
    checkApplicationServices(application, isExport);
    const problem = applicationProblem(application);
    if (problem !== undefined) throw invalidRecord('application', address, problem);
    state.applications.put(application);
    putDelegations(state, application);
  }
  checkEscrow(state, 'application', genesis.applicationList);
}

function checkApplicationServices(
  { address, serviceConfigs, serviceConfigHistory }: Application,
  isExport: boolean,
): void {
  if (serviceConfigs.length !== 1 && !isExport) throw invalidRecord('application', address, 'exactly one service');
  for (const { serviceId } of serviceConfigs) refuseRecord('application', address, checkServiceId(serviceId));
  for (const { service, activationHeight, deactivationHeight } of serviceConfigHistory) {
    const isOrdered = deactivationHeight === 0n || deactivationHeight > activationHeight;
    if (service === undefined || !isOrdered) throw invalidRecord('application', address, 'service history');
    refuseRecord('application', address, checkServiceId(service.serviceId));
    heightIn('application', address, activationHeight);
    heightIn('application', address, deactivationHeight);
  }
}

/** Gateways have signed since the first block, those that left until the end of a session. */
function putDelegations(
  { delegations }: State,
  { address: application, delegateeGatewayAddresses, pendingUndelegations }: Application,
): void {
  const fromHeight = 1;
  for (const gateway of delegateeGatewayAddresses) delegations?.open(application, gateway, fromHeight);
  for (const [toHeight, { gatewayAddresses }] of Object.entries(pendingUndelegations)) {
    for (const gateway of gatewayAddresses) {
      delegations?.put({ application, gateway, fromHeight, toHeight: Number(toHeight) });
    }
  }
}

/** What is wrong with delegations, spend limit, unbonding or a pending transfer. */
function applicationProblem(application: Application): string | undefined {
  const { address, delegateeGatewayAddresses, pendingUndelegations, pendingTransfer, perSessionSpendLimit } =
    application;
  if (!delegateeGatewayAddresses.every((gateway) => isAddress(gateway))) return 'a delegatee is no address';
  for (const [sessionEndHeight, { gatewayAddresses }] of Object.entries(pendingUndelegations)) {
    heightIn('application', address, BigInt(sessionEndHeight));
    if (!gatewayAddresses.every((gateway) => isAddress(gateway))) return 'a former delegatee is no address';
  }
  heightIn('application', address, application.unstakeSessionEndHeight);
  if (pendingTransfer !== undefined) {
    heightIn('application', address, pendingTransfer.sessionEndHeight);
    const { destinationAddress } = pendingTransfer;
    const destination = addressProblem(destinationAddress);
    if (destination !== undefined) return `destination: ${destination}`;
    if (moduleAt(destinationAddress) !== undefined) return 'destination: a module cannot be an application';
  }
  return spendLimitProblem(perSessionSpendLimit);
}

function readSuppliers(state: State, genesis: MessageShape<typeof SupplierGenesisSchema>, isExport: boolean): void {
  state.params.supplier.setLive(checkedParams('supplier', genesis.params, checkSupplierParams));
  for (const supplier of genesis.supplierList) {
    const { ownerAddress, operatorAddress, stake, services, unstakeSessionEndHeight } = supplier;
    checkActor('supplier', operatorAddress, stake);
    const owner = addressProblem(ownerAddress);
    if (owner !== undefined) throw invalidRecord('supplier', operatorAddress, `owner: ${owner}`);
    if (moduleAt(ownerAddress) !== undefined) throw invalidRecord('supplier', operatorAddress, 'owner: a module');
    if (state.suppliers.get(operatorAddress) !== undefined) throw invalidRecord('supplier', operatorAddress, 'twice');
    if (services.length > 0) refuseRecord('supplier', operatorAddress, checkSupplierConfigs(services));
    else if (!isExport) throw invalidRecord('supplier', operatorAddress, 'at least one service');
    heightIn('supplier', operatorAddress, unstakeSessionEndHeight);
    state.suppliers.put(supplier);
    putConfigs(state, supplier);
  }
  checkEscrow(state, 'supplier', genesis.supplierList);
}

/** A supplier without history has served its services from the first block on. */
function putConfigs(state: State, { operatorAddress, services, serviceConfigHistory }: Supplier): void {
  for (const config of serviceConfigHistory) {
    const { service, activationHeight, deactivationHeight } = config;
    // A service that was replaced before it ever became active ends where it begins.
    const isOrdered = deactivationHeight === 0n || deactivationHeight >= activationHeight;
    if (service === undefined || !isOrdered) throw invalidRecord('supplier', operatorAddress, 'service history');
    refuseRecord('supplier', operatorAddress, checkSupplierConfigs([service]));
    heightIn('supplier', operatorAddress, activationHeight);
    heightIn('supplier', operatorAddress, deactivationHeight);
    state.suppliers.putConfig({ ...config, operatorAddress });
  }
  if (serviceConfigHistory.length > 0) return;
  for (const service of services) {
    state.suppliers.putConfig(create(ServiceConfigUpdateSchema, { operatorAddress, service, activationHeight: 1n }));
  }
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
