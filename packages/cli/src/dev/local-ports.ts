/** The ports of a local network: the gateway's is given, the others are those of last time or free ones. */
import { UsageError } from '../command.ts';
import { freePort, portTrouble } from './free-port.ts';
import type { LocalPorts } from './network-file.ts';

/** @throws UsageError when the gateway cannot have its port. */
export async function choosePorts(
  gatewayPort: number,
  suppliers: readonly string[],
  before: LocalPorts | undefined,
): Promise<LocalPorts> {
  const trouble = await portTrouble(gatewayPort);
  if (trouble !== undefined) {
    const why = trouble === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${trouble})`;
    throw new UsageError(`port ${gatewayPort} ${why}`, 'choose another one: decai dev --port 8090');
  }
  const taken = new Set([gatewayPort]);
  const choose = async (wanted: number | undefined): Promise<number> => {
    for (let port = await freePort(wanted); ; port = await freePort(undefined)) {
      if (taken.has(port)) continue;
      taken.add(port);
      return port;
    }
  };
  const rpc = await choose(before?.rpc);
  const rest = await choose(before?.rest);
  const explorer = await choose(before?.explorer);
  const model = await choose(before?.model);
  const miners: Record<string, number> = {};
  for (const supplier of suppliers) miners[supplier] = await choose(before?.miners[supplier]);
  return { rpc, rest, explorer, model, miners };
}
