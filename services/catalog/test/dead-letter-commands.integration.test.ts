import { runCli } from "@orrery/cli/run-cli";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CatalogClient } from "./catalog-client.ts";

const INTERNAL_TOKENS = "internal-token-".repeat(3);
const ID = "0197f9a2-0000-7000-8000-000000000001";
const NAME = ["rejected-retries", "acme", ID];

describe("orrery events dead", () => {
  let catalog: CatalogClient;
  let url: string;
  beforeEach(async () => {
    catalog = await CatalogClient.start({ INTERNAL_TOKENS });
    url = await catalog.catalog.app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterEach(() => catalog.close());

  async function run(...args: readonly string[]) {
    const printed = { out: "", err: "" };
    const env = { CATALOG_URL: url, INTERNAL_TOKENS };
    const exitCode = await runCli(["events", "dead", ...args], env, {
      stdout: (text) => void (printed.out += text),
      stderr: (text) => void (printed.err += text),
    });
    return { exitCode, ...printed };
  }
  const bury = (type: "pool.created" | "pool.closed") =>
    catalog.catalog.internal.letters.bury({
      group: "rejected-retries",
      event: {
        id: ID,
        type,
        tenantId: "acme",
        occurredAt: new Date("2026-05-01T00:00:00Z"),
        payload: { poolId: "final" },
      },
      detail: "It broke.",
      deliveries: 5,
    });

  it("lists what no consumer could apply, and why", async () => {
    expect(await run("list")).toEqual({ exitCode: 0, out: "no event is dead\n", err: "" });
    await bury("pool.created");
    const { out } = await run("list", "--limit", "5");
    expect(out).toContain(`rejected-retries acme ${ID} · pool.created\n    It broke.\n`);
    expect(out).toContain("delivered 5 times");
    expect(JSON.parse((await run("list", "--json")).out)).toMatchObject({
      letters: [{ eventId: ID, deliveries: 5 }],
    });
  });

  it("replays one: exits 1 when it fails once more, 0 when it is applied", async () => {
    await bury("pool.closed");
    const failed = await run("replay", ...NAME);
    expect(failed.exitCode).toBe(1);
    expect(failed.out).toContain(`acme ${ID} failed: `);
    await bury("pool.created");
    expect(await run("replay", ...NAME)).toMatchObject({
      exitCode: 0,
      out: `acme ${ID} applied\n`,
    });
    expect((await run("replay", ...NAME)).err).toContain("event_not_found");
  });

  it("drops one for good", async () => {
    await bury("pool.created");
    expect(await run("drop", ...NAME)).toMatchObject({
      exitCode: 0,
      out: `acme ${ID} dropped\n`,
    });
    expect((await run("drop", ...NAME)).exitCode).toBe(1);
  });

  it.each([["list", "all"], ["list", "--limit", "0"], ["replay", "acme", ID], ["drop"]])(
    "exits 2 for %j",
    async (...args) => {
      expect((await run(...args)).exitCode).toBe(2);
    },
  );
});
