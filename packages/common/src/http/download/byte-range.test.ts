import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRange } from "./byte-range.ts";

const ETAG = '"abc"';
const of = (range: string | undefined, bytes = 10) => readRange({ range }, ETAG, bytes);

describe("readRange", () => {
  it.each([
    ["bytes=0-0", 0, 0],
    ["bytes=2-4", 2, 4],
    ["bytes=2-", 2, 9],
    ["bytes=9-9", 9, 9],
    ["bytes=2-999", 2, 9],
    ["bytes=-3", 7, 9],
    ["bytes=-999", 0, 9],
    ["BYTES= 2-4 ", 2, 4],
    ["bytes=0-99999999999999999999999999", 0, 9],
  ])("reads %s of ten bytes", (range, first, last) => {
    expect(of(range)).toEqual({ kind: "part", first, last });
  });

  it.each(["bytes=10-", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999999999-"])(
    "finds nothing of ten bytes in %s",
    (range) => {
      expect(of(range)).toEqual({ kind: "unsatisfiable" });
    },
  );

  it.each([
    undefined,
    "",
    "bytes=",
    "bytes=-",
    "bytes=4-2",
    "bytes=a-b",
    "items=0-1",
    "bytes=0-1,3-4",
  ])("gives the whole file for %s", (range) => {
    expect(of(range)).toEqual({ kind: "whole" });
  });

  it("finds no part in an empty file", () => {
    expect(of("bytes=0-", 0)).toEqual({ kind: "unsatisfiable" });
    expect(of("bytes=-1", 0)).toEqual({ kind: "unsatisfiable" });
    expect(of(undefined, 0)).toEqual({ kind: "whole" });
  });

  it("goes on with the same file alone", () => {
    const range = "bytes=2-4";
    expect(readRange({ range, "if-range": ETAG }, ETAG, 10).kind).toBe("part");
    for (const other of ['"other"', `W/${ETAG}`, "Sun, 01 Mar 2026 12:00:00 GMT"]) {
      expect(readRange({ range, "if-range": other }, ETAG, 10).kind).toBe("whole");
    }
  });

  it("never leaves the file", () => {
    const number = fc.option(fc.nat(30), { nil: "" });
    fc.assert(
      fc.property(number, number, fc.nat(20), (first, last, bytes) => {
        const range = of(`bytes=${first}-${last}`, bytes);
        if (range.kind !== "part") return;
        expect(range.first).toBeGreaterThanOrEqual(0);
        expect(range.first).toBeLessThanOrEqual(range.last);
        expect(range.last).toBeLessThan(bytes);
      }),
    );
  });
});
