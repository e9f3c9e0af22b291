import { runCli } from "@orrery/cli/run-cli";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { CatalogClient } from "./catalog-client.ts";

const INTERNAL_TOKENS = "internal-token-".repeat(3);
const CONTRACT = "CDVBSEDY43LMIDH5ENIZNEUB4RVHYKTBFI3E3FL6AE7462HRZ7RXLFTA";
const WAIT = { timeout: 20_000, interval: 25 };

const burnOf = (eventId: string, tokenAddress: string) => ({
  tenantId: "acme",
  eventId,
  source: "indexer" as const,
  event: {
    eventId,
    tenantId: "acme",
    type: "burn.created",
    payload: { tokenAddress, txHash: eventId, from: "ada", amount: "5", burnedBy: "ada" },
  },
  code: "token_not_found",
  detail: `The tenant has no token ${tokenAddress}.`,
});

/** One command line against a catalog that listens. */
async function orrery(catalogUrl: string, args: readonly string[], token = INTERNAL_TOKENS) {
  const printed = { out: "", err: "" };
  const env = { CATALOG_URL: catalogUrl, INTERNAL_TOKENS: token };
  const exitCode = await runCli(args, env, {
    stdout: (text) => void (printed.out += text),
    stderr: (text) => void (printed.err += text),
  });
  return { exitCode, ...printed };
}

const listen = (catalog: CatalogClient) =>
  catalog.catalog.app.listen({ host: "127.0.0.1", port: 0 });

describe("orrery events rejected", () => {
  let catalog: CatalogClient;
  let url: string;
  beforeEach(async () => {
    catalog = await CatalogClient.start({ INTERNAL_TOKENS });
    url = await listen(catalog);
  });
  afterEach(() => catalog.close());

  const run = (...args: string[]) => orrery(url, ["events", "rejected", ...args]);
  const keep = (eventId: string, token: string) =>
    catalog.catalog.internal.rejected.keep(burnOf(eventId, token));

  it("lists what could not be applied, and why", async () => {
    expect(await run("list")).toEqual({ exitCode: 0, out: "nothing is rejected\n", err: "" });
    await keep("C/1", "A");
    await keep("C/1", "A");
    const { out } = await run("list");
    expect(out).toContain("acme C/1 · burn.created from indexer\n");
    expect(out).toContain("token_not_found: The tenant has no token A.\n");
    expect(out).toContain("refused 2 times");
    await keep("C/2", "A");
    expect((await run("list", "--limit", "1")).out).toContain("1 rejected, and perhaps more\n");
    const { events } = JSON.parse((await run("list", "--json")).out);
    expect(events).toMatchObject([{ eventId: "C/1", rejections: 2 }, { eventId: "C/2" }]);
  });

  it("replays one: exits 1 while it is refused, 0 once it is applied", async () => {
    await keep("C/1", "A");
    const refused = await run("replay", "acme", "C/1");
    expect(refused.exitCode).toBe(1);
    expect(refused.out).toContain("acme C/1 rejected again, token_not_found: ");
    await catalog.createToken("A");
    expect(await run("replay", "acme", "C/1")).toEqual({
      exitCode: 0,
      out: "acme C/1 applied\n",
      err: "",
    });
    const gone = await run("replay", "acme", "C/1");
    expect([gone.exitCode, gone.err]).toEqual([1, expect.stringContaining("event_not_found")]);
  });

  it("replays all in their order, and exits 1 while one is left", async () => {
    await catalog.createToken("A");
    await keep("C/1", "A");
    await keep("C/2", "B");
    const first = await run("replay", "--all", "--json");
    expect(first.exitCode).toBe(1);
    expect(JSON.parse(first.out).results).toMatchObject([
      { eventId: "C/1", status: "applied" },
      { eventId: "C/2", status: "rejected", code: "token_not_found" },
    ]);
    await catalog.createToken("B");
    expect((await run("replay", "--all")).exitCode).toBe(0);
    expect((await run("replay", "--all")).out).toBe("nothing is rejected\n");
  });

  it("drops one for good", async () => {
    await keep("C/1", "A");
    expect(await run("drop", "acme", "C/1")).toMatchObject({
      exitCode: 0,
      out: "acme C/1 dropped\n",
    });
    expect((await run("list")).out).toBe("nothing is rejected\n");
    expect((await run("drop", "acme", "C/1")).exitCode).toBe(1);
  });

  it("exits 2 for what makes no sense", async () => {
    for (const args of [
      ["list", "all"],
      ["list", "--limit", "none"],
      ["replay", "acme"],
      ["replay", "acme", "C/1", "--all"],
      ["drop", "acme"],
      ["drop", "--all"],
    ]) {
      expect([args, (await run(...args)).exitCode]).toEqual([args, 2]);
    }
  });

  it("says that the token is not known, and that the catalog does not answer", async () => {
    const args = ["events", "rejected", "list"];
    const stranger = await orrery(url, args, "another-token-".repeat(3));
    expect([stranger.exitCode, stranger.err]).toEqual([
      1,
      expect.stringContaining("catalog does not know this token"),
    ]);
    const silent = await orrery("http://127.0.0.1:1", args);
    expect([silent.exitCode, silent.err]).toEqual([
      1,
      expect.stringContaining("catalog does not answer at http://127.0.0.1:1/"),
    ]);
  });
});

describe("orrery indexer", () => {
  let database: TestDatabase;
  let sim: LedgerSim;
  let catalog: CatalogClient;
  let url: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    sim = await startLedgerSim({ networkPassphrase: "operator test" });
    sim.closeLedger(50);
    catalog = await CatalogClient.start({
      DATABASE_URL: database.url,
      INTERNAL_TOKENS,
      SOROBAN_RPC_URL: sim.url,
      INDEXER_CONTRACTS: `acme:${CONTRACT}`,
      INDEXER_FIRST_LEDGER: "2",
      INDEXER_INTERVAL_MS: "50",
    });
    url = await listen(catalog);
    await vi.waitUntil(async () => ((await position())?.ledger ?? 0) >= 40, WAIT);
  });
  afterAll(async () => {
    await catalog.close();
    await sim.close();
    await database.drop();
  });

  const run = (...args: string[]) => orrery(url, ["indexer", ...args]);
  const position = async () =>
    (await catalog.catalog.internal.positions.list()).find(
      ({ contractId }) => contractId === CONTRACT,
    );
  /** Writes a gap down, as if the network had forgotten these ledgers. */
  async function lose(fromLedger: number, toLedger: number): Promise<void> {
    const { positions } = catalog.catalog.internal;
    const holder = "0197f9a2-0000-7000-8000-000000000001";
    const own = "0197f9a2-0000-7000-8000-000000000002";
    await positions.lease(own, holder, { leaseMs: 60_000, firstLedger: fromLedger });
    const from = { cursor: undefined, ledger: fromLedger };
    expect(await positions.skip({ contractId: own, fromLedger, toLedger }, holder, from)).toBe(
      true,
    );
  }

  it("shows how far each contract was read, and what is missing", async () => {
    await lose(3, 9);
    const { exitCode, out } = await run("status");
    expect(exitCode).toBe(0);
    expect(out).toMatch(new RegExp(`^${CONTRACT} read to ledger \\d+, last at 20`, "m"));
    expect(out).toContain("    missing: ledgers 3 to 9\n");
    const { contracts } = JSON.parse((await run("status", "--json")).out);
    expect(contracts).toHaveLength(2);
  });

  it("reads again from a ledger on, and refuses one that was not reached", async () => {
    const far = await run("rewind", CONTRACT, "--ledger", "4000000");
    expect([far.exitCode, far.err]).toEqual([1, expect.stringContaining("has only been read to")]);
    const stranger = await run("rewind", "CX", "--ledger", "3");
    expect([stranger.exitCode, stranger.err]).toEqual([
      1,
      expect.stringContaining("nobody follows"),
    ]);
    expect(await run("rewind", CONTRACT, "--ledger", "3")).toMatchObject({
      exitCode: 0,
      out: `${CONTRACT} is read again from ledger 3 on\n`,
    });
    await vi.waitUntil(async () => ((await position())?.ledger ?? 0) >= 40, WAIT);
  });

  it("fills what is missing, and says when nothing is", async () => {
    const complete = await run("backfill", CONTRACT);
    expect(complete).toMatchObject({ exitCode: 0, out: `${CONTRACT}: no ledger is missing\n` });
    const { exitCode, out } = await run("backfill", CONTRACT, "--from-ledger", "5", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      fromLedger: 5,
      isFilled: true,
      contract: { contractId: CONTRACT, gaps: [] },
    });
  });

  it("exits 2 for what makes no sense", async () => {
    for (const args of [
      ["status", "now"],
      ["rewind", CONTRACT],
      ["rewind", CONTRACT, "--ledger", "-1"],
      ["backfill"],
      ["backfill", CONTRACT, "--from-ledger", "first"],
    ]) {
      expect([args, (await run(...args)).exitCode]).toEqual([args, 2]);
    }
  });
});
