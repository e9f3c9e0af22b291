import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseUsdc } from "@orrery/common/contracts/money";
import { type Database, openDatabase } from "@orrery/common/repositories/database";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Billing } from "../src/compose.ts";
import { ACCOUNTS, CONTRACTS, DEDUCT } from "./billing-fixture.ts";
import { BillingInstances, vaultBalance } from "./billing-instances.ts";
import { STREAM } from "./stream-calls.ts";

const NETWORK = "Orrery Test Network ; 2026";
const OPERATOR = "operator-".repeat(5);
/** 1 stroop a millisecond, so that it accrues something at once. */
const QUICK = { ...STREAM, ratePerSecondStroops: "1000", totalAmountUsdc: "100" };

const instances = new BillingInstances(NETWORK);
let sim: LedgerSim;
let billing: Billing;

beforeAll(async () => {
  sim = await startLedgerSim({
    networkPassphrase: NETWORK,
    closeMs: 100,
    vaultAuthorizedCaller: instances.submitter.publicKey(),
  });
  instances.env["SOROBAN_RPC_URL"] = sim.url;
  await sim.call("sim_fund", { contractId: CONTRACTS[0], amount: "10000000000" });
});

afterAll(() => sim.close());

const call = (
  method: "GET" | "POST" | "PUT",
  path: string,
  payload?: object,
  headers: Record<string, string> = {},
) => instances.call(billing, method, path, payload, headers);
const read = async (path: string) => (await call("GET", path)).json();

/** A call that is made again under its key while it is told to come again. */
async function callUntilDone(path: string, payload?: object) {
  const key = { "idempotency-key": `done ${path}`, prefer: "wait=25" };
  for (;;) {
    const answer = await call("POST", path, payload, key);
    if (answer.headers["retry-after"] === undefined) return answer;
  }
}

/** Has a stream accrue and be paid; gives it as it is then. */
async function payStream() {
  await call("PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
  const { id } = (await call("POST", "/streams", QUICK)).json();
  await callUntilDone(`/streams/${id}/start`);
  const accrued = async () => (await read(`/streams/${id}`)).accruedUsdc;
  await expect.poll(accrued).not.toBe("0");
  const before = await vaultBalance(sim);
  const paid = await callUntilDone(`/streams/${id}/settle`);
  expect([paid.statusCode, paid.json().status]).toEqual([200, "ended"]);
  expect(before - (await vaultBalance(sim))).toBe(parseUsdc(paid.json().settledUsdc));
  return paid.json();
}

/** The file of an export of everybody's streams, a line each. */
async function exportStreams(): Promise<{ id: string }[]> {
  const { id } = (await call("POST", "/exports", { kind: "streams", format: "ndjson" })).json();
  await expect.poll(async () => (await read(`/exports/${id}`)).status).toBe("ready");
  const { pathname, search } = new URL((await read(`/exports/${id}`)).signedUrl);
  const headers = instances.linkHeaders();
  const { body } = await billing.app.inject({ url: `${pathname}${search}`, headers });
  return body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("billing that keeps its records in memory, beside Postgres", () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let folder: string;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = openDatabase({ url: testDatabase.url, poolSize: 1, applicationName: "test" });
    folder = await mkdtemp(join(tmpdir(), "orrery in memory "));
    billing = await instances.start({
      DATABASE_URL: testDatabase.url,
      STORE_MODE: "memory",
      INTERNAL_TOKENS: OPERATOR,
      OBJECT_STORE_DIR: folder,
    });
  });

  afterAll(async () => {
    await instances.stopAll();
    await database.close();
    await testDatabase.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const count = async (table: string) => {
    const { rows } = await database.pool.query<{ count: number }>(
      `select count(*)::int as count from ${table}`,
    );
    return rows[0]?.count;
  };
  const operate = async (repository: string, command: object) => {
    const { statusCode, body } = await billing.app.inject({
      method: "PUT",
      url: "/internal/v1/store",
      headers: { authorization: `Bearer ${OPERATOR}` },
      payload: { repository, ...command },
    });
    expect({ statusCode, body }).toMatchObject({ statusCode: 200 });
  };
  const statusOf = async (repository: string) => {
    const headers = { authorization: `Bearer ${OPERATOR}` };
    const { body } = await billing.app.inject({ url: "/internal/v1/store", headers });
    return JSON.parse(body).repositories[repository];
  };

  it("pays a stream once, exports it, and leaves nothing of it in Postgres but its charge", async () => {
    const { id } = await payStream();
    expect((await exportStreams()).map((stream) => stream.id)).toEqual([id]);
    expect(await count("streams")).toBe(0);
    expect(await count("export_jobs")).toBe(0);
    expect(await count("submission_intents where state = 'confirmed'")).toBe(1);
  });

  it("takes them to Postgres as they are, once that is verified", async () => {
    const before = await read("/streams");
    const exported = await read("/exports");
    for (const repository of ["stream", "idempotency", "export"]) {
      await operate(repository, { switch: { mode: "dual", reads: "memory" } });
      await operate(repository, { run: "backfill" });
      await expect.poll(async () => (await statusOf(repository)).backfill.state).toBe("done");
      await operate(repository, { run: "verify" });
      await expect.poll(async () => (await statusOf(repository)).verification.state).toBe("passed");
      await operate(repository, { switch: { mode: "dual", reads: "postgres" } });
    }
    const { body } = await billing.app.inject("/metrics");
    expect(body).toContain('store_repairs_queued{repository="stream"} 0');
    expect(body).toContain('store_parity_mismatches_total{repository="export"} 0');
    expect(await read("/streams")).toEqual(before);
    const ids = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);
    expect(ids(await read("/exports"))).toEqual(ids(exported));
    expect(await exportStreams()).toHaveLength(before.data.length);
    expect(await count("streams")).toBe(before.data.length);
  });
});

describe("billing without a database", () => {
  beforeAll(async () => {
    billing = await instances.start({
      DATABASE_URL: "",
      HORIZON_ENABLED: "true",
      HORIZON_URL: "http://127.0.0.1:1",
    });
  });
  afterAll(() => instances.stopAll());

  it("charges, pays streams and writes exports all the same", async () => {
    const { id } = await payStream();
    const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
    await call("PUT", "/billing/apis/weather", api);
    const before = await vaultBalance(sim);
    const charged = await callUntilDone("/billing/deduct", DEDUCT);
    expect(charged.json()).toMatchObject({ status: "confirmed", amountUsdc: "1.5" });
    expect(before - (await vaultBalance(sim))).toBe(15_000_000n);
    expect((await exportStreams()).map((stream) => stream.id)).toEqual([id]);
  });

  it("has no database in its health, and tells of the Horizon that it watches", async () => {
    const { statusCode, body } = await billing.app.inject("/health");
    const { checks } = JSON.parse(body);
    expect(statusCode).toBe(200);
    expect(Object.keys(checks).toSorted()).toEqual(["api", "horizon", "soroban_rpc"]);
    expect(checks.horizon).toBe("down");
  });
});
