/**
 * A random town: a ledger and its model, block by block from a seed, compared after each.
 *
 * Everything that happens follows from the town's seed and from the moves, and each move carries a seed of its own: a move
 * that is left out changes none of the others.
 */
import { utf8 } from '@decai/protocol/bytes';
import { sha256 } from '@decai/protocol/hash';
import type { KeyValueStore } from '@decai/protocol/key-value-store';
import { createMemoryStore } from '@decai/protocol/memory-store';
import { parseGenesis } from '../../genesis.ts';
import { Ledger, type BlockResult } from '../../ledger.ts';
import { enterBlock } from '../model/block.ts';
import { checkBlock, checkStore, checkWholeStore } from './check-block.ts';
import { Draw } from './draw.ts';
import { foundTown } from './founding.ts';
import { SECOND_NS, type Model } from '../model/model.ts';
import { play, someKind, type MoveKind } from './moves.ts';
import type { Sent } from './scene.ts';
import { AMPLE_GAS, Post } from './post.ts';
import type { SentTransaction } from '../model/transactions.ts';
import { Workshop } from './work.ts';

export type Move = { readonly kind: MoveKind; readonly seed: number };

/** Moves by block, from height 1. */
export type Script = { readonly seed: number; readonly blocks: readonly (readonly Move[])[] };

/** How often the whole store is compared, and not only what has changed. */
const WHOLE_STORE_BLOCKS = 100;

export class RandomTown {
  readonly disk: KeyValueStore;
  readonly ledger: Ledger;
  readonly model: Model;
  /** Of the last block, for whoever must tell what happened. */
  lastTransactions: readonly SentTransaction[] = [];
  private readonly post: Post;
  private readonly workshop = new Workshop();

  constructor(seed: number) {
    const { model, genesis } = foundTown(new Draw(seed));
    this.model = model;
    this.post = new Post(model);
    this.disk = createMemoryStore();
    this.ledger = new Ledger(this.disk);
    const { writes } = this.ledger.initChain(parseGenesis(genesis));
    this.disk.write(writes);
    checkStore(model, this.disk, writes);
  }

  /** One block of these moves. @throws Difference, or whatever the ledger throws. */
  block(moves: readonly Move[]): BlockResult {
    const { model, disk, ledger } = this;
    const transactions = this.transactionsOf(moves);
    this.lastTransactions = transactions;
    const height = model.height + 1;
    const hash = sha256(utf8(`block ${height}`));
    const supplyBefore = new Map(model.book.supply.sorted());
    const timeNs = BigInt(height) * SECOND_NS;
    const result = ledger.finalizeBlock({ height, timeNs, hash, transactions: transactions.map(({ bytes }) => bytes) });
    disk.write(result.writes);
    const verdicts = enterBlock(
      model,
      { height, hash, transactions },
      (proof) => this.workshop.contentOf(proof),
      (index) => gasVerdict(transactions[index]!, result.results[index]!),
    );
    checkBlock({ model, disk, supplyBefore }, result, verdicts);
    if (height % WHOLE_STORE_BLOCKS === 0) checkWholeStore(model, disk);
    return result;
  }

  private transactionsOf(moves: readonly Move[]): SentTransaction[] {
    this.post.beginBlock();
    return moves.flatMap(({ kind, seed }) => {
      const draw = new Draw(seed);
      const scene = { draw, model: this.model, workshop: this.workshop };
      return play(kind, scene).map((first) => {
        // A second message only if the first one's sender has one: all or none of them are carried out.
        const second = draw.perMille(120) ? play(kind, scene).find(({ by }) => by === first.by) : undefined;
        const both: [Sent, ...Sent[]] = second === undefined ? [first] : [first, second];
        return this.post.send(draw, both);
      });
    });
  }
}

/** Where gas may run out in the middle, the ledger decides. */
function gasVerdict({ content }: SentTransaction, { codespace, code, events }: BlockResult['results'][number]) {
  const isScarce = content !== undefined && content.gasLimit < AMPLE_GAS;
  return { isOutOfGas: isScarce && codespace === 'sdk' && code === 11, isAdmitted: events.length > 0 };
}

const OPENING: readonly MoveKind[] = [
  ...Array.from({ length: 6 }, () => 'stakeApplication' as const),
  ...Array.from({ length: 12 }, () => 'stakeSupplier' as const),
  ...Array.from({ length: 4 }, () => 'stakeGateway' as const),
  ...Array.from({ length: 6 }, () => 'delegate' as const),
];

/** The moves of a town's life. */
export function drawScript(seed: number, blocks: number): Script {
  const draw = new Draw(seed ^ 0x5eed);
  const move = (kind: MoveKind): Move => ({ kind, seed: draw.bits() });
  const opening = OPENING.map(move);
  const life = Array.from({ length: blocks }, () => {
    const count = draw.pick([0, 0, 0, 1, 1, 1, 1, 2, 2, 3]);
    return Array.from({ length: count }, () => move(someKind(draw)));
  });
  return { seed, blocks: life.map((moves, height) => (height === 0 ? [...opening, ...moves] : moves)) };
}
