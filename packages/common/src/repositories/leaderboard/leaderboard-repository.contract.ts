import { beforeEach, describe, expect, it } from "vitest";
import {
  addBurn,
  addToken,
  type CatalogAdapters,
  type MakeAdapters,
} from "../token/catalog-fixtures.contract.ts";
import { describeBoardWindows } from "./board-windows.contract.ts";
import type { BoardPage } from "./leaderboard-repository.ts";

const DAY_MS = 86_400_000;

export function describeLeaderboardRepository(name: string, makeAdapters: MakeAdapters): void {
  describeBoardWindows(name, makeAdapters);

  describe(`boards in ${name}`, () => {
    let adapters: CatalogAdapters;
    beforeEach(async () => {
      adapters = await makeAdapters();
    });

    const read = async (fields: Partial<BoardPage> = {}) => {
      const board = await adapters.boards.readBoard({
        scope: { tenantId: undefined },
        type: "most-burned",
        period: "24h",
        offset: 0,
        limit: 10,
        ...fields,
      });
      const rows = board.rows.map(({ token, metric }) => [token.address, metric]);
      return { rows, total: board.total, changesInMs: board.changesInMs };
    };

    it("ranks by what was burned, equal sums by address bytewise, over pages", async () => {
      for (const address of ["b", "a", "B", "quiet"]) await addToken(adapters, "acme", { address });
      for (const tokenAddress of ["b", "a", "B"]) await addBurn(adapters, "acme", { tokenAddress });
      await addBurn(adapters, "acme", { tokenAddress: "b", amount: 1n });
      expect((await read()).rows).toEqual([
        ["b", 11n],
        ["B", 10n],
        ["a", 10n],
      ]);
      const second = await read({ offset: 1, limit: 1 });
      expect([second.rows, second.total]).toEqual([[["B", 10n]], 3]);
    });

    it("shows listed tokens of everyone on the platform, and all of a tenant's own to him", async () => {
      await addToken(adapters, "acme", { address: "listed" });
      await addToken(adapters, "acme", { address: "hidden", listed: false });
      await addToken(adapters, "rival", { address: "other" });
      for (const tokenAddress of ["listed", "hidden"]) {
        await addBurn(adapters, "acme", { tokenAddress });
      }
      await addBurn(adapters, "rival", { tokenAddress: "other" });
      for (const type of ["most-burned", "newest", "largest-supply"] as const) {
        const platform = await read({ type, period: "all" });
        expect(platform.rows.map(([address]) => address)).toEqual(["listed", "other"]);
        expect(platform.total).toBe(2);
        const own = await read({ type, period: "all", scope: { tenantId: "acme" } });
        expect(own.rows.map(([address]) => address)).toEqual(["hidden", "listed"]);
      }
    });

    it("gives the public fields of a token as they are now", async () => {
      await addToken(adapters, "acme", { metadataUri: "ipfs://x" });
      await addBurn(adapters, "acme", { amount: 10n });
      const { rows } = await adapters.boards.readBoard({
        scope: { tenantId: undefined },
        type: "newest",
        period: "all",
        offset: 0,
        limit: 1,
      });
      expect(rows[0]?.token).toMatchObject({
        address: "TOKEN",
        name: "Nova",
        symbol: "NOV",
        decimals: 7,
        totalSupply: 990n,
        totalBurned: 10n,
        burnCount: 1,
        metadataUri: "ipfs://x",
        createdAt: new Date(adapters.time.nowMs),
      });
      expect(rows[0]?.metric).toBe(BigInt(adapters.time.nowMs));
    });

    it("keeps a burn to the last moment of the window, and tells when time will change it", async () => {
      await addToken(adapters, "acme");
      await addBurn(adapters, "acme");
      const { changesInMs = 0 } = await read();
      expect(changesInMs).toBeGreaterThan(DAY_MS);
      expect(changesInMs).toBeLessThanOrEqual(DAY_MS + 1);
      adapters.time.nowMs += DAY_MS;
      expect((await read()).rows).toEqual([["TOKEN", 10n]]);
      adapters.time.nowMs += 1;
      expect((await read()).rows).toEqual([]);
      expect((await read({ period: "7d" })).rows).toEqual([["TOKEN", 10n]]);
      expect((await read({ period: "all" })).changesInMs).toBeUndefined();
    });

    it("counts a burner while his last burn counts", async () => {
      await addToken(adapters, "acme");
      const burnsOf = { type: "most-burners" } as const;
      await addBurn(adapters, "acme", { burnedBy: "ada" });
      await addBurn(adapters, "acme", { burnedBy: "bob" });
      adapters.time.nowMs += DAY_MS / 2;
      await addBurn(adapters, "acme", { burnedBy: "ada" });
      expect((await read(burnsOf)).rows).toEqual([["TOKEN", 2n]]);
      adapters.time.nowMs += DAY_MS / 2 + 1;
      expect((await read(burnsOf)).rows).toEqual([["TOKEN", 1n]]);
      await addBurn(adapters, "acme", { burnedBy: "bob" });
      expect((await read(burnsOf)).rows).toEqual([["TOKEN", 2n]]);
    });

    it("counts each burn once when many read while many burn", async () => {
      await addToken(adapters, "acme", { totalSupply: 10_000n });
      const work = Array.from({ length: 30 }, (_, index) =>
        index % 3 === 0 ? read() : addBurn(adapters, "acme"),
      );
      await Promise.all([...work, adapters.boards.advance()]);
      expect((await read()).rows).toEqual([["TOKEN", 200n]]);
      expect((await read({ type: "most-active" })).rows).toEqual([["TOKEN", 20n]]);
    });
  });
}
