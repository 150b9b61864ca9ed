/** docs/explorer.md: every route has its place there, with what it says of itself and an answer that was really given. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { explored } from '../testing/explored.ts';
import { recordedChain } from '../testing/recorded-chain.ts';
import { TALLY_FIELDS } from './tally.ts';

const PAGE = fileURLToPath(new URL('../../../../docs/explorer.md', import.meta.url));
const ROOT = '/explorer/v1';

/** A route's place: heading, summary, the path that was asked, the answer. */
const PLACE = /^### GET (\S+)\n\n(.*?)\n\n`(\S+)`\n\n```json\n(.*?)\n```$/gms;

test('docs/explorer.md says what the routes say', async () => {
  const { ask } = await explored(recordedChain('run-a'));
  const { routes } = (await ask('')).json as { routes: { path: string; summary: string; parameters: string[] }[] };
  const page = readFileSync(PAGE, 'utf8');
  const places = [...page.matchAll(PLACE)];
  expect(places.map(([, path]) => path)).toEqual(routes.map(({ path }) => path));

  let answered = page;
  for (const [index, [whole, path, , asked]] of places.entries()) {
    const { status, text } = await ask(asked!.slice(ROOT.length));
    expect([asked, status]).toEqual([asked, 200]);
    const { summary, parameters } = routes[index]!;
    const takes = parameters.length === 0 ? '' : ` Takes ${parameters.map((name) => `\`${name}\``).join(', ')}.`;
    // The index lists what this page lists; one route of it is enough.
    const answer = path === ROOT ? { ...JSON.parse(text), routes: routes.slice(-1) } : JSON.parse(text);
    const json = JSON.stringify(answer, null, 2);
    answered = answered.replace(
      whole,
      () => `### GET ${path}\n\n${summary}${takes}\n\n\`${asked}\`\n\n\`\`\`json\n${json}\n\`\`\``,
    );
  }
  const options = await resolveConfig(PAGE);
  await expect(await format(answered, { ...options, parser: 'markdown' })).toMatchFileSnapshot(PAGE);
}, 60_000);

test('docs/explorer.md explains every count', () => {
  const page = readFileSync(PAGE, 'utf8');
  for (const field of TALLY_FIELDS) expect(page).toMatch(new RegExp(`^\\|.*\`${field}\`.*\\|`, 'm'));
});
