import { generateKeyPairSync } from "node:crypto";
import { ConfigError } from "@orrery/common/config/env";
import { describe, expect, it } from "vitest";
import { CONTEXT_SIGNING_KEYS, MEDIA_URL_KEYS } from "../../test/catalog-client.ts";
import { readConfig } from "../config.ts";
import { cdnSettingsOf } from "./media-variables.ts";

const ENV = { PERSISTENCE: "memory", CONTEXT_SIGNING_KEYS, MEDIA_URL_KEYS };
const BUNNY = {
  CDN_ENABLED: "true",
  CDN_PROVIDER: "bunny",
  CDN_BASE_URL: "https://zone.b-cdn.net",
  CDN_SECURITY_KEY: "key",
};
const PEM = generateKeyPairSync("rsa", { modulusLength: 2_048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig({ ...ENV, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("the settings of media", () => {
  it("use no edge unless one is enabled, whatever else is set", () => {
    expect(cdnSettingsOf(readConfig(ENV))).toBeUndefined();
    expect(cdnSettingsOf(readConfig({ ...ENV, ...BUNNY, CDN_ENABLED: "false" }))).toBeUndefined();
    expect(faultsOf({ CDN_SECURITY_KEY: "", CDN_PROVIDER: "cloudfront" })).toEqual([]);
  });

  it.each(["CDN_PROVIDER", "CDN_BASE_URL", "CDN_SECURITY_KEY"])(
    "refuse an edge without %s, empty or absent",
    (name) => {
      expect(faultsOf({ ...BUNNY, [name]: "" })).toEqual([
        `CDN_ENABLED is true: ${name} is required`,
      ]);
    },
  );

  it.each([
    ["bunny", undefined, "sha256"],
    ["bunny", "hs256", "hs256"],
    ["cloudflare", undefined, "hmac"],
    ["cloudfront", undefined, "sha1"],
    ["cloudfront", "sha256", "sha256"],
  ])("take %s's scheme %s for %s", (provider, scheme, expected) => {
    const config = readConfig({
      ...ENV,
      ...BUNNY,
      CDN_PROVIDER: provider,
      CDN_SECURITY_KEY: provider === "cloudfront" ? PEM.replaceAll("\n", "\\n") : "key",
      CDN_KEY_ID: "K1",
      ...(scheme !== undefined && { CDN_SCHEME: scheme }),
    });
    const settings = cdnSettingsOf(config);
    expect(settings).toMatchObject({ provider, scheme: expected });
    expect(settings?.securityKey).toBe(provider === "cloudfront" ? PEM : "key");
  });

  it("refuse a scheme of another provider, and a key without what it is called", () => {
    expect(faultsOf({ ...BUNNY, CDN_SCHEME: "sha1" })).toEqual([
      "CDN_SCHEME: bunny has sha256 and hs256, not sha1",
    ]);
    const r2 = { ...BUNNY, CDN_PROVIDER: "cloudflare", CDN_SCHEME: "r2" };
    expect(faultsOf(r2)).toEqual(["CDN_KEY_ID is required for r2"]);
    expect(faultsOf({ ...BUNNY, CDN_PROVIDER: "cloudfront" })).toEqual([
      "CDN_KEY_ID is required for cloudfront",
      "CDN_SECURITY_KEY is not the PEM of an RSA private key, which cloudfront wants",
    ]);
  });

  it("refuse a provider and an address that are none", () => {
    expect(faultsOf({ ...BUNNY, CDN_PROVIDER: "akamai" })).toHaveLength(1);
    for (const url of ["zone.b-cdn.net", "https://zone.b-cdn.net/?a=b", "ftp://zone"]) {
      expect(faultsOf({ ...BUNNY, CDN_BASE_URL: url }), url).toHaveLength(1);
    }
  });

  it("refuse a bucket as origin that is not there, and links signed with the contexts' keys", () => {
    expect(faultsOf({ MEDIA_ORIGIN: "bucket" })).toEqual([
      "MEDIA_ORIGIN is bucket: S3_ENDPOINT is required",
    ]);
    expect(faultsOf({ MEDIA_URL_KEYS: CONTEXT_SIGNING_KEYS })).toEqual([
      "MEDIA_URL_KEYS and CONTEXT_SIGNING_KEYS share a key",
    ]);
  });
});
