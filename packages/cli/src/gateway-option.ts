/** The gateway that a command talks to: `--gateway URL --key KEY`, or that of the network that runs in the home. */
import { type Invocation, type OptionSpec, textOption, urlOption } from './command.ts';
import { needRunningNetwork } from './home-option.ts';

export const GATEWAY_OPTION: OptionSpec = {
  flags: '--gateway <url>',
  help: 'base URL of a gateway, ending in /v1; absent, that of the network in the home',
  environment: 'DECAI_BASE_URL',
};

export const API_KEY_OPTION: OptionSpec = {
  flags: '--key <key>',
  help: 'API key of the gateway',
  environment: 'DECAI_API_KEY',
};

/** Base URL and key, each from its option or from the running network. */
export async function gatewayAtHand(invocation: Invocation): Promise<{ readonly url: string; readonly key: string }> {
  const url = urlOption(invocation, 'gateway') ?? urlOption(invocation, 'url');
  const key = textOption(invocation, 'key');
  if (url !== undefined && key !== undefined) return { url, key };
  const { gateway } = await needRunningNetwork(invocation, '--gateway URL and --key KEY');
  return { url: url ?? gateway.url, key: key ?? gateway.key };
}
