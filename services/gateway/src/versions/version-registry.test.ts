import { describe, expect, it } from "vitest";
import { VERSIONS, type Version } from "./version.ts";
import { VersionRegistry } from "./version-registry.ts";

const v2: Version = { name: "v2", mount: "/api/v2", aliases: [], operations: {} };

describe("VersionRegistry", () => {
  const registry = new VersionRegistry([...VERSIONS, v2]);

  it.each([
    ["/api/v1/tokens", "v1", "/api/v1/tokens"],
    ["/api/tokens?q=a%2Fb", "v1", "/api/v1/tokens?q=a%2Fb"],
    ["/api", "v1", "/api/v1"],
    ["/api?x=1", "v1", "/api/v1?x=1"],
    ["/api/v10/tokens", "v1", "/api/v1/v10/tokens"],
    ["/api/v2/tokens", "v2", "/api/v2/tokens"],
  ])("puts %s under %s as %s", (url, name, canonical) => {
    expect(registry.find(url)?.version.name).toBe(name);
    expect(registry.headersOf(url)).toEqual({ "x-api-version": name });
    expect(registry.canonicalUrl(url)).toBe(canonical);
  });

  it.each(["/", "/apis", "/health", "/API/v1", "/%61pi/v1/tokens"])(
    "leaves %s outside the versions",
    (url) => {
      expect(registry.find(url)).toBeUndefined();
      expect(registry.headersOf(url)).toEqual({});
      expect(registry.canonicalUrl(url)).toBe(url);
    },
  );

  it("tells of a deprecation and a sunset", () => {
    const leaving: Version = {
      ...v2,
      deprecatedAt: new Date("2027-01-01T00:00:00.000Z"),
      sunsetAt: new Date("2028-01-01T00:00:00.000Z"),
    };
    expect(new VersionRegistry([leaving]).headersOf("/api/v2/tokens")).toEqual({
      "x-api-version": "v2",
      deprecation: "@1798761600",
      sunset: "Sat, 01 Jan 2028 00:00:00 GMT",
    });
  });

  it("refuses two versions on one mount", () => {
    expect(() => new VersionRegistry([...VERSIONS, { ...v2, mount: "/api" }])).toThrow("one mount");
  });

  it("refuses a version that would end before it is deprecated", () => {
    const wrong: Version = {
      ...v2,
      deprecatedAt: new Date("2028-01-02T00:00:00.000Z"),
      sunsetAt: new Date("2028-01-01T00:00:00.000Z"),
    };
    expect(() => new VersionRegistry([wrong])).toThrow("before it is deprecated");
  });
});
