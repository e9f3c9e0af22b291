import { compileCheck } from "@orrery/common/contracts/schema-check";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokenAmount } from "../fields.schemas.ts";

const check = compileCheck(TokenAmount("An amount."));
const isTaken = (text: unknown) => check(text).length === 0;

describe("a token amount", () => {
  it("is taken exactly when it is an i128 that is not negative, written one way", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }), (amount) => {
        const fits = amount >= 0n && amount < 2n ** 127n;
        expect(isTaken(amount.toString())).toBe(fits);
        expect(isTaken(`0${amount}`)).toBe(false);
      }),
    );
    expect([2n ** 127n - 1n, 2n ** 127n].map((edge) => isTaken(edge.toString()))).toEqual([
      true,
      false,
    ]);
  });

  it("is refused, and never thrown over, whatever else it is", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const isAmount = typeof value === "string" && /^(0|[1-9]\d*)$/.test(value);
        fc.pre(!isAmount);
        expect(isTaken(value)).toBe(false);
      }),
    );
  });
});
