import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readIdempotencyKey } from "./idempotency-key.ts";

const request = (...values: string[]) => ({
  headers: values.length === 0 ? {} : { "idempotency-key": values.join(", ") },
  rawHeaders: ["Host", "orrery", ...values.flatMap((value) => ["Idempotency-Key", value])],
});

describe("readIdempotencyKey", () => {
  it("is undefined without the header", () => {
    expect(readIdempotencyKey(request())).toBeUndefined();
  });

  it("takes 1 to 255 printable ASCII characters as they are", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{1,255}$/), (key) => {
        expect(readIdempotencyKey(request(key))).toBe(key);
      }),
    );
    expect(readIdempotencyKey(request("k".repeat(255)))).toHaveLength(255);
  });

  it.each([
    ["nothing", [""]],
    ["256 characters", ["k".repeat(256)]],
    ["a tab", ["a\tb"]],
    ["a letter that is not ASCII", ["é"]],
    ["a delete character", ["\u007f"]],
    ["two headers", ["a", "b"]],
    ["the same header twice", ["a", "a"]],
  ])("refuses %s", (_what, values) => {
    expect(() => readIdempotencyKey(request(...values))).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        errors: [{ pointer: "#/idempotency-key", detail: expect.any(String), in: "headers" }],
      }),
    );
  });
});
