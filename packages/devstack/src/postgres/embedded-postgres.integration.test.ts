import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningPostgres, startPostgres } from "./embedded-postgres.ts";
import { findUnprivilegedWay, ROOT_WAYS, type UnprivilegedWay } from "./unprivileged.ts";

const PASSWORD = "a password with a @ and a /";

async function query(postgres: RunningPostgres, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.url() });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe("the embedded Postgres", () => {
  let home: string;
  let dataDir: string;
  const running: RunningPostgres[] = [];

  async function start(
    options: { way?: UnprivilegedWay; isDurable?: boolean } = {},
  ): Promise<RunningPostgres> {
    const postgres = await startPostgres({
      dataDir,
      password: PASSWORD,
      isDurable: false,
      ...options,
    });
    running.push(postgres);
    return postgres;
  }

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "orrery postgres-"));
    dataDir = join(home, "a folder", "data");
    await mkdir(join(home, "a folder"));
    await chmod(home, 0o700);
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
    await rm(home, { recursive: true, force: true });
  });

  it("keeps its data from start to start, in a private folder with a space in its path", async () => {
    const first = await start();
    await query(first, "create table kept as select 42 as answer");
    await first.stop();
    const second = await start();
    expect(await query(second, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("serves several connections, refuses a wrong password and listens on loopback alone", async () => {
    const postgres = await start();
    const rows = await Promise.all([1, 2, 3].map((n) => query(postgres, `select ${n} as n`)));
    expect(rows.flat()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(await query(postgres, "show listen_addresses")).toEqual([
      { listen_addresses: "127.0.0.1" },
    ]);
    const url = new URL(postgres.url());
    url.password = "wrong";
    const stranger = new pg.Client({ connectionString: url.href });
    await expect(stranger.connect()).rejects.toMatchObject({ code: "28P01" });
  });

  it("starts again after SIGKILL, with what was committed", async () => {
    const first = await start({ isDurable: true });
    await query(first, "create table kept as select 42 as answer");
    first.child.kill("SIGKILL");
    await first.exited;
    await expect
      .poll(async () => (await start({ isDurable: true })).port, { timeout: 20_000, interval: 100 })
      .toBeGreaterThan(0);
    const second = running.at(-1) as RunningPostgres;
    expect(await query(second, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("starts when the process id in its lock file belongs to another program", async () => {
    const first = await start();
    const lockFile = join(dataDir, "postmaster.pid");
    const lock = await readFile(lockFile, "utf8");
    await first.stop();
    await writeFile(lockFile, lock.replace(/^\d+/, String(process.ppid)));
    const second = await start();
    expect(await query(second, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("says what the server said when it cannot start", async () => {
    const first = await start();
    await first.stop();
    await writeFile(join(dataDir, "postgresql.conf"), "no_such_setting = 1\n");
    await expect(start()).rejects.toThrow(/did not start: configuration file .* contains errors/);
  });

  it("runs for root in every way that this machine allows, on the same data", async () => {
    const isRoot = process.getuid?.() === 0;
    const ways = isRoot ? [...ROOT_WAYS, ...ROOT_WAYS] : [await findUnprivilegedWay()];
    for (const way of ways) {
      if (isRoot && !(await isAllowed(way))) continue;
      const postgres = await start({ way });
      expect(await query(postgres, "select current_user as name")).toEqual([{ name: "postgres" }]);
      await postgres.stop();
    }
  });
});

async function isAllowed(way: UnprivilegedWay): Promise<boolean> {
  return findUnprivilegedWay([way]).then(
    () => true,
    () => false,
  );
}
