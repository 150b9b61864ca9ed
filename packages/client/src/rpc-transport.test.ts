/** The transport against answers that CometBFT 0.38 gave, and against everything that is none. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromUtf8, toHex, utf8 } from '@decai/protocol/bytes';
import { Fault } from '@decai/protocol/fault';
import type { HttpExchange } from '@decai/protocol/http';
import type { MessageSocket } from '@decai/protocol/world';
import { createRpcTransport } from './rpc-transport.ts';
import { manualClock } from './testing/manual-clock.ts';

type Json = Record<string, any>;

const recorded: Json = JSON.parse(readFileSync(new URL('../vectors/comet-rpc.json', import.meta.url), 'utf8'));

/** A node that answers every request with these bytes, and what it was asked. */
function against(answer: unknown, status = 200) {
  const asked: Json[] = [];
  const world = {
    ...manualClock(),
    connect: async (): Promise<MessageSocket> => {
      throw new Fault('SOCKET_UNREACHABLE', 'no WebSocket there');
    },
    request: async (exchange: HttpExchange) => {
      expect([exchange.method, exchange.url]).toEqual(['POST', 'https://node.example/rpc']);
      asked.push(JSON.parse(fromUtf8(exchange.body as Uint8Array)) as Json);
      if (answer instanceof Error) throw answer;
      return { status, headers: {}, body: typeof answer === 'string' ? utf8(answer) : utf8(JSON.stringify(answer)) };
    },
  };
  return { asked, transport: createRpcTransport(world, { url: 'https://node.example/rpc/' }) };
}

describe('answers of CometBFT', () => {
  test('status, block and results', async () => {
    expect(await against(recorded['status']).transport.status()).toMatchObject({
      chainId: 'localnet-a1',
      nodeVersion: '0.38.26',
      latestHeight: 201,
      earliestHeight: 1,
      catchingUp: false,
    });
    const { transport, asked } = against(recorded['block']);
    const block = await transport.block(5);
    const { result } = recorded['block'];
    expect(toHex(block.hash).toUpperCase()).toBe(result.block_id.hash);
    expect(block).toMatchObject({ height: 5, chainId: 'localnet-a1', time: '2026-11-21T09:46:26.855051089Z' });
    expect(toHex(block.appHash).toUpperCase()).toBe(result.block.header.app_hash);
    expect(asked[0]).toMatchObject({ jsonrpc: '2.0', method: 'block', params: { height: '5' } });
    const results = await against(recorded['block_results']).transport.blockResults(5);
    expect(results.transactionResults[0]).toMatchObject({ code: 0, gasWanted: 3000000n, gasUsed: 121726n });
    expect(results.transactionResults[0]!.events[0]!.type).toBe('tx');
    expect(results.blockEvents[0]).toMatchObject({ type: 'coin_spent' });
  });

  test('transactions, found, failed and unknown', async () => {
    const found = await against(recorded['tx ok']).transport.tx('AB'.repeat(32));
    expect(found).toMatchObject({ height: 3, index: 14, hash: recorded['tx ok'].result.hash, result: { code: 0 } });
    const failed = await against(recorded['tx failed']).transport.tx('AB'.repeat(32));
    expect(failed!.result).toMatchObject({ code: 1, codespace: 'undefined', data: new Uint8Array(0) });
    expect(await against(recorded['tx unknown']).transport.tx('00'.repeat(32))).toBeUndefined();
    const page = await against(recorded['tx_search by hash']).transport.txSearch({ query: 'tx.height=3' });
    expect([page.total, page.transactions.length]).toEqual([1, 1]);
  });

  test('broadcasts and queries', async () => {
    const { transport, asked } = against(recorded['broadcast_tx_sync undecodable']);
    expect(await transport.broadcastTxSync(utf8('garbage'))).toMatchObject({ code: 2, codespace: 'sdk' });
    expect(asked[0]).toMatchObject({ method: 'broadcast_tx_sync', params: { tx: 'Z2FyYmFnZQ==' } });
    const query = against(recorded['abci_query future height']);
    expect(await query.transport.abciQuery('/x', new Uint8Array([0xab]), 7)).toEqual({
      code: 26,
      codespace: 'sdk',
      log: 'cannot query with height in the future; please provide a valid height: invalid height',
      value: new Uint8Array(0),
      height: 0,
    });
    expect(query.asked[0]).toMatchObject({ params: { path: '/x', data: 'ab', prove: false, height: '7' } });
  });
});

describe('answers that are none', () => {
  const result = (value: unknown) => ({ jsonrpc: '2.0', id: 1, result: value });

  test.each([
    ['not JSON', '<html>502</html>'],
    ['no object', '[]'],
    ['no result', '{}'],
    ['a number that is none', JSON.stringify(result({ ...recorded['block_results'].result, height: 'x' }))],
    ['hexadecimal that is none', JSON.stringify(recorded['block']).replace(/"hash": ?"[0-9A-F]{4}/, '"hash":"ZZZZ')],
    ['base64 that is none', JSON.stringify(result({ height: '5', app_hash: '???' }))],
  ])('%s', async (_what, body) => {
    const { transport } = against(body);
    const asking = body.includes('"hash"') ? transport.block(5) : transport.blockResults(5);
    await expect(asking).rejects.toMatchObject({ code: 'LEDGER_ANSWER_INVALID' });
  });

  test('an error of the node keeps its code and data', async () => {
    const error = { code: -32603, message: 'Internal error', data: 'height 9 must be less' };
    await expect(against({ jsonrpc: '2.0', id: 1, error }).transport.block(9)).rejects.toMatchObject({
      code: 'LEDGER_RPC_ERROR',
      details: { code: -32603, data: 'height 9 must be less', method: 'block' },
    });
  });

  test('nobody there', async () => {
    const { transport } = against(new Fault('HTTP_UNREACHABLE', 'no answer'));
    await expect(transport.status()).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
    const cancel = AbortSignal.abort(new Error('enough'));
    await expect(transport.status(cancel)).rejects.toThrow('enough');
    const blocks = transport.subscribeBlocks(new AbortController().signal)[Symbol.asyncIterator]();
    await expect(blocks.next()).rejects.toMatchObject({ code: 'SOCKET_UNREACHABLE' });
  });

  test('no answer in time', async () => {
    const clock = manualClock();
    const world = {
      ...clock,
      connect: () => Promise.reject(new Error('unused')),
      request: ({ signal }: HttpExchange) =>
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    };
    const asking = createRpcTransport(world, { url: 'http://x', timeoutMs: 1000 }).status();
    const refused = expect(asking).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
    await clock.advance(1000);
    await refused;
    expect(clock.sleepers).toBe(0);
  });
});

describe('subscriptions', () => {
  function socketOf(messages: readonly unknown[]) {
    const sent: Json[] = [];
    let closed = 0;
    const socket: MessageSocket = {
      send: (text) => void sent.push(JSON.parse(text) as Json),
      close: () => void (closed += 1),
      messages: (async function* () {
        for (const message of messages) yield typeof message === 'string' ? message : JSON.stringify(message);
      })(),
    };
    const world = { ...manualClock(), request: () => Promise.reject(new Error('unused')), connect: async () => socket };
    const transport = createRpcTransport(world, { url: 'http://x' });
    return { sent, closed: () => closed, blocks: transport.subscribeBlocks(new AbortController().signal) };
  }
  const { result } = recorded['block'];
  const event = {
    jsonrpc: '2.0',
    id: 1,
    result: { query: 'q', data: { type: 'tendermint/event/NewBlock', value: result } },
  };

  test('give the blocks of the events, and end with the socket', async () => {
    const { sent, closed, blocks } = socketOf([{ jsonrpc: '2.0', id: 1, result: {} }, event, event]);
    const heights: number[] = [];
    for await (const { height, hash } of blocks) {
      heights.push(height);
      expect(hash).toHaveLength(32);
    }
    expect(heights).toEqual([5, 5]);
    expect(sent[0]).toMatchObject({ method: 'subscribe', params: { query: "tm.event='NewBlock'" } });
    expect(closed()).toBeGreaterThan(0);
  });

  test('a refusal and a message that is none are faults', async () => {
    const error = { code: -32603, message: 'Internal error', data: 'max_subscriptions' };
    for (const [message, code] of [
      [{ jsonrpc: '2.0', id: 1, error }, 'LEDGER_RPC_ERROR'],
      ['nonsense', 'LEDGER_ANSWER_INVALID'],
      [{ jsonrpc: '2.0', id: 1, result: { data: { value: {} } } }, 'LEDGER_ANSWER_INVALID'],
    ] as const) {
      const { blocks } = socketOf([message]);
      await expect(blocks[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code });
    }
  });
});
