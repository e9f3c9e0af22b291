import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { compileCheck } from "./schema-check.ts";

const check = compileCheck(
  Type.Object(
    {
      name: Type.String({ minLength: 1 }),
      "a/b": Type.String(),
      items: Type.Array(Type.Object({ kind: Type.Literal("x") }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
);

describe("compileCheck", () => {
  it("finds nothing wrong with what is valid", () => {
    expect(check({ name: "ada", "a/b": "", items: [{ kind: "x" }] })).toEqual([]);
  });

  it("points at every fault, each once", () => {
    const errors = check({ name: "", items: [{ kind: "y", more: 1 }], extra: true });
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      "#/a~1b",
      "#/extra",
      "#/items/0/kind",
      "#/items/0/more",
      "#/name",
    ]);
  });

  it("points at the whole when it is no object at all", () => {
    expect(check(null)).toEqual([{ pointer: "#", detail: "must be object" }]);
  });

  it("gathers the values that a union of constants allows", () => {
    const checkUnion = compileCheck(Type.Union([Type.Literal("a"), Type.Literal("b")]));
    expect(checkUnion("c")).toEqual([{ pointer: "#", detail: 'must be one of "a", "b"' }]);
  });

  it("keeps the answer to a hostile value small", () => {
    const items = Array.from({ length: 1_000 }, () => ({ kind: "y" }));
    expect(check({ name: "a", "a/b": "", items }).length).toBeLessThanOrEqual(20);
  });
});
