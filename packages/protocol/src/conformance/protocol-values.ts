/**
 * Checks vectors of single values: difficulty targets, moving averages, seeded floats, proof paths, sessions and draws.
 */
import { fromHex, toHex } from '../bytes.ts';
import { attempt, type CaseVerdict, type VectorChecker } from '../conformance.ts';
import { difficultyMultiplier, isRelayApplicable, type Ratio, targetFor } from '../difficulty.ts';
import { goFloat64, goVarint, seededFloat64 } from '../go-random.ts';
import { sha256 } from '../hash.ts';
import { nextMovingAverage } from '../moving-average.ts';
import { proofPath } from '../proof-path.ts';
import { drawSuppliers, supplierTicket } from '../session-draw.ts';
import { sessionId, sessionPreimage } from '../session-id.ts';

type ProtocolValues = {
  readonly difficulty: readonly { Target: string; Ema: string; Hash: string; Multiplier: string }[];
  readonly ema: readonly { Prev: string; Curr: string; Next: string }[];
  readonly emaWalkFrom1Toward1000000007: readonly string[];
  readonly goMathRandFirstFloat64: readonly { Seed: string; Bits: string }[];
  readonly proofPaths: readonly { BlockHash: string; SessionId: string; Path: string }[];
  readonly seededFloat64: readonly { Seed: string; Hash: string; Int64: string; Out: string; Bits: string }[];
  readonly sessions: readonly {
    BlockHash: string;
    Service: string;
    App: string;
    Start: number;
    Preimage: string;
    Id: string;
    Suppliers: readonly string[];
    Order: readonly string[];
    Weights: readonly string[];
  }[];
};

const SECTIONS = ['difficulty', 'ema', 'goMathRandFirstFloat64', 'proofPaths', 'seededFloat64', 'sessions'] as const;

export const protocolValuesChecker: VectorChecker = {
  format: 'protocol values',
  recognises: (document) =>
    typeof document === 'object' &&
    document !== null &&
    SECTIONS.every((section) => Array.isArray((document as Record<string, unknown>)[section])),
  *check(document) {
    const values = document as ProtocolValues;
    yield* checkDifficulty(values);
    yield* checkMovingAverages(values);
    yield* checkFloats(values);
    yield* checkSessions(values);
    for (const [index, { BlockHash, SessionId, Path }] of values.proofPaths.entries()) {
      yield attempt(`proof path ${index}`, Path, () => toHex(proofPath(fromHex(BlockHash), SessionId)));
    }
  },
};

function* checkDifficulty({ difficulty }: ProtocolValues): Iterable<CaseVerdict> {
  for (const { Target, Ema, Hash, Multiplier } of difficulty) {
    const name = `difficulty for ${Target} of ${Ema} relays`;
    yield attempt(`${name}: target`, Hash, () => toHex(targetFor(BigInt(Target), BigInt(Ema))));
    yield attempt(`${name}: multiplier`, Multiplier, () => reducedText(difficultyMultiplier(fromHex(Hash))));
    yield attempt(`${name}: a hash equal to the target does not count`, false, () =>
      isRelayApplicable(fromHex(Hash), fromHex(Hash)),
    );
  }
}

function* checkMovingAverages(values: ProtocolValues): Iterable<CaseVerdict> {
  for (const { Prev, Curr, Next } of values.ema) {
    yield attempt(`moving average of ${Prev} and ${Curr}`, Next, () => nextMovingAverage(BigInt(Prev), BigInt(Curr)));
  }
  let average = 1n;
  for (const [step, next] of values.emaWalkFrom1Toward1000000007.entries()) {
    yield attempt(`moving average, step ${step} toward 1000000007`, next, () =>
      nextMovingAverage(average, 1000000007n),
    );
    average = BigInt(next);
  }
}

function* checkFloats(values: ProtocolValues): Iterable<CaseVerdict> {
  for (const { Seed, Bits } of values.goMathRandFirstFloat64) {
    yield attempt(`first float of seed ${Seed}`, Bits, () => doubleBits(goFloat64(BigInt(Seed))));
  }
  for (const [index, { Seed, Hash, Int64, Out, Bits }] of values.seededFloat64.entries()) {
    const name = `seeded float ${index}`;
    yield attempt(`${name}: hash`, Hash, () => toHex(sha256(fromHex(Seed))));
    yield attempt(`${name}: seed`, Int64, () => goVarint(fromHex(Hash)));
    yield attempt(`${name}: float`, `${Out} ${Bits}`, () => {
      const float = seededFloat64(fromHex(Seed));
      return `${float} ${doubleBits(float)}`;
    });
  }
}

function* checkSessions({ sessions }: ProtocolValues): Iterable<CaseVerdict> {
  for (const session of sessions) {
    const name = `session of ${session.App} from ${session.Start}`;
    const preimage = fromHex(session.Preimage);
    yield attempt(`${name}: preimage`, session.Preimage, () =>
      toHex(
        sessionPreimage({
          blockHash: fromHex(session.BlockHash),
          serviceId: session.Service,
          applicationAddress: session.App,
          startHeight: session.Start,
        }),
      ),
    );
    yield attempt(`${name}: id`, session.Id, () => sessionId(preimage));
    yield attempt(`${name}: tickets`, session.Weights, () =>
      session.Order.map((supplier) => supplierTicket(preimage, supplier)),
    );
    for (const seats of [1, session.Suppliers.length >> 1, session.Suppliers.length]) {
      yield attempt(`${name}: draw of ${seats}`, session.Order.slice(0, seats), () =>
        drawSuppliers(preimage, session.Suppliers, seats),
      );
    }
    yield attempt(`${name}: fewer candidates than seats`, session.Suppliers, () =>
      drawSuppliers(preimage, session.Suppliers, session.Suppliers.length + 1),
    );
  }
}

/** The IEEE-754 bits of a double, 16 hexadecimal digits. */
function doubleBits(value: number): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return toHex(bytes);
}

function reducedText({ numerator, denominator }: Ratio): string {
  let [divisor, rest] = [numerator, denominator];
  while (rest > 0n) [divisor, rest] = [rest, divisor % rest];
  return `${numerator / divisor}/${denominator / divisor}`;
}
