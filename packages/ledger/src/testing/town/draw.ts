/**
 * Chance from a seed: the same seed, the same choices. Small fast counting generator (Doty-Humphrey), 32 bits at a time.
 */

export class Draw {
  private a: number;
  private b = 0x9e3779b9;
  private c = 0x243f6a88;
  private count = 1;

  constructor(seed: number) {
    this.a = seed | 0;
    for (let round = 0; round < 12; round += 1) this.bits();
  }

  /** 32 bits, from 0. */
  bits(): number {
    const sum = (this.a + this.b + this.count) | 0;
    this.count = (this.count + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** From 0, below `end`. */
  below(end: number): number {
    return this.bits() % end;
  }

  /** Both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  upokt(least: number, most: number): bigint {
    return BigInt(this.between(least, most));
  }

  /** True so many times in a thousand. */
  perMille(times: number): boolean {
    return this.below(1000) < times;
  }

  /** @throws TypeError for an empty list, which a caller never has. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}
