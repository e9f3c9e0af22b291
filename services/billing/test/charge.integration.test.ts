import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Billing, compose } from "../src/compose.ts";
import { readConfig } from "../src/config.ts";
import { ACCOUNTS, CONTRACTS, DEDUCT } from "./billing-fixture.ts";
import { BillingInstances, vaultBalance } from "./billing-instances.ts";
import { STREAM } from "./stream-calls.ts";

const NETWORK = "Orrery Test Network ; 2026";
const instances = new BillingInstances(NETWORK);
const FUNDED_STROOPS = 100_000_000n;

let database: TestDatabase;
let sim: LedgerSim;

const startBilling = (changes?: Record<string, string>) => instances.start(changes);
const stopBilling = (billing: Billing) => instances.stop(billing);
const call: BillingInstances["call"] = (...request) => instances.call(...request);
const balance = () => vaultBalance(sim);

const deduct = (billing: Billing, requestId: string, changes: object = {}, prefer = "wait=25") =>
  call(billing, "POST", "/billing/deduct", { ...DEDUCT, requestId, ...changes }, { prefer });

beforeAll(async () => {
  database = await createTestDatabase();
  sim = await startLedgerSim({
    networkPassphrase: NETWORK,
    closeMs: 100,
    vaultAuthorizedCaller: instances.submitter.publicKey(),
  });
  instances.env["DATABASE_URL"] = database.url;
  instances.env["SOROBAN_RPC_URL"] = sim.url;
  await sim.call("sim_fund", { contractId: CONTRACTS[0], amount: String(FUNDED_STROOPS) });
  const billing = await startBilling();
  await call(billing, "PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
  const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
  await call(billing, "PUT", "/billing/apis/weather", api);
  await stopBilling(billing);
});

afterAll(async () => {
  await sim.close();
  await database.drop();
});

describe("a deduction on the chain", () => {
  let billing: Billing;
  let before: bigint;

  beforeEach(async () => {
    billing = await startBilling();
    before = await balance();
  });

  afterEach(async () => {
    await sim.call("sim_clearFaults");
    await instances.stopAll();
  });

  it("charges once and answers 201, then 200 with the same hash", async () => {
    const first = await deduct(billing, "once");
    expect(first.statusCode).toBe(201);
    expect(first.json().stellarTxHash).toMatch(/^[0-9a-f]{64}$/);
    const second = await deduct(billing, "once");
    expect(second.statusCode).toBe(200);
    expect(second.json()).toEqual({ ...first.json(), alreadyProcessed: true });
    expect(before - (await balance())).toBe(15_000_000n);
  });

  it("charges once when twenty duplicates race over two instances", async () => {
    const other = await startBilling();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => deduct(index % 2 ? billing : other, "race")),
    );
    const codes = answers.map(({ statusCode }) => statusCode);
    expect(codes.filter((code) => code === 201)).toHaveLength(1);
    expect(codes.filter((code) => code === 200)).toHaveLength(19);
    expect(new Set(answers.map((answer) => answer.json().stellarTxHash)).size).toBe(1);
    expect(before - (await balance())).toBe(15_000_000n);
  });

  it("finishes on another instance what the first accepted and did not live to submit", async () => {
    await sim.call("sim_setFaults", { httpStatus: 503 });
    expect((await deduct(billing, "resumed", {}, "respond-async")).statusCode).toBe(202);
    await stopBilling(billing);
    await sim.call("sim_clearFaults");
    const successor = await startBilling();
    const answer = await deduct(successor, "resumed");
    expect(answer.statusCode).toBe(200);
    expect(before - (await balance())).toBe(15_000_000n);
  });

  it("charges once though the answer to sending was lost", async () => {
    await sim.call("sim_setFaults", { lostAfterAccept: 1 });
    expect((await deduct(billing, "lost-after")).statusCode).toBe(201);
    await sim.call("sim_setFaults", { lostBeforeAccept: 1 });
    expect((await deduct(billing, "lost-before")).statusCode).toBe(201);
    expect(before - (await balance())).toBe(30_000_000n);
  });

  it("charges through another RPC when the first one is away", async () => {
    await stopBilling(billing);
    const failing = await startBilling({
      SOROBAN_RPC_URL: "http://127.0.0.1:1",
      SOROBAN_RPC_URLS: sim.url,
    });
    expect((await deduct(failing, "failed-over")).statusCode).toBe(201);
    expect(before - (await balance())).toBe(15_000_000n);
  });

  it("answers 402 and charges nothing when the vault cannot pay, and charges when it can", async () => {
    const amountUsdc = "50";
    const refused = await deduct(billing, "broke", { amountUsdc });
    expect([refused.statusCode, refused.json().code]).toEqual([402, "insufficient_balance"]);
    expect(await balance()).toBe(before);
    await sim.call("sim_fund", { contractId: CONTRACTS[0], amount: "500000000" });
    const charged = await deduct(billing, "broke", { amountUsdc });
    expect(charged.statusCode).toBe(201);
    expect(before - (await balance())).toBe(0n);
    const { attempts } = (await call(billing, "GET", "/billing/request/broke")).json();
    const states: string[] = attempts.map(({ state }: { state: string }) => state);
    // On a busy machine a transaction may miss its ledgers, and is built again.
    expect(states.filter((state) => state !== "dead")).toEqual(["refused", "confirmed"]);
  });

  it("tells the balance as of a ledger", async () => {
    const response = await call(billing, "GET", "/billing/balance/ada");
    expect(response.json()).toMatchObject({ contractId: CONTRACTS[0], pendingUsdc: "0" });
    expect(response.json().ledger).toBeGreaterThan(1);
  });

  it("tells no balance of a vault that is not on the network, or of a network that is away", async () => {
    await call(billing, "PUT", "/billing/vaults/eve", { contractId: CONTRACTS[1] });
    const missing = await call(billing, "GET", "/billing/balance/eve");
    expect([missing.statusCode, missing.json().code]).toEqual([404, "vault_not_found"]);
    await sim.call("sim_setFaults", { httpStatus: 503 });
    const away = await call(billing, "GET", "/billing/balance/ada");
    expect([away.statusCode, away.json().code]).toEqual([503, "soroban_unavailable"]);
    expect(away.headers["retry-after"]).toBe("1");
    const apart = await startBilling({ SOROBAN_RPC_ENABLED: "false" });
    const unconnected = await call(apart, "GET", "/billing/balance/ada");
    expect([unconnected.statusCode, unconnected.json().code]).toEqual([503, "soroban_unavailable"]);
  });

  it("reports the state of the chain in its health and its metrics", async () => {
    const health = async (of: Billing) => (await of.app.inject("/health")).json();
    await expect
      .poll(() => health(billing))
      .toMatchObject({
        status: "ok",
        checks: { api: "ok", database: "ok", soroban_rpc: "ok" },
      });
    await sim.call("sim_setFaults", { rpcError: { code: -32603, message: "away" } });
    const other = await startBilling();
    await expect
      .poll(() => health(other))
      .toMatchObject({
        status: "degraded",
        checks: { soroban_rpc: "degraded" },
      });
    expect((await other.app.inject("/health")).statusCode).toBe(200);
    const { body } = await billing.app.inject("/metrics");
    expect(body).toMatch(/billing_pending\{state="received"\} 0/);
    expect(body).toContain("soroban_unknown_outcomes 0");
  });
});

describe("billing without its database", () => {
  it("refuses to start on a schema that it does not know", async () => {
    const empty = await createTestDatabase({ isMigrated: false });
    const billing = compose(readConfig({ ...instances.env, DATABASE_URL: empty.url }));
    await expect(billing.start()).rejects.toThrow("npm run migrate");
    await billing.stop();
    await empty.drop();
  });

  it("answers 202 to those who wait when it goes away meanwhile, and stays alive", async () => {
    const lost = await createTestDatabase();
    const billing = await startBilling({ DATABASE_URL: lost.url, SOROBAN_RPC_ENABLED: "false" });
    await call(billing, "PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
    const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
    await call(billing, "PUT", "/billing/apis/weather", api);
    const stream = { ...STREAM, ratePerSecondStroops: "1000", totalAmountUsdc: "100" };
    const { id } = (await call(billing, "POST", "/streams", stream)).json();
    const read = async (path: string) => (await call(billing, "GET", path)).json();
    await call(billing, "POST", `/streams/${id}/start`);
    await expect.poll(async () => (await read(`/streams/${id}`)).accruedUsdc).not.toBe("0");
    const waiting = [
      deduct(billing, "waits", {}, "wait=2"),
      call(billing, "POST", `/streams/${id}/stop`, undefined, { prefer: "wait=2" }),
    ];
    await expect.poll(async () => (await read("/billing/request/waits")).status).toBe("pending");
    await expect
      .poll(async () => (await read(`/streams/${id}`)).pendingSettlement)
      .toMatchObject({ action: "stop" });
    await lost.drop();
    const answers = await Promise.all(waiting);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
    expect((await billing.app.inject("/livez")).statusCode).toBe(200);
    await stopBilling(billing);
  });

  it("says that it does not know whether a deduction was accepted", async () => {
    const lost = await createTestDatabase();
    const billing = await startBilling({ DATABASE_URL: lost.url, SOROBAN_RPC_ENABLED: "false" });
    await lost.drop();
    const answer = await deduct(billing, "unsure", {}, "respond-async");
    expect([answer.statusCode, answer.json().code]).toEqual([503, "billing_unavailable"]);
    expect(answer.headers["retry-after"]).toBe("1");
    expect(answer.body).not.toMatch(/postgres|database "|127\.0/);
    expect((await billing.app.inject("/readyz")).statusCode).toBe(503);
    expect((await billing.app.inject("/livez")).statusCode).toBe(200);
    await stopBilling(billing);
  });
});
