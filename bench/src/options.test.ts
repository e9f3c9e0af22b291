import { describe, expect, it } from "vitest";
import { readOptions } from "./options.ts";

describe("the command line of the benches", () => {
  it("plays all of them when none is named", () => {
    expect(readOptions([], ["accept", "signing"])).toMatchObject({
      names: ["accept", "signing"],
      isQuick: false,
      isCheck: false,
    });
  });

  it("plays the named ones in the order given", () => {
    const { names, isQuick } = readOptions(["signing", "--quick", "accept"], ["accept", "signing"]);
    expect(names).toEqual(["signing", "accept"]);
    expect(isQuick).toBe(true);
  });

  it("refuses a bench or a flag that does not exist", () => {
    expect(() => readOptions(["speed"], ["accept"])).toThrow(/no bench is called speed/);
    expect(() => readOptions(["--fast"], ["accept"])).toThrow(TypeError);
  });
});
