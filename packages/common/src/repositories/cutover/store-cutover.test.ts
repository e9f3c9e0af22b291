import { beforeEach, describe, expect, it } from "vitest";
import { MemoryStoreModeRepository } from "../store-mode/store-mode-repository.memory.ts";
import { MapSide, type TestRecord, testKey } from "./map-side.contract.ts";
import { StoreCutover } from "./store-cutover.ts";
import { StoreGate } from "./store-gate.ts";
import type { StoreSetting } from "./store-mode.ts";

const MEMORY: StoreSetting = { mode: "memory", reads: "memory" };
const DUAL_MEMORY: StoreSetting = { mode: "dual", reads: "memory" };
const DUAL_POSTGRES: StoreSetting = { mode: "dual", reads: "postgres" };
const POSTGRES: StoreSetting = { mode: "postgres", reads: "postgres" };

describe("a cutover", () => {
  let memory: MapSide;
  let postgres: MapSide;
  let modes: MemoryStoreModeRepository;
  let faults: string[];
  let mismatches: number;
  let cutover: StoreCutover<TestRecord>;

  const openCutover = (initial: StoreSetting) =>
    new StoreCutover<TestRecord>({
      name: "stream",
      sides: { memory, postgres },
      probes: [{ name: "cursor order", run: async () => faults }],
      gate: new StoreGate(),
      modes,
      initial,
      isAway: () => false,
      onRefused: () => undefined,
      onMismatch: () => {
        mismatches += 1;
      },
      settleMs: 1,
    });
  const backfilled = async () => {
    cutover.startBackfill();
    await expect.poll(() => cutover.status.backfill.state).toBe("done");
  };
  const verified = async () => {
    cutover.startVerification();
    await expect.poll(() => cutover.status.verification.state).not.toBe("running");
    return cutover.status.verification;
  };
  /** As a repository does: stores where it is decided, and has it copied. */
  const store = async (id: string, value: number) => {
    (cutover.side === "memory" ? memory : postgres).put(id, value);
    await cutover.copy([testKey(id)]);
  };

  beforeEach(() => {
    memory = new MapSide();
    postgres = new MapSide();
    modes = new MemoryStoreModeRepository();
    faults = [];
    mismatches = 0;
    cutover = openCutover(MEMORY);
  });

  it("moves everything to Postgres and back, and loses nothing on the way", async () => {
    await store("a", 1);
    expect(postgres.values).toEqual({});
    await cutover.switchTo(DUAL_MEMORY);
    await store("b", 2);
    await backfilled();
    expect((await verified()).state).toBe("passed");
    await cutover.switchTo(DUAL_POSTGRES);
    await store("c", 3);
    await cutover.switchTo(POSTGRES);
    await store("d", 4);
    expect(postgres.values).toEqual({ a: 1, b: 2, c: 3, d: 4 });
    expect(memory.values).toEqual({});

    await cutover.switchTo(DUAL_POSTGRES);
    await store("e", 5);
    await backfilled();
    expect((await verified()).state).toBe("passed");
    await cutover.switchTo(DUAL_MEMORY);
    await store("f", 6);
    await cutover.switchTo(MEMORY);
    await store("g", 7);
    expect(memory.values).toEqual({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 });
    expect(mismatches).toBe(0);
  });

  it("does not read from a side that was not verified", async () => {
    await store("a", 1);
    await cutover.switchTo(DUAL_MEMORY);
    const refusal = { code: "store_not_verified" };
    await expect(cutover.switchTo(DUAL_POSTGRES)).rejects.toMatchObject(refusal);
    expect(() => cutover.startVerification()).toThrow(
      expect.objectContaining({ code: "invalid_store_switch" }),
    );
    await backfilled();
    await expect(cutover.switchTo(DUAL_POSTGRES)).rejects.toMatchObject(refusal);
    await verified();
    await cutover.switchTo(DUAL_POSTGRES);
    expect(cutover.setting).toEqual(DUAL_POSTGRES);
  });

  it("names what differs, counts it, and does not switch", async () => {
    for (const id of ["a", "b", "c"]) await store(id, 1);
    await cutover.switchTo(DUAL_MEMORY);
    await backfilled();
    postgres.put("a", 2);
    postgres.remove("b");
    postgres.put("d", 1);
    const { state, report } = await verified();
    expect(state).toBe("differs");
    expect(report?.differences.map(({ key, found }) => [key.id, found])).toEqual([
      ["a", "both"],
      ["b", "memory"],
      ["d", "postgres"],
    ]);
    expect(report?.sums.memory).toMatchObject({ count: 3 });
    expect(report?.sums.memory.checksum).not.toBe(report?.sums.postgres.checksum);
    expect(mismatches).toBe(3);
    await expect(cutover.switchTo(DUAL_POSTGRES)).rejects.toMatchObject({
      code: "store_not_verified",
    });
  });

  it("does not pass when both sides hold the same and behave differently", async () => {
    await cutover.switchTo(DUAL_MEMORY);
    await backfilled();
    faults = ["streams of acme: page 1 differs"];
    expect(await verified()).toMatchObject({
      state: "differs",
      report: { differenceCount: 0, probes: { "cursor order": faults } },
    });
  });

  it("finds in the background what differs, counts it once and repairs it", async () => {
    for (let index = 0; index < 500; index += 1) memory.put(`r${index}`, index);
    await cutover.switchTo(DUAL_MEMORY);
    await backfilled();
    await verified();
    postgres.put("r250", -1);
    for (let slice = 0; slice < 6; slice += 1) await cutover.compareSome();
    expect(mismatches).toBe(1);
    expect(postgres.values["r250"]).toBe(250);
    expect(cutover.status.verification.state).toBe("never");
  });

  it("counts nothing that it compared while it was switched", async () => {
    await store("a", 1);
    await cutover.switchTo(DUAL_MEMORY);
    await backfilled();
    await verified();
    await cutover.switchTo(DUAL_POSTGRES);
    const listing = Promise.withResolvers<void>();
    const { listKeys } = postgres;
    postgres.listKeys = async (...page) => {
      await listing.promise;
      return listKeys.apply(postgres, page);
    };
    const compared = cutover.compareSome();
    await cutover.switchTo(POSTGRES);
    listing.resolve();
    await compared;
    expect(mismatches).toBe(0);
  });

  it("goes on with a backfill that broke off where it was", async () => {
    for (let index = 0; index < 1_000; index += 1) memory.put(`r${index + 1_000}`, index);
    await cutover.switchTo(DUAL_MEMORY);
    postgres.refuse = (id) => (id === "r1500" ? new Error("no room") : undefined);
    cutover.startBackfill();
    await expect.poll(() => cutover.status.backfill.state).toBe("failed");
    expect(cutover.status.backfill.copied).toBe(400);
    postgres.refuse = () => undefined;
    await backfilled();
    expect(cutover.status.backfill.copied).toBe(1_000);
    expect(Object.keys(postgres.values)).toHaveLength(1_000);
    await cutover.stop();
  });

  it("does not switch while a copy waits for repair", async () => {
    await cutover.switchTo(DUAL_MEMORY);
    await backfilled();
    await verified();
    postgres.refuse = () => new Error("no");
    await store("a", 1);
    expect(cutover.status.repairs).toBe(1);
    await expect(cutover.switchTo(DUAL_POSTGRES)).rejects.toMatchObject({
      code: "store_not_verified",
    });
    postgres.refuse = () => undefined;
    await expect.poll(() => cutover.status.repairs).toBe(0);
    await cutover.switchTo(DUAL_POSTGRES);
    expect(postgres.values).toEqual({ a: 1 });
  });

  it.each([DUAL_MEMORY, DUAL_POSTGRES])(
    "fills the memory of a process that starts again in dual mode, reading $reads",
    async (setting) => {
      await modes.put("stream", setting);
      for (let index = 0; index < 1_200; index += 1) postgres.put(`r${index}`, index);
      memory.put("stale", 0);
      await cutover.load();
      await cutover.start();
      expect(cutover.setting).toEqual(setting);
      expect(memory.values).toEqual(postgres.values);
      expect((await verified()).state).toBe("passed");
    },
  );

  it("starts where it was configured until somebody has switched it", async () => {
    cutover = openCutover(POSTGRES);
    expect(await cutover.load()).toEqual(POSTGRES);
    await cutover.switchTo(DUAL_POSTGRES);
    const next = openCutover(POSTGRES);
    expect(await next.load()).toEqual(DUAL_POSTGRES);
  });
});
