/** `decai trace ID`: the story of one completion, from the request to the royalty. */
import { createLedgerClient } from '@decai/client/ledger-client';
import { createRpcTransport } from '@decai/client/rpc-transport';
import { createWorld } from '@decai/world';
import { type Command, type Invocation, UsageError } from '../command.ts';
import { API_KEY_OPTION, gatewayAtHand, GATEWAY_OPTION } from '../gateway-option.ts';
import { HOME_OPTION, homeOf } from '../home-option.ts';
import { ledgerUrl, RPC_OPTION } from '../ledger/ledger-at-hand.ts';
import { followTrace, type Look, type TraceFollower } from '../trace/follow-trace.ts';
import { HopPrinter, paymentLine, traceJson } from '../trace/print-trace.ts';

const POLL_MS = 500;
/** A gateway writes a trace down when the answer is over; it may be a moment behind. */
const UNKNOWN_LOOKS_MAX = 6;

export const trace: Command = {
  name: 'trace',
  summary: 'Tell the story of one completion, hop by hop, from the request to the payment of the Source.',
  arguments: [{ name: '<id>', help: 'id of an answer (chatcmpl-…) or its x-request-id' }],
  options: [
    { flags: '--wait', help: 'stay until the Source is paid, or it is certain that it will not be' },
    { flags: '--json', help: 'print one JSON array of hops' },
    GATEWAY_OPTION,
    API_KEY_OPTION,
    RPC_OPTION,
    HOME_OPTION,
  ],
  examples: ['decai trace --wait chatcmpl-123', 'decai trace req_123 --json'],
  async run(invocation) {
    const [id] = invocation.arguments;
    if (id === undefined) throw new UsageError('which completion?', 'decai trace ID');
    const gateway = await gatewayAtHand(invocation);
    const rpc = await ledgerUrl(invocation);
    const world = createWorld({ dataDirectory: homeOf(invocation) });
    try {
      const ledger = createLedgerClient(createRpcTransport(world, { url: rpc }));
      const follower = followTrace({ world, ledger, gateway, id, signal: invocation.signal });
      const teller = invocation.options['json'] === true ? new JsonTeller(invocation) : new LineTeller(invocation);
      return await follow(invocation, follower, teller, (ms) => world.sleep(ms, invocation.signal));
    } finally {
      await world.close();
    }
  },
};

type Teller = { tell(look: Look): void; end(look: Look): void };

async function follow(
  invocation: Invocation,
  follower: TraceFollower,
  teller: Teller,
  sleep: (ms: number) => Promise<void>,
): Promise<number> {
  const waits = invocation.options['wait'] === true;
  for (let unknown = 0; ;) {
    const look = await follower.look();
    if (look === undefined) {
      unknown += 1;
      if (unknown > UNKNOWN_LOOKS_MAX) {
        throw new UsageError(
          'the gateway knows no such request',
          'give the id of an answer (chatcmpl-…) or the x-request-id header of a request with this key',
        );
      }
    } else {
      teller.tell(look);
      if (look.end !== undefined || !waits) {
        teller.end(look);
        return look.end === undefined || look.end.outcome === 'paid' ? 0 : 1;
      }
    }
    await sleep(POLL_MS);
  }
}

/** Says on standard error what is waited for, each thing once. */
class WaitingNote {
  readonly #note: Invocation['note'];
  #told: string | undefined;

  constructor({ note }: Invocation) {
    this.#note = note;
  }

  tell({ waitingFor, height }: Look): void {
    if (waitingFor === undefined || waitingFor === this.#told) return;
    this.#told = waitingFor;
    this.#note(`  waiting for ${waitingFor}${height === undefined ? '' : ` (now at ${height})`}`);
  }
}

/** Lines as hops become known. */
class LineTeller implements Teller {
  readonly #invocation: Invocation;
  readonly #waiting: WaitingNote;
  readonly #printer = new HopPrinter();
  readonly #told = new Set<string>();

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
    this.#waiting = new WaitingNote(invocation);
  }

  tell(look: Look): void {
    for (const hop of look.hops.filter(({ hop: name }) => !this.#told.has(name))) {
      this.#told.add(hop.hop);
      this.#invocation.print(this.#printer.line(hop));
    }
    if (this.#invocation.options['wait'] === true) this.#waiting.tell(look);
  }

  end({ hops, waitingFor, end }: Look): void {
    const { print, note } = this.#invocation;
    const payment = paymentLine(hops);
    if (payment !== undefined) print(payment);
    if (end === undefined) note(`not over: waiting for ${waitingFor}; --wait stays until the Source is paid`);
    else if (end.outcome !== 'paid') note(`decai: ${end.explanation}`);
  }
}

/** One array at the end. */
class JsonTeller implements Teller {
  readonly #invocation: Invocation;
  readonly #waiting: WaitingNote;

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
    this.#waiting = new WaitingNote(invocation);
  }

  tell(look: Look): void {
    if (this.#invocation.options['wait'] === true) this.#waiting.tell(look);
  }

  end({ hops, end }: Look): void {
    this.#invocation.print(traceJson(hops));
    if (end !== undefined && end.outcome !== 'paid') this.#invocation.note(`decai: ${end.explanation}`);
  }
}
