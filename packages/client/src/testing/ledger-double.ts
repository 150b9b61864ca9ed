/** A ledger for tests: blocks that a test makes, and answers that it writes down by path. */
import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { utf8 } from '@decai/protocol/bytes';
import { decode, encode } from '@decai/protocol/codec';
import { Fault } from '@decai/protocol/fault';
import { sha256 } from '@decai/protocol/hash';
import { transactionHash } from '@decai/protocol/transaction';
import { queryPath } from '../ledger-query.ts';
import type {
  BlockReference,
  BroadcastAnswer,
  IncludedTransaction,
  LedgerTransport,
  QueryAnswer,
} from '../ledger-transport.ts';

export type LedgerDouble = {
  readonly transport: LedgerTransport;
  /** Calls by name, such as `abciQuery /cosmos.bank.v1beta1.Query/Balance`. */
  readonly calls: string[];
  height: number;
  /** Answers a method; undefined is "not found". */
  answer<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethodUnary<Input, Output>,
    give: (request: MessageShape<Input>) => MessageInitShape<Output> | undefined,
  ): void;
  /** Refuses a method. */
  refuse(method: DescMethodUnary, answer: Pick<QueryAnswer, 'code' | 'codespace' | 'log'>): void;
  /** Makes a block and tells subscribers of it. */
  addBlock(): void;
  /** Puts a transaction into the next height. */
  include(bytes: Uint8Array, code?: number): void;
  /** What `broadcastTxSync` answers, in turn; the last one stays. A Fault is thrown. */
  broadcasts: (Partial<BroadcastAnswer> | Fault)[];
  readonly sent: Uint8Array[];
  /** Thrown by everything while it is set. */
  outage: Fault | undefined;
  /** Ends every subscription. */
  dropSubscriptions(): void;
  /** Whether subscribing is refused. */
  noSubscriptions: boolean;
};

export function blockAt(height: number): BlockReference {
  return {
    height,
    hash: sha256(utf8(`block ${height}`)),
    time: `2030-01-01T00:00:${`${height % 60}`.padStart(2, '0')}Z`,
  };
}

export function ledgerDouble(): LedgerDouble {
  const methods = new Map<string, (data: Uint8Array) => Omit<QueryAnswer, 'height'>>();
  const subscribers = new Set<{ readonly unread: BlockReference[]; ended: boolean; wake: () => void }>();
  const included = new Map<string, IncludedTransaction>();
  const note = (name: string, signal?: AbortSignal): void => {
    signal?.throwIfAborted();
    double.calls.push(name);
    if (double.outage !== undefined) throw double.outage;
  };

  const transport: LedgerTransport = {
    async status(signal) {
      note('status', signal);
      const { hash, time } = blockAt(double.height);
      return {
        chainId: 'double-1',
        nodeVersion: '0.38.26',
        latestHeight: double.height,
        latestBlockHash: hash,
        latestBlockTime: time,
        earliestHeight: 1,
        catchingUp: false,
      };
    },
    async block(height = double.height, signal) {
      note(`block ${height}`, signal);
      const rest = {
        chainId: 'double-1',
        proposerAddress: new Uint8Array(20),
        appHash: new Uint8Array(32),
        transactions: [],
      };
      return { ...blockAt(height), ...rest };
    },
    async blockResults(height, signal) {
      note(`blockResults ${height}`, signal);
      return { height, transactionResults: [], blockEvents: [], appHash: new Uint8Array(32) };
    },
    async abciQuery(path, data, _height, signal) {
      note(`abciQuery ${path}`, signal);
      const method = methods.get(path);
      if (method === undefined) throw new Error(`the test answers no ${path}`);
      return { ...method(data), height: double.height };
    },
    async broadcastTxSync(transaction, signal) {
      note('broadcastTxSync', signal);
      const next = double.broadcasts.length > 1 ? double.broadcasts.shift()! : double.broadcasts[0]!;
      double.sent.push(transaction);
      if (next instanceof Fault) throw next;
      return { code: 0, codespace: '', log: '', hash: transactionHash(transaction), ...next };
    },
    async tx(hash, signal) {
      note('tx', signal);
      return included.get(hash);
    },
    async txSearch(_search, signal) {
      note('txSearch', signal);
      return { transactions: [], total: 0 };
    },
    async *subscribeBlocks(signal) {
      note('subscribeBlocks', signal);
      if (double.noSubscriptions) throw new Fault('SOCKET_UNREACHABLE', 'no WebSocket there');
      const subscriber = { unread: [] as BlockReference[], ended: false, wake: () => {} };
      subscribers.add(subscriber);
      const abort = (): void => subscriber.wake();
      signal.addEventListener('abort', abort);
      try {
        while (!subscriber.ended) {
          signal.throwIfAborted();
          const block = subscriber.unread.shift();
          if (block !== undefined) yield block;
          else await new Promise<void>((resolve) => (subscriber.wake = resolve));
        }
      } finally {
        subscribers.delete(subscriber);
        signal.removeEventListener('abort', abort);
      }
    },
  };

  const double: LedgerDouble = {
    transport,
    calls: [],
    height: 1,
    broadcasts: [{}],
    sent: [],
    outage: undefined,
    noSubscriptions: false,
    answer(method, give) {
      methods.set(queryPath(method), (data) => {
        const message = give(decode(method.input, data));
        if (message === undefined) return { code: 22, codespace: 'sdk', log: 'not found', value: new Uint8Array(0) };
        return { code: 0, codespace: '', log: '', value: encode(method.output, create(method.output, message)) };
      });
    },
    refuse(method, answer) {
      methods.set(queryPath(method), () => ({ ...answer, value: new Uint8Array(0) }));
    },
    addBlock() {
      double.height += 1;
      for (const subscriber of subscribers) {
        subscriber.unread.push(blockAt(double.height));
        subscriber.wake();
      }
    },
    include(bytes, code = 0) {
      const hash = transactionHash(bytes);
      const result = {
        code,
        codespace: code === 0 ? '' : 'sdk',
        log: '',
        data: new Uint8Array(0),
        gasWanted: 0n,
        gasUsed: 0n,
        events: [],
      };
      included.set(hash, { hash, height: double.height + 1, index: 0, transaction: bytes, result });
    },
    dropSubscriptions() {
      for (const subscriber of subscribers) {
        subscriber.ended = true;
        subscriber.wake();
      }
    },
  };
  return double;
}
