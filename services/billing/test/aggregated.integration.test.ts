import { type Database, openDatabase } from "@orrery/common/repositories/database";
import { findSettlementViolations } from "@orrery/common/testing/settlement-invariants";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Billing } from "../src/compose.ts";
import { ACCOUNTS, CONTRACTS, DEDUCT } from "./billing-fixture.ts";
import { BillingInstances, vaultBalance } from "./billing-instances.ts";

const NETWORK = "Orrery Test Network ; 2026";
const instances = new BillingInstances(NETWORK);
/** What one deduction takes: 1.5 USDC. */
const PRICE_STROOPS = 15_000_000n;

let testDatabase: TestDatabase;
let database: Database;
let sim: LedgerSim;
let [billing, other] = [] as unknown as [Billing, Billing];

const startBilling = (changes?: Record<string, string>) => instances.start(changes);
const stopBilling = (billing: Billing) => instances.stop(billing);
const call: BillingInstances["call"] = (...request) => instances.call(...request);
const balance = () => vaultBalance(sim);

const deduct = (through: Billing, requestId: string, changes: object = {}) =>
  call(through, "POST", "/billing/deduct", { ...DEDUCT, requestId, ...changes });

const putApi = (changes: object) =>
  call(billing, "PUT", "/billing/apis/weather", {
    name: "Weather",
    payoutAddress: ACCOUNTS[0],
    settlement: "aggregated",
    ...changes,
  });

/** Sets the vault's balance on chain, as its user does who pays in or withdraws. */
function setBalance(stroops: bigint, limits: { maxDeduct?: bigint } = {}): void {
  sim.createVault({
    contractId: CONTRACTS[0],
    authorizedCaller: instances.submitter.publicKey(),
    balance: stroops,
    ...limits,
  });
}

const settlements = async (query = "") =>
  (await call(billing, "GET", `/billing/settlements${query}`)).json();

/** Lets every open settlement close now. */
const closeAll = () => database.pool.query("update settlements set closes_at = now()");

/** Waits until nothing is reserved any more, and holds the rows against the chain. */
async function expectAllSettled(before: bigint, count: number): Promise<void> {
  const isSettled = async () => {
    const { rows } = await database.pool.query(`
      select count(*) as count from usage_events where status <> 'confirmed'
    `);
    return Number(rows[0]?.count);
  };
  await expect.poll(isSettled, { timeout: 20_000 }).toBe(0);
  expect(await findSettlementViolations(database.kysely)).toEqual([]);
  expect(before - (await balance())).toBe(BigInt(count) * PRICE_STROOPS);
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, poolSize: 2, applicationName: "test" });
  instances.env["DATABASE_URL"] = testDatabase.url;
  sim = await startLedgerSim({
    networkPassphrase: NETWORK,
    closeMs: 100,
    vaultAuthorizedCaller: instances.submitter.publicKey(),
  });
  instances.env["SOROBAN_RPC_URL"] = sim.url;
});

afterAll(async () => {
  await sim.close();
  await database.close();
  await testDatabase.drop();
});

describe("aggregated settlement on the chain", () => {
  let before: bigint;

  beforeEach(async () => {
    await database.pool.query(`
      truncate usage_events, settlements, vault_balances, submission_intents, submission_attempts
    `);
    setBalance(1_000n * PRICE_STROOPS);
    before = await balance();
    billing = await startBilling();
    other = await startBilling();
    await call(billing, "PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
    await putApi({ settleEverySeconds: 1 });
  });

  afterEach(async () => {
    await sim.call("sim_clearFaults");
    await instances.stopAll();
  });

  it("charges a hundred requests over two instances, each sent twice, in one charge", async () => {
    await putApi({ settleEverySeconds: 3_600 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        deduct(index % 3 ? billing : other, `many-${index % 100}`),
      ),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => answer.json().usageEventId)).size).toBe(100);
    await closeAll();
    await expectAllSettled(before, 100);
    const { data } = await settlements();
    expect(data.map(({ count }: { count: number }) => count)).toEqual([100]);
    const again = await deduct(other, "many-7");
    expect(again.statusCode).toBe(200);
    expect(again.json()).toMatchObject({ status: "confirmed", alreadyProcessed: true });
    const hashes = data.map(({ stellarTxHash }: { stellarTxHash: string }) => stellarTxHash);
    expect(hashes).toContain(again.json().stellarTxHash);
  });

  it("never reserves more than the vault holds, and goes on when it is funded", async () => {
    await putApi({ settleEverySeconds: 3_600 });
    setBalance(10n * PRICE_STROOPS);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => deduct(index % 2 ? billing : other, `run-${index}`)),
    );
    const codes = answers.map(({ statusCode }) => statusCode);
    expect(codes.filter((code) => code === 202)).toHaveLength(10);
    expect(codes.filter((code) => code === 402)).toHaveLength(20);
    const refused = `run-${codes.indexOf(402)}`;
    expect((await call(billing, "GET", `/billing/request/${refused}`)).statusCode).toBe(404);
    await sim.call("sim_fund", { contractId: CONTRACTS[0], amount: String(PRICE_STROOPS) });
    expect((await deduct(other, refused)).statusCode).toBe(202);
    expect((await deduct(billing, "one-more")).statusCode).toBe(402);
    await closeAll();
    await expectAllSettled(11n * PRICE_STROOPS, 11);
    expect(await balance()).toBe(0n);
  });

  it("counts per-request deductions against the same vault", async () => {
    await putApi({ settleEverySeconds: 3_600 });
    setBalance(3n * PRICE_STROOPS);
    const maps = { name: "Maps", payoutAddress: ACCOUNTS[1] };
    await call(billing, "PUT", "/billing/apis/maps", maps);
    await sim.call("sim_setFaults", { httpStatus: 503, methods: ["sendTransaction"] });
    const single = call(billing, "POST", "/billing/deduct", {
      ...DEDUCT,
      requestId: "single",
      apiId: "maps",
    });
    await expect
      .poll(async () => (await call(billing, "GET", "/billing/request/single")).statusCode)
      .toBe(200);
    const answers = await Promise.all([1, 2, 3].map((n) => deduct(other, `beside-${n}`)));
    const codes = answers.map(({ statusCode }) => statusCode);
    expect(codes.toSorted((a, b) => a - b)).toEqual([202, 202, 402]);
    await sim.call("sim_clearFaults");
    expect((await single).statusCode).toBe(201);
    await closeAll();
    await expectAllSettled(3n * PRICE_STROOPS, 3);
  });

  it("keeps what is reserved from per-request deductions of the same vault", async () => {
    await putApi({ settleEverySeconds: 3_600 });
    setBalance(3n * PRICE_STROOPS);
    const maps = { name: "Maps", payoutAddress: ACCOUNTS[1] };
    await call(billing, "PUT", "/billing/apis/maps", maps);
    for (const requestId of ["held-1", "held-2"]) {
      expect((await deduct(billing, requestId)).statusCode).toBe(202);
    }
    expect((await deduct(other, "alone-1", { apiId: "maps" })).statusCode).toBe(201);
    const refused = await deduct(other, "alone-2", { apiId: "maps" });
    expect([refused.statusCode, refused.json().code]).toEqual([402, "insufficient_balance"]);
    expect((await call(billing, "GET", "/billing/request/alone-2")).statusCode).toBe(404);
    await sim.call("sim_fund", { contractId: CONTRACTS[0], amount: String(PRICE_STROOPS) });
    expect((await deduct(other, "alone-2", { apiId: "maps" })).statusCode).toBe(201);
    await closeAll();
    await expectAllSettled(4n * PRICE_STROOPS, 4);
  });

  it("charges in parts what the vault does not take at once, and gives up what has none", async () => {
    await putApi({ settleEverySeconds: 3_600 });
    setBalance(100n * PRICE_STROOPS, { maxDeduct: 2n * PRICE_STROOPS });
    for (let index = 0; index < 5; index += 1) await deduct(billing, `part-${index}`);
    await deduct(billing, "giant", { amountUsdc: "4.5" });
    await closeAll();
    const giant = async () => (await call(other, "GET", "/billing/request/giant")).json();
    await expect.poll(giant, { timeout: 20_000 }).toMatchObject({
      status: "failed",
      failure: { reason: "contract_error", contractError: 7 },
    });
    expect((await settlements("?state=rejected")).meta.total).toBe(1);
    // The user raises the limit, and the consumer asks again.
    setBalance(await balance());
    expect((await deduct(other, "giant", { amountUsdc: "4.5" })).json().status).toBe("reserved");
    await expectAllSettled(100n * PRICE_STROOPS, 8);
    expect((await settlements("?state=split")).meta.total).toBeGreaterThan(0);
  });

  it("is finished by another instance when the one that reserved or closed it stops", async () => {
    await sim.call("sim_setFaults", { httpStatus: 503, methods: ["sendTransaction"] });
    for (let index = 0; index < 5; index += 1) await deduct(billing, `crash-${index}`);
    const closedOnes = async () => (await settlements("?state=settling")).meta.total;
    await expect.poll(closedOnes, { timeout: 10_000 }).toBeGreaterThan(0);
    await deduct(billing, "crash-5");
    await stopBilling(billing);
    await stopBilling(other);
    await sim.call("sim_clearFaults");
    billing = await startBilling();
    await expectAllSettled(before, 6);
  });

  it("charges once though the answer to sending was lost", async () => {
    await sim.call("sim_setFaults", { lostAfterAccept: 1 });
    await deduct(billing, "lost-after");
    await expectAllSettled(before, 1);
    await sim.call("sim_setFaults", { lostBeforeAccept: 1 });
    await deduct(other, "lost-before");
    await expectAllSettled(before, 2);
  });

  it("keeps usage whose vault was emptied, says so, and charges it once it is funded again", async () => {
    await putApi({ settleEverySeconds: 3_600 });
    for (let index = 0; index < 4; index += 1) await deduct(billing, `gone-${index}`);
    setBalance(PRICE_STROOPS);
    await closeAll();
    const failed = async () => (await settlements("?state=failed")).data[0];
    await expect.poll(failed, { timeout: 10_000 }).toMatchObject({
      state: "failed",
      count: 4,
      failure: { reason: "insufficient_balance", contractError: 5 },
    });
    expect((await deduct(other, "after")).statusCode).toBe(402);
    expect((await call(billing, "GET", "/billing/request/gone-0")).json().status).toBe("reserved");
    expect(await balance()).toBe(PRICE_STROOPS);
    await sim.call("sim_fund", { contractId: CONTRACTS[0], amount: String(9n * PRICE_STROOPS) });
    await expectAllSettled(10n * PRICE_STROOPS, 4);
    const { data } = await settlements();
    expect(data).toHaveLength(1);
    expect(data[0].failureCount).toBeGreaterThan(0);
    expect((await deduct(other, "after")).statusCode).toBe(202);
  });

  it("reserves on while the chain is away, and settles when it is back", async () => {
    await deduct(billing, "away-0");
    await sim.call("sim_setFaults", { httpStatus: 503 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => deduct(other, `away-${index + 1}`)),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    await sim.call("sim_clearFaults");
    await expectAllSettled(before, 11);
  });
});
