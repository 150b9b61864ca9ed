/**
 * What a supplier may offer: services by id, where they answer, and who shares the reward.
 *
 * Source: pokt-network/poktroll `x/shared/types/service_configs.go`, `x/shared/types/rev_share.go`.
 */
import { addressProblem } from '@decai/protocol/address';
import {
  RPCType,
  type ServiceRevenueShare,
  type SupplierEndpoint,
  type SupplierServiceConfig,
} from '@decai/protocol/gen/pocket/shared/service_pb';
import { isEndpointUrl } from './endpoint-url.ts';
import { isBlocked } from './module-account.ts';
import { refuse, wrapRefusal, type Refusal } from './refusal.ts';
import { SHARED, SUPPLIER } from './registered-error.ts';
import { checkServiceId } from './service-check.ts';

const RPC_TYPES: ReadonlySet<number> = new Set(Object.values(RPCType));

/** Refuses the first configuration with a bad or repeated id, no endpoint, a bad endpoint or bad shares (supplier 1104). */
export function checkSupplierConfigs(configs: readonly SupplierServiceConfig[]): Refusal | undefined {
  const seen = new Set<string>();
  for (const config of configs) {
    const refusal = checkConfig(config, seen);
    if (refusal !== undefined) return refusal;
    seen.add(config.serviceId);
  }
  return undefined;
}

function checkConfig(config: SupplierServiceConfig, seen: ReadonlySet<string>): Refusal | undefined {
  const { serviceId, endpoints, revShare } = config;
  const id = checkServiceId(serviceId);
  if (id !== undefined) return wrapRefusal(id, SUPPLIER.INVALID_SERVICE_CONFIG);
  if (seen.has(serviceId)) return refuse(SUPPLIER.INVALID_SERVICE_CONFIG, `duplicate service ID: ${serviceId}`);
  if (endpoints.length === 0) return refuse(SUPPLIER.INVALID_SERVICE_CONFIG, `no endpoints for service ${serviceId}`);
  for (const endpoint of endpoints) {
    const problem = endpointProblem(endpoint);
    if (problem !== undefined) return refuse(SUPPLIER.INVALID_SERVICE_CONFIG, `${problem} for service ${serviceId}`);
  }
  const shares = checkRevenueShares(revShare);
  return shares === undefined ? undefined : wrapRefusal(shares, SUPPLIER.INVALID_SERVICE_CONFIG);
}

function endpointProblem({ url, rpcType }: SupplierEndpoint): string | undefined {
  if (url === '') return 'empty endpoint.Url';
  if (!isEndpointUrl(url)) return `invalid endpoint.Url: ${url}`;
  if (!RPC_TYPES.has(rpcType)) return `undefined endpoint.RpcType: ${rpcType}`;
  if (rpcType === RPCType.UNKNOWN_RPC) return 'endpoint.RpcType cannot be UNKNOWN_RPC';
  return undefined;
}

/**
 * Refuses (shared 1106), in this order: no share at all; for each, a malformed or repeated address, an account that
 * takes no coins, a percentage outside 1 … 100; a sum other than 100.
 *
 * A share for an account that refuses coins could never be paid, so it is refused before it is owed.
 */
export function checkRevenueShares(shares: readonly ServiceRevenueShare[]): Refusal | undefined {
  const problem = revenueShareProblem(shares);
  return problem === undefined ? undefined : refuse(SHARED.INVALID_REVENUE_SHARE, problem);
}

function revenueShareProblem(shares: readonly ServiceRevenueShare[]): string | undefined {
  if (shares.length === 0) return 'no rev share configurations';
  const seen = new Set<string>();
  let sum = 0n;
  for (const { address, revSharePercentage } of shares) {
    const problem = addressProblem(address);
    if (problem !== undefined) return `invalid rev share address: ${problem}`;
    if (seen.has(address)) return `duplicate rev share address: ${address}`;
    if (isBlocked(address)) return `rev share address ${address} is not allowed to receive funds`;
    if (revSharePercentage < 1n || revSharePercentage > 100n) {
      return `invalid rev share percentage ${revSharePercentage}; must be between 1 and 100`;
    }
    seen.add(address);
    sum += revSharePercentage;
  }
  return sum === 100n ? undefined : `invalid rev share percentage sum ${sum}; must be equal to 100`;
}
