import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { concat, fromUtf8, utf8 } from '@decai/protocol/bytes';
import { readBody, type HttpAnswer, type HttpExchange, type HttpHandler } from '@decai/protocol/http';
import type { Listening } from '@decai/protocol/world';
import { serveHttp } from './serve-http.ts';
import { createHttpClient } from './undici-request.ts';

const OK: HttpAnswer = { status: 200, headers: {}, body: utf8('ok') };
const client = createHttpClient();
const listening: Listening[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of listening.splice(0)) await server.close(0);
});

async function serve(handler: HttpHandler): Promise<string> {
  const server = await serveHttp(handler, { host: '127.0.0.1', port: 0 });
  listening.push(server);
  return server.url;
}

function exchange(url: string, rest: Partial<HttpExchange> = {}): HttpExchange {
  return { method: 'GET', url, headers: {}, body: new Uint8Array(0), signal: new AbortController().signal, ...rest };
}

async function textOf(answer: HttpAnswer): Promise<string> {
  return fromUtf8(await readBody(answer.body, 1 << 24, () => new Error('too large')));
}

/** Speaks raw bytes, as a client that owes nobody good manners. */
async function raw(url: string, text: string): Promise<{ socket: Socket; ended: Promise<string> }> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  sockets.push(socket);
  let received = '';
  socket.on('data', (data: Buffer) => (received += data.toString('latin1')));
  socket.on('error', () => {});
  const ended = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
  await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
  socket.write(text);
  return { socket, ended };
}

describe('serveHttp and createHttpClient', () => {
  test('method, path, headers and bytes arrive, and the answer comes back', async () => {
    const url = await serve(async (seen) => ({
      status: 418,
      headers: { 'x-echo': `${seen.method} ${seen.url} ${seen.headers['x-two']}` },
      body: await readBody(seen.body, 100, () => new Error('too large')),
    }));
    const answer = await client.request(
      exchange(`${url}/a/b?c=1&d`, { method: 'POST', headers: { 'x-two': '2' }, body: utf8('bytes ÿ') }),
    );
    expect(answer.status).toBe(418);
    expect(answer.headers['x-echo']).toBe('POST /a/b?c=1&d 2');
    expect(answer.headers['content-length']).toBe('8');
    expect(await textOf(answer)).toBe('bytes ÿ');
  });

  test('streams flow both ways piece by piece, and the connection is kept', async () => {
    const url = await serve(async (seen) => {
      return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: seen.body };
    });
    for (const n of [1, 2]) {
      let release: (() => void) | undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      async function* pieces(): AsyncGenerator<Uint8Array, void> {
        yield utf8('first ');
        await held;
        yield utf8('second');
      }
      const answer = await client.request(
        exchange(url, { method: 'POST', headers: { 'x-n': `${n}` }, body: pieces() }),
      );
      const received: string[] = [];
      for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
        received.push(fromUtf8(piece));
        // The second piece is sent only once the first has come all the way back.
        release!();
      }
      expect(received.join('')).toBe('first second');
      expect(answer.headers['connection']).toBe('keep-alive');
    }
  });

  test('a handler that throws answers 500 and tells nothing', async () => {
    const url = await serve(async () => {
      throw new Error('secret');
    });
    const answer = await client.request(exchange(url));
    expect(answer.status).toBe(500);
    expect(await textOf(answer)).toBe('internal error\n');
  });

  test('an answer that cannot be written as HTTP is a 500', async () => {
    const url = await serve(async () => ({ status: 200, headers: { 'x-bad': 'line\nbreak' }, body: utf8('x') }));
    expect((await client.request(exchange(url))).status).toBe(500);
  });

  test('a body that throws cuts the connection instead of ending it', async () => {
    const url = await serve(async () => ({
      status: 200,
      headers: {},
      body: (async function* () {
        yield utf8('half');
        throw new Error('torn');
      })(),
    }));
    await expect(client.request(exchange(url)).then(textOf)).rejects.toMatchObject({ code: 'HTTP_BROKEN_OFF' });
  });

  test('a client that aborts is heard by the handler, in a stream and before an answer', async () => {
    const gone: string[] = [];
    let both: (() => void) | undefined;
    const heard = new Promise<void>((resolve) => (both = resolve));
    let started: (() => void) | undefined;
    const waiting = new Promise<void>((resolve) => (started = resolve));
    const url = await serve(async (seen) => {
      const aborted = new Promise<void>((resolve) =>
        seen.signal.addEventListener('abort', () => {
          gone.push(seen.url);
          if (gone.length === 2) both!();
          resolve();
        }),
      );
      if (seen.url === '/silent') {
        started!();
        await aborted;
        return OK;
      }
      return {
        status: 200,
        headers: {},
        body: (async function* () {
          yield utf8('token');
          await aborted;
        })(),
      };
    });
    const stream = new AbortController();
    const answer = await client.request(exchange(`${url}/stream`, { signal: stream.signal }));
    const pieces = (answer.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    expect(fromUtf8((await pieces.next()).value as Uint8Array)).toBe('token');
    stream.abort(new Error('enough'));
    await expect(pieces.next()).rejects.toThrow('enough');
    const silent = new AbortController();
    const refused = client.request(exchange(`${url}/silent`, { signal: silent.signal }));
    await waiting;
    silent.abort(new Error('too late'));
    await expect(refused).rejects.toThrow('too late');
    await heard;
    expect(gone.sort()).toEqual(['/silent', '/stream']);
  });

  test('an oversized body is refused with an answer, without being read to its end', async () => {
    const url = await serve(async (seen) => {
      try {
        await readBody(seen.body, 1000, () => new Error('too large'));
        return OK;
      } catch {
        return { status: 413, headers: {}, body: utf8('too large') };
      }
    });
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      while (sent < 1 << 28) {
        sent += 1 << 16;
        yield new Uint8Array(1 << 16);
      }
    }
    const answer = await client.request(exchange(url, { method: 'POST', body: endless() }));
    expect(answer.status).toBe(413);
    expect(await textOf(answer)).toBe('too large');
    expect(sent).toBeLessThan(1 << 28);
    expect((await client.request(exchange(url))).status).toBe(200);
  });

  test('a reader that stalls stops the producer', async () => {
    let produced = 0;
    let stop = false;
    const url = await serve(async () => ({
      status: 200,
      headers: {},
      body: (async function* () {
        while (!stop) {
          produced += 1 << 16;
          yield new Uint8Array(1 << 16);
          await new Promise(setImmediate);
        }
      })(),
    }));
    const { socket } = await raw(url, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    socket.pause();
    let before = -1;
    // It comes to rest: two looks apart see no growth.
    while (before !== produced) {
      before = produced;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(produced).toBeGreaterThan(0);
    expect(produced).toBeLessThan(1 << 26);
    stop = true;
    socket.destroy();
  });

  test('nonsense, a broken request and an unknown upgrade leave the server standing', async () => {
    const url = await serve(async (seen) => {
      await readBody(seen.body, 1000, () => new Error('too large'));
      return OK;
    });
    expect(await (await raw(url, '\x00\x01nonsense\r\n\r\n')).ended).toContain('400');
    const huge = await raw(url, `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(40_000)}\r\n\r\n`);
    expect(await huge.ended).toContain('431');
    const broken = await raw(url, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\nshort');
    broken.socket.end();
    broken.socket.destroy();
    const upgrade = await raw(
      url,
      'GET /ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    upgrade.socket.end();
    expect(await upgrade.ended).not.toContain('101 Switching');
    expect((await client.request(exchange(url))).status).toBe(200);
  });

  test('nobody there, a URL that is none, and a port that is taken are faults by name', async () => {
    const url = await serve(async () => OK);
    const port = Number(new URL(url).port);
    await expect(serveHttp(async () => OK, { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'ADDRESS_IN_USE',
    });
    await expect(serveHttp(async () => OK, { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
      code: 'ADDRESS_UNAVAILABLE',
    });
    await listening.pop()!.close(0);
    await expect(client.request(exchange(url))).rejects.toMatchObject({ code: 'HTTP_UNREACHABLE' });
    await expect(client.request(exchange('ftp://x/'))).rejects.toMatchObject({ code: 'HTTP_URL_INVALID' });
    await expect(client.request(exchange('/path'))).rejects.toMatchObject({ code: 'HTTP_URL_INVALID' });
  });

  test('closing lets a running exchange end, and cuts it after the grace', async () => {
    let finish: (() => void) | undefined;
    let started: (() => void) | undefined;
    const handler: HttpHandler = async (seen) => {
      const begun = new Promise<void>((resolve) => (finish = resolve));
      const aborted = new Promise<void>((resolve) => seen.signal.addEventListener('abort', () => resolve()));
      started!();
      await Promise.race([begun, aborted]);
      return OK;
    };
    for (const graceMs of [10_000, 0]) {
      const ready = new Promise<void>((resolve) => (started = resolve));
      const server = await serveHttp(handler, { host: '127.0.0.1', port: 0 });
      const answer = client.request(exchange(server.url));
      const settled = answer.then(
        (got) => got.status,
        () => 'cut',
      );
      await ready;
      const closed = server.close(graceMs);
      if (graceMs > 0) finish!();
      expect(await settled).toBe(graceMs > 0 ? 200 : 'cut');
      await closed;
    }
  });

  test('many answers over one kept connection', async () => {
    const url = await serve(async (seen) => ({ ...OK, body: concat(utf8(seen.url)) }));
    for (let n = 0; n < 200; n += 1) {
      expect(await textOf(await client.request(exchange(`${url}/${n}`)))).toBe(`/${n}`);
    }
  });
});
