/**
 * Gas: what a transaction's work costs, counted while it is done.
 *
 * Store accesses cost what Cosmos charges for them. The meter counts and never interrupts; the pipeline looks after each
 * step whether the limit has been passed, and undoes everything if it has, so the result is the same.
 *
 * Source: cosmos/cosmos-sdk `store/types/gas.go` (KVGasConfig).
 */

export const GAS = {
  hasFlat: 1000,
  deleteFlat: 1000,
  readFlat: 1000,
  readPerByte: 3,
  writeFlat: 2000,
  writePerByte: 30,
  iterateFlat: 30,
} as const;

export class GasMeter {
  readonly limit: bigint;
  private units = 0;

  /** Without a limit the meter only counts. */
  constructor(limit?: bigint) {
    this.limit = limit ?? 2n ** 64n - 1n;
  }

  get used(): bigint {
    return BigInt(this.units);
  }

  get isExceeded(): boolean {
    return this.used > this.limit;
  }

  consume(units: number): void {
    this.units += units;
  }

  consumeRead(key: string, value: Uint8Array | undefined): void {
    this.units += GAS.readFlat + GAS.readPerByte * (key.length + (value?.length ?? 0));
  }

  consumeWrite(key: string, value: Uint8Array): void {
    this.units += GAS.writeFlat + GAS.writePerByte * (key.length + value.length);
  }

  consumeDelete(): void {
    this.units += GAS.deleteFlat;
  }

  consumeStep(key: string, value: Uint8Array): void {
    this.units += GAS.iterateFlat + GAS.readPerByte * (key.length + value.length);
  }
}
