import { describe, expect, it } from "vitest";
import { readLink, signLink } from "./signed-link.ts";

const KEY = { keyId: "k1", secret: Buffer.alloc(32, 1) };
const OTHER_KEY = { keyId: "k2", secret: Buffer.alloc(32, 2) };
const TERMS = {
  purpose: "export",
  tenantId: "acme",
  subject: "a-file",
  expiresAt: new Date(2_000_000),
};
const before = () => 1_999_999;

const read = (
  changes: { purpose?: string; subject?: string; expires?: string; sig?: string } = {},
  keys = [KEY],
  clock = before,
) => {
  const { purpose = "export", subject = "a-file", ...query } = changes;
  return readLink({ purpose, subject }, { ...signLink(TERMS, KEY), ...query }, keys, clock);
};

describe("a signed link", () => {
  it("opens what it was signed for, and says whose it is", () => {
    expect(read()).toEqual({ outcome: "valid", tenantId: "acme" });
    expect(signLink(TERMS, KEY).expires).toBe("2000");
  });

  it("expires at its time, to the millisecond", () => {
    expect(read({}, [KEY], () => 2_000_000)).toEqual({ outcome: "expired", tenantId: "acme" });
  });

  it.each([
    ["another purpose", { purpose: "media" }],
    ["another subject", { subject: "b-file" }],
    ["a later time", { expires: "2001" }],
    ["the same time written otherwise", { expires: "02000" }],
    ["no time", { expires: "" }],
    ["no signature", { sig: "" }],
  ])("opens nothing with %s", (_what, changes) => {
    expect(read(changes)).toEqual({ outcome: "invalid" });
  });

  it("opens nothing of another tenant, nor with a changed or cut signature", () => {
    const { sig } = signLink(TERMS, KEY);
    const changed = sig.endsWith("A") ? `${sig.slice(0, -2)}BA` : `${sig.slice(0, -2)}AA`;
    for (const forged of [
      sig.replace("acme", "globex"),
      sig.replace("acme", ""),
      sig.replace("acme", "a/b"),
      sig.replace("k1", "k2"),
      sig.slice(0, -4),
      `${sig}.more`,
      changed,
    ]) {
      expect(read({ sig: forged }), forged).toEqual({ outcome: "invalid" });
    }
  });

  it("is opened by every key that is kept, and by none that is gone", () => {
    expect(read({}, [OTHER_KEY, KEY]).outcome).toBe("valid");
    expect(read({}, [OTHER_KEY]).outcome).toBe("invalid");
    expect(read({}, [{ ...OTHER_KEY, keyId: "k1" }]).outcome).toBe("invalid");
  });
});
