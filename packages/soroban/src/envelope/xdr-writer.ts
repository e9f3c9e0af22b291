const FIRST_BYTES = 2_048;
const MAX_U32 = 0xffff_ffff;

/**
 * Writes XDR values one after the other: big-endian, every value a multiple of four bytes.
 * A number out of its type's range is a RangeError.
 * @see RFC 4506
 */
export class XdrWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #view = viewOf(this.#bytes);
  #length = 0;

  /** An unsigned 32-bit number: also a union's discriminant, a count, a flag. */
  u32(value: number): void {
    // Not `>>> 0`, which would let a fraction or 2³² pass for another number.
    if (!Number.isInteger(value) || value < 0 || value > MAX_U32) {
      throw new RangeError(`${value} is no unsigned 32-bit number`);
    }
    this.#reserve(4);
    this.#view.setUint32(this.#length, value);
    this.#length += 4;
  }

  u64(value: bigint): void {
    if (BigInt.asUintN(64, value) !== value) {
      throw new RangeError(`${value} is no unsigned 64-bit number`);
    }
    this.#reserve(8);
    this.#view.setBigUint64(this.#length, value);
    this.#length += 8;
  }

  i64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) {
      throw new RangeError(`${value} is no signed 64-bit number`);
    }
    this.#reserve(8);
    this.#view.setBigInt64(this.#length, value);
    this.#length += 8;
  }

  /** Bytes that are XDR already, or opaque of a fixed length that is a multiple of four. */
  raw(bytes: Uint8Array): void {
    if (bytes.length % 4 !== 0) throw new RangeError(`${bytes.length} bytes are no XDR`);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A string: its length in bytes, its UTF-8, zeros up to a multiple of four. */
  string(text: string, mostBytes: number): void {
    const size = Buffer.byteLength(text);
    if (size > mostBytes) throw new RangeError(`a string of ${size} bytes, at most ${mostBytes}`);
    const padded = (size + 3) & ~3;
    this.u32(size);
    this.#reserve(padded);
    this.#bytes.write(text, this.#length);
    this.#bytes.fill(0, this.#length + size, this.#length + padded);
    this.#length += padded;
  }

  /** What was written so far; the next write may change it. */
  toBytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
