import { beforeEach, describe, expect, it } from "vitest";
import {
  addBurn,
  addToken,
  type CatalogAdapters,
  drain,
  type MakeAdapters,
  NOW_MS,
} from "../token/catalog-fixtures.contract.ts";

export function describeBurnRepository(name: string, makeAdapters: MakeAdapters): void {
  describe(`burns in ${name}`, () => {
    let adapters: CatalogAdapters;
    beforeEach(async () => {
      adapters = await makeAdapters();
      await addToken(adapters, "acme", { totalSupply: 100n });
      await drain(adapters);
    });

    const supply = async () => {
      const token = await adapters.tokens.find("acme", "TOKEN");
      return [token?.totalSupply, token?.totalBurned, token?.burnCount];
    };

    it("takes a burn from the supply and announces it with the token's id", async () => {
      const { burn, sequence } = await addBurn(adapters, "acme", { amount: 30n });
      expect(burn).toMatchObject({ amount: 30n, tokenAddress: "TOKEN", verified: false });
      expect(sequence).toBeGreaterThan(0n);
      expect(await supply()).toEqual([70n, 30n, 1]);
      const token = await adapters.tokens.find("acme", "TOKEN");
      expect(await drain(adapters)).toMatchObject([
        { type: "burn.created", payload: { tokenId: token?.id } },
      ]);
    });

    it("counts a burn once, however often and however parallel it is reported", async () => {
      const report = () => addBurn(adapters, "acme", { txHash: "same", amount: 30n });
      const reports = await Promise.all(Array.from({ length: 8 }, report));
      expect(reports.filter((report) => report.sequence !== undefined)).toHaveLength(1);
      expect(new Set(reports.map((report) => report.burn.id)).size).toBe(1);
      expect(await supply()).toEqual([70n, 30n, 1]);
      expect(await drain(adapters)).toHaveLength(1);
    });

    it("counts another index of one transaction as another burn", async () => {
      await addBurn(adapters, "acme", { txHash: "same", eventIndex: 0 });
      await addBurn(adapters, "acme", { txHash: "same", eventIndex: 1 });
      expect(await supply()).toEqual([80n, 20n, 2]);
    });

    it("is verified once the chain tells of it, at whatever time the ledger closed", async () => {
      const reported = { txHash: "same", burnedAt: new Date(NOW_MS - 5) };
      await addBurn(adapters, "acme", reported);
      const seen = { txHash: "same", verified: true, burnedAt: new Date(NOW_MS - 9) };
      const { burn, sequence } = await addBurn(adapters, "acme", seen);
      expect([burn.verified, burn.burnedAt, sequence]).toEqual([
        true,
        reported.burnedAt,
        undefined,
      ]);
      const again = await addBurn(adapters, "acme", reported);
      expect([again.burn.verified, again.sequence]).toEqual([true, undefined]);
      const other = addBurn(adapters, "acme", { ...seen, amount: 31n });
      await expect(other).rejects.toMatchObject({ code: "burn_mismatch" });
      expect(await supply()).toEqual([90n, 10n, 1]);
    });

    it("refuses a known burn with other fields", async () => {
      const burnedAt = new Date(NOW_MS - 5);
      await addBurn(adapters, "acme", { txHash: "same", amount: 30n, burnedAt });
      for (const fields of [
        { amount: 31n },
        { from: "another" },
        { burnedBy: "another" },
        { isAdminBurn: true },
        { burnedAt: new Date(NOW_MS) },
      ]) {
        const again = { txHash: "same", amount: 30n, burnedAt, ...fields };
        await expect(addBurn(adapters, "acme", again)).rejects.toMatchObject({
          code: "burn_mismatch",
        });
      }
      expect(await supply()).toEqual([70n, 30n, 1]);
    });

    it("burns the whole supply, and not one unit more", async () => {
      await addBurn(adapters, "acme", { amount: 60n });
      await drain(adapters);
      await expect(
        addBurn(adapters, "acme", { txHash: "too much", amount: 41n }),
      ).rejects.toMatchObject({ code: "burn_exceeds_supply" });
      expect(await drain(adapters)).toEqual([]);
      await addBurn(adapters, "acme", { txHash: "too much", amount: 40n });
      expect(await supply()).toEqual([0n, 100n, 2]);
    });

    it("never burns more than there is when many burn at once", async () => {
      const burns = Array.from({ length: 10 }, () => addBurn(adapters, "acme", { amount: 30n }));
      const results = await Promise.allSettled(burns);
      expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(3);
      expect(await supply()).toEqual([10n, 90n, 3]);
    });

    it("decides burns that come together one by one: who is refused stops no other", async () => {
      await addToken(adapters, "acme", { address: "SMALL", totalSupply: 5n });
      await addToken(adapters, "rival", { address: "SMALL", totalSupply: 9n });
      await drain(adapters);
      const burn = (tenantId: string, fields: object) =>
        addBurn(adapters, tenantId, { tokenAddress: "SMALL", ...fields });
      const results = await Promise.allSettled([
        burn("acme", { txHash: "a", amount: 4n }),
        burn("acme", { txHash: "b", amount: 2n }),
        burn("acme", { txHash: "a", amount: 4n }),
        burn("acme", { txHash: "a", amount: 3n }),
        burn("acme", { txHash: "c", amount: 1n }),
        burn("acme", { tokenAddress: "NONE", txHash: "d" }),
        burn("rival", { txHash: "a", amount: 9n }),
        burn("acme", { tokenAddress: "TOKEN", txHash: "a", amount: 1n }),
      ]);
      const codes = results.map((result) =>
        result.status === "fulfilled"
          ? result.value.sequence !== undefined
          : (result.reason as { code: string }).code,
      );
      expect(codes).toEqual([
        true,
        "burn_exceeds_supply",
        false,
        "burn_mismatch",
        true,
        "token_not_found",
        true,
        true,
      ]);
      const left = async (tenantId: string) =>
        (await adapters.tokens.find(tenantId, "SMALL"))?.totalSupply;
      expect([await left("acme"), await left("rival")]).toEqual([0n, 0n]);
      const told = (await drain(adapters)).map((event) => event.tenantId);
      expect(told.toSorted()).toEqual(["acme", "acme", "acme", "rival"]);
    });

    it("does not find another tenant's token", async () => {
      await expect(addBurn(adapters, "rival")).rejects.toMatchObject({ code: "token_not_found" });
      await expect(addBurn(adapters, "acme", { tokenAddress: "NONE" })).rejects.toMatchObject({
        code: "token_not_found",
      });
      expect(await supply()).toEqual([100n, 0n, 0]);
    });

    it("dates a burn that names no time by the clock", async () => {
      const { burn } = await addBurn(adapters, "acme");
      expect(burn.burnedAt).toEqual(new Date(NOW_MS));
    });
  });
}
