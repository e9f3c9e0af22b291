import { parseUsdc } from "@orrery/common/contracts/money";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { createHttpSorobanRpc } from "@orrery/soroban/rpc/http-soroban-rpc";
import { readChargeEvents } from "@orrery/soroban/vault/charge-events";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CONTRACTS } from "../billing-fixture.ts";
import { BillingInstances, vaultBalance } from "../billing-instances.ts";
import { STREAM } from "../stream-calls.ts";
import { BillingProcess } from "./billing-process.ts";

const NETWORK = "Orrery Test Network ; 2026";
const instances = new BillingInstances(NETWORK);
const QUICK = { ...STREAM, ratePerSecondStroops: "1000", totalAmountUsdc: "100" };

/** Between the freeze and the answer: where a payment may be interrupted. */
const POINTS = [
  "before the prepared bytes are committed",
  "after sending, before that is recorded",
  "before the outcome is committed",
  "after the outcome was committed",
] as const;
/** Each point takes a few processes that start, on however busy a machine. */
const TIMEOUT_MS = 180_000;

let testDatabase: TestDatabase;
let sim: LedgerSim;
/** Restarted after each kill, to be killed at the next point. */
let billing: BillingProcess;

function start(point: string | undefined): Promise<BillingProcess> {
  const addresses = { DATABASE_URL: testDatabase.url, SOROBAN_RPC_URL: sim.url };
  const changes = { ...addresses, BILLING_PORT: "0", LOG_LEVEL: "info" };
  return BillingProcess.start({ ...instances.env, ...changes }, point);
}

async function call(method: string, path: string, payload?: object, headers = {}) {
  const response = await fetch(`${billing.url}/api/v1${path}`, {
    method,
    headers: {
      ...(payload && { "content-type": "application/json" }),
      ...headers,
      ...instances.contextHeaders(),
    },
    ...(payload && { body: JSON.stringify(payload) }),
  });
  return {
    status: response.status,
    isToComeAgain: response.headers.has("retry-after"),
    body: (await response.json()) as Record<string, string>,
  };
}

const settle = (id: string, key: string) =>
  call("POST", `/streams/${id}/settle`, undefined, { "idempotency-key": key, prefer: "wait=25" });

/** The wait for a dead process's leases and for the chain is bounded: who is told so comes again. */
async function settleUntilDone(id: string, key: string) {
  for (;;) {
    const answer = await settle(id, key);
    if (!answer.isToComeAgain) return answer;
  }
}

/** An active stream that has accrued something. */
async function createActive(): Promise<string> {
  const { id = "" } = (await call("POST", "/streams", QUICK)).body;
  await call("POST", `/streams/${id}/start`);
  const accrued = async () => (await call("GET", `/streams/${id}`)).body["accruedUsdc"];
  await vi.waitUntil(async () => (await accrued()) !== "0", { timeout: 30_000 });
  return id;
}

/** Has streams paid until the process dies of it, at the first one as a rule; gives that stream. */
async function settleUntilKilled(): Promise<{ id: string; balance: bigint; charges: number }> {
  for (;;) {
    const before = { balance: await vaultBalance(sim), charges: await countCharges() };
    const id = await createActive();
    const isKilled = await settle(id, `settle ${id}`).then(
      () => false,
      () => true,
    );
    if (isKilled) return { id, ...before };
  }
}

async function countCharges(): Promise<number> {
  const rpc = createHttpSorobanRpc({ url: sim.url, timeoutMs: 20_000 });
  const toLedger = sim.ledger.latest.sequence;
  let count = 0;
  const range = { vaultContractId: CONTRACTS[0], fromLedger: 2, toLedger };
  for await (const events of readChargeEvents(rpc, range)) count += events.length;
  return count;
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  sim = await startLedgerSim({
    networkPassphrase: NETWORK,
    closeMs: 100,
    vaultAuthorizedCaller: instances.submitter.publicKey(),
  });
  await sim.call("sim_fund", { contractId: CONTRACTS[0], amount: "10000000000" });
  billing = await start(POINTS[0]);
  await call("PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
});

afterAll(async () => {
  if (billing.isRunning) await billing.stop();
  await sim.close();
  await testDatabase.drop();
});

describe("a billing process that is killed while a stream is paid", () => {
  it.each(POINTS)(
    "leaves the stream to be paid once: %s",
    async (point) => {
      billing.arm();
      const { id, balance, charges } = await settleUntilKilled();
      expect(await billing.ended).toBe("SIGKILL");
      billing = await start(POINTS[POINTS.indexOf(point) + 1]);
      // Under the key of the request that died with the process, and under another.
      const key = point === POINTS[0] ? `settle ${id}` : `again ${id}`;
      const first = await settleUntilDone(id, key);
      expect([first.status, first.body["status"]]).toEqual([200, "ended"]);
      expect(await settle(id, key)).toEqual(first);
      const settled = parseUsdc(first.body["settledUsdc"] ?? "");
      expect(settled).toBeGreaterThan(0n);
      expect(balance - (await vaultBalance(sim))).toBe(settled);
      expect((await countCharges()) - charges).toBe(1);
    },
    TIMEOUT_MS,
  );
});
