import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimestamp } from "./timestamp.ts";

describe("parseTimestamp", () => {
  it("reads back every time that we write", () => {
    const range = { min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), (at) => {
        expect(parseTimestamp(at.toISOString())).toEqual(at);
      }),
    );
  });

  it.each([
    ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000Z"],
    ["2026-03-01t12:00:00z", "2026-03-01T12:00:00.000Z"],
    ["2026-03-01T01:30:00+02:00", "2026-02-28T23:30:00.000Z"],
    ["2026-03-01T12:00:00-00:30", "2026-03-01T12:30:00.000Z"],
    ["2024-02-29T00:00:00.5Z", "2024-02-29T00:00:00.500Z"],
  ])("reads %s as %s", (text, expected) => {
    expect(parseTimestamp(text)?.toISOString()).toBe(expected);
  });

  it("gives the first millisecond that is not before a finer time", () => {
    expect(parseTimestamp("2026-03-01T12:00:00.000000001Z")?.getUTCMilliseconds()).toBe(1);
    expect(parseTimestamp("2026-03-01T12:00:00.001000000Z")?.getUTCMilliseconds()).toBe(1);
    expect(parseTimestamp("2026-03-01T12:00:00.9991Z")?.toISOString()).toBe(
      "2026-03-01T12:00:01.000Z",
    );
  });

  it.each([
    "",
    "2026-03-01",
    "2026-03-01T12:00:00",
    "2026-02-30T12:00:00Z",
    "2026-03-01T24:00:00Z",
    "2026-03-01T12:60:00Z",
    "2026-03-01T12:00:60Z",
    "2026-03-01T12:00:00+24:00",
    "2026-03-01 12:00:00Z",
    "2026-03-01T12:00:00.1234567890Z",
    "1772366400000",
  ])("refuses %j", (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});
