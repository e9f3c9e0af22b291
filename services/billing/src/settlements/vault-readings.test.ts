import { ProblemError } from "@orrery/common/contracts/errors";
import { describe, expect, it } from "vitest";
import { ApiModes } from "./api-modes.ts";
import { VaultReadings } from "./vault-readings.ts";

/** A chain whose answers come when the test says so. */
function createReadings() {
  const answers: { resolve: (stroops: bigint) => void; reject: (error: Error) => void }[] = [];
  const stored: bigint[] = [];
  const errors: unknown[] = [];
  const readings = new VaultReadings({
    readBalance: async () => {
      const { promise, resolve, reject } = Promise.withResolvers<bigint>();
      answers.push({ resolve, reject });
      return { balanceStroops: await promise, ledger: 1 };
    },
    store: async (_tenantId, _vault, { balanceStroops }) => {
      stored.push(balanceStroops);
    },
    onBackgroundError: (error) => errors.push(error),
  });
  return { readings, answers, stored, errors };
}

describe("VaultReadings", () => {
  it("gives everybody a reading that began after they asked, one at a time", async () => {
    const { readings, answers, stored } = createReadings();
    const first = readings.refresh("acme", "C");
    const others = [readings.refresh("acme", "C"), readings.refresh("acme", "C")];
    expect(answers).toHaveLength(1);
    answers[0]?.resolve(1n);
    await first;
    await expect.poll(() => answers.length).toBe(2);
    expect(stored).toEqual([1n]);
    answers[1]?.resolve(2n);
    await Promise.all(others);
    expect(stored).toEqual([1n, 2n]);
    const later = readings.refresh("acme", "C");
    answers[2]?.resolve(3n);
    await later;
    expect(stored).toEqual([1n, 2n, 3n]);
  });

  it("reads two vaults, and one vault of two tenants, side by side", () => {
    const { readings, answers } = createReadings();
    void readings.refresh("acme", "C");
    void readings.refresh("acme", "D");
    void readings.refresh("globex", "C");
    expect(answers).toHaveLength(3);
  });

  it("lets who waits for the next reading have it though this one fails", async () => {
    const { readings, answers, stored, errors } = createReadings();
    const first = readings.refresh("acme", "C");
    const next = readings.refresh("acme", "C");
    answers[0]?.reject(new ProblemError("soroban_unavailable", "away"));
    await expect(first).rejects.toMatchObject({ code: "soroban_unavailable" });
    answers[1]?.resolve(2n);
    await next;
    expect(stored).toEqual([2n]);
    readings.refreshSoon("acme", "C");
    readings.refreshSoon("acme", "C");
    expect(answers).toHaveLength(3);
    answers[2]?.reject(new Error("away"));
    await expect.poll(() => errors).toHaveLength(1);
  });
});

describe("ApiModes", () => {
  it("is sure for a second, and remembers the likely way for longer", () => {
    let nowMs = 0;
    const modes = new ApiModes(() => nowMs);
    expect(modes.likely("acme", "weather")).toBe("per_request");
    expect(modes.isSurelySingle("acme", "weather")).toBe(false);
    modes.learn("acme", "weather", "per_request");
    modes.learn("acme", "maps", "aggregated");
    expect(modes.isSurelySingle("acme", "weather")).toBe(true);
    expect(modes.isSurelySingle("globex", "weather")).toBe(false);
    nowMs = 1_001;
    expect(modes.isSurelySingle("acme", "weather")).toBe(false);
    expect(modes.likely("acme", "maps")).toBe("aggregated");
  });

  it("forgets what it learned longest ago when there are too many", () => {
    const modes = new ApiModes(() => 0);
    for (let index = 0; index <= 10_000; index += 1) modes.learn("acme", `${index}`, "aggregated");
    expect(modes.likely("acme", "0")).toBe("per_request");
    expect(modes.likely("acme", "1")).toBe("aggregated");
  });
});
