/** `decai dev`: a whole network on this machine, with a real small model, until Ctrl-C. */
import { curveName } from '@decai/protocol/curve';
import { createWorld } from '@decai/world';
import { type Command, numberOption } from '../command.ts';
import { DevHome } from '../dev/dev-home.ts';
import { greeting } from '../dev/greeting.ts';
import { ENGINE_OPTION, engineOf } from '../engine-option.ts';
import { HOME_OPTION, homeOf } from '../home-option.ts';
import { whenAborted } from '../when-aborted.ts';

export const dev: Command = {
  name: 'dev',
  summary:
    'Run a whole network on this machine: ledger, Source, suppliers with a real small model, gateway, applications.',
  options: [
    { ...HOME_OPTION, help: 'where everything is kept' },
    { flags: '--port <number>', help: "the gateway's port; the others are free ones", default: '8080' },
    { flags: '--block-ms <number>', help: 'time between two blocks', default: '1000' },
    ENGINE_OPTION,
  ],
  examples: ['decai dev', 'decai dev --home another --port 8090'],
  async run(invocation) {
    // Loaded here, so that other commands need not.
    const { runNetwork } = await import('../dev/run-network.ts');
    const { signal, note, print } = invocation;
    const gatewayPort = numberOption(invocation, 'port', 1, 65_535)!;
    const blockMs = numberOption(invocation, 'blockMs', 50, 3_600_000)!;
    const engine = engineOf(invocation);
    const directory = homeOf(invocation);
    const home = new DevHome(directory);
    const lock = await home.lock();
    const world = createWorld({ dataDirectory: directory });
    try {
      // What a killed network left behind would mislead scripts.
      await home.remove('dev.json');
      const curve = curveName() === 'native' ? 'native' : 'noble, in JavaScript';
      note(`starting a network in ${directory} (secp256k1: ${curve})`);
      const network = await runNetwork({
        world,
        home,
        gatewayPort,
        blockMs,
        engine,
        note,
        signal,
      });
      await home.write('dev.json', network.file);
      print(greeting(network.file, directory, network.standIn));
      await whenAborted(signal);
      note('stopping ...');
      await home.remove('dev.json');
      await network.stop();
      note(`stopped; "decai dev" continues ${network.file.ledger.chainId}`);
      return 0;
    } catch (thrown) {
      if (signal.aborted) note('stopped before it was ready');
      throw thrown;
    } finally {
      await home.remove('dev.json');
      await world.close();
      await lock.release();
    }
  },
};
