import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { RequestContext } from "../contracts/request-context.ts";
import { parseContextKeys } from "./context-keys.ts";
import { CONTEXT_TTL_SECONDS, signContext, verifyContext } from "./signed-context.ts";

const NOW_MS = 1_750_000_000_000;
const now = () => NOW_MS;
const key = (keyId: string) => ({ keyId, secret: randomBytes(32) });
const context: RequestContext = {
  tenantId: "acme",
  principal: "key:1",
  scopes: ["billing:write", "billing:read"],
};

describe("signed context", () => {
  it("carries tenant, principal and scopes to the service it is meant for", () => {
    const first = key("a");
    const header = signContext(context, "billing", first, now);
    expect(verifyContext(header, "billing", [first], now)).toEqual(context);
    expect(verifyContext(header, "catalog", [first], now)).toBeUndefined();
  });

  it("is good for its life and not a moment longer", () => {
    const first = key("a");
    const header = signContext(context, "billing", first, now);
    const at = (seconds: number) => () => NOW_MS + seconds * 1_000;
    expect(verifyContext(header, "billing", [first], at(CONTEXT_TTL_SECONDS - 1))).toEqual(context);
    expect(verifyContext(header, "billing", [first], at(CONTEXT_TTL_SECONDS))).toBeUndefined();
  });

  it("verifies under an older key while keys rotate, and under no stranger's", () => {
    const [older, newer, stranger] = [key("a"), key("b"), key("a")];
    const header = signContext(context, "billing", older, now);
    expect(verifyContext(header, "billing", [newer, older], now)).toEqual(context);
    expect(verifyContext(header, "billing", [newer, stranger], now)).toBeUndefined();
    expect(verifyContext(header, "billing", [newer], now)).toBeUndefined();
  });

  it("refuses every change of a byte", () => {
    const first = key("a");
    const header = signContext(context, "billing", first, now);
    // The last character of base64 carries bits that no byte uses.
    for (let index = 0; index < header.length - 1; index += 1) {
      const other = header[index] === "A" ? "B" : "A";
      const forged = `${header.slice(0, index)}${other}${header.slice(index + 1)}`;
      expect(verifyContext(forged, "billing", [first], now), String(index)).toBeUndefined();
    }
  });

  it("refuses a context that claims to live longer than contexts may", () => {
    const first = key("a");
    const early = () => NOW_MS + 3_600_000;
    const header = signContext(context, "billing", first, early);
    expect(verifyContext(header, "billing", [first], now)).toBeUndefined();
  });

  it.each(["", ".", "a.b", "a.b.c", "e30.e30", "x".repeat(10_000)])("refuses %j", (header) => {
    expect(verifyContext(header, "billing", [key("a")], now)).toBeUndefined();
  });

  it("reads keys from the environment's form", () => {
    const secret = randomBytes(32);
    const keys = parseContextKeys(
      `k1:${secret.toString("base64")},k2:${randomBytes(32).toString("base64")}`,
    );
    expect(keys.map(({ keyId }) => keyId)).toEqual(["k1", "k2"]);
    expect(Buffer.from(keys[0].secret)).toEqual(secret);
  });
});
