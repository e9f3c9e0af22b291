import { sql } from "kysely";
import { describe, expect, it, vi } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { openDatabase } from "../database.ts";
import { KyselyRegisteredApiRepository } from "../registered-api/registered-api-repository.kysely.ts";
import { applyResolutions } from "../settlement/settle-settlements.kysely.ts";
import { KyselyStreamRepository } from "../stream/stream-repository.kysely.ts";
import { createKyselyJournal } from "../submission-journal/submission-journal.kysely.ts";
import { KyselyUsageEventRepository } from "../usage-event/usage-event-repository.kysely.ts";
import { KyselyVaultRepository } from "../vault/vault-repository.kysely.ts";
import { describeExportSource } from "./export-source.contract.ts";
import { KyselyExportSource } from "./export-source.kysely.ts";

const test = useTestDatabase();
const MAX_MS = 60_000;
const WAIT = { timeout: 20_000, interval: 20 };
const USAGE = { kind: "usage", format: "csv" } as const;
/** Rows of 5 KB: more than the sockets between two processes hold. */
const MANY = 4_000;

describeExportSource("kysely", async (time) => {
  await test.empty();
  const database = test.login("billing");
  const { kysely } = database;
  const engineDatabase = test.login("billing", { role: "orrery_submitter" }).kysely;
  const clock = () => time.nowMs;
  return {
    source: new KyselyExportSource({ database, maxMs: MAX_MS, clock }),
    events: new KyselyUsageEventRepository(database),
    streams: new KyselyStreamRepository({ database: kysely, clock }),
    vaults: new KyselyVaultRepository(kysely),
    apis: new KyselyRegisteredApiRepository(kysely),
    journal: createKyselyJournal({ database: engineDatabase, onResolved: applyResolutions }),
  };
});

describe("rows by COPY", () => {
  const fill = async (rows: number) => {
    await test.empty();
    await sql`
      insert into usage_events (tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id,
        api_key_id, amount_usdc, created_at)
      select 'acme', n::text, gen_random_uuid(), '', 'u', 'a', repeat('e', 5000), 'k', 1,
        now() + n * interval '1 ms'
      from generate_series(1, ${rows}::int) as n
    `.execute(test.database().kysely);
  };
  /** As one that has a single connection, so that a lost one is missed. */
  const withSource = async (
    work: (source: KyselyExportSource, sessions: () => Promise<number>) => Promise<void>,
    maxMs = MAX_MS,
  ) => {
    const database = openDatabase({
      url: test.loginUrl("billing"),
      poolSize: 1,
      applicationName: "export-test",
    });
    const sessions = async () => {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from pg_stat_activity
        where application_name = 'export-test' and state <> 'idle'
      `.execute(test.database().kysely);
      return rows[0]?.count ?? 0;
    };
    try {
      await work(new KyselyExportSource({ database, maxMs }), sessions);
    } finally {
      await database.close();
    }
  };
  const countOf = async (source: KyselyExportSource) => {
    const content = source.read("acme", USAGE, new AbortController().signal);
    for await (const piece of content) expect(piece.length).toBeGreaterThan(0);
    return content.progress.rows;
  };

  it("wait for who takes them: the server holds what was not asked for", async () => {
    await fill(MANY);
    await withSource(async (source, sessions) => {
      const content = source.read("acme", USAGE, new AbortController().signal);
      const pieces = content[Symbol.asyncIterator]();
      await pieces.next();
      await vi.waitFor(async () => {
        const { rows } = await sql<{ event: string }>`
          select wait_event as event from pg_stat_activity where application_name = 'export-test'
        `.execute(test.database().kysely);
        expect(rows).toEqual([{ event: "ClientWrite" }]);
      }, WAIT);
      expect(content.progress.rows).toBeLessThan(MANY / 4);
      for (let next = await pieces.next(); next.done !== true; ) next = await pieces.next();
      expect(content.progress.rows).toBe(MANY);
      expect(await sessions()).toBe(0);
    });
  });

  it("are let go, and their connection with them, by who leaves or is told to", async () => {
    await fill(MANY);
    await withSource(async (source, sessions) => {
      const stop = new AbortController();
      for await (const piece of source.read("acme", USAGE, stop.signal)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      const content = source.read("acme", USAGE, stop.signal);
      const reading = (async () => {
        for await (const piece of content) if (piece.length > 0) stop.abort(new Error("enough"));
      })();
      await expect(reading).rejects.toThrow("enough");
      await vi.waitFor(async () => expect(await sessions()).toBe(0), WAIT);
      expect(await countOf(source)).toBe(MANY);
    });
  });

  it("break off with their connection, and the next ones come on another", async () => {
    await fill(MANY);
    await withSource(async (source) => {
      const content = source.read("acme", USAGE, new AbortController().signal);
      const reading = (async () => {
        for await (const piece of content) {
          expect(piece.length).toBeGreaterThan(0);
          await sql`
            select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'export-test'
          `.execute(test.database().kysely);
        }
      })();
      await expect(reading).rejects.toThrow("terminat");
      expect(content.progress.rows).toBeLessThan(MANY);
      expect(await countOf(source)).toBe(MANY);
    });
  });

  it("are read in a transaction that can write nothing and see no other tenant's", async () => {
    await fill(10);
    await sql`update usage_events set tenant_id = 'globex' where request_id::int > 4`.execute(
      test.database().kysely,
    );
    await withSource(async (source) => expect(await countOf(source)).toBe(4));
  });
});
