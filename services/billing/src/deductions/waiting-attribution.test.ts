import {
  currentTally,
  QueryTally,
  tallying,
} from "@orrery/common/observability/database/query-tally";
import { describe, expect, it } from "vitest";
import { SettlementWaiter } from "./settlement-waiter.ts";

describe("a wait for a settlement", () => {
  it("looks for all who wait in nobody's name, whoever came first", async () => {
    const askers: (QueryTally | undefined)[] = [];
    const waiter = new SettlementWaiter<string>({
      listEnded: async (keys) => {
        askers.push(currentTally());
        return keys.map((key) => ({ ...key, end: "charged" }));
      },
      maxWaiters: 10,
      pollMs: 1,
      onPollError: () => {},
    });
    const end = await tallying(new QueryTally(), () =>
      waiter.wait({ tenantId: "acme", id: "req-1" }, 20_000),
    );
    expect([end, askers]).toEqual(["charged", [undefined]]);
    waiter.close();
  });
});
