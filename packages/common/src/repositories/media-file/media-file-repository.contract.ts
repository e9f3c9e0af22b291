import { beforeEach, describe, expect, it } from "vitest";
import { addToken, type CatalogAdapters, NOW_MS } from "../token/catalog-fixtures.contract.ts";
import type { MediaFile, MediaFileRepository } from "./media-file-repository.ts";

const FILE: MediaFile = {
  tokenAddress: "TOKEN",
  path: "hls/index.m3u8",
  contentType: "application/vnd.apple.mpegurl",
  bytes: 10 * 1_024 * 1_024,
  sha256: "a".repeat(64),
  updatedAt: new Date(NOW_MS),
};

/** What every adapter of the port must do. */
export function describeMediaFileRepository(
  adapter: string,
  make: () => Promise<{ files: MediaFileRepository; catalog: CatalogAdapters }>,
): void {
  describe(`MediaFileRepository (${adapter})`, () => {
    let files: MediaFileRepository;
    let catalog: CatalogAdapters;

    beforeEach(async () => {
      ({ files, catalog } = await make());
      await addToken(catalog, "acme");
    });

    it("finds what was put, by its token and path alone", async () => {
      expect(await files.put("acme", FILE)).toEqual({ isNew: true });
      expect(await files.find("acme", "TOKEN", "hls/index.m3u8")).toEqual(FILE);
      expect(await files.find("acme", "TOKEN", "hls/INDEX.m3u8")).toBeUndefined();
      expect(await files.find("acme", "TOKEN2", "hls/index.m3u8")).toBeUndefined();
    });

    it("knows of a path what was put last, and says that it was there", async () => {
      await files.put("acme", FILE);
      const replaced = { ...FILE, contentType: "text/plain", bytes: 0, sha256: "b".repeat(64) };
      expect(await files.put("acme", replaced)).toEqual({ isNew: false });
      expect(await files.find("acme", "TOKEN", FILE.path)).toEqual(replaced);
    });

    it("takes no file of a token that the tenant does not have", async () => {
      await addToken(catalog, "rival", { address: "THEIRS" });
      for (const tokenAddress of ["NONE", "THEIRS"]) {
        const putting = files.put("acme", { ...FILE, tokenAddress });
        await expect(putting).rejects.toMatchObject({ code: "token_not_found" });
        expect(await files.find("acme", tokenAddress, FILE.path)).toBeUndefined();
      }
    });

    it("never shows one tenant the files of another", async () => {
      await addToken(catalog, "rival");
      await files.put("acme", FILE);
      expect(await files.find("rival", "TOKEN", FILE.path)).toBeUndefined();
      await files.put("rival", { ...FILE, bytes: 1 });
      expect((await files.find("acme", "TOKEN", FILE.path))?.bytes).toBe(FILE.bytes);
    });
  });
}
