import { randomBytes } from "node:crypto";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { CONTEXT_HEADER, signContext } from "@orrery/common/http/signed-context";
import { createRegistry } from "@orrery/common/observability/metrics";
import { type Database, openDatabase } from "@orrery/common/repositories/database";
import { KyselyChargeRecordRepository } from "@orrery/common/repositories/reconciliation/charge-record-repository.kysely";
import { KyselyReconciliationStateRepository } from "@orrery/common/repositories/reconciliation/reconciliation-state-repository.kysely";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { createHttpSorobanRpc } from "@orrery/soroban/rpc/http-soroban-rpc";
import type { SorobanRpc } from "@orrery/soroban/rpc/soroban-rpc";
import { DEFAULT_VAULT_INTERFACE } from "@orrery/soroban/vault/vault-call";
import { createVaultInterfaces } from "@orrery/soroban/vault/vault-interfaces";
import { Keypair } from "@stellar/stellar-sdk";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Billing, compose } from "../src/compose.ts";
import { readConfig } from "../src/config.ts";
import { ReconciliationJob } from "../src/reconciliation/reconciliation-job.ts";
import { createReconciliationMetrics } from "../src/reconciliation/reconciliation-metrics.ts";
import { ACCOUNTS, CONTRACTS, DEDUCT } from "./billing-fixture.ts";

const NETWORK = "Orrery Test Network ; 2026";
const CONTEXT_SIGNING_KEYS = `k1:${randomBytes(32).toString("base64")}`;
const [contextKey] = parseContextKeys(CONTEXT_SIGNING_KEYS);
const submitter = Keypair.random();
/** What the network that is driven by hand remembers; the other one remembers all of a test. */
const RETENTION_LEDGERS = 60;

/** What billing starts with; the addresses are added once they are known. */
const ENV: Record<string, string> = {
  CONTEXT_SIGNING_KEYS,
  EXPORT_URL_KEYS: `e1:${randomBytes(32).toString("base64")}`,
  NETWORK_PASSPHRASE: NETWORK,
  SUBMITTER_SECRET: submitter.secret(),
  CHANNEL_MASTER_SECRET: randomBytes(32).toString("hex"),
  CHANNEL_COUNT: "4",
  LEDGER_CLOSE_MS: "50",
  LOG_LEVEL: "silent",
};

let testDatabase: TestDatabase;
let database: Database;
let sim: LedgerSim;
let billing: Billing;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, poolSize: 4, applicationName: "test" });
  sim = await startLedgerSim({
    networkPassphrase: NETWORK,
    closeMs: 50,
    vaultAuthorizedCaller: submitter.publicKey(),
  });
  Object.assign(ENV, { DATABASE_URL: testDatabase.url, SOROBAN_RPC_URL: sim.url });
  billing = compose(readConfig(ENV));
  await billing.start();
  await billing.app.ready();
  for (const [index, contractId] of CONTRACTS.entries()) {
    await sim.call("sim_fund", { contractId, amount: "100000000000" });
    await call("PUT", `/billing/vaults/user-${index}`, { contractId });
  }
  await call("PUT", "/billing/apis/weather", { name: "Weather", payoutAddress: ACCOUNTS[0] });
});

afterAll(async () => {
  billing.release();
  await billing.app.close();
  await billing.stop();
  await database.close();
  await sim.close();
  await testDatabase.drop();
});

function call(method: "POST" | "PUT", path: string, payload: object) {
  const context = { tenantId: "acme", principal: "key:1", scopes: ["billing:write"] as const };
  const headers = {
    [CONTEXT_HEADER]: signContext(context, "billing", contextKey),
    prefer: "wait=25",
  };
  return billing.app.inject({ method, url: `/api/v1${path}`, headers, payload });
}

function connect(network: LedgerSim): SorobanRpc {
  return createHttpSorobanRpc({ url: network.url, timeoutMs: 20_000 });
}

/** A network that forgets soon and closes ledgers when it is told to: far from those of the rows. */
async function startForgetful(): Promise<LedgerSim> {
  const forgetful = await startLedgerSim({
    networkPassphrase: NETWORK,
    settings: { retentionLedgers: RETENTION_LEDGERS },
  });
  forgetful.closeLedger(10_000);
  return forgetful;
}

let requests = 0;
/** A charge that is on the chain and in the rows. */
async function charge(userId = "user-0"): Promise<{ requestId: string; ledger: number }> {
  requests += 1;
  const requestId = `req-${requests}`;
  const answer = await call("POST", "/billing/deduct", { ...DEDUCT, requestId, userId });
  expect(answer.statusCode).toBe(201);
  return { requestId, ledger: answer.json().ledger };
}

/** The job of an instance; `rpc` is how it reads the network. */
function newJob(owner = "one", rpc = connect(sim)) {
  const state = new KyselyReconciliationStateRepository(database.kysely);
  const registry = createRegistry();
  const logged: { message: string; fields: { difference?: { kind: string } } }[] = [];
  const log = (fields: object, message: string) => {
    logged.push({ message, fields });
  };
  const job = new ReconciliationJob({
    sources: {
      rpc,
      interfaces: createVaultInterfaces(rpc, DEFAULT_VAULT_INTERFACE),
      records: new KyselyChargeRecordRepository(database.kysely),
    },
    state,
    metrics: createReconciliationMetrics(registry, state),
    logger: { info: log, warn: log, error: log },
    clock: Date.now,
    owner,
    settleLedgers: 0,
    windowLedgers: 50,
  });
  const kinds = () => logged.flatMap(({ fields }) => fields.difference?.kind ?? []);
  return { job, state, registry, logged, kinds };
}

/** Does to the rows what nobody should. */
const change = (statement: string, ...values: unknown[]) => database.pool.query(statement, values);

/** Keeps the rows of a request; what it gives brings them back. */
async function backUp(requestId: string): Promise<() => Promise<void>> {
  const tables = { submission_intents: "subject_id", usage_events: "request_id" };
  for (const [table, column] of Object.entries(tables)) {
    await change(`create table backup_${table} as select * from ${table} with no data`);
    await change(
      `insert into backup_${table} select * from ${table} where ${column} = $1`,
      requestId,
    );
  }
  return async () => {
    for (const [table, column] of Object.entries(tables)) {
      await change(`delete from ${table} where ${column} = $1`, requestId);
      await change(`insert into ${table} select * from backup_${table}`);
      await change(`drop table backup_${table}`);
    }
  };
}

describe("the periodic reconciliation", () => {
  beforeEach(async () => {
    await change("truncate reconciliation_cursors, reconciliation_differences");
  });

  /** Reconciles from now on, so that what other tests did does not count. */
  async function fromNow(reconciliation: ReturnType<typeof newJob>): Promise<void> {
    await reconciliation.job.run();
    await change("truncate reconciliation_differences");
    reconciliation.logged.length = 0;
  }

  it("finds nothing where rows and chain agree", async () => {
    const reconciliation = newJob();
    await fromNow(reconciliation);
    await Promise.all(["user-0", "user-0", "user-1"].map(charge));
    await reconciliation.job.run();
    expect(reconciliation.kinds()).toEqual([]);
    expect(await reconciliation.registry.metrics()).toContain(
      "billing_reconciliation_lag_ledgers 0",
    );
  });

  const intents = "update submission_intents set";
  const events = "update usage_events set";
  const TAMPERINGS: [name: string, kind: string, statements: string[]][] = [
    [
      "a row that was deleted",
      "event_without_row",
      ["delete from submission_intents where subject_id = $1"],
    ],
    [
      "a row that was set to failed",
      "charged_but_failed",
      [`${intents} state = 'failed' where subject_id = $1`],
    ],
    [
      "a row that is still unknown",
      "charged_not_confirmed",
      [`${intents} state = 'unknown' where subject_id = $1`],
    ],
    [
      "another amount",
      "amount_differs",
      [
        `${intents} amount_stroops = 20000000 where subject_id = $1`,
        `${events} amount_usdc = 2 where request_id = $1`,
      ],
    ],
    [
      "another payee",
      "payee_differs",
      [`${intents} payee = '${ACCOUNTS[1]}' where subject_id = $1`],
    ],
    [
      "another transaction",
      "transaction_differs",
      [
        `${intents} tx_hash = '${"ab".repeat(32)}' where subject_id = $1`,
        `${events} stellar_tx_hash = '${"ab".repeat(32)}' where request_id = $1`,
      ],
    ],
    [
      "a usage event that was set to failed",
      "usage_event_differs",
      [`${events} status = 'failed' where request_id = $1`],
    ],
  ];

  it.each(TAMPERINGS)("finds %s once, and that it is mended", async (_name, kind, statements) => {
    const reconciliation = newJob();
    await fromNow(reconciliation);
    const { requestId } = await charge();
    const restore = await backUp(requestId);
    for (const statement of statements) await change(statement, requestId);
    await reconciliation.job.run();
    expect(reconciliation.kinds()).toEqual([kind]);
    await reconciliation.job.run();
    expect(reconciliation.kinds()).toEqual([kind]);
    const shown = `billing_reconciliation_differences{kind="${kind}"}`;
    expect(await reconciliation.registry.metrics()).toContain(`${shown} 1`);

    await restore();
    await newJob().job.run();
    expect(await reconciliation.registry.metrics()).toContain(`${shown} 0`);
  });

  it("follows a settlement down to its usage events", async () => {
    const reconciliation = newJob();
    const api = { name: "Maps", payoutAddress: ACCOUNTS[1], settlement: "aggregated" };
    await call("PUT", "/billing/apis/maps", { ...api, settleEverySeconds: 1 });
    await fromNow(reconciliation);
    for (const requestId of ["use-1", "use-2", "use-3"]) {
      const use = { ...DEDUCT, requestId, userId: "user-1", apiId: "maps" };
      expect((await call("POST", "/billing/deduct", use)).statusCode).toBe(202);
    }
    const reserved = async () =>
      (await change("select from usage_events where status = 'reserved'")).rows.length;
    await expect.poll(reserved).toBe(0);
    await reconciliation.job.run();
    expect(reconciliation.kinds()).toEqual([]);

    await change("delete from usage_events where request_id = 'use-2'");
    await change("truncate reconciliation_cursors");
    await reconciliation.job.run();
    expect(reconciliation.kinds()).toContain("usage_event_differs");
  });

  it("finds a row that names a vault which was not charged, from both sides", async () => {
    const reconciliation = newJob();
    await fromNow(reconciliation);
    const { requestId } = await charge();
    await change(
      `${intents} vault_contract_id = '${CONTRACTS[1]}' where subject_id = $1`,
      requestId,
    );
    await reconciliation.job.run();
    expect(reconciliation.kinds().sort()).toEqual(["row_without_event", "vault_differs"]);
  });

  it("finds a row that claims a charge of another ledger, from both sides", async () => {
    const reconciliation = newJob();
    await fromNow(reconciliation);
    const { requestId, ledger } = await charge();
    await charge();
    await change(
      `${intents} ledger = ${ledger + 1}, tx_hash = 'cd' where subject_id = $1`,
      requestId,
    );
    await reconciliation.job.run();
    expect(reconciliation.kinds().sort()).toEqual(["duplicate_charge", "row_without_event"]);
  });

  it("finds charges on chain that nobody asked for, and a charge made twice", async () => {
    const reconciliation = newJob();
    await fromNow(reconciliation);
    const { requestId } = await charge();
    const { rows } = await change(
      "select marker from submission_intents where subject_id = $1",
      requestId,
    );
    const emit = (contractId: string, requestTopic: unknown) =>
      sim.call("sim_emitEvent", {
        contractId,
        topics: [{ symbol: "deduct" }, { address: submitter.publicKey() }, requestTopic],
        data: [{ i128: "15000000" }, { i128: "1" }],
      });
    await emit(CONTRACTS[1], { symbol: "nobody_knows_me" });
    await emit(CONTRACTS[1], "void");
    await emit(CONTRACTS[0], { symbol: rows[0]?.marker });
    await charge();
    await reconciliation.job.run();
    expect(reconciliation.kinds().sort()).toEqual([
      "duplicate_charge",
      "event_without_row",
      "event_without_row",
    ]);
  });

  it("accepts a row without a transaction on the word of the marker", async () => {
    const reconciliation = newJob();
    await fromNow(reconciliation);
    const { requestId } = await charge();
    await change(
      `${events} stellar_tx_hash = null, ledger = null where request_id = $1`,
      requestId,
    );
    await change(
      `${intents} tx_hash = null, ledger = null, evidence = 'marker' where subject_id = $1`,
      requestId,
    );
    await reconciliation.job.run();
    expect(reconciliation.kinds()).toEqual([]);
  });

  it("lets one instance work at a time and the next go on where it ended", async () => {
    const [one, two] = [newJob("one"), newJob("two")];
    await fromNow(one);
    const held = await one.state.lease("somebody", 60_000);
    const before = await one.state.findNextLedger();
    await charge();
    await two.job.run();
    expect(await one.state.findNextLedger()).toBe(before);
    if (held === undefined) throw new Error("the lease was free");
    await one.state.release(held);
    expect(await one.state.advance(held, 1, 1_000)).toBe(false);
    await two.job.run();
    expect(await one.state.findNextLedger()).toBeGreaterThan(before ?? 0);
  });

  it("is done by a service that runs, without being asked", async () => {
    await sim.call("sim_emitEvent", {
      contractId: CONTRACTS[1],
      topics: [{ symbol: "deduct" }, { address: submitter.publicKey() }, { symbol: "stray" }],
      data: [{ i128: "15000000" }, { i128: "1" }],
    });
    const instance = compose(readConfig({ ...ENV, RECONCILE_INTERVAL_S: "1" }));
    try {
      await instance.start();
      const metrics = async () => (await instance.app.inject("/metrics")).body;
      await expect
        .poll(metrics)
        .toMatch(/billing_reconciliation_differences\{kind="event_without_row"\} [1-9]/);
    } finally {
      await instance.app.close();
      await instance.stop();
    }
  });

  describe("on a network that forgets", () => {
    let forgetful: LedgerSim;

    beforeEach(async () => {
      forgetful = await startForgetful();
    });
    afterEach(() => forgetful.close());

    it("says loudly which ledgers it never saw", async () => {
      const { job, logged, registry, state } = newJob("one", connect(forgetful));
      await job.run();
      const seen = forgetful.ledger.latest.sequence;
      expect(await state.findNextLedger()).toBe(seen + 1);
      forgetful.closeLedger(RETENTION_LEDGERS + 100);
      await job.run();
      const lost = { fromLedger: seen + 1, toLedger: expect.any(Number) };
      expect(logged).toContainEqual({
        message: "these ledgers left the network's memory and were never compared",
        fields: lost,
      });
      const total = /billing_reconciliation_lost_ledgers_total (\d+)/.exec(
        await registry.metrics(),
      );
      expect(Number(total?.[1])).toBeGreaterThanOrEqual(100);
      expect(await state.findNextLedger()).toBe(forgetful.ledger.latest.sequence + 1);
    });

    it("begins where the network still remembers when it comes to read, and has lost nothing", async () => {
      const rpc = connect(forgetful);
      const { job, state, registry } = newJob("one", {
        ...rpc,
        getEvents: (request) => {
          forgetful.closeLedger();
          return rpc.getEvents(request);
        },
      });
      const { sequence } = forgetful.ledger.latest;
      await job.run();
      expect(await state.findNextLedger()).toBe(sequence + 1);
      expect(await registry.metrics()).toContain("billing_reconciliation_lost_ledgers_total 0");
    });
  });
});
