import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SettlementWaiter } from "./settlement-waiter.ts";

const POLL_MS = 250;
const WAIT_MS = 10_000;
const MAX_WAITERS = 5_000;

/** Charges that have ended, in a store that can be slow and can be away. */
class Ends {
  readonly #ends = new Map<string, string>();
  readonly asked: number[] = [];
  isAway = false;
  #gate: Promise<void> = Promise.resolve();

  end(id: string, how: string): void {
    this.#ends.set(id, how);
  }

  async list(keys: readonly { tenantId: string; id: string }[]) {
    this.asked.push(keys.length);
    const ended = keys.flatMap(({ tenantId, id }) => {
      const end = this.#ends.get(`${tenantId} ${id}`);
      return end === undefined ? [] : [{ tenantId, id, end }];
    });
    await this.#gate;
    if (this.isAway) throw new Error("away");
    return ended;
  }

  /** Answers as of now are given when the returned function is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }
}

let ends: Ends;
let errors: unknown[];
let waiter: SettlementWaiter<string>;

beforeEach(() => {
  vi.useFakeTimers();
  ends = new Ends();
  errors = [];
  waiter = new SettlementWaiter({
    listEnded: (keys) => ends.list(keys),
    pollMs: POLL_MS,
    maxWaiters: MAX_WAITERS,
    onPollError: (error) => errors.push(error),
  });
});

afterEach(() => {
  waiter.close();
  vi.useRealTimers();
});

const wait = (id: string, waitMs = WAIT_MS, tenantId = "acme") =>
  waiter.wait({ tenantId, id }, waitMs);

/** What a wait has come to by now. */
async function stateOf(waiting: Promise<string | undefined>) {
  await vi.advanceTimersByTimeAsync(0);
  return Promise.race([waiting, Promise.resolve("waits")]);
}

describe("SettlementWaiter", () => {
  it("tells everybody who waits for a charge how it ended, and nobody else", async () => {
    const [one, two] = [wait("1"), wait("1")];
    const others = [wait("2"), wait("1", WAIT_MS, "globex")];
    ends.end("acme 1", "charged");
    await waiter.look();
    expect(await Promise.all([one, two])).toEqual(["charged", "charged"]);
    for (const other of others) expect(await stateOf(other)).toBe("waits");
  });

  it("finds by itself what another instance has settled", async () => {
    const waiting = wait("1");
    ends.end("acme 1", "refused");
    await vi.advanceTimersByTimeAsync(POLL_MS);
    expect(await waiting).toBe("refused");
  });

  it("lets go when the time is over, and asks no more", async () => {
    const waiting = wait("1", 2 * POLL_MS + 1);
    await vi.advanceTimersByTimeAsync(2 * POLL_MS);
    expect(await stateOf(waiting)).toBe("waits");
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting).toBeUndefined();
    await vi.advanceTimersByTimeAsync(10 * POLL_MS);
    expect(ends.asked).toEqual([1, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps nobody who does not want to wait", async () => {
    expect(await wait("1", 0)).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("says so when it cannot look, and goes on looking", async () => {
    const waiting = wait("1");
    ends.isAway = true;
    await vi.advanceTimersByTimeAsync(2 * POLL_MS);
    expect(errors).toHaveLength(2);
    expect(await stateOf(waiting)).toBe("waits");
    ends.isAway = false;
    ends.end("acme 1", "charged");
    await vi.advanceTimersByTimeAsync(POLL_MS);
    expect(await waiting).toBe("charged");
  });

  it("looks again when something is settled while it looks, one look at a time", async () => {
    const release = ends.hold();
    const waiting = wait("1");
    const looking = waiter.look();
    ends.end("acme 1", "charged");
    await waiter.look();
    await waiter.look();
    expect(ends.asked).toEqual([1]);
    release();
    await looking;
    expect(ends.asked).toEqual([1, 1]);
    expect(await waiting).toBe("charged");
  });

  it("gives everybody a turn where more wait than one look asks for", async () => {
    const waiting = Array.from({ length: 2_500 }, (_, index) => wait(`${index}`));
    ends.end("acme 2499", "charged");
    await vi.advanceTimersByTimeAsync(3 * POLL_MS);
    expect(ends.asked).toEqual([1_000, 1_000, 1_000]);
    expect(await waiting[2_499]).toBe("charged");
  });

  it("keeps no more waiting than it may, and of one tenant half of them", async () => {
    const fill = (tenantId: string) =>
      Array.from({ length: MAX_WAITERS / 2 }, (_, index) => wait(`${index}`, WAIT_MS, tenantId));
    const waiting = fill("acme");
    expect(await wait("one more")).toBeUndefined();
    const others = fill("globex");
    expect(await stateOf(others.at(-1) ?? wait("none"))).toBe("waits");
    expect(await wait("1", WAIT_MS, "initech")).toBeUndefined();
    ends.end("acme 0", "charged");
    await waiter.look();
    expect(await waiting[0]).toBe("charged");
    expect(await stateOf(wait("one more"))).toBe("waits");
    expect(await wait("another")).toBeUndefined();
  });

  it("lets everybody go when it closes, keeps nobody from then on, and looks no more", async () => {
    const waiting = [wait("1"), wait("2")];
    waiter.close();
    expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
    expect(await wait("3")).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("begins no look after it was closed during one", async () => {
    const release = ends.hold();
    const waiting = wait("1");
    await vi.advanceTimersByTimeAsync(POLL_MS);
    waiter.close();
    release();
    expect(await waiting).toBeUndefined();
    await vi.advanceTimersByTimeAsync(10 * POLL_MS);
    expect(ends.asked).toEqual([1]);
  });
});
