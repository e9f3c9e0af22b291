import { expect, it } from "vitest";
import { present } from "./present.ts";

it("lets what is there pass, whatever it is, and stops at what is not", () => {
  for (const value of [0, 0n, "", false, null]) expect(present(value, "missing")).toBe(value);
  expect(() => present(undefined, "a submission without intents")).toThrow(
    "a submission without intents",
  );
});
