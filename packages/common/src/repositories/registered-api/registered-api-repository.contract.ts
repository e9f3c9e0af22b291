import { beforeEach, describe, expect, it } from "vitest";
import type { RegisteredApiRepository } from "./registered-api-repository.ts";

/** What every adapter of the port must do. */
export function describeRegisteredApiRepository(
  adapter: string,
  make: () => Promise<RegisteredApiRepository>,
): void {
  describe(`RegisteredApiRepository (${adapter})`, () => {
    let apis: RegisteredApiRepository;
    const first = new Date("2026-01-01T00:00:00.000Z");
    const later = new Date("2026-01-02T00:00:00.000Z");
    const weather = { apiId: "weather", name: "Weather", payoutAddress: "G1" };

    beforeEach(async () => {
      apis = await make();
    });

    it("finds what was put", async () => {
      const settlement = { mode: "per_request" } as const;
      const stored = { ...weather, settlement, createdAt: first, updatedAt: first };
      expect(await apis.put("acme", weather, first)).toEqual({ api: stored, isNew: true });
      expect(await apis.find("acme", "weather")).toEqual(stored);
    });

    it("replaces name and address and keeps when the API was first set", async () => {
      await apis.put("acme", weather, first);
      const changed = { ...weather, name: "Forecast", payoutAddress: "G2" };
      const replaced = await apis.put("acme", changed, later);
      expect(replaced).toEqual({
        api: {
          ...changed,
          settlement: { mode: "per_request" },
          createdAt: first,
          updatedAt: later,
        },
        isNew: false,
      });
      expect(await apis.find("acme", "weather")).toEqual(replaced.api);
    });

    it("keeps how the API settles, exactly, and forgets it when it is put without", async () => {
      const often = { mode: "aggregated", everySeconds: 1, atStroops: 2n ** 63n - 1n } as const;
      const daily = { mode: "aggregated", everySeconds: 86_400 } as const;
      for (const settlement of [often, daily]) {
        await apis.put("acme", { ...weather, settlement }, first);
        expect((await apis.find("acme", "weather"))?.settlement).toEqual(settlement);
      }
      await apis.put("acme", weather, later);
      expect((await apis.find("acme", "weather"))?.settlement).toEqual({ mode: "per_request" });
    });

    it("never shows one tenant the API of another", async () => {
      await apis.put("acme", weather, first);
      expect(await apis.find("globex", "weather")).toBeUndefined();
    });
  });
}
