/** Ring signatures: libsecp256k1 against noble, the two implementations of one interface. */
import { randomBytes } from 'node:crypto';
import { availableCurves, curveName, useCurve } from '@decai/protocol/curve';
import { keyFromPrivateKey } from '@decai/protocol/keys';
import { signRing, verifyRing } from '@decai/protocol/ring';
import { gatewayRing } from '@decai/protocol/ring-members';
import { measure } from './measure.ts';
import type { BenchLine } from './report.ts';

export async function benchRing(): Promise<BenchLine[]> {
  const before = curveName();
  const [application, gateway] = [keyFromPrivateKey(randomBytes(32)), keyFromPrivateKey(randomBytes(32))];
  const ring = gatewayRing(application.publicKey, gateway.publicKey);
  const message = randomBytes(32);
  const sign = () => signRing({ message, ...ring, privateKey: gateway.privateKey, randomBytes });
  const signature = sign();
  const candidates = availableCurves().flatMap((curve) => [
    { name: `sign, ${curve}`, run: repeat(curve, sign) },
    { name: `verify, ${curve}`, run: repeat(curve, () => verifyRing(message, signature)) },
  ]);
  try {
    const measured = new Map((await measure(candidates)).map(({ name, usMedian }) => [name, usMedian]));
    return ['sign', 'verify'].map((what) => ({
      what: `ring of two, ${what}`,
      ours: `native ${us(measured.get(`${what}, native`))}`,
      baseline: `noble ${us(measured.get(`${what}, noble`))}`,
      ratio: measured.has(`${what}, native`)
        ? measured.get(`${what}, noble`)! / measured.get(`${what}, native`)!
        : undefined,
      ratioMeans: 'times faster than noble',
    }));
  } finally {
    useCurve(before);
  }
}

function repeat(curve: Parameters<typeof useCurve>[0], act: () => unknown): (times: number) => void {
  return (times) => {
    useCurve(curve);
    for (let i = 0; i < times; i += 1) act();
  };
}

function us(value: number | undefined): string {
  return value === undefined ? 'not available' : `${value.toFixed(0)} µs`;
}
