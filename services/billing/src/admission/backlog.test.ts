import type { PendingCount } from "@orrery/common/repositories/usage-event/usage-event-repository";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Backlog } from "./backlog.ts";

/** A store that answers when the test lets it. */
class SlowStore {
  counts: PendingCount[] = [];
  settling: PendingCount[] = [];
  isAway = false;
  readonly asked: (readonly [Date, Date])[] = [];
  #gate: Promise<void> = Promise.resolve();

  async countPending(cuts: readonly [Date, Date]): Promise<readonly PendingCount[]> {
    this.asked.push(cuts);
    await this.#gate;
    if (this.isAway) throw new Error("away");
    return this.counts;
  }

  async countSettling(): Promise<readonly PendingCount[]> {
    return this.settling;
  }

  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }
}

const full = expect.objectContaining({ code: "backlog_full" });
let nowMs: number;
let store: SlowStore;
let errors: unknown[];
let backlog: Backlog;

beforeEach(() => {
  nowMs = 1_000_000;
  store = new SlowStore();
  errors = [];
  backlog = new Backlog({
    events: store,
    streams: store,
    limits: { maxPendingPerTenant: 3, maxWaitSeconds: 600 },
    clock: () => nowMs,
    onRefreshError: (error) => errors.push(error),
  });
});

const pending = (count: number, before: [number, number] = [0, 0]): PendingCount[] => [
  { tenantId: "acme", pending: count, before },
];
const admit = (times: number, tenantId = "acme") =>
  Array.from({ length: times }, () => backlog.admit(tenantId));

function refusal(): unknown {
  try {
    return backlog.admit("acme");
  } catch (error) {
    return error;
  }
}

describe("Backlog", () => {
  it("admits up to the cap of each tenant, and not one more", () => {
    admit(3);
    expect(() => backlog.admit("acme")).toThrow(full);
    admit(3, "globex");
    expect(() => backlog.admit("globex")).toThrow(full);
  });

  it("counts the settlements of streams with the deductions", async () => {
    store.counts = pending(1, [1, 1]);
    store.settling = [...pending(1, [0, 1]), { tenantId: "globex", pending: 3, before: [0, 0] }];
    await backlog.refresh();
    admit(1);
    expect(() => backlog.admit("acme")).toThrow(full);
    expect(() => backlog.admit("globex")).toThrow(full);
  });

  it("takes a request back that added nothing", () => {
    const [first] = admit(3);
    first?.withdraw();
    admit(1);
    expect(() => backlog.admit("acme")).toThrow(full);
  });

  it("counts what the store holds, which other instances may have accepted", async () => {
    store.counts = pending(2);
    await backlog.refresh();
    admit(1);
    expect(() => backlog.admit("acme")).toThrow(full);
    store.counts = [];
    await backlog.refresh();
    admit(3);
  });

  it("loses nothing that is admitted while the store counts", async () => {
    admit(1);
    const release = store.hold();
    const refreshed = backlog.refresh();
    admit(1);
    store.counts = pending(1);
    release();
    await refreshed;
    admit(1);
    expect(() => backlog.admit("acme")).toThrow(full);
  });

  it("keeps counting from what it knows while the store is away", async () => {
    admit(1);
    const release = store.hold();
    const refreshed = backlog.refresh();
    const [late] = admit(1);
    store.isAway = true;
    release();
    await refreshed;
    expect(errors).toHaveLength(1);
    admit(1);
    expect(() => backlog.admit("acme")).toThrow(full);
    late?.withdraw();
    expect(() => backlog.admit("acme")).toThrow(full);
  });

  it("refuses when the wait at the measured rate is too long, with when to come back", async () => {
    backlog = new Backlog({
      events: store,
      streams: store,
      limits: { maxPendingPerTenant: 1_000_000, maxWaitSeconds: 600 },
      clock: () => nowMs,
      onRefreshError: (error) => errors.push(error),
    });
    // 10 settled a second, of what was there before; ever more is accepted.
    for (let second = 0; second < 20; second += 1) {
      store.counts = pending(5_000 + second * 100, [4_990, 5_000]);
      await backlog.refresh();
      nowMs += 1_000;
    }
    // 6,900 pending at 10/s.
    expect(refusal()).toMatchObject({ code: "backlog_full", headers: { "retry-after": "60" } });
    store.counts = pending(5_998, [4_990, 5_000]);
    await backlog.refresh();
    admit(2);
    expect(() => backlog.admit("acme")).toThrow(full);
  });

  it("forgets the pace of a backlog that is gone", async () => {
    // 10 settled a second, and then all of it at once.
    for (let second = 0; second < 20; second += 1) {
      store.counts = pending(5_000, [4_990, 5_000]);
      await backlog.refresh();
      nowMs += 1_000;
    }
    store.counts = [];
    await backlog.refresh();
    store.counts = pending(3);
    await backlog.refresh();
    // At 10 a second it would say 1.
    expect(refusal()).toMatchObject({ headers: { "retry-after": "5" } });
  });

  it("measures what drains by cuts that lie before everything that is still being stored", async () => {
    await backlog.refresh();
    nowMs += 1_000;
    await backlog.refresh();
    const [[, first], [again, second]] = store.asked as [[Date, Date], [Date, Date]];
    expect(again).toEqual(first);
    expect(second.getTime() - first.getTime()).toBe(1_000);
    expect(nowMs - second.getTime()).toBe(2_000);
  });

  describe("in the background", () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      backlog.stop();
      vi.useRealTimers();
    });

    it("counts at its start, and again and again until it is stopped", async () => {
      store.counts = pending(3);
      await backlog.start();
      expect(() => backlog.admit("acme")).toThrow(full);
      store.counts = pending(2);
      await vi.advanceTimersByTimeAsync(1_000);
      admit(1);
      backlog.stop();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(store.asked).toHaveLength(2);
    });

    it("goes on after the store was away", async () => {
      store.isAway = true;
      await backlog.start();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(errors).toHaveLength(2);
      store.isAway = false;
      store.counts = pending(3);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(() => backlog.admit("acme")).toThrow(full);
    });

    it("counts no more when it is stopped while it counts", async () => {
      const release = store.hold();
      const started = backlog.start();
      backlog.stop();
      release();
      await started;
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});
