import { describe, expect, it } from "vitest";
import { createHttpSorobanRpc } from "./http-soroban-rpc.ts";
import { RpcError } from "./rpc-error.ts";

/** A client whose server answers every call with this. */
function clientOf(answer: () => Response | Promise<Response>, options: object = {}) {
  return createHttpSorobanRpc({
    url: "http://rpc.invalid/secret-path",
    timeoutMs: 50,
    fetch: async (_url, init) => {
      const signal = init?.signal;
      const aborted = new Promise<never>((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason as Error));
      });
      return Promise.race([answer(), aborted]);
    },
    ...options,
  });
}

const json = (body: unknown) => () => Response.json(body);
const result = (value: unknown) => json({ jsonrpc: "2.0", id: 1, result: value });

async function errorOf(call: Promise<unknown>): Promise<RpcError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RpcError);
  return error as RpcError;
}

describe("the RPC client", () => {
  it("ends a call that is not answered in time", async () => {
    const rpc = clientOf(() => new Promise<never>(() => {}));
    expect(await errorOf(rpc.getLatestLedger())).toMatchObject({ kind: "timeout" });
  });

  it("tells statuses, JSON-RPC errors and nonsense apart, and names no host", async () => {
    const cases = [
      [() => new Response("busy", { status: 503 }), { kind: "http", code: 503 }],
      [json({ error: { code: -32_603, message: "boom" } }), { kind: "json_rpc", code: -32_603 }],
      [() => new Response("<html>"), { kind: "malformed" }],
      [result(null), { kind: "malformed" }],
      [result({ status: "MAYBE", latestLedger: 1, oldestLedger: 1 }), { kind: "malformed" }],
      [result({ status: "NOT_FOUND", oldestLedger: 1 }), { kind: "malformed" }],
      [() => Promise.reject(new TypeError("fetch failed")), { kind: "network" }],
    ] as const;
    for (const [answer, expected] of cases) {
      const error = await errorOf(clientOf(answer).getTransaction("00"));
      expect(error).toMatchObject(expected);
      expect(error.message).not.toContain("invalid");
    }
  });

  it("takes an answer without its substance for none", async () => {
    const bodiless = clientOf(() => new Response(null));
    expect(await errorOf(bodiless.getLatestLedger())).toMatchObject({ kind: "malformed" });
    const feeless = clientOf(result({ latestLedger: 7 }));
    expect(await errorOf(feeless.getFeeStats())).toMatchObject({ kind: "malformed" });
  });

  it("reads a list that a server leaves out as an empty one", async () => {
    const rpc = clientOf(result({ latestLedger: 7, entries: null }));
    expect(await rpc.getLedgerEntries(["AAAA"])).toEqual({ latestLedger: 7, entries: [] });
  });

  it("refuses an answer without end", async () => {
    const rpc = clientOf(() => new Response("x".repeat(2_000)), { maxAnswerBytes: 1_000 });
    expect(await errorOf(rpc.getFeeStats())).toMatchObject({ kind: "malformed" });
  });

  it("reads close times as numbers and does without them", async () => {
    const withTime = clientOf(result({ sequence: 7, closeTime: "1800000000" }));
    expect(await withTime.getLatestLedger()).toEqual({ sequence: 7, closeTimeS: 1_800_000_000 });
    expect(await clientOf(result({ sequence: 7 })).getLatestLedger()).toEqual({ sequence: 7 });
  });
});
