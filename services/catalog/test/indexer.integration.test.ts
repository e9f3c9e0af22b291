import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CatalogClient } from "./catalog-client.ts";

const TOKEN = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";
const CONTRACT = "CDVBSEDY43LMIDH5ENIZNEUB4RVHYKTBFI3E3FL6AE7462HRZ7RXLFTA";
const USER = "GBRPYHIL2CI3FNQ4BXLFMNDLFJUNPU2HY3ZMFSHONUCEOASW7QC7OX2H";
const RETENTION = 40;
const WAIT = { timeout: 20_000, interval: 25 };

describe("the indexer", () => {
  let database: TestDatabase;
  let sim: LedgerSim;
  let catalogs: CatalogClient[];

  beforeEach(async () => {
    database = await createTestDatabase();
    sim = await startLedgerSim({
      networkPassphrase: "indexer test",
      settings: { retentionLedgers: RETENTION },
    });
    catalogs = [];
  });
  afterEach(async () => {
    for (const catalog of catalogs) await catalog.close();
    await sim.close();
    await database.drop();
  });

  async function start(env: Record<string, string> = {}): Promise<CatalogClient> {
    const catalog = await CatalogClient.start({
      DATABASE_URL: database.url,
      METRICS_ENABLED: "true",
      SOROBAN_RPC_URL: sim.url,
      INDEXER_CONTRACTS: `acme:${CONTRACT}`,
      INDEXER_FIRST_LEDGER: "2",
      INDEXER_INTERVAL_MS: "50",
      ...env,
    });
    catalogs.push(catalog);
    return catalog;
  }

  async function stop(catalog: CatalogClient): Promise<void> {
    catalogs = catalogs.filter((other) => other !== catalog);
    await catalog.close();
  }

  async function emit(topics: unknown[], data: unknown = "void"): Promise<void> {
    await sim.call("sim_emitEvent", { contractId: CONTRACT, topics, data });
  }

  const createToken = () =>
    emit([{ symbol: "token_created" }, { address: TOKEN }], {
      name: { string: "Nova" },
      symbol: { string: "NOV" },
      decimals: { u32: 7 },
      total_supply: { i128: "1000" },
    });
  const burn = (amount: number) =>
    emit([{ symbol: "burn" }, { address: TOKEN }, { address: USER }], { i128: String(amount) });

  const tokenOf = async (catalog: CatalogClient) => {
    const { body } = await catalog.get(`/tokens/${TOKEN}`);
    return body as unknown as { totalSupply: string; totalBurned: string; burnCount: number };
  };
  const lagOf = async (catalog: CatalogClient) => {
    const { body } = await catalog.catalog.app.inject({ url: "/metrics" });
    return /^indexer_lag_ledgers (\d+)$/m.exec(body)?.[1];
  };

  it("writes what the chain says: tokens, burns and pools, each event once", async () => {
    await createToken();
    await burn(10);
    await emit([{ symbol: "pool_created" }, { string: "final" }], {
      name: { string: "Final" },
      category: { string: "sports" },
      token: { string: "USDC" },
      end_time: { u64: "1800000000" },
      initial_stake: { i128: "20000000" },
    });
    sim.closeLedger();
    await emit([{ symbol: "prediction_placed" }, { string: "final" }, { address: USER }], {
      outcome: { string: "home" },
      amount: { i128: "5000000" },
    });
    await burn(5);
    await emit([{ symbol: "pool_settled" }, { string: "final" }], { outcome: { string: "home" } });
    sim.closeLedger();
    const catalog = await start();
    await vi.waitUntil(async () => (await tokenOf(catalog)).burnCount === 2, WAIT);
    expect(await tokenOf(catalog)).toMatchObject({ totalSupply: "985", totalBurned: "15" });
    await vi.waitUntil(
      async () => (await catalog.get("/pools?status=settled")).body.data.length === 1,
      WAIT,
    );
    expect((await catalog.get("/pools/final")).body).toMatchObject({
      totalStake: "2.5",
      outcome: "home",
    });
    await expect.poll(() => lagOf(catalog), WAIT).toBe("0");

    await stop(catalog);
    await burn(1);
    sim.closeLedger();
    const second = await start();
    await vi.waitUntil(async () => (await tokenOf(second)).burnCount === 3, WAIT);
    expect(await tokenOf(second)).toMatchObject({ totalBurned: "16" });
  });

  it("applies nothing twice when it reads again, and verifies what was reported before", async () => {
    const catalog = await start();
    await createToken();
    const event = (await sim.call("sim_emitEvent", {
      contractId: CONTRACT,
      topics: [{ symbol: "burn" }, { address: TOKEN }, { address: USER }],
      data: { i128: "10" },
    })) as { txHash: string; id: string };
    sim.closeLedger();
    await vi.waitUntil(async () => (await tokenOf(catalog)).burnCount === 1, WAIT);
    await catalog.catalog.internal.positions.rewind(CONTRACT, 2);
    await burn(7);
    sim.closeLedger();
    await vi.waitUntil(async () => (await tokenOf(catalog)).burnCount === 2, WAIT);
    expect(await tokenOf(catalog)).toMatchObject({ totalSupply: "983", totalBurned: "17" });
    const again = await catalog.burn(TOKEN, {
      txHash: event.txHash,
      eventIndex: Number(event.id.split("-")[1]),
      from: USER,
      burnedBy: USER,
      amount: "10",
    });
    expect([again.status, (again.body as { verified?: boolean }).verified]).toEqual([200, true]);
  });

  it("goes on without what cannot be applied, and applies it when what it lacked has come", async () => {
    await burn(10);
    await createToken();
    await burn(3);
    await burn(5_000);
    sim.closeLedger();
    const catalog = await start();
    await vi.waitUntil(async () => (await tokenOf(catalog)).burnCount === 2, WAIT);
    expect(await tokenOf(catalog)).toMatchObject({ totalBurned: "13" });
    const kept = async () =>
      (await catalog.catalog.internal.rejected.list(10)).map(({ code }) => code);
    await expect.poll(kept, WAIT).toEqual(["burn_exceeds_supply"]);
  });

  it("keeps what a contract may emit and nobody can read, and goes on behind it", async () => {
    await emit([{ symbol: "token_created" }, { address: USER }], {
      name: { string: "Nova" },
      symbol: { string: "NOV" },
      decimals: { u64: "7" },
      total_supply: { i128: "1000" },
    });
    await emit([{ symbol: "pool_settled" }, "a\0"], { outcome: { bytes: "6100" } });
    await createToken();
    await emit([{ symbol: "burn" }, { address: TOKEN }, { address: USER }], {
      amount: { i128: "5" },
      is_admin_burn: { i128: "1" },
    });
    await burn(3);
    sim.closeLedger();
    const catalog = await start();
    await vi.waitUntil(async () => (await tokenOf(catalog)).burnCount === 1, WAIT);
    expect(await tokenOf(catalog)).toMatchObject({ totalBurned: "3" });
    const kept = await catalog.catalog.internal.rejected.list(10);
    const payloads = kept.map(({ event }) => (event as { payload: object }).payload);
    expect(payloads).toMatchObject([
      { decimals: "7" },
      { poolId: "a\u001a", outcome: "a\u001a" },
      { isAdminBurn: "1" },
    ]);
  });

  it("runs on one of two instances, and on the other when that one has gone", async () => {
    const [first, second] = [await start(), await start()];
    await createToken();
    for (let n = 0; n < 20; n += 1) {
      await burn(1);
      sim.closeLedger();
    }
    await vi.waitUntil(async () => (await tokenOf(second)).burnCount === 20, WAIT);
    await stop(first);
    await burn(1);
    sim.closeLedger();
    await vi.waitUntil(async () => (await tokenOf(second)).burnCount === 21, WAIT);
    expect(await second.catalog.internal.rejected.list(10)).toEqual([]);
  });

  it("says which ledgers the network had forgotten, and goes on behind them", async () => {
    const first = await start();
    await createToken();
    sim.closeLedger();
    await vi.waitUntil(async () => (await first.get(`/tokens/${TOKEN}`)).status === 200, WAIT);
    await stop(first);
    sim.closeLedger(3 * RETENTION);
    const second = await start();
    const gaps = async () => (await second.catalog.internal.positions.list())[0]?.gaps ?? [];
    await vi.waitUntil(async () => (await gaps()).length === 1, WAIT);
    const [gap] = await gaps();
    expect(gap?.toLedger).toBeGreaterThan(2 * RETENTION);
    await burn(4);
    sim.closeLedger();
    await vi.waitUntil(async () => (await tokenOf(second)).burnCount === 1, WAIT);
  });

  it("waits while the network does not answer", async () => {
    await createToken();
    sim.closeLedger();
    await sim.call("sim_setFaults", { httpStatus: 503, probability: 1 });
    const catalog = await start();
    expect((await catalog.get(`/tokens/${TOKEN}`)).status).toBe(404);
    await sim.call("sim_clearFaults");
    await vi.waitUntil(async () => (await catalog.get(`/tokens/${TOKEN}`)).status === 200, WAIT);
  });
});
