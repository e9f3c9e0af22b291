const ZERO = 0x30;
const HEX = Buffer.from("0123456789abcdef");

/**
 * Bytes one after the other in a buffer that grows. `reserve` comes before what it makes room for;
 * the rest is loops, which for the few bytes of a cell are faster than calls into the runtime.
 */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Makes room for `count` bytes more. */
  reserve(count: number): void {
    const wanted = this.#length + count;
    if (wanted <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(wanted, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }

  byte(value: number): void {
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  copy(source: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes;
    let at = this.#length;
    for (let from = start; from < end; from += 1, at += 1) bytes[at] = source[from] as number;
    this.#length = at;
  }

  /** Copies, unless `flags` marks one of the bytes: then false, and nothing was written. */
  copyUnlessFlagged(source: Uint8Array, start: number, end: number, flags: Uint8Array): boolean {
    const bytes = this.#bytes;
    let at = this.#length;
    let found = 0;
    for (let from = start; from < end; from += 1, at += 1) {
      const byte = source[from] as number;
      found |= flags[byte] as number;
      bytes[at] = byte;
    }
    if (found !== 0) return false;
    this.#length = at;
    return true;
  }

  /** A number from 0 to 99 as two digits. */
  twoDigits(value: number): void {
    const tens = Math.trunc(value / 10);
    this.#bytes[this.#length] = ZERO + tens;
    this.#bytes[this.#length + 1] = ZERO + value - tens * 10;
    this.#length += 2;
  }

  /** A number from 0 on, in decimal. */
  digits(value: number): void {
    let end = this.#length + 1;
    for (let rest = value; rest >= 10; rest = Math.trunc(rest / 10)) end += 1;
    let rest = value;
    for (let at = end - 1; at >= this.#length; at -= 1) {
      const shorter = Math.trunc(rest / 10);
      this.#bytes[at] = ZERO + rest - shorter * 10;
      rest = shorter;
    }
    this.#length = end;
  }

  /** Two hexadecimal digits a byte, in lower case. */
  hex(source: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes;
    let at = this.#length;
    for (let from = start; from < end; from += 1, at += 2) {
      const byte = source[from] as number;
      bytes[at] = HEX[byte >> 4] as number;
      bytes[at + 1] = HEX[byte & 15] as number;
    }
    this.#length = at;
  }

  /** Takes the last byte back for as long as it is `value`, down to `floor` bytes. */
  trimEnd(value: number, floor: number): void {
    while (this.#length > floor && this.#bytes[this.#length - 1] === value) this.#length -= 1;
  }

  /** What was written, good until the next byte is; the writer begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }
}
