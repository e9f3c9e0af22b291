import { createRegistry } from "@orrery/common/observability/metrics";
import { RpcError } from "@orrery/soroban/rpc/rpc-error";
import type { SendAnswer, SorobanRpc } from "@orrery/soroban/rpc/soroban-rpc";
import { describe, expect, it } from "vitest";
import { countedRpc, createSubmissionMetrics } from "./submission-metrics.ts";

/** A network that answers every submission alike, or not at all; nothing else is asked of it. */
function networkOf(status: SendAnswer["status"] | undefined): SorobanRpc {
  const away = async () => {
    throw new RpcError("network", "away");
  };
  return {
    getLatestLedger: away,
    getTransaction: away,
    getLedgerEntries: away,
    getFeeStats: away,
    getEvents: away,
    simulateTransaction: status === undefined ? away : async () => ({ latestLedger: 1 }),
    sendTransaction: status === undefined ? away : async () => ({ status, latestLedger: 1 }),
  };
}

async function outcomesOf(
  status: SendAnswer["status"] | undefined,
  work: (rpc: SorobanRpc) => Promise<unknown>,
): Promise<string[]> {
  const registry = createRegistry();
  const rpc = countedRpc(networkOf(status), createSubmissionMetrics(registry));
  await work(rpc).catch(() => {});
  const lines = (await registry.metrics()).split("\n");
  return lines.filter(
    (line) => line.startsWith("soroban_submissions_total") && !line.endsWith(" 0"),
  );
}

const only = (outcome: string, count = 1) => [
  `soroban_submissions_total{outcome="${outcome}"} ${count}`,
];

describe("the count of submissions", () => {
  it.each([
    ["PENDING", "accepted"],
    ["DUPLICATE", "duplicate"],
    ["TRY_AGAIN_LATER", "busy"],
    ["ERROR", "rejected"],
  ] as const)("counts an answer %s as %s, once with its simulation", async (status, outcome) => {
    const submit = async (rpc: SorobanRpc) => {
      await rpc.simulateTransaction("AAAA");
      await rpc.sendTransaction("AAAA");
    };
    expect(await outcomesOf(status, submit)).toEqual(only(outcome));
  });

  it("counts one that got no answer, also one that was never simulated, and no look-up", async () => {
    expect(await outcomesOf(undefined, (rpc) => rpc.sendTransaction("AAAA"))).toEqual(
      only("unreachable"),
    );
    expect(await outcomesOf(undefined, (rpc) => rpc.simulateTransaction("AAAA"))).toEqual(
      only("unreachable"),
    );
    expect(await outcomesOf(undefined, (rpc) => rpc.getTransaction("00"))).toEqual([]);
  });

  it("shows every outcome at 0 from the start", async () => {
    const registry = createRegistry();
    createSubmissionMetrics(registry);
    expect((await registry.metrics()).match(/^soroban_submissions_total\{.*\} 0$/gm)).toHaveLength(
      5,
    );
  });
});
