import { describe, expect, it } from "vitest";
import { RpcError } from "../rpc/rpc-error.ts";
import type { LatestLedgerAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";
import { createTipSource } from "./tip-source.ts";

const LATE = new RpcError("timeout", "getLatestLedger");

/** A node that answers when the test says so. */
function begin() {
  const asked: PromiseWithResolvers<LatestLedgerAnswer>[] = [];
  const getLatestLedger = () => {
    const answer = Promise.withResolvers<LatestLedgerAnswer>();
    asked.push(answer);
    return answer.promise;
  };
  const time = { nowMs: 1_000_000 };
  const rpc: Pick<SorobanRpc, "getLatestLedger"> = { getLatestLedger };
  return { asked, time, tip: createTipSource(rpc as SorobanRpc, () => time.nowMs) };
}

describe("the newest ledger", () => {
  it("is asked for once by all who ask within five seconds, or as long as they say", async () => {
    const { asked, time, tip } = begin();
    const waiting = [tip(), tip()];
    asked[0]?.resolve({ sequence: 7 });
    expect(await Promise.all(waiting)).toEqual([{ sequence: 7 }, { sequence: 7 }]);
    time.nowMs += 4_999;
    expect(await tip()).toEqual({ sequence: 7 });
    expect(asked).toHaveLength(1);
    void tip(4_999);
    expect(asked).toHaveLength(2);
  });

  it("is asked for again after a call that nobody answered", async () => {
    const { asked, tip } = begin();
    const waiting = [tip(), tip()];
    asked[0]?.reject(LATE);
    for (const answer of waiting) await expect(answer).rejects.toBe(LATE);
    const next = tip();
    asked[1]?.resolve({ sequence: 8 });
    expect(await next).toEqual({ sequence: 8 });
  });

  it("is not forgotten for an older call that fails after it was told", async () => {
    const { asked, time, tip } = begin();
    const old = tip();
    time.nowMs += 5_000;
    const newer = tip();
    asked[1]?.resolve({ sequence: 9 });
    expect(await newer).toEqual({ sequence: 9 });
    asked[0]?.reject(LATE);
    await expect(old).rejects.toBe(LATE);
    expect(await tip()).toEqual({ sequence: 9 });
    expect(asked).toHaveLength(2);
  });

  it("is asked for again by a clock that was set back", () => {
    const { asked, time, tip } = begin();
    void tip();
    time.nowMs -= 3_600_000;
    void tip();
    expect(asked).toHaveLength(2);
  });
});
