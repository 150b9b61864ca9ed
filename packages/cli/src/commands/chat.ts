/** `decai chat`: ask a model of the network, through the gateway or directly as a sovereign application. */
import { createWorld } from '@decai/world';
import { Conversation } from '../chat/conversation.ts';
import { asSovereignApplication, throughGateway } from '../chat/send-chat.ts';
import { type Command, type Invocation, textOption, UsageError } from '../command.ts';
import { API_KEY_OPTION, gatewayAtHand } from '../gateway-option.ts';
import { HOME_OPTION, homeOf, runningNetwork } from '../home-option.ts';
import { chosenKey, FROM_OPTION, KEY_FILE_OPTION } from '../keys/chosen-key.ts';
import { ledgerUrl, RPC_OPTION } from '../ledger/ledger-at-hand.ts';
import { readLines } from '../standard-input.ts';

export const chat: Command = {
  name: 'chat',
  summary: 'Ask a model of the network; without a question, hold a conversation.',
  arguments: [{ name: '[question...]', help: 'absent: lines from standard input, each a question' }],
  options: [
    { flags: '--model <id>', help: 'which model; absent: the recommended one' },
    { flags: '--url <url>', help: 'base URL of a gateway, ending in /v1', environment: 'DECAI_BASE_URL' },
    API_KEY_OPTION,
    { flags: '--sovereign', help: 'go without a gateway, as the application of --from' },
    { ...FROM_OPTION, help: 'with --sovereign: the application (default sovereign)' },
    { ...KEY_FILE_OPTION, help: 'with --sovereign: a key file, in place of --from' },
    RPC_OPTION,
    HOME_OPTION,
  ],
  examples: [
    'decai chat "What does a Source do?"',
    'decai chat',
    'decai chat --sovereign "What is a session?"',
    'echo "What is 3 plus 4?" | decai chat',
  ],
  async run(invocation) {
    const world = createWorld({ dataDirectory: homeOf(invocation) });
    try {
      if (invocation.options['sovereign'] !== true) {
        const gateway = await gatewayAtHand(invocation);
        return await talk(invocation, new Conversation(await modelFor(invocation), throughGateway(world, gateway)));
      }
      const rpc = await ledgerUrl(invocation);
      const direct = await asSovereignApplication(world, rpc, await chosenKey(withSovereign(invocation)));
      try {
        const model = textOption(invocation, 'model') ?? direct.model;
        if (model !== direct.model) {
          throw new UsageError(`this application staked for ${direct.model}, not for ${model}`, 'leave out --model');
        }
        return await talk(invocation, new Conversation(model, direct.send));
      } finally {
        await direct.stop();
      }
    } finally {
      await world.close();
    }
  },
};

function withSovereign(invocation: Invocation): Invocation {
  return { ...invocation, options: { from: 'sovereign', ...invocation.options } };
}

async function modelFor(invocation: Invocation): Promise<string> {
  const model = textOption(invocation, 'model') ?? (await runningNetwork(invocation))?.models[0];
  if (model === undefined) throw new UsageError('which model?', '--model ID; GET /v1/models lists them');
  return model;
}

async function talk(invocation: Invocation, conversation: Conversation): Promise<number> {
  const { arguments: words, signal, write, note } = invocation;
  const ask = async (question: string): Promise<void> => {
    const { id } = await conversation.ask(question, write, signal);
    write('\n');
    if (id !== undefined && process.stderr.isTTY) note(`  (decai trace --wait ${id})`);
  };
  if (words.length > 0) {
    await ask(words.join(' '));
    return 0;
  }
  for await (const line of readLines('> ', signal)) {
    if (line.trim() === '') continue;
    // In a conversation one refused question is not the end.
    if (process.stdin.isTTY) await ask(line).catch((thrown: unknown) => explainAndGoOn(thrown, invocation));
    else await ask(line);
  }
  return 0;
}

function explainAndGoOn(thrown: unknown, { signal, note }: Invocation): void {
  if (signal.aborted) return;
  note(`decai: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
}
