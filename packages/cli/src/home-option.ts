/** `--home DIR`: the folder of the local network, whose keys and addresses a command uses when it is told of no others. */
import { type Invocation, type OptionSpec, textOption, UsageError } from './command.ts';
import { DEV_HOME_DEFAULT, type DevFile, DevHome } from './dev/dev-home.ts';
import { isProcessAlive } from './dev/process-alive.ts';

export const HOME_OPTION: OptionSpec = {
  flags: '--home <dir>',
  help: 'folder of the local network and of keys',
  default: DEV_HOME_DEFAULT,
  environment: 'DECAI_HOME',
};

export function homeOf(invocation: Invocation): string {
  return textOption(invocation, 'home') ?? DEV_HOME_DEFAULT;
}

/** The network that runs in the home, if one does. One that was killed left its file behind. */
export async function runningNetwork(invocation: Invocation): Promise<DevFile | undefined> {
  const network = await new DevHome(homeOf(invocation)).read<DevFile>('dev.json');
  return network !== undefined && isProcessAlive(network.pid) ? network : undefined;
}

/** The same. @throws UsageError when none runs there and `missing` was not given either. */
export async function needRunningNetwork(invocation: Invocation, missing: string): Promise<DevFile> {
  const network = await runningNetwork(invocation);
  if (network !== undefined) return network;
  throw new UsageError(`no network runs in ${homeOf(invocation)}`, `start one with "decai dev", or give ${missing}`);
}
