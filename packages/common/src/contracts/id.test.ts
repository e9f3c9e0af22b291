import { describe, expect, it } from "vitest";
import { isUuid, namedUuid, uuidv7 } from "./id.ts";

describe("uuidv7", () => {
  it("carries version, variant and the time it was made", () => {
    const id = uuidv7(0x0123456789ab);
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("sorts by time and never repeats", () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => uuidv7(1_700_000_000_000 + index));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(Array.from({ length: 1_000 }, () => uuidv7(1))).size).toBe(1_000);
  });
});

describe("namedUuid", () => {
  it("is the first bits of the name's SHA-256, marked as version 8", () => {
    // sha256sum of the same bytes: ad797e43d596c22ffafe13709f61d43d…
    expect(namedUuid("acme\nstream-ada/1")).toBe("ad797e43-d596-822f-bafe-13709f61d43d");
  });

  it("differs by name", () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => namedUuid(`name ${index}`));
    expect(new Set(ids).size).toBe(1_000);
    expect(ids.every(isUuid)).toBe(true);
  });
});
