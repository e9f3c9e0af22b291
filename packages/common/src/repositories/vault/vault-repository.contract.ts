import { beforeEach, describe, expect, it } from "vitest";
import type { VaultRepository } from "./vault-repository.ts";

/** What every adapter of the port must do. */
export function describeVaultRepository(
  adapter: string,
  make: () => Promise<VaultRepository>,
): void {
  describe(`VaultRepository (${adapter})`, () => {
    let vaults: VaultRepository;
    const first = new Date("2026-01-01T00:00:00.000Z");
    const later = new Date("2026-01-02T00:00:00.000Z");

    beforeEach(async () => {
      vaults = await make();
    });

    it("finds what was put", async () => {
      const stored = { userId: "ada", contractId: "C1", createdAt: first, updatedAt: first };
      expect(await vaults.put("acme", { userId: "ada", contractId: "C1" }, first)).toEqual({
        vault: stored,
        isNew: true,
      });
      expect(await vaults.find("acme", "ada")).toEqual(stored);
    });

    it("replaces the contract and keeps when the vault was first set", async () => {
      await vaults.put("acme", { userId: "ada", contractId: "C1" }, first);
      const replaced = await vaults.put("acme", { userId: "ada", contractId: "C2" }, later);
      expect(replaced).toEqual({
        vault: { userId: "ada", contractId: "C2", createdAt: first, updatedAt: later },
        isNew: false,
      });
      expect(await vaults.find("acme", "ada")).toEqual(replaced.vault);
    });

    it("never shows one tenant the vault of another", async () => {
      await vaults.put("acme", { userId: "ada", contractId: "C1" }, first);
      expect(await vaults.find("globex", "ada")).toBeUndefined();
      await vaults.put("globex", { userId: "ada", contractId: "C9" }, later);
      expect((await vaults.find("acme", "ada"))?.contractId).toBe("C1");
    });

    it("lets no tenant name a vault that another was the first to name, also when they come at once", async () => {
      await vaults.put("acme", { userId: "ada", contractId: "C1" }, first);
      await expect(
        vaults.put("globex", { userId: "eve", contractId: "C1" }, later),
      ).rejects.toMatchObject({ code: "vault_taken" });
      expect(await vaults.find("globex", "eve")).toBeUndefined();
      await vaults.put("acme", { userId: "bob", contractId: "C1" }, later);
      await vaults.put("acme", { userId: "ada", contractId: "C2" }, later);
      await vaults.put("acme", { userId: "bob", contractId: "C2" }, later);
      // Charges that were accepted still pay from it.
      await expect(
        vaults.put("globex", { userId: "eve", contractId: "C1" }, later),
      ).rejects.toMatchObject({ code: "vault_taken" });
      const at = { userId: "ada", contractId: "C3" };
      const both = await Promise.allSettled([
        vaults.put("acme", at, later),
        vaults.put("globex", at, later),
      ]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    });

    it("keeps ids apart that differ in case alone", async () => {
      await vaults.put("acme", { userId: "ada", contractId: "C1" }, first);
      expect(await vaults.find("acme", "Ada")).toBeUndefined();
    });
  });
}
