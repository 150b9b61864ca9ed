/**
 * Reads protobuf from bytes that a stranger chose.
 *
 * Every read is bounded by `end`, which is the end of the innermost part. Nothing is allocated for a length before the
 * bytes are known to be there. What is handed out is a copy: no message shares memory with the buffer it came from.
 */
import { isUtf8 } from 'node:buffer';
import { Fault, type FaultDetails } from './fault.ts';
import { DELIMITED, FIXED32, FIXED64, VARINT, type WireFaultCode, type WireType } from './wire-type.ts';

export class WireReader {
  readonly #buffer: Buffer;
  position = 0;
  /** Nothing is read at or after this offset. */
  end: number;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.length;
  }

  get atEnd(): boolean {
    return this.position === this.end;
  }

  /**
   * The next tag: eight times the field number, plus the wire type.
   *
   * @throws WIRE_FIELD_NUMBER for field 0; WIRE_TYPE_UNKNOWN for a group or an unassigned type.
   */
  tag(): number {
    const tag = this.#unsigned32();
    if (tag < 8) throw new Fault<WireFaultCode>('WIRE_FIELD_NUMBER', 'there is no field 0', this.#place());
    const wireType = tag & 7;
    if (wireType > DELIMITED && wireType !== FIXED32) {
      throw new Fault<WireFaultCode>('WIRE_TYPE_UNKNOWN', `wire type ${wireType} is not read`, this.#place());
    }
    return tag;
  }

  /** A tag or a length. @throws WIRE_VARINT_TOO_LONG when it does not end within five bytes and 32 bits. */
  #unsigned32(): number {
    let value = 0;
    for (let place = 1; place < 2 ** 35; place *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * place;
      if (byte < 0x80 && value < 2 ** 32) return value;
    }
    throw new Fault<WireFaultCode>('WIRE_VARINT_TOO_LONG', 'tag or length has more than 32 bits', this.#place());
  }

  /** An unsigned integer of at most 64 bits. @throws WIRE_VARINT_TOO_LONG when ten bytes do not end it. */
  varint(): bigint {
    const first = this.#byte();
    if (first < 0x80) return BigInt(first);
    // 49 bits fit a double; only longer varints pay for arithmetic on bigints.
    let low = first & 0x7f;
    for (let place = 0x80; place < 2 ** 49; place *= 0x80) {
      const byte = this.#byte();
      low += (byte & 0x7f) * place;
      if (byte < 0x80) return BigInt(low);
    }
    return BigInt(low) + this.#highBits();
  }

  /** The eighth to tenth byte of a varint. */
  #highBits(): bigint {
    let high = 0n;
    for (const shift of [49n, 56n, 63n]) {
      const byte = this.#byte();
      if (shift === 63n && byte > 1) break;
      high += BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return high;
    }
    throw new Fault<WireFaultCode>('WIRE_VARINT_TOO_LONG', 'varint has more than 64 bits', this.#place());
  }

  double(): number {
    this.#need(8);
    this.position += 8;
    return this.#buffer.readDoubleLE(this.position - 8);
  }

  /** The offset at which a length-prefixed part ends. @throws WIRE_TRUNCATED when it would end after `end`. */
  partEnd(): number {
    const length = this.#unsigned32();
    this.#need(length);
    return this.position + length;
  }

  /** A length-prefixed part. */
  bytes(): Uint8Array {
    const end = this.partEnd();
    const part = new Uint8Array(this.#buffer.subarray(this.position, end));
    this.position = end;
    return part;
  }

  /** A length-prefixed part as text. @throws WIRE_TEXT_INVALID unless it is UTF-8. */
  text(): string {
    const [start, end] = [this.position, this.partEnd()];
    const part = this.#buffer.subarray(this.position, end);
    this.position = end;
    if (!isUtf8(part)) {
      throw new Fault<WireFaultCode>('WIRE_TEXT_INVALID', 'text is not UTF-8', { offset: start, length: part.length });
    }
    return part.toString('utf8');
  }

  /** Passes over a value whose field nobody knows. */
  skip(wireType: WireType): void {
    if (wireType === VARINT) this.varint();
    else if (wireType === DELIMITED) this.position = this.partEnd();
    else this.#skipFixed(wireType === FIXED64 ? 8 : 4);
  }

  #skipFixed(length: number): void {
    this.#need(length);
    this.position += length;
  }

  #byte(): number {
    this.#need(1);
    return this.#buffer[this.position++]!;
  }

  #need(length: number): void {
    if (this.position + length > this.end)
      throw new Fault<WireFaultCode>(
        'WIRE_TRUNCATED',
        `${length} bytes expected, ${this.end - this.position} left`,
        this.#place(),
      );
  }

  /** Where in the bytes the reader is. */
  #place(): FaultDetails {
    return { offset: this.position, end: this.end };
  }
}
