/** `decai model serve`: the small models in the box behind an OpenAI-compatible server. */
import { MODELS } from '@decai/model/models';
import { startModelServer } from '@decai/model/model-server';
import { createWorld } from '@decai/world';
import { type Command, numberOption, textOption } from '../command.ts';
import { ENGINE_OPTION, engineOf } from '../engine-option.ts';
import { runRole } from '../roles/run-role.ts';

export const modelServe: Command = {
  name: 'model serve',
  summary: 'Serve the small models in the box with an OpenAI-compatible API.',
  options: [
    { flags: '--models <ids>', help: 'which, with commas between', default: MODELS.map(({ id }) => id).join(',') },
    { flags: '--host <host>', help: 'where to listen', default: '127.0.0.1' },
    { flags: '--port <number>', help: '0 takes any free port', default: '8000' },
    { flags: '--threads <number>', help: 'threads of one answer' },
    ENGINE_OPTION,
  ],
  examples: ['decai model serve', 'decai model serve --models decai-tiny-1m --port 8001'],
  async run(invocation) {
    const threads = numberOption(invocation, 'threads', 1, 1_024);
    const models = (textOption(invocation, 'models') ?? '').split(',').map((id) => id.trim());
    const kind = engineOf(invocation);
    const port = numberOption(invocation, 'port', 0, 65_535)!;
    return await runRole(invocation, 'model', async () => {
      const world = createWorld({ dataDirectory: '.' });
      const server = await startModelServer({
        world,
        models,
        host: textOption(invocation, 'host')!,
        port,
        load: { kind, ...(threads === undefined ? {} : { threads }) },
      });
      return {
        url: server.url,
        lines: server.models.map(
          ({ id, kind, reason }) => `${id} on ${kind}${reason === undefined ? '' : `: ${reason}`}`,
        ),
        facts: { models: server.models },
        async close() {
          await server.close();
          await world.close();
        },
      };
    });
  },
};
