import { describe, expect, it } from "vitest";
import { cacheControlOf } from "./media-caching.ts";

const DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

describe("how long a file may be kept", () => {
  it.each([
    "hls/seg-1.ts",
    "dash/chunk-5.m4s",
    "HLS/SEG-1.TS",
    "audio/1.aac",
    `${DIGEST}.png`,
    `logo.${DIGEST.slice(0, 32)}.svg`,
    "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",
    "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi.json",
  ])("%s: a day, never to be asked for again", (path) => {
    expect(cacheControlOf(path)).toBe("public, max-age=86400, immutable");
  });

  it.each([
    "hls/index.m3u8",
    "dash/manifest.mpd",
    "logo.png",
    "video.mp4",
    "report-20260101120000000.pdf",
    `${DIGEST}/logo.png`,
    "seg-1.ts/logo.png",
  ])("%s: a minute", (path) => {
    expect(cacheControlOf(path)).toBe("public, max-age=60");
  });
});
