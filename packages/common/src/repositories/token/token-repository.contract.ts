import { beforeEach, describe, expect, it } from "vitest";
import {
  addBurn,
  addToken,
  type CatalogAdapters,
  drain,
  type MakeAdapters,
  NOW_MS,
} from "./catalog-fixtures.contract.ts";
import { TOKEN_SORTS, type TokenSearch } from "./token-repository.ts";

const MAX_I128 = 2n ** 127n - 1n;

export function describeTokenRepository(name: string, makeAdapters: MakeAdapters): void {
  describe(`tokens in ${name}`, () => {
    let adapters: CatalogAdapters;
    beforeEach(async () => {
      adapters = await makeAdapters();
    });

    const search = async (fields: Partial<TokenSearch> = {}, tenantId = "acme") => {
      const { tokens, total } = await adapters.tokens.search(tenantId, {
        sortBy: "created",
        sortOrder: "desc",
        offset: 0,
        limit: 20,
        ...fields,
      });
      return { addresses: tokens.map((token) => token.address), total };
    };

    it("keeps every field, the largest i128 to the last digit", async () => {
      const fields = { totalSupply: MAX_I128, metadataUri: "ipfs://x", listed: false };
      const { token } = await addToken(adapters, "acme", fields);
      expect(token).toMatchObject({ ...fields, tenantId: "acme", totalBurned: 0n, burnCount: 0 });
      expect(await adapters.tokens.find("acme", "TOKEN")).toEqual(token);
    });

    it("refuses an address that the tenant has, and announces nothing", async () => {
      await addToken(adapters, "acme");
      await drain(adapters);
      await expect(addToken(adapters, "acme", { name: "Other" })).rejects.toMatchObject({
        code: "token_exists",
      });
      expect(await drain(adapters)).toEqual([]);
      expect((await adapters.tokens.find("acme", "TOKEN"))?.name).toBe("Nova");
    });

    it("keeps tenants apart: equal addresses, finding and searching", async () => {
      await addToken(adapters, "acme", { name: "Ours" });
      await addToken(adapters, "rival", { name: "Theirs" });
      expect((await adapters.tokens.find("acme", "TOKEN"))?.name).toBe("Ours");
      expect(await adapters.tokens.find("third", "TOKEN")).toBeUndefined();
      expect(await search({ text: "theirs" })).toEqual({ addresses: [], total: 0 });
    });

    it("finds a part of name or symbol whatever its case, and takes % and _ literally", async () => {
      await addToken(adapters, "acme", { address: "A", name: "100% Öl", symbol: "OEL" });
      await addToken(adapters, "acme", { address: "B", name: "1000 oil", symbol: "O_L" });
      await addToken(adapters, "acme", { address: "C", name: "back\\slash", symbol: "BS" });
      expect((await search({ text: "ÖL" })).addresses).toEqual(["A"]);
      expect((await search({ text: "0%" })).addresses).toEqual(["A"]);
      expect((await search({ text: "o_l" })).addresses).toEqual(["B"]);
      expect((await search({ text: "k\\s" })).addresses).toEqual(["C"]);
      expect((await search({ text: "oilo" })).addresses).toEqual([]);
    });

    it("filters by time and supply with both bounds inside, and by burns", async () => {
      const day = (number: number) => new Date(NOW_MS + number * 86_400_000);
      await addToken(adapters, "acme", { address: "A", totalSupply: 100n, createdAt: day(1) });
      await addToken(adapters, "acme", { address: "B", totalSupply: 200n, createdAt: day(2) });
      await addToken(adapters, "acme", { address: "C", totalSupply: 300n, createdAt: day(3) });
      await addBurn(adapters, "acme", { tokenAddress: "C", amount: 1n });
      const between = { createdFrom: day(1), createdTo: day(2) };
      expect((await search(between)).addresses).toEqual(["B", "A"]);
      expect((await search({ minSupply: 200n, maxSupply: 299n })).addresses).toEqual(["C", "B"]);
      expect((await search({ hasBurns: true })).addresses).toEqual(["C"]);
      expect((await search({ hasBurns: false })).addresses).toEqual(["B", "A"]);
    });

    it("sorts by each order with ties by address, and pages over a stable total", async () => {
      await addToken(adapters, "acme", { address: "b", name: "Zeta", totalSupply: 5n });
      await addToken(adapters, "acme", { address: "B", name: "alpha", totalSupply: 40n });
      await addToken(adapters, "acme", { address: "a", name: "Zeta", totalSupply: 300n });
      await addBurn(adapters, "acme", { tokenAddress: "b", amount: 2n });
      expect((await search({ sortBy: "created" })).addresses).toEqual(["B", "a", "b"]);
      expect((await search({ sortBy: "name", sortOrder: "asc" })).addresses).toEqual([
        "a",
        "b",
        "B",
      ]);
      expect((await search({ sortBy: "supply" })).addresses).toEqual(["a", "B", "b"]);
      expect((await search({ sortBy: "burned" })).addresses).toEqual(["b", "B", "a"]);
      expect(await search({ offset: 2, limit: 2 })).toEqual({ addresses: ["b"], total: 3 });
      expect(await search({ offset: 4, limit: 2 })).toEqual({ addresses: [], total: 3 });
    });

    it("turns the whole order round, ties too, and says whether there is more", async () => {
      for (const address of ["b", "a", "c"]) await addToken(adapters, "acme", { address });
      for (const sortBy of TOKEN_SORTS) {
        const first = sortBy === "name" ? "asc" : "desc";
        const last = sortBy === "name" ? "desc" : "asc";
        for (const text of [undefined, "nova"]) {
          const wanted = { sortBy, ...(text !== undefined && { text }) };
          const natural = await search({ ...wanted, sortOrder: first });
          expect(natural.addresses, sortBy).toEqual(["a", "b", "c"]);
          const turned = await search({ ...wanted, sortOrder: last });
          expect(turned.addresses, sortBy).toEqual(["c", "b", "a"]);
        }
      }
      const page = { sortBy: "created", sortOrder: "desc", limit: 2 } as const;
      for (const [offset, hasNext] of [
        [0, true],
        [1, false],
        [3, false],
      ] as const) {
        for (const text of [undefined, "nova"]) {
          const wanted = { ...page, offset, ...(text !== undefined && { text }) };
          const found = await adapters.tokens.search("acme", wanted);
          expect(found).toMatchObject({ total: 3, isTotalExact: true, hasNext });
        }
      }
    });
  });
}
