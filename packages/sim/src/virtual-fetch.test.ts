import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { fromUtf8, utf8 } from '@decai/protocol/bytes';
import { readBody } from '@decai/protocol/http';
import { SimulatedTown } from './simulated-town.ts';
import { virtualFetch } from './virtual-fetch.ts';

test('the unmodified client streams through the town, in virtual time', async () => {
  const town = new SimulatedTown('fetch');
  const server = town.resident('server').world;
  await server.listen(
    async ({ method, url, headers, body }) => {
      const asked = JSON.parse(fromUtf8(await readBody(body, 10_000, () => new Error('too large'))));
      const chunk = (content: string) => ({ id: 'x', choices: [{ index: 0, delta: { content } }] });
      async function* events() {
        yield utf8(`data: ${JSON.stringify(chunk(`${method} ${url} ${headers.authorization} `))}\n\n`);
        await server.sleep(60_000);
        yield utf8(`data: ${JSON.stringify(chunk(asked.messages[0].content))}\n\ndata: [DONE]\n\n`);
      }
      return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: events() };
    },
    { host: '10.0.0.1', port: 8_080 },
  );
  const client = new OpenAI({
    baseURL: 'http://10.0.0.1:8080/v1',
    apiKey: 'sk-town',
    fetch: virtualFetch(town.resident('client').world),
  });
  const begin = town.clock.now();
  const asking = (async () => {
    let text = '';
    const stream = await client.chat.completions.create({
      model: 'small',
      stream: true,
      messages: [{ role: 'user', content: 'hello' }],
    });
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    return text;
  })();
  expect(await town.clock.run(asking, 100_000)).toBe('POST /v1/chat/completions Bearer sk-town hello');
  expect(town.clock.now() - begin).toBeGreaterThanOrEqual(60_000);
});
