import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatUsdc } from "../../contracts/money.ts";
import type { ExportFormat } from "../export/export-job.ts";
import type { CellType } from "./export-columns.ts";
import { RowEncoder } from "./row-encoder.ts";
import { headerText, rowText } from "./row-text.ts";

/** A cell as Postgres sends it, beside its canonical text. */
interface Cell {
  readonly text: string | null;
  readonly binary: Buffer | null;
}

const COLUMNS = (["text", "uuid", "usdc", "integer", "digits", "time", "json"] as const).map(
  (type: CellType) => ({ name: `a "${type}"`, type }),
);

const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** As numeric_send writes stroops as USDC: groups of four digits around the point. */
function numeric(stroops: bigint): Buffer {
  const digits = (stroops < 0n ? -stroops : stroops).toString().padStart(8, "0");
  const whole = digits.slice(0, -7);
  const text = whole.padStart(Math.ceil(whole.length / 4) * 4, "0") + digits.slice(-7) + "0";
  const groups = (text.match(/\d{4}/g) ?? []).map(Number);
  let weight = Math.ceil(whole.length / 4) - 1;
  while (groups[0] === 0) {
    groups.shift();
    weight -= 1;
  }
  while (groups.at(-1) === 0) groups.pop();
  const words = [groups.length, groups.length === 0 ? 0 : weight, stroops < 0n ? 0x4000 : 0, 7];
  const bytes = Buffer.alloc((4 + groups.length) * 2);
  [...words, ...groups].forEach((word, index) => {
    if (word < 0) bytes.writeInt16BE(word, index * 2);
    else bytes.writeUInt16BE(word, index * 2);
  });
  return bytes;
}

function row(cells: readonly Cell[]): Buffer {
  const parts = cells.flatMap(({ binary }) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(binary === null ? -1 : binary.length);
    return binary === null ? [length] : [length, binary];
  });
  const count = Buffer.alloc(2);
  count.writeInt16BE(cells.length);
  return Buffer.concat([count, ...parts]);
}

const HEADER = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const TRAILER = Buffer.from([0xff, 0xff]);

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("=1+1", "+1", "-1", "@x", "\tx", "\rx", "", " =1", 'a"b', "a,b", "a\r\nb", "é😀"),
);
const orNone = (cell: fc.Arbitrary<Cell>) =>
  fc.oneof({ weight: 9, arbitrary: cell }, { weight: 1, arbitrary: fc.constant(NONE) });
const NONE: Cell = { text: null, binary: null };

const STROOPS = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, 1n, 10n, 10_000_000n, 99_990_000_000n, 100_000_000_000n, 10n ** 18n),
);
const CELLS: Record<CellType, fc.Arbitrary<Cell>> = {
  text: anyText.map((text) => ({ text, binary: Buffer.from(text) })),
  uuid: fc.uuid().map((text) => ({ text, binary: Buffer.from(text.replaceAll("-", ""), "hex") })),
  usdc: STROOPS.map((stroops) => ({ text: formatUsdc(stroops), binary: numeric(stroops) })),
  integer: fc
    .bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n })
    .map((value) => ({ text: value.toString(), binary: int64(value) })),
  digits: STROOPS.map((value) => ({ text: value.toString(), binary: int64(value) })),
  time: fc
    .date({ min: new Date("1970-01-01"), max: new Date("2200-01-01"), noInvalidDate: true })
    .map((at) => ({
      text: at.toISOString(),
      binary: int64(BigInt(at.getTime() - POSTGRES_EPOCH_MS) * 1_000n),
    })),
  json: fc
    .dictionary(fc.string(), fc.string())
    .map((value) => JSON.stringify(value))
    .map((text) => ({ text, binary: Buffer.from(text) })),
};
const anyRow = fc.tuple(...COLUMNS.map(({ type }) => orNone(CELLS[type])));

/** What becomes of rows that arrive in pieces that end at the given places. */
function encode(
  format: ExportFormat,
  rows: readonly (readonly Cell[])[],
  cuts: readonly number[],
): string {
  const sent = Buffer.concat([HEADER, ...rows.map(row), TRAILER]);
  const encoder = new RowEncoder(COLUMNS, format);
  let text = "";
  let from = 0;
  for (const cut of [
    ...cuts.map((place) => place % sent.length).sort((a, b) => a - b),
    sent.length,
  ]) {
    encoder.write(sent.subarray(from, cut));
    from = cut;
    text += Buffer.from(encoder.take()).toString();
  }
  encoder.end();
  expect(encoder.rows).toBe(rows.length);
  return text;
}

describe.each(["csv", "ndjson"] as const)("RowEncoder, %s", (format) => {
  it("writes what the plain rule writes, for any rows, in pieces of any size", () => {
    fc.assert(
      fc.property(
        fc.array(anyRow, { maxLength: 8 }),
        fc.array(fc.nat(5_000), { maxLength: 10 }),
        (rows, cuts) => {
          const plain = rows.map((cells) =>
            rowText(
              COLUMNS,
              cells.map(({ text }) => text),
              format,
            ),
          );
          expect(encode(format, rows, cuts)).toBe(headerText(COLUMNS, format) + plain.join(""));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("takes rows apart byte by byte", () => {
    const [cells = []] = fc.sample(anyRow, { numRuns: 1, seed: 7 });
    const everywhere = Array.from({ length: 5_000 }, (_, place) => place);
    expect(encode(format, [cells, cells], everywhere)).toBe(encode(format, [cells, cells], []));
  });

  it("takes a cell of megabytes", () => {
    const text = '"\n'.repeat(1_000_000);
    const cells = COLUMNS.map(({ type }) =>
      type === "text" ? { text, binary: Buffer.from(text) } : NONE,
    );
    const texts = cells.map((cell) => cell.text);
    const expected = headerText(COLUMNS, format) + rowText(COLUMNS, texts, format);
    expect(encode(format, [cells], [1_000_000]) === expected).toBe(true);
  });
});

describe("RowEncoder", () => {
  it("does not take rows for whole that broke off", () => {
    const encoder = new RowEncoder(COLUMNS, "csv");
    encoder.write(HEADER);
    expect(() => encoder.end()).toThrow("before its rows");
    const cut = new RowEncoder(COLUMNS, "csv");
    cut.write(Buffer.concat([HEADER, row(COLUMNS.map(() => NONE)).subarray(0, 5)]));
    expect(() => cut.end()).toThrow("before its rows");
  });

  it("refuses what is not COPY's format, and rows of another shape", () => {
    expect(() => new RowEncoder(COLUMNS, "csv").write(Buffer.alloc(30))).toThrow("format");
    const other = Buffer.concat([HEADER, row([NONE])]);
    expect(() => new RowEncoder(COLUMNS, "csv").write(other)).toThrow("1 cells");
  });
});

describe("rowText", () => {
  const columns = [
    { name: "name", type: "text" },
    { name: "usdc", type: "usdc" },
  ] as const;

  it.each([
    ["=SUM(A1)", "'=SUM(A1)"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@cmd", "'@cmd"],
    ["\tx", "'\tx"],
    ["\rx", `"'\rx"`],
    ['=a"b', `"'=a""b"`],
    ["a=1", "a=1"],
    [" =1", " =1"],
    ["a,b", '"a,b"'],
    ["a\nb", '"a\nb"'],
    ["", ""],
  ])("writes %j into CSV as %j", (text, cell) => {
    expect(rowText(columns, [text, "-1.5"], "csv")).toBe(`${cell},-1.5\r\n`);
  });

  it("leaves text as it is in NDJSON, and says null for what is not there", () => {
    expect(rowText(columns, ['=1"', null], "ndjson")).toBe('{"name":"=1\\"","usdc":null}\n');
  });
});
