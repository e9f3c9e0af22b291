import { uuidv7 } from "@orrery/common/contracts/id";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateApiKey, hashSecret, isSameText, isSecretOf, parseApiKey } from "./api-key.ts";

describe("API keys", () => {
  it("read back as what they were made of, whatever the random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const id = uuidv7();
        const key = generateApiKey("live", id, () => Buffer.from(bytes));
        expect(parseApiKey(key.text)).toEqual({ environment: "live", id, secret: key.secret });
        expect(isSecretOf(key.secret, hashSecret(key.secret))).toBe(true);
      }),
    );
  });

  it("are 256 random bits that never repeat", () => {
    const id = uuidv7();
    const texts = Array.from({ length: 100 }, () => generateApiKey("test", id).text);
    expect(new Set(texts).size).toBe(100);
    expect(Buffer.from(generateApiKey("test", id).secret, "base64url")).toHaveLength(32);
  });

  const { text, secret } = generateApiKey("test", uuidv7());
  it.each([
    ["nothing", ""],
    ["another prefix", text.replace("ork_", "sk_")],
    ["no environment", text.replace("_test_", "__")],
    ["an upper-case environment", text.replace("_test_", "_TEST_")],
    ["an id that is no UUIDv7", text.replace(/^([^-]+-[^-]+)-7/, "$1-4")],
    ["a short secret", text.slice(0, -1)],
    ["a long secret", `${text}A`],
    ["a space before", ` ${text}`],
    ["a line break after", `${text}\n`],
    ["two keys joined", `${text}, ${text}`],
  ])("are refused with %s", (_what, wrong) => {
    expect(parseApiKey(wrong)).toBeUndefined();
  });

  it("match their own hash only", () => {
    const other = generateApiKey("test", uuidv7()).secret;
    expect(isSecretOf(other, hashSecret(secret))).toBe(false);
    expect(isSecretOf(secret, new Uint8Array(0))).toBe(false);
    expect(isSecretOf(secret, hashSecret(secret).slice(0, 31))).toBe(false);
  });
});

describe("isSameText", () => {
  it("is equality, of any lengths", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(isSameText(a, b)).toBe(a === b);
        expect(isSameText(a, a)).toBe(true);
      }),
    );
  });
});
