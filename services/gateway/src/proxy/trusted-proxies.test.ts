import { describe, expect, it } from "vitest";
import { parseTrustedProxies } from "./trusted-proxies.ts";

describe("trusted proxies", () => {
  const proxies = parseTrustedProxies("10.0.0.0/8, 192.0.2.7,2001:db8::/32");

  it.each(["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.7", "2001:db8::1"])("trust %s", (address) => {
    expect(proxies.has(address)).toBe(true);
  });

  it.each(["11.0.0.1", "192.0.2.8", "2001:db9::1", "::1", "", "nonsense", undefined])(
    "do not trust %s",
    (address) => {
      expect(proxies.has(address)).toBe(false);
    },
  );

  it("are nobody unless they are named", () => {
    expect(parseTrustedProxies(undefined).has("127.0.0.1")).toBe(false);
  });

  it.each(["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "proxy.example", "10.0.0.0/x"])(
    "refuse %s at boot",
    (entry) => {
      expect(() => parseTrustedProxies(entry)).toThrow(entry);
    },
  );
});
