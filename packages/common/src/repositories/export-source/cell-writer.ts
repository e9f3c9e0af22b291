import type { ByteWriter } from "./byte-writer.ts";

/** Bytes by their character. */
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const Z = 0x5a;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const TAB = 0x09;

/** Whether a byte makes a CSV cell want quotes. */
const IS_QUOTED = flags([QUOTE, COMMA, CARRIAGE_RETURN, LINE_FEED]);
/** Whether a spreadsheet takes a cell that begins with the byte for a formula: `= + - @` tab CR. */
const IS_FORMULA = flags([0x3d, 0x2b, MINUS, 0x40, TAB, CARRIAGE_RETURN]);
/** Whether a byte of a JSON string has to be escaped. */
const IS_ESCAPED = flags([QUOTE, BACKSLASH, ...Array.from({ length: 0x20 }, (_, code) => code)]);

function flags(bytes: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}

/** `isFree`: users wrote it, so that a formula in it must not run. */
export function writeCsvText(
  out: ByteWriter,
  source: Buffer,
  start: number,
  end: number,
  isFree: boolean,
): void {
  const isFormula = isFree && end > start && IS_FORMULA[source[start] as number] === 1;
  if (!isFormula && out.copyUnlessFlagged(source, start, end, IS_QUOTED)) return;
  const isQuoted = hasAny(source, start, end, IS_QUOTED);
  if (isQuoted) out.byte(QUOTE);
  if (isFormula) out.byte(APOSTROPHE);
  for (let at = start; at < end; at += 1) {
    const byte = source[at] as number;
    if (byte === QUOTE) out.byte(QUOTE);
    out.byte(byte);
  }
  if (isQuoted) out.byte(QUOTE);
}

/** A JSON string, escaped as `JSON.stringify` does it. */
export function writeJsonText(out: ByteWriter, source: Buffer, start: number, end: number): void {
  if (hasAny(source, start, end, IS_ESCAPED)) {
    const escaped = Buffer.from(JSON.stringify(source.toString("utf8", start, end)));
    out.copy(escaped, 0, escaped.length);
    return;
  }
  out.byte(QUOTE);
  out.copy(source, start, end);
  out.byte(QUOTE);
}

function hasAny(source: Buffer, start: number, end: number, table: Uint8Array): boolean {
  for (let at = start; at < end; at += 1) if (table[source[at] as number] === 1) return true;
  return false;
}

/** 16 bytes as a UUID in lower case. */
export function writeUuid(out: ByteWriter, source: Buffer, start: number): void {
  out.hex(source, start, start + 4);
  out.byte(MINUS);
  for (let at = start + 4; at < start + 10; at += 2) {
    out.hex(source, at, at + 2);
    out.byte(MINUS);
  }
  out.hex(source, start + 10, start + 16);
}

/** A BIGINT. */
export function writeInteger(out: ByteWriter, source: Buffer, start: number): void {
  // The upper half of most numbers is empty, and exact arithmetic on all of them is slow.
  if (source.readInt32BE(start) === 0) {
    out.digits(source.readUInt32BE(start + 4));
    return;
  }
  const text = Buffer.from(source.readBigInt64BE(start).toString());
  out.copy(text, 0, text.length);
}

const MS_PER_DAY = 86_400_000;
/** Postgres counts microseconds from the year 2000. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** Times as RFC 3339 in UTC with milliseconds; a day is worked out once for the rows of that day. */
export class TimeWriter {
  #day = Number.NaN;
  #date: Uint8Array = new Uint8Array();

  write(out: ByteWriter, source: Buffer, start: number): void {
    const microseconds = source.readInt32BE(start) * 2 ** 32 + source.readUInt32BE(start + 4);
    const atMs = Math.floor(microseconds / 1_000) + POSTGRES_EPOCH_MS;
    const day = Math.floor(atMs / MS_PER_DAY);
    if (day !== this.#day) this.#turnTo(day);
    const ms = atMs - day * MS_PER_DAY;
    const seconds = Math.trunc(ms / 1_000);
    const minutes = Math.trunc(seconds / 60);
    const hours = Math.trunc(minutes / 60);
    const fraction = ms - seconds * 1_000;
    const tenths = Math.trunc(fraction / 10);
    out.copy(this.#date, 0, this.#date.length);
    out.twoDigits(hours);
    out.byte(COLON);
    out.twoDigits(minutes - hours * 60);
    out.byte(COLON);
    out.twoDigits(seconds - minutes * 60);
    out.byte(POINT);
    out.twoDigits(tenths);
    out.byte(ZERO + fraction - tenths * 10);
    out.byte(Z);
  }

  #turnTo(day: number): void {
    const text = new Date(day * MS_PER_DAY).toISOString();
    this.#day = day;
    this.#date = Buffer.from(text.slice(0, text.indexOf("T") + 1));
  }
}

const NUMERIC_NEGATIVE = 0x4000;
const NUMERIC_HEADER_BYTES = 8;

/** A finite NUMERIC, in decimal without zeros at the end. @see numeric_send in Postgres */
export function writeNumeric(out: ByteWriter, source: Buffer, start: number): void {
  const count = source.readInt16BE(start);
  const weight = source.readInt16BE(start + 2);
  const sign = source.readUInt16BE(start + 4);
  if (sign === NUMERIC_NEGATIVE) out.byte(MINUS);
  else if (sign !== 0) throw new Error("a NUMERIC of an export is not a number");
  // Groups of four decimal digits; the first counts 10000^weight, those at the end may be left out.
  const first = start + NUMERIC_HEADER_BYTES;
  if (weight < 0) out.byte(ZERO);
  for (let index = 0; index <= weight; index += 1) {
    const group = index < count ? source.readUInt16BE(first + index * 2) : 0;
    if (index === 0) out.digits(group);
    else writeGroup(out, group);
  }
  const whole = out.length;
  out.byte(POINT);
  for (let index = weight + 1; index < count; index += 1) {
    writeGroup(out, index < 0 ? 0 : source.readUInt16BE(first + index * 2));
  }
  out.trimEnd(ZERO, whole + 1);
  out.trimEnd(POINT, whole);
}

function writeGroup(out: ByteWriter, group: number): void {
  const hundreds = Math.trunc(group / 100);
  out.twoDigits(hundreds);
  out.twoDigits(group - hundreds * 100);
}
