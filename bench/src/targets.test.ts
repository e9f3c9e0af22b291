import { describe, expect, it } from "vitest";
import { BENCHES } from "./benches.ts";
import { TARGETS } from "./targets.ts";

describe("the targets", () => {
  it("belong to benches that exist", () => {
    const names = BENCHES.map(({ name }) => name);
    expect(Object.keys(TARGETS).filter((key) => !names.includes(key.split("/")[0] ?? ""))).toEqual(
      [],
    );
  });

  it("leave no bench without one", () => {
    const held = new Set(Object.keys(TARGETS).map((key) => key.split("/")[0]));
    expect(BENCHES.filter(({ name }) => !held.has(name))).toEqual([]);
  });
});
