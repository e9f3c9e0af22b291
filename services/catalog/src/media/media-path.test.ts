import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { directoriesAbove, directoryOf, filePathOf, mediaFolderOf } from "./media-path.ts";

describe("a file's path", () => {
  it.each([
    ["logo.png", "logo.png"],
    ["hls/720p/seg-1.ts", "hls/720p/seg-1.ts"],
    ["/hls//index.m3u8", "hls/index.m3u8"],
    ["./hls/./index.m3u8", "hls/index.m3u8"],
    ["a..b.png", "a..b.png"],
    ["x".repeat(255), "x".repeat(255)],
  ])("%j is %j", (text, path) => {
    expect(filePathOf(text)).toBe(path);
    expect(filePathOf(path)).toBe(path);
  });

  it.each([
    ["upwards", ".."],
    ["upwards", "../x"],
    ["upwards", "a/../b"],
    ["upwards, though it stays inside", "a/b/../c"],
    ["percent-encoded", "%2e%2e/x"],
    ["percent-encoded", "a%2fb"],
    ["percent-encoded twice", "%252e%252e%252fx"],
    ["overlong UTF-8", "%c0%ae%c0%ae/x"],
    ["backslashes", "..\\x"],
    ["backslashes", "a\\..\\b"],
    ["NUL", "a\u0000.png"],
    ["a line break", "a\n.png"],
    ["full-width dots", "\uff0e\uff0e/x"],
    ["a one-dot leader", "\u2024\u2024/x"],
    ["a two-dot leader", "\u2025/x"],
    ["a division slash", "..\u2215x"],
    ["a full-width slash", "..\uff0fx"],
    ["a full-width backslash", "..\uff3cx"],
    ["a right-to-left override", "gnp.\u202ea"],
    ["a drive", "c:/x"],
    ["a query", "a?b"],
    ["a fragment", "a#b"],
    ["a parameter", "a;b"],
    ["a space", "a b"],
    ["a lone surrogate", "\ud800"],
    ["a dot first", ".hidden"],
    ["dots alone", "a/..."],
    ["no file", ""],
    ["no file", "/"],
    ["no file", "."],
    ["a directory", "hls/"],
    ["a directory", "hls/."],
    ["too many characters", `${"a".repeat(250)}/${"b".repeat(118)}`],
    ["too many segments", "a/".repeat(16) + "b"],
    ["a segment that is too long", "x".repeat(256)],
  ])("is refused: %s (%j)", (_what, text) => {
    expect(() => filePathOf(text)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  it("never leads out of its folder, whatever text was given", () => {
    const pieces = fc.constantFrom(
      "..",
      ".",
      "/",
      "//",
      "%2e",
      "%2f",
      "\\",
      "a",
      "~",
      "\u0000",
      "．",
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 12 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let path: string;
        try {
          path = filePathOf(text);
        } catch {
          return;
        }
        const resolved = new URL(`https://edge.example/folder/${path}`);
        expect(resolved.pathname).toBe(`/folder/${path}`);
        expect(path).toMatch(/^[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/);
      }),
    );
  });
});

describe("a directory", () => {
  it.each([
    ["hls/index.m3u8", "hls/"],
    ["hls/720p/", "hls/720p/"],
    ["/hls//720p/.", "hls/720p/"],
    ["index.m3u8", ""],
    ["/", ""],
  ])("of %j is %j", (text, directory) => {
    expect(directoryOf(text)).toBe(directory);
  });

  it.each(["../", "hls/../", "%2e%2e/", "a\\"])("is refused: %j", (text) => {
    expect(() => directoryOf(text)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  it("stands above a file, the nearest first", () => {
    expect(directoriesAbove("a/b/c.ts")).toEqual(["a/b/", "a/"]);
    expect(directoriesAbove("c.ts")).toEqual([]);
  });
});

describe("a token's folder", () => {
  it("is named after an address that can stand in a key, and after the digest of any other", () => {
    expect(mediaFolderOf("acme", "CTOKEN-1_x")).toBe("media/acme/CTOKEN-1_x/");
    expect(mediaFolderOf("acme", "..")).toMatch(/^media\/acme\/~[\w-]{43}\/$/);
  });

  it("is no other token's, whatever their addresses", () => {
    const addresses = fc.stringMatching(/^[!-~]{1,80}$/);
    fc.assert(
      fc.property(addresses, addresses, (one, other) => {
        const [first, second] = [mediaFolderOf("acme", one), mediaFolderOf("acme", other)];
        expect(first === second).toBe(one === other);
        expect(first).toMatch(/^media\/acme\/[A-Za-z0-9_~-]{1,64}\/$/);
      }),
    );
  });
});
