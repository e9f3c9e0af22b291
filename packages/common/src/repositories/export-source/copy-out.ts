import type { Duplex } from "node:stream";
import type pg from "pg";
import { freeMemory } from "../../http/download/free-memory.ts";
import type { RowEncoder } from "./row-encoder.ts";

/** Messages of the server by their first byte: a row, and what comes between rows. */
const COPY_DATA = 0x64;
/** That rows follow, a notice, a setting that changed, a notification. */
const BESIDE_ROWS = new Set([0x48, 0x4e, 0x53, 0x41]);
const HEADER_BYTES = 5;
/** A message's length counts itself. */
const LENGTH_BYTES = 4;

type Handler = (bytes: Buffer) => void;

/**
 * `COPY … TO STDOUT (FORMAT binary)` as a query of pg, which knows no such thing: from its submission
 * to the end of the rows it reads the connection in the place of pg's own parser, and gives the rows
 * to the encoder from where they arrived, so that they leave nothing for the garbage collector.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
 */
export class CopyOut {
  readonly #text: string;
  readonly #encoder: RowEncoder;
  readonly #pieceBytes: number;
  #stream: Duplex | undefined;
  #pgHandler: Handler | undefined;
  /** Of the message that is arriving; less than whole while it is split over chunks. */
  #header = Buffer.alloc(HEADER_BYTES);
  #headerLength = 0;
  /** Bytes of the message that have not arrived, and whether they are a row's. */
  #leftBytes = 0;
  #isRow = false;
  #rowCount = 0;
  #isDone = false;
  #failure: Error | undefined;
  #waiting: PromiseWithResolvers<boolean> | undefined;

  /** Stops reading whenever the encoder has so many bytes, until it is asked for more. */
  constructor(text: string, encoder: RowEncoder, pieceBytes: number) {
    this.#text = text;
    this.#encoder = encoder;
    this.#pieceBytes = pieceBytes;
  }

  get text(): string {
    return this.#text;
  }

  /** Rows that the server says it has sent. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** Whether the encoder has a piece; false when the rows are over, and it has what is left of them. */
  more(): Promise<boolean> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#isDone) return Promise.resolve(false);
    this.#waiting ??= Promise.withResolvers();
    this.#stream?.resume();
    return this.#waiting.promise;
  }

  /** Makes who waits, and who asks from now on, fail. */
  fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error("COPY failed", { cause: error });
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }

  submit(connection: pg.Connection): void {
    const { stream } = connection;
    const [pgHandler, ...others] = stream.listeners("data") as Handler[];
    if (pgHandler === undefined || others.length > 0) throw new Error("not a connection of pg");
    this.#stream = stream;
    this.#pgHandler = pgHandler;
    stream.off("data", pgHandler);
    stream.on("data", this.#read);
    connection.query(this.#text);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#rowCount = Number(/^COPY (\d+)$/.exec(text)?.[1]);
  }

  handleReadyForQuery(): void {
    this.#isDone = true;
    this.#waiting?.resolve(false);
    this.#waiting = undefined;
  }

  handleError(error: unknown): void {
    this.fail(error);
  }

  readonly #read = (chunk: Buffer): void => {
    try {
      this.#readMessages(chunk);
    } catch (error) {
      // Whoever asks for more learns of it, and lets the connection go.
      this.#stream?.pause();
      this.fail(error);
    }
  };

  #readMessages(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#leftBytes > 0) {
        const end = Math.min(chunk.length, at + this.#leftBytes);
        if (this.#isRow) this.#encoder.write(chunk, at, end);
        this.#leftBytes -= end - at;
        at = end;
        continue;
      }
      at = this.#readHeader(chunk, at);
      if (at < 0) return;
    }
    freeMemory(chunk);
    if (this.#encoder.length < this.#pieceBytes) return;
    this.#stream?.pause();
    this.#waiting?.resolve(true);
    this.#waiting = undefined;
  }

  /** Gives where the header ends; -1 when the connection went back to pg. */
  #readHeader(chunk: Buffer, from: number): number {
    let at = from;
    while (this.#headerLength < HEADER_BYTES && at < chunk.length) {
      this.#header[this.#headerLength] = chunk[at] as number;
      this.#headerLength += 1;
      at += 1;
    }
    const code = this.#header[0] as number;
    if (code !== COPY_DATA && !BESIDE_ROWS.has(code)) {
      this.#giveBack(
        Buffer.concat([this.#header.subarray(0, this.#headerLength), chunk.subarray(at)]),
      );
      return -1;
    }
    if (this.#headerLength < HEADER_BYTES) return at;
    this.#headerLength = 0;
    this.#isRow = code === COPY_DATA;
    this.#leftBytes = this.#header.readInt32BE(1) - LENGTH_BYTES;
    return at;
  }

  /** The rows are over, or have broken off: pg reads what the server says to that. */
  #giveBack(bytes: Buffer): void {
    const [stream, pgHandler] = [this.#stream, this.#pgHandler];
    if (stream === undefined || pgHandler === undefined) return;
    stream.off("data", this.#read);
    stream.on("data", pgHandler);
    pgHandler(bytes);
  }
}
