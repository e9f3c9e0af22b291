import { type Database, openDatabase } from "@orrery/common/repositories/database";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

const VAULT = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";
const ACCOUNT = "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7";
const STROOPS = 15_000_000;
const HASH = "ab".repeat(32);

let testDatabase: TestDatabase;
let database: Database;
let sim: LedgerSim;
let env: Record<string, string>;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, poolSize: 2, applicationName: "test" });
  sim = await startLedgerSim({
    networkPassphrase: "Orrery Test Network ; 2026",
    settings: { retentionLedgers: 300 },
  });
  env = { DATABASE_URL: testDatabase.url, SOROBAN_RPC_URL: sim.url };
});

afterAll(async () => {
  await sim.close();
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  await database.pool.query(
    "truncate submission_intents, submission_attempts, usage_events, reconciliation_differences",
  );
});

async function run(args: string[], changes: Record<string, string> = {}) {
  const printed = { out: "", err: "" };
  const exitCode = await runCli(
    args,
    { ...env, ...changes },
    {
      stdout: (text) => void (printed.out += text),
      stderr: (text) => void (printed.err += text),
    },
  );
  return { exitCode, ...printed };
}

const reconcile = (from: number, to: number, ...options: string[]) =>
  run(["reconcile", "--from-ledger", String(from), "--to-ledger", String(to), ...options]);

/** A charge on chain; the ledger and the transaction it is in. */
async function chargeOnChain(marker: string): Promise<{ ledger: number; txHash: string }> {
  const event = (await sim.call("sim_emitEvent", {
    contractId: VAULT,
    topics: [{ symbol: "deduct" }, { address: ACCOUNT }, { symbol: marker }],
    data: [{ i128: String(STROOPS) }, { i128: "1" }],
  })) as { ledger: number; txHash: string };
  sim.closeLedger();
  return event;
}

/** A row for it, as the engine leaves it behind. */
async function row(
  marker: string,
  end: { state: string; ledger?: number; txHash?: string },
): Promise<void> {
  await database.pool.query(
    `insert into submission_intents (tenant_id, intent_id, kind, subject_id, vault_contract_id, payee,
       amount_stroops, marker, created_at_ms, armed_at_ms, due_at_ms, resolved_at_ms, state, ledger,
       tx_hash)
     values ('acme', gen_random_uuid(), 'deduct', $1, $2, $3, $4, $1, 1, 1, 1, 1, $5, $6, $7)`,
    [marker, VAULT, ACCOUNT, STROOPS, end.state, end.ledger ?? null, end.txHash ?? null],
  );
  await database.pool.query(
    `insert into usage_events (tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id,
       api_key_id, amount_usdc, status, stellar_tx_hash, ledger, created_at)
     select 'acme', $1, intent_id, '', 'ada', 'weather', 'forecast', 'key', 1.5,
       case state when 'confirmed' then 'confirmed' else 'pending' end, tx_hash, ledger, now()
     from submission_intents where subject_id = $1`,
    [marker],
  );
}

describe("orrery reconcile", () => {
  it("exits 0 where rows and chain agree", async () => {
    const charge = await chargeOnChain("agreed");
    await row("agreed", { state: "confirmed", ...charge });
    const answer = await reconcile(charge.ledger, charge.ledger);
    expect(answer).toEqual({
      exitCode: 0,
      err: "",
      out: "1 vaults, 1 rows, 1 events\n0 confirmed without a transaction of their own\nno differences\n",
    });
  });

  it("exits 1 and says of each difference what to do", async () => {
    const charge = await chargeOnChain("agreed_again");
    await row("agreed_again", { state: "confirmed", ...charge });
    await row("never_charged", { state: "confirmed", ledger: charge.ledger, txHash: HASH });
    const foreign = await chargeOnChain("foreign");
    const text = await reconcile(charge.ledger, foreign.ledger);
    expect(text.exitCode).toBe(1);
    expect(text.out).toContain(`row_without_event in ledger ${charge.ledger} · acme never_charged`);
    expect(text.out).toContain(`event_without_row in ledger ${foreign.ledger}`);
    expect(text.out).toContain("→ Find out who charged");
    const json = await reconcile(charge.ledger, foreign.ledger, "--json");
    expect(JSON.parse(json.out)).toMatchObject({
      differences: 2,
      list: [{ kind: "row_without_event", advice: expect.any(String) }, { marker: "foreign" }],
    });
  });

  it("finds a charge whose row has been archived", async () => {
    const charge = await chargeOnChain("archived");
    await row("archived", { state: "confirmed", ...charge });
    await database.pool.query(
      `with moved as (delete from submission_intents returning *)
       insert into submission_intents_archive
       select tenant_id, intent_id, marker, vault_contract_id, ledger, to_jsonb(moved) from moved`,
    );
    const answer = await reconcile(charge.ledger, charge.ledger);
    expect(answer).toMatchObject({ exitCode: 0, out: expect.stringContaining("1 rows, 1 events") });
    await database.pool.query("truncate submission_intents_archive");
  });

  it("never calls proven what it could not compare", async () => {
    sim.closeLedger(400);
    const latest = sim.ledger.latest.sequence;
    const past = await reconcile(2, 3);
    expect(past.exitCode).toBe(1);
    expect(past.out).toContain("NOT COMPARED: ledgers 2 to 3 are out of the network's memory");
    const future = await reconcile(latest, latest + 5);
    expect(future.exitCode).toBe(1);
    expect(future.out).toContain("have not closed yet");
  });

  it.each([
    [["--from-ledger", "1"]],
    [["--from-ledger", "x", "--to-ledger", "5"]],
    [["--from-ledger", "9", "--to-ledger", "5"]],
    [["--from-ledger", "1", "--to-ledger", "5", "6"]],
    [["--from-ledger", "1", "--to-ledger", "5", "--fast"]],
  ])("exits 2 and shows its usage for %j", async (args) => {
    const { exitCode, err } = await run(["reconcile", ...args]);
    expect(exitCode).toBe(2);
    expect(err).toContain("usage: orrery");
  });

  it("says what to set when no RPC is named", async () => {
    const answer = await run(["reconcile", "--from-ledger", "1", "--to-ledger", "2"], {
      SOROBAN_RPC_URL: "",
    });
    expect(answer).toMatchObject({ exitCode: 1, err: expect.stringContaining("SOROBAN_RPC_URL") });
  });
});

describe("orrery unknown", () => {
  const words = ["--evidence", "seen at an explorer", "--operator", "grace"];
  const resolve = (requestId: string, ...args: string[]) =>
    run(["unknown", "resolve", "acme", requestId, ...args]);

  async function find(requestId: string) {
    const { rows } = await database.pool.query(
      `select i.state, u.status, u.stellar_tx_hash from submission_intents i
       join usage_events u on u.id = i.intent_id where subject_id = $1`,
      [requestId],
    );
    return rows[0] as unknown;
  }

  it("lists what is unknown and nothing else", async () => {
    await row("lost", { state: "unknown" });
    await row("sent", { state: "sent" });
    const { out, exitCode } = await run(["unknown", "list"]);
    expect(exitCode).toBe(0);
    expect(out).toContain("acme lost (deduct) · 1.5 USDC");
    expect(out).not.toContain("sent");
    const json = JSON.parse((await run(["unknown", "list", "--json"])).out);
    expect(json.unknown).toMatchObject([{ subjectId: "lost", amountStroops: String(STROOPS) }]);
  });

  it("settles the tenant's usage event with the row, and only once", async () => {
    await row("lost", { state: "unknown" });
    const first = await resolve("lost", "--as", "failed", ...words);
    expect(first).toEqual({ exitCode: 0, err: "", out: "acme lost is failed\n" });
    expect(await find("lost")).toMatchObject({ state: "failed", status: "failed" });
    const second = await resolve("lost", "--as", "confirmed", ...words);
    expect(second).toMatchObject({ exitCode: 1, out: expect.stringContaining("is not unknown") });
    const { rows } = await database.pool.query(
      "select operator, evidence from operator_audit where subject = 'deduct lost'",
    );
    expect(rows).toEqual([{ operator: "grace", evidence: "seen at an explorer" }]);
  });

  it("refuses what the chain contradicts", async () => {
    const { ledger } = await chargeOnChain("charged_after_all");
    await row("charged_after_all", { state: "unknown" });
    const failed = await resolve("charged_after_all", "--as", "failed", ...words);
    expect(failed).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining("charged its marker"),
    });
    const place = ["--tx-hash", HASH, "--ledger", String(ledger)];
    const confirmed = await resolve("charged_after_all", "--as", "confirmed", ...place, ...words);
    expect(confirmed).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining(`ledger ${ledger} has no transaction`),
    });
    expect(await find("charged_after_all")).toMatchObject({ state: "unknown", status: "pending" });
  });

  it("confirms with a transaction that is out of the network's memory", async () => {
    await row("long_ago", { state: "unknown" });
    sim.closeLedger(400);
    const place = ["--tx-hash", HASH, "--ledger", "2"];
    const answer = await resolve("long_ago", "--as", "confirmed", ...place, ...words);
    expect(answer.exitCode).toBe(0);
    expect(await find("long_ago")).toEqual({
      state: "confirmed",
      status: "confirmed",
      stellar_tx_hash: HASH,
    });
  });

  it.each([
    [["--as", "failed", "--operator", "grace"]],
    [["--as", "failed", "--evidence", " ", "--operator", "grace"]],
    [["--as", "failed", "--evidence", "seen"]],
    [["--as", "maybe", ...words]],
    [["--as", "confirmed", "--tx-hash", HASH, ...words]],
    [["--as", "confirmed", "--tx-hash", "zz", "--ledger", "5", ...words]],
    [["--as", "failed", "--ledger", "5", ...words]],
    [["--as", "failed", "--kind", "gift", ...words]],
  ])("exits 2 for %j", async (args) => {
    expect((await resolve("lost", ...args)).exitCode).toBe(2);
  });
});

describe("orrery differences", () => {
  it("lists what is open and closes it on evidence", async () => {
    await database.pool.query(
      `insert into reconciliation_differences (id, kind, vault_contract_id, ledger, detail, found_at)
       values (gen_random_uuid(), 'duplicate_charge', $1, 7, 'charged twice', now())`,
      [VAULT],
    );
    const { differences } = JSON.parse((await run(["differences", "list", "--json"])).out);
    const { id } = differences[0] as { id: string };
    expect((await run(["differences", "list"])).out).toContain("→ Refund the second charge");
    const words = ["--evidence", "refunded in ticket 9", "--operator", "grace"];
    expect((await run(["differences", "close", id, ...words])).exitCode).toBe(0);
    expect((await run(["differences", "close", id, ...words])).exitCode).toBe(1);
    expect((await run(["differences", "list"])).out).toBe("no open differences\n");
    expect((await run(["differences", "close", "seven", ...words])).exitCode).toBe(2);
    expect((await run(["differences", "close", id])).exitCode).toBe(2);
  });
});
