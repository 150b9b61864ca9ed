/** What `decai dev` says when everything is ready: an address, a key, a line to paste, and where to look next. */
import { DEV_HOME_DEFAULT, type DevFile } from './dev-home.ts';

const FIRST_QUESTION = 'What does a Source do?';

/** Works in any POSIX shell as it is. */
function curlLine({ gateway, models }: DevFile): string {
  const body = { model: models[0], stream: true, messages: [{ role: 'user', content: FIRST_QUESTION }] };
  return (
    `curl -N ${gateway.url}/chat/completions -H 'Authorization: Bearer ${gateway.key}' ` +
    `-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`
  );
}

/** The text as it is printed. `standIn` is why no model could be loaded, if so. */
export function greeting(network: DevFile, home: string, standIn: string | undefined): string {
  const { gateway, models, ledger, miners } = network;
  const elsewhere = home === DEV_HOME_DEFAULT ? '' : ` --home ${quoted(home)}`;
  return [
    '',
    `Your network is running: chain ${ledger.chainId}, ${miners.length} suppliers, ${models.length} models.`,
    ...(standIn === undefined ? [] : ['', `No model could be loaded (${standIn}); a stand-in answers, by rules.`]),
    '',
    `  base URL  ${gateway.url}`,
    `  API key   ${gateway.key}`,
    `  models    ${models.join(', ')}`,
    '',
    'Ask it something:',
    '',
    `  ${curlLine(network)}`,
    '',
    'Then see who was paid for the answer; its id is in every line, chatcmpl-…:',
    '',
    `  npx decai trace --wait ID${elsewhere}`,
    '',
    `Talk to it: npx decai chat${elsewhere}    What else there is: README.md, docs/running.md, npx decai --help`,
    `Ctrl-C stops everything; the next start continues this chain. Logs and keys are in ${home}, addresses for scripts in its dev.json.`,
    '',
  ].join('\n');
}

/** As a POSIX shell takes it. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
