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

/** How Shannon's store holds a record where it differs from ours: its size is what an access costs. */
export type StoredSize = {
  /** Bytes of the key, whatever ours has. */
  readonly keyBytes?: number;
  /** How many bytes ours has more, where its length varies. */
  readonly keyBytesMore?: number;
  /** Bytes of each value, where they are always as many. */
  readonly valueBytes?: number;
  /** Bytes around each value. */
  readonly wrapperBytes?: number;
  /** Gas for an index that follows each write. */
  readonly indexPut?: number;
  /** Gas for an index that follows each removal. */
  readonly indexDelete?: number;
};

const AS_HERE: StoredSize = {};

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

  consumeRead(key: string, value: Uint8Array | undefined, size: StoredSize = AS_HERE): void {
    const keyBytes = keyBytesOf(key, size);
    const valueBytes = value === undefined ? 0 : valueBytesThere(value, size);
    this.units += GAS.readFlat + GAS.readPerByte * (keyBytes + valueBytes);
  }

  consumeWrite(key: string, value: Uint8Array, size: StoredSize = AS_HERE): void {
    const bytes = keyBytesOf(key, size) + valueBytesThere(value, size);
    this.units += GAS.writeFlat + GAS.writePerByte * bytes + (size.indexPut ?? 0);
  }

  consumeDelete(size: StoredSize = AS_HERE): void {
    this.units += GAS.deleteFlat + (size.indexDelete ?? 0);
  }

  consumeStep(key: string, value: Uint8Array): void {
    this.units += GAS.iterateFlat + GAS.readPerByte * (keyBytesThere(key) + value.length);
  }
}

/** There each module has a store of its own, whose keys do not begin with its name; its indexes lie beside its records. */
function keyBytesThere(key: string): number {
  const module = key.startsWith(INDEX) ? key.indexOf('/', INDEX.length) : key.indexOf('/');
  return key.length - module - 1;
}

const INDEX = 'index/';

function keyBytesOf(key: string, { keyBytes, keyBytesMore = 0 }: StoredSize): number {
  return keyBytes ?? keyBytesThere(key) - keyBytesMore;
}

function valueBytesThere(value: Uint8Array, { valueBytes, wrapperBytes = 0 }: StoredSize): number {
  return (valueBytes ?? value.length) + wrapperBytes;
}

/** What every message costs before it is carried out: there, a list of those that are switched off is asked. */
export function chargeDispatch(meter: GasMeter | undefined): void {
  meter?.consume(GAS.hasFlat);
}
