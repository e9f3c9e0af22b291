import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyPart } from "./cache-key.ts";

describe("a key part", () => {
  it("leaves plain values as they are", () => {
    expect(keyPart("sports", ["all"])).toBe("sports");
  });

  it("never reads as a reserved word, nor holds what separates parts", () => {
    expect(keyPart("all", ["all"])).toBe("%61ll");
    expect(keyPart("spo:rts")).toBe("spo%3Arts");
  });

  it("differs for different values", () => {
    const text = fc.oneof(fc.constantFrom("all", "%61ll", "a:ll", "a%3All"), fc.string());
    fc.assert(
      fc.property(text, text, (left, right) => {
        fc.pre(left !== right && left.isWellFormed() && right.isWellFormed());
        expect(keyPart(left, ["all"])).not.toBe(keyPart(right, ["all"]));
      }),
    );
  });
});
