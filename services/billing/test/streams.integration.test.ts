import { parseUsdc } from "@orrery/common/contracts/money";
import { reconcileLedgers } from "@orrery/common/reconciliation/reconcile-ledgers";
import { type Database, openDatabase } from "@orrery/common/repositories/database";
import { KyselyChargeRecordRepository } from "@orrery/common/repositories/reconciliation/charge-record-repository.kysely";
import type { Difference } from "@orrery/common/repositories/reconciliation/difference";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { createHttpSorobanRpc } from "@orrery/soroban/rpc/http-soroban-rpc";
import { DEFAULT_VAULT_INTERFACE } from "@orrery/soroban/vault/vault-call";
import { createVaultInterfaces } from "@orrery/soroban/vault/vault-interfaces";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Billing } from "../src/compose.ts";
import { CONTRACTS } from "./billing-fixture.ts";
import { BillingInstances, vaultBalance } from "./billing-instances.ts";
import { type Action, STREAM } from "./stream-calls.ts";

/** Payments wait for ledgers, and ledgers for the machine. */
vi.setConfig({ testTimeout: 120_000 });

const NETWORK = "Orrery Test Network ; 2026";
const instances = new BillingInstances(NETWORK);
const FUNDED_STROOPS = 10_000_000_000n;
/** 1 stroop a millisecond, so that every test accrues something at once. */
const QUICK = { ...STREAM, ratePerSecondStroops: "1000", totalAmountUsdc: "100" };

let testDatabase: TestDatabase;
let database: Database;
let sim: LedgerSim;
let [billing, other] = [] as unknown as [Billing, Billing];
let before: bigint;
let sent = 0;

const balance = () => vaultBalance(sim);
const get = async (id: string) => (await instances.call(billing, "GET", `/streams/${id}`)).json();
const activity = async (id: string) => {
  const { data } = (
    await instances.call(billing, "GET", `/streams/${id}/activity?limit=100`)
  ).json();
  return data.map(({ type }: { type: string }) => type) as string[];
};

function act(through: Billing, id: string, action: Action, headers: Record<string, string> = {}) {
  sent += 1;
  const key = { "idempotency-key": `key-${sent}`, prefer: "wait=25", ...headers };
  return instances.call(through, "POST", `/streams/${id}/${action}`, undefined, key);
}

/**
 * Asks again under its key while it is told to come again, as clients do: a turn at a stream and the
 * wait for the chain are bounded, and on a busy machine either may be over first.
 */
async function actUntilDone(
  through: Billing,
  id: string,
  action: Action,
  headers: Record<string, string> = {},
) {
  sent += 1;
  const key = { "idempotency-key": `patient-${sent}`, ...headers };
  for (;;) {
    const answer = await act(through, id, action, key);
    if (answer.headers["retry-after"] === undefined) return answer;
  }
}

/** An active stream that has accrued something. */
async function createActive(changes: object = {}): Promise<string> {
  const created = await instances.call(billing, "POST", "/streams", { ...QUICK, ...changes });
  const { id } = created.json();
  await actUntilDone(billing, id, "start");
  await vi.waitUntil(async () => (await get(id)).accruedUsdc !== "0", { timeout: 30_000 });
  return id;
}

/** What the stream says it paid, which must be what its vault has lost since the test began. */
async function expectPaidOnce(id: string): Promise<void> {
  const { settledUsdc, accruedUsdc } = await get(id);
  expect(settledUsdc).toBe(accruedUsdc);
  expect(before - (await balance())).toBe(parseUsdc(settledUsdc));
}

async function listDifferences(): Promise<Difference[]> {
  const differences: Difference[] = [];
  const rpc = createHttpSorobanRpc({ url: sim.url, timeoutMs: 20_000 });
  const interfaces = createVaultInterfaces(rpc, DEFAULT_VAULT_INTERFACE);
  await reconcileLedgers(
    { rpc, records: new KyselyChargeRecordRepository(database.kysely), interfaces },
    { fromLedger: 2, toLedger: sim.ledger.latest.sequence },
    { onDifference: (difference) => void differences.push(difference) },
  );
  return differences;
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, poolSize: 2, applicationName: "test" });
  sim = await startLedgerSim({
    networkPassphrase: NETWORK,
    closeMs: 100,
    vaultAuthorizedCaller: instances.submitter.publicKey(),
  });
  instances.env["DATABASE_URL"] = testDatabase.url;
  instances.env["SOROBAN_RPC_URL"] = sim.url;
  instances.env["DB_POOL_SIZE"] = "2";
  await sim.call("sim_fund", { contractId: CONTRACTS[0], amount: String(FUNDED_STROOPS) });
});

afterAll(async () => {
  await sim.close();
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  billing = await instances.start();
  other = await instances.start();
  await instances.call(billing, "PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
  before = await balance();
});

afterEach(async () => {
  await sim.call("sim_clearFaults");
  await instances.stopAll();
});

describe("a stream on the chain", () => {
  it("is paid once, as of the freeze, and withdrawn three ledgers later", async () => {
    const id = await createActive();
    await actUntilDone(other, id, "pause");
    const { accruedUsdc } = await get(id);
    const settled = await actUntilDone(other, id, "settle");
    expect(settled.statusCode).toBe(200);
    expect(settled.json()).toMatchObject({
      status: "ended",
      accruedUsdc,
      settledUsdc: accruedUsdc,
    });
    expect(settled.json().settlementTxHash).toMatch(/^[0-9a-f]{64}$/);
    await expectPaidOnce(id);
    const asked = await act(billing, id, "withdraw");
    expect([200, 202]).toContain(asked.statusCode);
    await vi.waitUntil(async () => (await get(id)).status === "withdrawn", { timeout: 60_000 });
    const { rows } = await database.pool.query<{ settlement_ledger: string }>(
      "select settlement_ledger from streams where id = $1",
      [id],
    );
    const paidIn = Number(rows[0]?.settlement_ledger);
    expect(sim.ledger.latest.sequence).toBeGreaterThanOrEqual(paidIn + 3);
    expect(await activity(id)).toEqual([
      "stream.withdrawn",
      "stream.withdrawal_requested",
      "stream.ended",
      "stream.settlement_requested",
      "stream.paused",
      "stream.started",
      "stream.created",
    ]);
    expect(await listDifferences()).toEqual([]);
  });

  it("is paid once when twenty callers over two instances ask at once", async () => {
    const id = await createActive();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        actUntilDone(index % 2 ? billing : other, id, "settle"),
      ),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(new Set(answers.map((answer) => answer.json().settledUsdc)).size).toBe(1);
    expect(new Set(answers.map((answer) => answer.json().settlementTxHash)).size).toBe(1);
    await expectPaidOnce(id);
    const paid = (await activity(id)).filter((type) => type === "stream.ended");
    expect(paid).toHaveLength(1);
    expect(await listDifferences()).toEqual([]);
  });

  it("answers one key alike, whichever of two instances is asked, and once with the effect", async () => {
    const id = await createActive();
    const key = { "idempotency-key": `settle ${id}` };
    const answers = await Promise.all([
      actUntilDone(billing, id, "settle", key),
      actUntilDone(other, id, "settle", key),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    const create = (through: Billing) =>
      instances.call(through, "POST", "/streams", QUICK, { "idempotency-key": `create ${id}` });
    const made = await Promise.all([create(billing), create(other), create(billing)]);
    expect(made.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201]);
    expect(new Set(made.map(({ body }) => body)).size).toBe(1);
    const started = { "idempotency-key": `start ${id}` };
    const madeId = made[0].json().id;
    const starts = await Promise.all([
      actUntilDone(billing, madeId, "start", started),
      actUntilDone(other, madeId, "start", started),
    ]);
    expect(starts.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(await activity(madeId)).toEqual(["stream.started", "stream.created"]);
  });

  it("takes the moves of two instances one after the other", async () => {
    const created = await instances.call(billing, "POST", "/streams", QUICK);
    const { id } = created.json();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        act(index % 2 ? billing : other, id, index % 3 ? "pause" : "start"),
      ),
    );
    const codes = new Set(answers.map(({ statusCode }) => statusCode));
    expect([...codes].every((code) => code === 200 || code === 409)).toBe(true);
    const happened = (await activity(id)).toReversed().slice(1);
    expect(happened.length).toBeGreaterThan(0);
    for (const [index, type] of happened.entries()) {
      expect(type).toBe(index % 2 === 0 ? "stream.started" : "stream.paused");
    }
  });

  it("holds no connection while the chain is away, and another instance finishes", async () => {
    await sim.call("sim_setFaults", { httpStatus: 503 });
    const ids = [];
    for (let index = 0; index < 5; index += 1) ids.push(await createActive());
    const waiting = ids.map((id) => act(billing, id, "stop"));
    const settling = async () => {
      const { rows } = await database.pool.query<{ count: number }>(
        "select count(*)::int as count from streams where settlement_state = 'pending'",
      );
      return rows[0]?.count;
    };
    await expect.poll(settling, { timeout: 20_000 }).toBe(5);
    // Two connections in each pool, and five callers that wait: others are still served.
    expect((await act(other, ids[0] ?? "", "pause")).json().code).toBe("settlement_in_progress");
    const held = async () => {
      const { rows } = await database.pool.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity
         where state like 'idle in transaction%' and now() - state_change > interval '1 second'
           and datname = current_database()`,
      );
      return rows[0]?.count;
    };
    await expect.poll(held).toBe(0);
    await instances.stop(billing);
    for (const answer of await Promise.all(waiting)) {
      expect(answer.statusCode).toBe(202);
      expect(answer.json().pendingSettlement.action).toBe("stop");
    }
    billing = other;
    await sim.call("sim_clearFaults");
    for (const id of ids) expect((await actUntilDone(other, id, "stop")).statusCode).toBe(200);
    const settled = await Promise.all(
      ids.map(async (id) => parseUsdc((await get(id)).settledUsdc)),
    );
    const sum = settled.reduce((total: bigint, one) => total + (one ?? 0n), 0n);
    expect(before - (await balance())).toBe(sum);
    expect(await listDifferences()).toEqual([]);
  });

  it("is as it was when the vault cannot pay, and is paid when it can", async () => {
    const rich = { ratePerSecondStroops: "9000000000000000", totalAmountUsdc: "900000000" };
    const id = await createActive(rich);
    await actUntilDone(billing, id, "pause");
    const was = await get(id);
    const refused = await actUntilDone(billing, id, "cancel");
    expect([refused.statusCode, refused.json().code]).toEqual([402, "insufficient_balance"]);
    expect(await get(id)).toEqual(was);
    expect(await balance()).toBe(before);
    expect((await activity(id))[0]).toBe("stream.settlement_failed");
    const owed = String(parseUsdc(was.accruedUsdc));
    await sim.call("sim_fund", { contractId: CONTRACTS[0], amount: owed });
    const paid = await actUntilDone(other, id, "cancel");
    expect([paid.statusCode, paid.json().status]).toEqual([200, "cancelled"]);
    expect(await balance()).toBe(before);
    expect(await listDifferences()).toEqual([]);
  });

  it("is paid once though the answer to sending was lost", async () => {
    const id = await createActive();
    await sim.call("sim_setFaults", { lostAfterAccept: 1 });
    expect((await actUntilDone(billing, id, "settle")).statusCode).toBe(200);
    await expectPaidOnce(id);
  });

  it("shows a stream that was changed by hand as a difference", async () => {
    const id = await createActive();
    await actUntilDone(billing, id, "settle");
    await database.pool.query(
      "update streams set settlement_stroops = settlement_stroops + 1 where id = $1",
      [id],
    );
    const differences = await listDifferences();
    expect(differences.map(({ kind, subjectId }) => [kind, subjectId])).toEqual([
      ["usage_event_differs", `${id}/1`],
    ]);
    await database.pool.query(
      "update streams set settlement_stroops = settlement_stroops - 1 where id = $1",
      [id],
    );
  });

  it("counts what was paid", async () => {
    const id = await createActive();
    await actUntilDone(billing, id, "settle");
    const count = async () => {
      const bodies = await Promise.all(
        [billing, other].map(async ({ app }) => (await app.inject("/metrics")).body),
      );
      const counts = bodies.map((body) =>
        Number(/stream_settlements_total\{outcome="confirmed"\} (\d+)/.exec(body)?.[1]),
      );
      return counts.reduce((sum, one) => sum + one, 0);
    };
    await expect.poll(count, { timeout: 10_000 }).toBe(1);
  });
});
