import { MemoryTenantRepository } from "@orrery/common/repositories/tenant/tenant-repository.memory";
import { MemoryTenantLimitRepository } from "@orrery/common/repositories/tenant-limit/tenant-limit-repository.memory";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LIMIT_GROUPS, LIMITS, type LimitSettings } from "./limit.ts";
import { TenantLimitWatch } from "./tenant-limit-watch.ts";

const PER_MINUTE = Object.fromEntries(
  LIMIT_GROUPS.map((group) => [group, LIMITS[group].perMinute]),
) as LimitSettings;
const clock = () => Date.now();

describe("TenantLimitWatch", () => {
  let limits: MemoryTenantLimitRepository;
  let watch: TenantLimitWatch;
  let finds: number;
  let isAway: boolean;
  let isHung: boolean;

  beforeEach(async () => {
    vi.useFakeTimers();
    finds = 0;
    isAway = false;
    isHung = false;
    const tenants = new MemoryTenantRepository();
    await tenants.create({ id: "acme", name: "Acme" }, new Date());
    limits = new MemoryTenantLimitRepository(tenants, clock);
    watch = new TenantLimitWatch({
      limits: {
        find: async (tenantId) => {
          finds += 1;
          if (isAway) throw new Error("away");
          return limits.find(tenantId);
        },
        listChanged: (since) =>
          isHung ? Promise.withResolvers<never>().promise : limits.listChanged(since),
      },
      perMinute: PER_MINUTE,
      monotonicClock: clock,
      onError: () => undefined,
    });
    watch.start();
  });
  afterEach(async () => {
    await watch.stop();
    vi.useRealTimers();
  });

  it("gives a tenant's own limit, the deployment's where it has none, and looks once", async () => {
    await limits.put("acme", { exports: 1 });
    expect(
      await Promise.all([watch.maxOf("acme", "exports"), watch.maxOf("acme", "exports")]),
    ).toEqual([1, 1]);
    expect(watch.maxOf("acme", "billing-read")).toBe(60_000);
    expect(finds).toBe(1);
  });

  it("learns of a change elsewhere, and of its being taken back, within half a second", async () => {
    await watch.maxOf("acme", "exports");
    await limits.put("acme", { exports: 1 });
    expect(watch.maxOf("acme", "exports")).toBe(5);
    await vi.advanceTimersByTimeAsync(500);
    expect(watch.maxOf("acme", "exports")).toBe(1);
    await limits.put("acme", {});
    await vi.advanceTimersByTimeAsync(500);
    expect(watch.maxOf("acme", "exports")).toBe(5);
    expect(finds).toBe(1);
  });

  it("goes on asking after a question that was never answered", async () => {
    await watch.maxOf("acme", "exports");
    await limits.put("acme", { exports: 1 });
    isHung = true;
    await vi.advanceTimersByTimeAsync(500);
    isHung = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(watch.maxOf("acme", "exports")).toBe(1);
  });

  it("holds to what it was told itself at once", async () => {
    await watch.maxOf("acme", "exports");
    watch.note("acme", { exports: 9 });
    expect(watch.maxOf("acme", "exports")).toBe(9);
  });

  it("goes by the deployment's while it cannot know, and by the tenant's own when it can", async () => {
    await limits.put("acme", { exports: 1 });
    isAway = true;
    expect(await watch.maxOf("acme", "exports")).toBe(5);
    isAway = false;
    expect(await watch.maxOf("acme", "exports")).toBe(1);
  });
});
