import { describe, expect, it } from "vitest";
import { BunnySigner } from "./bunny-signer.ts";

// The vectors of Bunny's own libraries: one key, one time.
// HS256: https://github.com/BunnyWay/BunnyCDN.TokenAuthentication, e2e/vectors.json and nodejs/token.test.js.
// SHA-256: the same repository before it changed schemes, TokenSignerTests.cs at 1019b23.
const EXPIRES_AT_S = 1_598_024_587;
const HOST = "https://token-tester.b-cdn.net";

function signerOf(scheme: "sha256" | "hs256", baseUrl = HOST): BunnySigner {
  return new BunnySigner({ baseUrl, securityKey: "SecurityKey", scheme });
}

describe("Bunny's tokens", () => {
  it("are the published HS256 token for a file", async () => {
    expect(await signerOf("hs256").sign({ key: "300kb.jpg" }, EXPIRES_AT_S)).toBe(
      `${HOST}/300kb.jpg?token=HS256-o10JRWlsAItyAsdKS6jJKjabHN4FrFsplDHPV1idcX4&expires=1598024587`,
    );
  });

  it("are the published tokens for a directory as a file, in both schemes", async () => {
    // "directory allowed": the path is the directory, and no token_path is said.
    const target = { key: "abc/" };
    expect(await signerOf("hs256").sign(target, EXPIRES_AT_S)).toContain(
      "HS256-bTMv4RVOkjx2UXLfVDl-JIygaxfSIQP8UCnCy7CILuY",
    );
    expect(await signerOf("sha256").sign(target, EXPIRES_AT_S)).toContain(
      "e0fYj-NC_YeROS_0gTGvscP7HR_Du78I7WBVSDV8P4E",
    );
  });

  it("are the published URLs for a directory and all that it holds, in both schemes", async () => {
    const target = { key: "abc/300kb.jpg", directory: "abc" };
    expect(await signerOf("hs256").sign(target, EXPIRES_AT_S)).toBe(
      `${HOST}/bcdn_token=HS256-uVZvT3SbEoVKYJyDJgbcsDmSFf73cv-uNUVaJiKWpbQ&token_path=%2Fabc&expires=1598024587/abc/300kb.jpg`,
    );
    expect(await signerOf("sha256").sign(target, EXPIRES_AT_S)).toBe(
      `${HOST}/bcdn_token=xwPaUzEMSgOZ7yl86K55G7len9n1UMiuP36IAyw8Mjs&token_path=%2Fabc&expires=1598024587/abc/300kb.jpg`,
    );
  });

  it("sign the whole path when the edge serves keys below one", async () => {
    const below = await signerOf("hs256", `${HOST}/abc/`).sign(
      { key: "300kb.jpg", directory: "" },
      EXPIRES_AT_S,
    );
    const above = await signerOf("hs256").sign(
      { key: "abc/300kb.jpg", directory: "abc/" },
      EXPIRES_AT_S,
    );
    expect(below).toBe(above);
  });

  it("let a relative segment inherit a directory's token", async () => {
    const playlist = await signerOf("sha256").sign(
      { key: "media/acme/T/hls/index.m3u8", directory: "media/acme/T/hls/" },
      EXPIRES_AT_S,
    );
    const segment = new URL("720p/seg-1.ts", playlist).href;
    expect(segment).toBe(playlist.replace("index.m3u8", "720p/seg-1.ts"));
  });
});
