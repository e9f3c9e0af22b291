import { describe, expect, it } from "vitest";
import { bestSendAnswer } from "./best-send-answer.ts";
import { CLOSED, mayCall, onAnswer, onCall, onFailure } from "./circuit-breaker.ts";
import { isLagging } from "./decide-lag.ts";
import { createFailoverRpc, type FailoverOptions } from "./failover-rpc.ts";
import { RpcError, type RpcErrorKind } from "./rpc-error.ts";
import type { SendAnswer, SorobanRpc, TransactionAnswer } from "./soroban-rpc.ts";

describe("the breaker", () => {
  const policy = { failures: 2, openMs: 100 };

  it("opens after failures in a row, and an answer between them starts the count again", () => {
    const once = onFailure(policy, CLOSED, 0);
    expect(mayCall(once, 0)).toBe(true);
    expect(mayCall(onFailure(policy, once, 0), 99)).toBe(false);
    expect(mayCall(onFailure(policy, onAnswer(), 0), 0)).toBe(true);
  });

  it("lets one call try after a while: an answer closes it, a failure opens it again", () => {
    const open = onFailure(policy, onFailure(policy, CLOSED, 0), 0);
    expect(mayCall(open, 100)).toBe(true);
    const probing = onCall(open);
    expect(mayCall(probing, 100)).toBe(false);
    const again = onFailure(policy, probing, 100);
    expect([mayCall(again, 199), mayCall(again, 200)]).toEqual([false, true]);
    expect(onCall(CLOSED)).toEqual(CLOSED);
  });
});

describe("isLagging", () => {
  const limits = { maxLagLedgers: 2, forgetMs: 1_000 };
  const heard = [{ ledger: 110, atMs: 500 }];

  it("measures against the newest ledger that any server has named lately", () => {
    expect(isLagging(108, heard, 600, limits)).toBe(false);
    expect(isLagging(107, heard, 600, limits)).toBe(true);
    expect(isLagging(7, heard, 1_500, limits)).toBe(false);
  });
});

describe("bestSendAnswer", () => {
  const answer = (status: SendAnswer["status"], latestLedger = 1) => ({ status, latestLedger });

  it("prefers a node that holds the transaction, and of two errors the newer", () => {
    expect(bestSendAnswer([answer("TRY_AGAIN_LATER"), answer("PENDING")])?.status).toBe("PENDING");
    expect(bestSendAnswer([answer("ERROR", 5), answer("DUPLICATE")])?.status).toBe("DUPLICATE");
    expect(bestSendAnswer([answer("ERROR", 5), answer("ERROR", 9)])?.latestLedger).toBe(9);
    expect(bestSendAnswer([])).toBeUndefined();
  });
});

/** A server that answers what it is told to. */
class FakeServer implements SorobanRpc {
  latestLedger = 100;
  status: TransactionAnswer["status"] = "NOT_FOUND";
  send: SendAnswer["status"] = "PENDING";
  failure: RpcErrorKind | undefined;
  bug: Error | undefined;
  calls = 0;

  async #answer<Answer>(answer: Answer): Promise<Answer> {
    this.calls += 1;
    if (this.bug !== undefined) throw this.bug;
    if (this.failure !== undefined) throw new RpcError(this.failure, "fake");
    return answer;
  }
  getLatestLedger() {
    return this.#answer({ sequence: this.latestLedger });
  }
  getTransaction() {
    const { latestLedger, status } = this;
    return this.#answer({ status, latestLedger, oldestLedger: 1 });
  }
  sendTransaction() {
    return this.#answer({ status: this.send, latestLedger: this.latestLedger });
  }
  simulateTransaction() {
    return this.#answer({ latestLedger: this.latestLedger });
  }
  getLedgerEntries() {
    return this.#answer({ latestLedger: this.latestLedger, entries: [] });
  }
  getFeeStats() {
    const sorobanInclusionFee = { p50: "1", p90: "1", max: "1" };
    return this.#answer({ latestLedger: 1, sorobanInclusionFee });
  }
  getEvents() {
    return this.#answer({ latestLedger: this.latestLedger, events: [] });
  }
}

function twoServers(options: Partial<FailoverOptions> = {}) {
  const servers = [new FakeServer(), new FakeServer()] as const;
  const turns: string[] = [];
  const time = { nowMs: 0 };
  const rpc = createFailoverRpc(servers, {
    clock: () => time.nowMs,
    breaker: { failures: 2, openMs: 100 },
    onBreaker: (server, isOpen) => turns.push(`${server} ${isOpen ? "open" : "closed"}`),
    ...options,
  });
  return { time, first: servers[0], second: servers[1], turns, rpc };
}

describe("several servers", () => {
  it("stand in for each other in every method", async () => {
    const { rpc, first } = twoServers();
    first.failure = "timeout";
    const { getLatestLedger, getEvents } = rpc;
    expect(await getLatestLedger()).toEqual({ sequence: 100 });
    expect(await getEvents({ contractId: "C", topics: [], limit: 1 })).toMatchObject({
      events: [],
    });
    expect(await rpc.getTransaction("ab")).toMatchObject({ status: "NOT_FOUND" });
    expect(await rpc.simulateTransaction("AA")).toMatchObject({ latestLedger: 100 });
    expect(await rpc.getLedgerEntries([])).toMatchObject({ entries: [] });
    expect(await rpc.getFeeStats()).toMatchObject({ latestLedger: 1 });
    expect(await rpc.sendTransaction("AA")).toMatchObject({ status: "PENDING" });
  });

  it("are left alone after failures, and tried again one call at a time", async () => {
    const world = twoServers();
    const { rpc, first } = world;
    first.failure = "network";
    for (let n = 0; n < 5; n += 1) await rpc.getLatestLedger();
    expect(first.calls).toBe(2);
    world.time.nowMs = 100;
    first.failure = undefined;
    await Promise.all([rpc.getLatestLedger(), rpc.getLatestLedger()]);
    expect(first.calls).toBe(3);
    await rpc.getLatestLedger();
    expect(first.calls).toBe(4);
    expect(world.turns).toEqual(["0 open", "0 closed"]);
  });

  it("that all fail give the last one's error, and none at all without a call", async () => {
    const { rpc, first, second } = twoServers();
    first.failure = "timeout";
    second.failure = "http";
    await expect(rpc.getLatestLedger()).rejects.toMatchObject({ kind: "http" });
    await expect(rpc.sendTransaction("AA")).rejects.toMatchObject({ kind: "http" });
    await expect(rpc.getLatestLedger()).rejects.toMatchObject({ kind: "unavailable" });
    await expect(rpc.sendTransaction("AA")).rejects.toMatchObject({ kind: "unavailable" });
    expect(first.calls + second.calls).toBe(4);
  });

  it("are not blamed for an error object, nor for a bug of ours", async () => {
    const { rpc, first, turns } = twoServers();
    first.failure = "json_rpc";
    for (let n = 0; n < 4; n += 1) await rpc.getLatestLedger();
    expect(turns).toEqual([]);
    first.bug = new TypeError("ours");
    await expect(rpc.getLatestLedger()).rejects.toThrow("ours");
  });
});

describe("a server that lags", () => {
  it("is never believed that a transaction is absent", async () => {
    const { rpc, first, second } = twoServers();
    await rpc.getTransaction("ab");
    second.latestLedger = 110;
    first.failure = "timeout";
    await rpc.getTransaction("ab");
    first.failure = undefined;
    expect(await rpc.getTransaction("ab")).toMatchObject({ latestLedger: 110 });
    second.failure = "timeout";
    await expect(rpc.getTransaction("ab")).rejects.toMatchObject({ kind: "timeout" });
    second.failure = undefined;
    second.latestLedger = 104;
    first.latestLedger = 111;
    await rpc.getTransaction("ab");
    first.failure = "timeout";
    await expect(rpc.getTransaction("ab")).rejects.toMatchObject({ kind: "lagging" });
  });

  it("is believed what it has found", async () => {
    const { rpc, first, second } = twoServers();
    second.latestLedger = 110;
    first.failure = "timeout";
    await rpc.getLatestLedger();
    first.failure = undefined;
    first.status = "SUCCESS";
    expect(await rpc.getTransaction("ab")).toMatchObject({ status: "SUCCESS", latestLedger: 100 });
  });
});

describe("a transaction", () => {
  it("goes to several servers at once, and one that holds it is enough", async () => {
    const { rpc, first, second } = twoServers();
    first.send = "TRY_AGAIN_LATER";
    expect(await rpc.sendTransaction("AA")).toMatchObject({ status: "PENDING" });
    expect([first.calls, second.calls]).toEqual([1, 1]);
  });

  it("goes to the next server only when told to use one at a time", async () => {
    const { rpc, first, second } = twoServers({ sendTo: 1 });
    await rpc.sendTransaction("AA");
    expect([first.calls, second.calls]).toEqual([1, 0]);
    first.failure = "timeout";
    expect(await rpc.sendTransaction("AA")).toMatchObject({ status: "PENDING" });
  });

  it("needs a server", () => {
    expect(() => createFailoverRpc([], { clock: () => 0 })).toThrow("at least one");
  });
});
