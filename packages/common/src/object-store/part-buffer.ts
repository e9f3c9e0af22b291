/** Pieces of any size, gathered into parts of one size. */
export class PartBuffer {
  readonly #part: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(partBytes: number) {
    this.#part = new Uint8Array(partBytes);
  }

  /** The parts that the piece completes; each is good until the next is asked for. */
  *add(piece: Uint8Array): Generator<Uint8Array<ArrayBuffer>, void> {
    for (let offset = 0; offset < piece.length; ) {
      const taken = Math.min(piece.length - offset, this.#part.length - this.#length);
      this.#part.set(piece.subarray(offset, offset + taken), this.#length);
      this.#length += taken;
      offset += taken;
      if (this.#length === this.#part.length) {
        this.#length = 0;
        yield this.#part;
      }
    }
  }

  /** What has not become a part yet. */
  rest(): Uint8Array<ArrayBuffer> {
    return this.#part.subarray(0, this.#length);
  }
}
