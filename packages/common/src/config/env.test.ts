import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig, printConfig, Secret } from "./env.ts";

const schema = Type.Object({
  PORT: Type.Integer({ description: "Port.", default: 80, minimum: 1, maximum: 65_535 }),
  IS_ON: Type.Boolean({ description: "Switch.", default: false }),
  URL: Type.Optional(Type.String({ description: "Where.", pattern: "^https?://" })),
  KEY: Secret({ description: "Key.", minLength: 4 }),
});

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("loadConfig", () => {
  it("reads typed values and fills defaults, also for what is set but empty", () => {
    expect(loadConfig(schema, { PORT: "8080", IS_ON: "", KEY: "abcd", OTHER: "x" })).toEqual({
      PORT: 8080,
      IS_ON: false,
      KEY: "abcd",
    });
  });

  it("names every fault at once", () => {
    const faults = faultsOf({ PORT: "8080x", IS_ON: "yes", URL: "ftp://x" });
    expect(faults.map((fault) => fault.split(" ")[0] ?? "").toSorted()).toEqual([
      "IS_ON",
      "KEY",
      "PORT",
      "URL",
    ]);
  });

  it.each(["1.5", "1e3", " 80", "80 ", "0x50", "-1", "99999999999999999999"])(
    "never takes %j for another port than it says",
    (text) => {
      expect(faultsOf({ PORT: text, KEY: "abcd" })).toHaveLength(1);
    },
  );

  it("adds the faults of rules that span several values", () => {
    expect(() => loadConfig(schema, { KEY: "abcd" }, () => ["PORT and URL clash"])).toThrow(
      "PORT and URL clash",
    );
  });
});

describe("printConfig", () => {
  it("masks secrets and the passwords of URLs", () => {
    const config = loadConfig(schema, { KEY: "hunter22", URL: "http://me:hunter22@host/x" });
    const printed = printConfig(schema, config);
    expect(printed).not.toContain("hunter22");
    expect(printed).toContain("URL=http://me:********@host/x");
    expect(printed).toContain("PORT=80");
  });
});
