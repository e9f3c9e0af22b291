import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProblemError } from "./errors.ts";
import { isUuid } from "./id.ts";
import { decodeCursor, decodeTimeCursor, encodeCursor, encodeTimeCursor } from "./keyset-page.ts";

const refused = expect.objectContaining({ code: "invalid_cursor" });
const AT = new Date("2026-03-01T12:00:00.123Z");
const ID = "019a2b3c-0000-7000-8000-000000000001";

/** What decoding and encoding makes of a cursor; the same text when it is refused. */
function rewritten(cursor: string): string {
  try {
    return encodeCursor(decodeCursor(cursor));
  } catch (error) {
    if (error instanceof ProblemError && error.code === "invalid_cursor") return cursor;
    throw error;
  }
}

describe("keyset cursors", () => {
  it("are the base64 of the record's id", () => {
    expect(encodeCursor("stream-ada")).toBe("c3RyZWFtLWFkYQ==");
    expect(decodeCursor("c3RyZWFtLWFkYQ==")).toBe("stream-ada");
  });

  it("bring any id back", () => {
    const id = fc.string({ minLength: 1, unit: "binary" }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(id, (text) => {
        expect(decodeCursor(encodeCursor(text))).toBe(text);
      }),
    );
  });

  it("bring any time and id back, whatever characters the id holds", () => {
    const at = fc.date({ noInvalidDate: true });
    const id = fc.string({ minLength: 1 }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(at, id, (time, text) => {
        const position = { at: time, id: text };
        expect(decodeTimeCursor(encodeTimeCursor(position), () => true)).toEqual(position);
      }),
    );
    expect(atob(encodeTimeCursor({ at: AT, id: ID }))).toBe(`2026-03-01T12:00:00.123Z|${ID}`);
  });

  it("are refused unless they are exactly what this service writes", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(rewritten(text)).toBe(text);
      }),
    );
  });

  it.each([
    ["plain text", "mine"],
    ["nothing", ""],
    ["base64 without its padding", "c3RyZWFtLWFkYQ"],
    ["the alphabet of URLs", "Pz8_"],
    ["what is not UTF-8", Buffer.from([0xff, 0xfe]).toString("base64")],
    ["a NUL, which Postgres refuses", encodeCursor("a\0")],
  ])("refuse %s", (_what, cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(refused);
  });

  it("refuse an id that the list cannot have", () => {
    expect(() => decodeCursor(encodeCursor("a"), isUuid)).toThrow(refused);
  });

  it.each([
    ["an id alone", ID],
    ["another id", `${AT.toISOString()}|1`],
    ["no such day", `2026-02-30T12:00:00.000Z|${ID}`],
    ["another precision", `2026-03-01T12:00:00Z|${ID}`],
    ["no time", `|${ID}`],
  ])("refuse %s where a time and a UUID belong", (_what, key) => {
    expect(() => decodeTimeCursor(encodeCursor(key), isUuid)).toThrow(refused);
  });
});
