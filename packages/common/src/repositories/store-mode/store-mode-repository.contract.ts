import { beforeEach, describe, expect, it } from "vitest";
import type { StoreModeRepository } from "./store-mode-repository.ts";

/** What every adapter of the port must do. */
export function describeStoreModeRepository(
  adapter: string,
  make: () => Promise<StoreModeRepository>,
): void {
  describe(`StoreModeRepository (${adapter})`, () => {
    let modes: StoreModeRepository;
    beforeEach(async () => {
      modes = await make();
    });

    it("remembers the last setting of each repository", async () => {
      expect(await modes.find("stream")).toBeUndefined();
      await modes.put("stream", { mode: "dual", reads: "memory" });
      await modes.put("stream", { mode: "dual", reads: "postgres" });
      await modes.put("export", { mode: "memory", reads: "memory" });
      expect(await modes.find("stream")).toEqual({ mode: "dual", reads: "postgres" });
      expect(await modes.find("export")).toEqual({ mode: "memory", reads: "memory" });
      expect(await modes.find("idempotency")).toBeUndefined();
    });
  });
}
