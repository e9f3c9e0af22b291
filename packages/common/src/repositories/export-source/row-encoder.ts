import type { ExportFormat } from "../export/export-job.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  TimeWriter,
  writeCsvText,
  writeInteger,
  writeJsonText,
  writeNumeric,
  writeUuid,
} from "./cell-writer.ts";
import type { CellType } from "./export-columns.ts";
import { headerText } from "./row-text.ts";

/** What precedes the rows of COPY's binary format: signature, flags, length of the extension. */
const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
const HEADER_BYTES = SIGNATURE.length + 8;
/** Says "no value" where a cell's length stands, and "no more rows" where a row's cell count does. */
const NONE = -1;
/** The most that a cell gains by being written out: its digits, name, quotes and separators. */
const CELL_OVERHEAD_BYTES = 96;
/** A control character becomes six in JSON. */
const MAX_EXPANSION = 6;
const INITIAL_BYTES = 160 * 1_024;

const QUOTE = 0x22;
const NULL = Buffer.from("null");
const NOTHING = Buffer.alloc(0);

interface EncodedColumn {
  readonly type: CellType;
  /** What stands before the cell. */
  readonly lead: Uint8Array;
  readonly times: TimeWriter;
}

/**
 * Writes the lines of a file from what `COPY … TO STDOUT (FORMAT binary)` sends, in pieces of any
 * size. By bytes, since a row goes through here in a microsecond or two: `rowText` says the same
 * plainly, and a test holds both equal.
 * @see https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
 */
export class RowEncoder {
  readonly #columns: readonly EncodedColumn[];
  readonly #isCsv: boolean;
  readonly #rowEnd: Uint8Array;
  readonly #out = new ByteWriter(INITIAL_BYTES);
  /** The beginning of a row whose end was not sent yet. */
  #rest: Buffer = NOTHING;
  #isBegun = false;
  #isEnded = false;
  #rows = 0;

  constructor(
    columns: readonly { readonly name: string; readonly type: CellType }[],
    format: ExportFormat,
  ) {
    this.#isCsv = format === "csv";
    this.#rowEnd = Buffer.from(this.#isCsv ? "\r\n" : "}\n");
    this.#columns = columns.map(({ name, type }, index) => ({
      type,
      lead: Buffer.from(
        this.#isCsv
          ? index === 0
            ? ""
            : ","
          : `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`,
      ),
      times: new TimeWriter(),
    }));
    const header = Buffer.from(headerText(columns, format));
    this.#out.reserve(header.length);
    this.#out.copy(header, 0, header.length);
  }

  /** Rows written so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#out.length;
  }

  /** Whole lines, good until the next `write`. */
  take(): Uint8Array {
    return this.#out.take();
  }

  /** Takes the bytes of a chunk from `from` to before `to`, and keeps none of it. */
  write(chunk: Buffer, from = 0, to = chunk.length): void {
    if (this.#rest.length > 0)
      this.#writeRows(Buffer.concat([this.#rest, chunk.subarray(from, to)]));
    else this.#writeRows(chunk, from, to);
  }

  /** @throws {Error} when the rows broke off */
  end(): void {
    if (!this.#isEnded) throw new Error("COPY ended before its rows did");
  }

  #writeRows(data: Buffer, from = 0, to = data.length): void {
    let start = this.#isBegun ? from : this.#skipHeader(data, from, to);
    if (this.#isBegun) {
      for (let end = this.#rowEndOf(data, start, to); end > 0; ) {
        this.#writeRow(data, start, end);
        start = end;
        end = this.#rowEndOf(data, start, to);
      }
    }
    this.#rest = start === to ? NOTHING : Buffer.from(data.subarray(start, to));
  }

  #skipHeader(data: Buffer, from: number, to: number): number {
    if (to - from < HEADER_BYTES) return from;
    const signature = data.subarray(from, from + SIGNATURE.length);
    if (!signature.equals(SIGNATURE)) throw new Error("not COPY's format");
    this.#isBegun = true;
    return from + HEADER_BYTES;
  }

  /** Where the row that begins at `start` ends; 0 while that was not sent yet, or there is none. */
  #rowEndOf(data: Buffer, start: number, to: number): number {
    if (to < start + 2) return 0;
    const count = data.readInt16BE(start);
    if (count === NONE) {
      this.#isEnded = true;
      return 0;
    }
    if (count !== this.#columns.length) throw new Error(`a row of an export has ${count} cells`);
    let at = start + 2;
    for (let cell = 0; cell < count; cell += 1) {
      if (to < at + 4) return 0;
      at += 4 + Math.max(0, data.readInt32BE(at));
    }
    return at <= to ? at : 0;
  }

  #writeRow(data: Buffer, start: number, end: number): void {
    const out = this.#out;
    out.reserve((end - start) * MAX_EXPANSION + this.#columns.length * CELL_OVERHEAD_BYTES);
    let at = start + 2;
    for (const column of this.#columns) {
      const length = data.readInt32BE(at);
      at += 4;
      out.copy(column.lead, 0, column.lead.length);
      if (length !== NONE) {
        if (this.#isCsv) writeCsvCell(out, column, data, at, at + length);
        else writeJsonCell(out, column, data, at, at + length);
        at += length;
      } else if (!this.#isCsv) {
        out.copy(NULL, 0, NULL.length);
      }
    }
    out.copy(this.#rowEnd, 0, this.#rowEnd.length);
    this.#rows += 1;
  }
}

function writeCsvCell(
  out: ByteWriter,
  { type, times }: EncodedColumn,
  data: Buffer,
  start: number,
  end: number,
): void {
  switch (type) {
    case "text":
    case "json":
      return writeCsvText(out, data, start, end, type === "text");
    case "uuid":
      return writeUuid(out, data, start);
    case "usdc":
      return writeNumeric(out, data, start);
    case "integer":
    case "digits":
      return writeInteger(out, data, start);
    case "time":
      return times.write(out, data, start);
  }
}

function writeJsonCell(
  out: ByteWriter,
  column: EncodedColumn,
  data: Buffer,
  start: number,
  end: number,
): void {
  switch (column.type) {
    case "text":
      return writeJsonText(out, data, start, end);
    case "json":
      return out.copy(data, start, end);
    case "integer":
      return writeInteger(out, data, start);
    case "uuid":
    case "usdc":
    case "digits":
    case "time":
      out.byte(QUOTE);
      writeCsvCell(out, column, data, start, end);
      out.byte(QUOTE);
  }
}
