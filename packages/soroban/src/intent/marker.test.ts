import { describe, expect, it } from "vitest";
import { deriveMarker } from "./marker.ts";

const NETWORK = "Orrery Local Network ; 2026";

describe("deriveMarker", () => {
  it("gives what sha256sum gives for the same bytes", () => {
    expect(deriveMarker(NETWORK, "deduct", "acme", "req_1")).toBe(
      "9798f60aa28f82cfaa75cd36e17cddfa",
    );
    expect(deriveMarker(NETWORK, "stream", "acme", "strömung/7")).toBe(
      "14a17cc3859eecb92de948439ddc12fd",
    );
  });

  it("fits a contract Symbol", () => {
    expect(deriveMarker(NETWORK, "settlement", "acme", "x".repeat(255))).toMatch(
      /^[a-zA-Z0-9_]{32}$/,
    );
  });

  it("differs by network, kind, tenant and id", () => {
    const markers = [
      deriveMarker(NETWORK, "deduct", "acme", "1"),
      deriveMarker("another", "deduct", "acme", "1"),
      deriveMarker(NETWORK, "stream", "acme", "1"),
      deriveMarker(NETWORK, "deduct", "beta", "1"),
      deriveMarker(NETWORK, "deduct", "acme", "2"),
    ];
    expect(new Set(markers).size).toBe(markers.length);
  });
});
