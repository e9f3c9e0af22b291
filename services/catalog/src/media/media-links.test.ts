import { describe, expect, it } from "vitest";
import { MediaLinks, type MediaLinksOptions } from "./media-links.ts";
import { BunnySigner } from "./signers/bunny-signer.ts";
import { CloudFrontSigner } from "./signers/cloudfront-signer.ts";
import { S3Presigner } from "./signers/s3-presigner.ts";

const NOW_MS = Date.UTC(2026, 5, 15, 12, 0, 0, 900);
const ORIGIN = "https://api.example";
const FILE = { tenantId: "acme", address: "TOKEN", path: "hls/index.m3u8" };
const DIRECTORY = { ...FILE, directory: "hls/" };

const bucket = new S3Presigner({
  bucketUrl: "https://s3.example/orrery",
  region: "us-east-1",
  accessKeyId: "id",
  secretAccessKey: "secret",
  clock: () => NOW_MS,
});
/** Cannot sign: its key is none. */
const broken = new CloudFrontSigner({
  baseUrl: "https://edge.example",
  privateKey: "no key",
  keyPairId: "K1",
  scheme: "sha1",
});

function linksWith(options: Pick<MediaLinksOptions, "edge" | "bucket">) {
  const reasons: string[] = [];
  const links = new MediaLinks({
    keys: [{ keyId: "k1", secret: Buffer.alloc(32, 1) }],
    ttlMs: 60_000,
    clock: () => NOW_MS,
    onFallback: (reason) => reasons.push(reason),
    ...options,
  });
  return { links, reasons };
}

describe("a URL of media", () => {
  it("is the bucket's own where there is one, for a file", async () => {
    const { links } = linksWith({ edge: undefined, bucket });
    const { url, via, expiresAt } = await links.urlOf(FILE, ORIGIN);
    expect(via).toBe("origin");
    expect(url).toMatch(/^https:\/\/s3\.example\/orrery\/media\/acme\/TOKEN\/hls\/index\.m3u8\?/);
    // Links count in seconds.
    expect(expiresAt).toEqual(new Date(NOW_MS + 60_000 - 900));
  });

  it("is this service's for a directory, which no bucket can open as one", async () => {
    const { links } = linksWith({ edge: undefined, bucket });
    const { url, via } = await links.urlOf(DIRECTORY, ORIGIN);
    expect(via).toBe("origin");
    expect(url).toContain(`${ORIGIN}/api/v1/media/acme/TOKEN/hls/index.m3u8?`);
  });

  it("is the origin's when the edge's signature fails, and that is counted", async () => {
    const { links, reasons } = linksWith({ edge: broken, bucket });
    expect(await links.urlOf(FILE, ORIGIN)).toMatchObject({
      via: "origin",
      url: expect.stringContaining("https://s3.example/"),
    });
    expect(await links.urlOf(DIRECTORY, ORIGIN)).toMatchObject({
      via: "origin",
      url: expect.stringContaining(ORIGIN),
    });
    expect(reasons).toEqual(["signing_error", "signing_error"]);
  });

  it("is the edge's when it signs, and nothing is counted", async () => {
    const edge = new BunnySigner({
      baseUrl: "https://edge.example",
      securityKey: "key",
      scheme: "hs256",
    });
    const { links, reasons } = linksWith({ edge, bucket });
    for (const place of [FILE, DIRECTORY]) {
      expect(await links.urlOf(place, ORIGIN)).toMatchObject({ via: "cdn" });
    }
    expect(reasons).toEqual([]);
  });
});
