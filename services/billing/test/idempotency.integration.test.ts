import { fileURLToPath } from "node:url";
import { useTestDatabase } from "@orrery/common/testing/contract-database";
import { ServiceProcess } from "@orrery/common/testing/service-process";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Billing } from "../src/compose.ts";
import { ACCOUNTS, CONTRACTS, DEDUCT } from "./billing-fixture.ts";
import { BillingInstances, vaultBalance } from "./billing-instances.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const NETWORK = "Orrery Test Network ; 2026";
const instances = new BillingInstances(NETWORK);

const test = useTestDatabase();
let sim: LedgerSim;
let first: Billing;
let second: Billing;

beforeAll(async () => {
  sim = await startLedgerSim({
    networkPassphrase: NETWORK,
    closeMs: 100,
    vaultAuthorizedCaller: instances.submitter.publicKey(),
  });
  instances.env["DATABASE_URL"] = test.loginUrl("billing");
  instances.env["SOROBAN_RPC_URL"] = sim.url;
  await sim.call("sim_fund", { contractId: CONTRACTS[0], amount: "1000000000" });
  first = await instances.start();
  second = await instances.start();
  await instances.call(first, "PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
  const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
  await instances.call(first, "PUT", "/billing/apis/weather", api);
});

afterAll(async () => {
  await instances.stopAll();
  await sim.close();
});

const bulk = (billing: Billing, key: string, requestIds: readonly string[], prefer = "wait=20") =>
  instances.call(
    billing,
    "POST",
    "/billing/deduct/bulk",
    { entries: requestIds.map((requestId) => ({ ...DEDUCT, requestId })) },
    { prefer, "idempotency-key": key },
  );

const isReplay = ({ headers }: { headers: object }) =>
  (headers as Record<string, unknown>)["idempotent-replayed"] === "true";

describe("Idempotency-Key on billing", () => {
  it("charges once for twenty twins over two instances, and gives all the first's answer", async () => {
    const before = await vaultBalance(sim);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        bulk(index % 2 === 0 ? first : second, "twins", ["twin-a", "twin-b"]),
      ),
    );
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
    expect(answers[0]?.json().results).toMatchObject([{ httpStatus: 201 }, { httpStatus: 201 }]);
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
    expect(before - (await vaultBalance(sim))).toBe(30_000_000n);
  });

  it("notices a reused key on a deduction on another instance, and accepts nothing of it", async () => {
    const deduct = (billing: Billing, requestId: string) =>
      instances.call(
        billing,
        "POST",
        "/billing/deduct",
        { ...DEDUCT, requestId },
        { "idempotency-key": "one" },
      );
    expect((await deduct(first, "one-a")).statusCode).toBe(201);
    const again = await deduct(second, "one-a");
    expect([again.statusCode, isReplay(again)]).toEqual([200, false]);
    expect((await deduct(second, "one-b")).json().code).toBe("idempotency_key_reused");
    const state = await instances.call(first, "GET", "/billing/request/one-b");
    expect(state.statusCode).toBe(404);
  });

  it("gives the key of a killed process to the repeat, which finds what it did", async () => {
    const before = await vaultBalance(sim);
    const doomed = await ServiceProcess.start(MAIN, {
      ...instances.env,
      BILLING_PORT: "0",
      SOROBAN_RPC_ENABLED: "false",
    });
    // The engines that could charge it are at rest until the process is gone.
    await instances.stop(first);
    await instances.stop(second);
    const entries = ["killed-a", "killed-b"];
    const lost = fetch(`${doomed.url}/api/v1/billing/deduct/bulk`, {
      method: "POST",
      headers: {
        ...instances.contextHeaders(),
        "content-type": "application/json",
        "idempotency-key": "killed",
        prefer: "wait=20",
      },
      body: JSON.stringify({
        entries: entries.map((requestId) => ({ ...DEDUCT, requestId })),
      }),
    }).catch((error: unknown) => error);
    await expect.poll(countAccepted, { timeout: 20_000 }).toBe(2);
    await doomed.kill();
    expect(await lost).toBeInstanceOf(Error);
    first = await instances.start();
    second = await instances.start();
    const repeats = await Promise.all([first, second].map((each) => bulk(each, "killed", entries)));
    for (const repeat of repeats) {
      expect(repeat.statusCode).toBe(200);
      const { results } = repeat.json<{ results: { status: string }[] }>();
      expect(results.map(({ status }) => status)).toEqual(["confirmed", "confirmed"]);
    }
    expect(repeats.filter(isReplay)).toHaveLength(1);
    expect(repeats[0]?.body).toBe(repeats[1]?.body);
    expect(before - (await vaultBalance(sim))).toBe(30_000_000n);
  });
});

async function countAccepted(): Promise<number> {
  const { rows } = await test
    .database()
    .pool.query<{ count: number }>(
      "select count(*)::int as count from usage_events where request_id like 'killed-%'",
    );
  return rows[0]?.count ?? 0;
}
