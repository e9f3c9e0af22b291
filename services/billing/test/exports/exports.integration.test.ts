import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { useTestDatabase } from "@orrery/common/testing/contract-database";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BillingInstances } from "../billing-instances.ts";
import { BillingProcess } from "../crash/billing-process.ts";

const MAIN = fileURLToPath(new URL("./exporting-main.ts", import.meta.url));
const ROWS = 8_000;
const WAIT = { timeout: 40_000, interval: 50 };
const TIMEOUT_MS = 90_000;

const test = useTestDatabase();
const instances = new BillingInstances("Orrery Test Network ; 2026");

interface ExportBody {
  readonly id: string;
  readonly status: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly signedUrl: string;
}

let folder: string;
let running: BillingProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "orrery exports "));
  await test.empty();
  await test.database().pool.query(
    `insert into usage_events (tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id,
      api_key_id, amount_usdc, created_at)
    select tenant, tenant || '-' || n, gen_random_uuid(), '', 'u', 'a', 'e', 'k', 1,
      '2026-03-01'::timestamptz + n * interval '1 ms'
    from generate_series(1, $1::int) as n, unnest(array['acme', 'globex']) as tenant`,
    [ROWS],
  );
});

afterEach(async () => {
  for (const billing of running) billing.wake();
  await Promise.all(running.filter(({ isRunning }) => isRunning).map((billing) => billing.stop()));
  running = [];
  await rm(folder, { recursive: true, force: true });
});

/** One that `signal` befalls in the middle of its first file, or one as production runs it. */
async function start(signal?: "SIGKILL" | "SIGSTOP"): Promise<BillingProcess> {
  const env = {
    ...instances.env,
    BILLING_PORT: "0",
    LOG_LEVEL: "info",
    DATABASE_URL: test.loginUrl("billing"),
    SOROBAN_RPC_ENABLED: "false",
    OBJECT_STORE_DIR: folder,
    EXPORT_CONCURRENCY: "1",
  };
  const billing = await BillingProcess.start(env, signal, MAIN);
  running.push(billing);
  return billing;
}

async function call(billing: BillingProcess, method: string, path: string, key?: string) {
  const response = await fetch(`${billing.url}/api/v1${path}`, {
    method,
    headers: {
      ...instances.contextHeaders(),
      ...(method === "POST" && { "content-type": "application/json" }),
      ...(key !== undefined && { "idempotency-key": key }),
    },
    ...(method === "POST" && { body: JSON.stringify({ kind: "usage", format: "csv" }) }),
  });
  const body = (await response.json()) as ExportBody & { data: { event: string }[] };
  if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(body)}`);
  return body;
}

async function whenReady(billing: BillingProcess, id: string): Promise<ExportBody> {
  return vi.waitFor(async () => {
    const job = await call(billing, "GET", `/exports/${id}`);
    expect(job.status).toBe("ready");
    return job;
  }, WAIT);
}

const eventsOf = async (billing: BillingProcess, id: string) =>
  (await call(billing, "GET", `/exports/${id}/audit`)).data.map(({ event }) => event);
const filesIn = async (name: string) => readdir(join(folder, name)).catch((): string[] => []);

/** The whole of the tenant's usage, in order, and nobody else's. */
async function expectWhole(billing: BillingProcess, job: ExportBody): Promise<void> {
  const response = await fetch(job.signedUrl.replace(/^http:\/\/[^/]+/, billing.url), {
    headers: instances.linkHeaders(),
  });
  const file = Buffer.from(await response.arrayBuffer());
  expect(createHash("sha256").update(file).digest("hex")).toBe(job.sha256);
  expect([job.rows, job.bytes]).toEqual([ROWS, file.length]);
  const ids = file
    .toString()
    .split("\r\n")
    .map((line) => line.split(",")[1]);
  const expected = Array.from({ length: ROWS }, (_, index) => `acme-${index + 1}`);
  expect(ids).toEqual(["requestId", ...expected, undefined]);
}

describe("exports of several processes", () => {
  it(
    "are written whole by another one when a process is killed in the middle of a file",
    async () => {
      const doomed = await start("SIGKILL");
      const { id } = await call(doomed, "POST", "/exports", "nightly");
      expect(await doomed.ended).toBe("SIGKILL");
      expect(await filesIn(".unfinished")).toHaveLength(1);
      const survivor = await start();
      expect((await call(survivor, "POST", "/exports", "nightly")).id).toBe(id);
      await expectWhole(survivor, await whenReady(survivor, id));
      expect(await eventsOf(survivor, id)).toEqual(["export.requested", "export.downloaded"]);
      expect(await filesIn("exports/acme")).toEqual([`${id}-2.csv`]);
    },
    TIMEOUT_MS,
  );

  it(
    "are not touched any more by a process that sleeps through its lease",
    async () => {
      const sleeper = await start("SIGSTOP");
      const { id } = await call(sleeper, "POST", "/exports");
      const other = await start();
      const job = await whenReady(other, id);
      sleeper.wake();
      await vi.waitFor(async () => expect(await filesIn(".unfinished")).toEqual([]), WAIT);
      await vi.waitFor(
        async () => expect(await filesIn("exports/acme")).toEqual([`${id}-2.csv`]),
        WAIT,
      );
      // The one that slept serves what the other wrote.
      expect(await call(sleeper, "GET", `/exports/${id}`)).toMatchObject({ sha256: job.sha256 });
      await expectWhole(sleeper, job);
      expect(await eventsOf(other, id)).toEqual(["export.requested", "export.downloaded"]);
    },
    TIMEOUT_MS,
  );

  it(
    "are shared out, each written once, and handed on at once by a process that is stopped",
    async () => {
      const [first, second] = await Promise.all([start(), start()]);
      const created = await Promise.all(
        [first, second, first, second].map((billing) => call(billing, "POST", "/exports")),
      );
      await first.stop();
      for (const { id } of created) await expectWhole(second, await whenReady(second, id));
      const { rows } = await test
        .database()
        .pool.query<{ attempts: number }>("select attempts from export_jobs");
      expect(rows.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
      expect(await filesIn("exports/acme")).toHaveLength(4);
    },
    TIMEOUT_MS,
  );
});
