import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatUsdc, MAX_AMOUNT_STROOPS, parseUsdc } from "./money.ts";

describe("parseUsdc", () => {
  it("reads what formatUsdc writes, for every amount that can be charged", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_AMOUNT_STROOPS }), (stroops) => {
        expect(parseUsdc(formatUsdc(stroops))).toBe(stroops);
      }),
    );
  });

  it("gives the same amount however many trailing zeros it was written with", () => {
    expect(parseUsdc("1.50")).toBe(15_000_000n);
    expect(parseUsdc("1.5")).toBe(15_000_000n);
    expect(parseUsdc("0001.5000000")).toBe(15_000_000n);
  });

  it("reaches 2^63 − 1 stroops and not one more", () => {
    expect(parseUsdc("922337203685.4775807")).toBe(MAX_AMOUNT_STROOPS);
    expect(parseUsdc("922337203685.4775808")).toBeUndefined();
  });

  it.each([
    "",
    ".5",
    "1.",
    "1.12345678",
    "-1",
    "+1",
    "1e3",
    "0x1",
    " 1",
    "1 ",
    "1,5",
    "NaN",
    "1\n",
  ])("refuses %j", (text) => {
    expect(parseUsdc(text)).toBeUndefined();
  });

  it("refuses a number of digits that only costs time", () => {
    expect(parseUsdc("9".repeat(100_000))).toBeUndefined();
  });
});
