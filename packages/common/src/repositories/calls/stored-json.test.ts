import { describe, expect, it } from "vitest";
import { storedJson, storedText } from "./stored-json.ts";

describe("what is stored of strangers' values", () => {
  it("has integers as digits, bytes as hexadecimal text, and no NUL wherever it was", () => {
    const value = {
      count: 2n ** 64n,
      bytes: new Uint8Array([0, 255]),
      list: ["a\0", { "k\0": 7n }],
      half: "\ud800!",
      whole: "ünï 🚀 \\u0000",
      nothing: null,
    };
    expect(JSON.parse(storedJson(value))).toEqual({
      count: "18446744073709551616",
      bytes: "00ff",
      list: ["a\u001a", { "k\u001a": "7" }],
      half: "\u001a!",
      whole: "ünï 🚀 \\u0000",
      nothing: null,
    });
  });

  it("is the same when it is stored once more", () => {
    const once = storedText("a\0\udfff b");
    expect(once).toBe("a\u001a\u001a b");
    expect(storedText(once)).toBe(once);
  });
});
