/**
 * WebSocket, both sides, as MessageSocket: whole text messages, in order, with bounds.
 *
 * A reader that falls behind stops the sender (the connection is paused); a receiver that falls behind is cut.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { Fault } from '@decai/protocol/fault';
import type { ListenOptions, MessageSocket } from '@decai/protocol/world';

/** What a server takes in one message; a broadcast transaction of the largest size fits. */
const SERVER_MESSAGE_BYTES_MAX = 2 * 1024 * 1024;
/** What a client takes: a whole block with its results. */
const CLIENT_MESSAGE_BYTES_MAX = 128 * 1024 * 1024;
const UNREAD_MESSAGES_MAX = 256;
const UNSENT_BYTES_MAX = 64 * 1024 * 1024;
const PING_MS = 20_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Opens a WebSocket to a `ws:` or `wss:` URL (`http:` and `https:` are taken for them).
 *
 * @throws SOCKET_UNREACHABLE when the handshake fails; the signal's reason when aborted before it succeeds.
 */
export function connectWebSocket(url: string, signal?: AbortSignal): Promise<MessageSocket> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = new WebSocket(url.replace(/^http/, 'ws'), {
      perMessageDeflate: false,
      maxPayload: CLIENT_MESSAGE_BYTES_MAX,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    const abort = (): void => socket.terminate();
    signal?.addEventListener('abort', abort, { once: true });
    socket.on('open', () => {
      signal?.removeEventListener('abort', abort);
      resolve(asMessageSocket(socket));
    });
    socket.on('error', (cause) => {
      signal?.removeEventListener('abort', abort);
      reject(signal?.aborted ? signal.reason : new Fault('SOCKET_UNREACHABLE', 'no WebSocket there', { url }, cause));
    });
  });
}

/** Takes WebSocket connections of a node:http server on every path. `close` says goodbye to all of them. */
export function acceptSockets(server: Server, onSocket: NonNullable<ListenOptions['onSocket']>): { close(): void } {
  const acceptor = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: SERVER_MESSAGE_BYTES_MAX,
  });
  const answering = new WeakSet<WebSocket>();
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', ignore);
    acceptor.handleUpgrade(request, stream, head, (socket) => {
      answering.add(socket);
      socket.on('pong', () => answering.add(socket));
      onSocket(asMessageSocket(socket), request.url ?? '/');
    });
  });
  const pings = setInterval(() => {
    for (const socket of acceptor.clients) {
      if (!answering.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, PING_MS);
  pings.unref();
  return {
    close() {
      clearInterval(pings);
      for (const socket of acceptor.clients) {
        socket.close(1001);
        // A peer that does not answer the goodbye would hold the server open.
        setTimeout(() => socket.terminate(), 500).unref();
      }
    },
  };
}

function asMessageSocket(socket: WebSocket): MessageSocket {
  const unread: string[] = [];
  let wake: (() => void) | undefined;
  let ended = false;
  socket.on('error', ignore);
  socket.on('message', (data: Buffer) => {
    unread.push(data.toString('utf8'));
    if (unread.length >= UNREAD_MESSAGES_MAX) socket.pause();
    wake?.();
  });
  socket.on('close', () => {
    ended = true;
    wake?.();
  });
  async function* messages(): AsyncGenerator<string, void> {
    try {
      for (;;) {
        const message = unread.shift();
        if (message !== undefined) {
          if (unread.length === 0 && socket.isPaused) socket.resume();
          yield message;
        } else if (ended) {
          return;
        } else {
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    } finally {
      socket.close();
    }
  }
  return {
    send(text) {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > UNSENT_BYTES_MAX) socket.terminate();
      else socket.send(text, ignore);
    },
    messages: messages(),
    close() {
      socket.close();
      // Paused, it would never see the other side's goodbye.
      if (socket.isPaused) socket.resume();
    },
  };
}

function ignore(): void {}
