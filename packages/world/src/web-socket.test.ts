import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { utf8 } from '@decai/protocol/bytes';
import type { Listening, MessageSocket } from '@decai/protocol/world';
import { serveHttp } from './serve-http.ts';
import { connectWebSocket } from './web-socket.ts';

const listening: Listening[] = [];

afterEach(async () => {
  for (const server of listening.splice(0)) await server.close(0);
});

async function serve(onSocket?: (socket: MessageSocket, path: string) => void): Promise<string> {
  const handler = async () => ({ status: 404, headers: {}, body: utf8('no') });
  const server = await serveHttp(handler, { host: '127.0.0.1', port: 0, ...(onSocket && { onSocket }) });
  listening.push(server);
  return server.url;
}

async function echo(socket: MessageSocket, path: string): Promise<void> {
  for await (const message of socket.messages) socket.send(`${path} ${message}`);
}

describe('WebSocket', () => {
  test('whole messages come back in order, with the path', async () => {
    const url = await serve((socket, path) => void echo(socket, path));
    const socket = await connectWebSocket(`${url}/websocket`);
    const sent = Array.from({ length: 1000 }, (_, n) => `message ${n} ${'x'.repeat(n)}`);
    for (const message of sent) socket.send(message);
    const received: string[] = [];
    for await (const message of socket.messages) {
      received.push(message);
      if (received.length === sent.length) break;
    }
    expect(received).toEqual(sent.map((message) => `/websocket ${message}`));
  });

  test('messages end when either side closes, and sending afterwards does nothing', async () => {
    let served: MessageSocket | undefined;
    const url = await serve((socket) => {
      served = socket;
      socket.send('hello');
    });
    const socket = await connectWebSocket(url);
    const received: string[] = [];
    for await (const message of socket.messages) {
      received.push(message);
      served!.close();
    }
    expect(received).toEqual(['hello']);
    socket.send('into the void');
    for await (const message of served!.messages) received.push(message);
    expect(received).toEqual(['hello']);
  });

  test('the server closing says goodbye to its sockets', async () => {
    const url = await serve((socket, path) => void echo(socket, path));
    const socket = await connectWebSocket(url);
    const ended = (async () => {
      for await (const _message of socket.messages);
      return 'ended';
    })();
    await listening.pop()!.close(0);
    expect(await ended).toBe('ended');
  });

  test('no server, no WebSocket there, and an abort', async () => {
    const plain = await serve();
    await expect(connectWebSocket(plain)).rejects.toMatchObject({ code: 'SOCKET_UNREACHABLE' });
    await listening.pop()!.close(0);
    await expect(connectWebSocket(plain)).rejects.toMatchObject({ code: 'SOCKET_UNREACHABLE' });
    await expect(connectWebSocket('ws://127.0.0.1:1', AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
    const url = await serve((socket, path) => void echo(socket, path));
    const cancel = new AbortController();
    const connecting = connectWebSocket(url, cancel.signal);
    cancel.abort(new Error('changed my mind'));
    await expect(connecting).rejects.toThrow('changed my mind');
  });

  test('torn frames and oversized messages end that socket and no other', async () => {
    const url = await serve((socket, path) => void echo(socket, path));
    const other = await connectWebSocket(url);
    const big = await connectWebSocket(url);
    big.send('x'.repeat(3 * 1024 * 1024));
    for await (const _message of big.messages);
    const stranger = connect(Number(new URL(url).port), '127.0.0.1');
    const closed = new Promise<void>((resolve) => stranger.on('close', () => resolve()));
    stranger.on('error', () => {});
    stranger.on('data', () => stranger.write(Buffer.from([0xff, 0xff, 0xff, 0x00, 0x01])));
    stranger.write(
      'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await closed;
    other.send('still here');
    expect((await other.messages[Symbol.asyncIterator]().next()).value).toBe('/ still here');
  });
});
