import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

interface StoreGuardOptions {
  url: string;
  /** The session that holds the lock was lost, or could not be had back. */
  onError: (error: unknown) => void;
  retryMs?: number;
}

/** Any number; held alone by a process that keeps records in its memory, else by all together. */
const STORE_LOCK = 7_340_003;
const RETRY_MS = 1_000;

/**
 * Keeps a process with records in its memory the only one: others would neither see nor copy them. The
 * lock is the database's, and ends with the session.
 */
export class StoreGuard {
  readonly #options: StoreGuardOptions;
  #client: pg.Client | undefined;
  #isAlone = false;
  #isStopped = false;

  constructor(options: StoreGuardOptions) {
    this.#options = options;
  }

  get isAlone(): boolean {
    return this.#isAlone;
  }

  /** Waits at most so long. @throws {Error} when other processes stay, or one that must be alone does */
  async start(isAlone: boolean, waitMs: number): Promise<void> {
    const untilMs = performance.now() + waitMs;
    while (!(await this.#open(isAlone))) {
      if (performance.now() >= untilMs) {
        throw new Error(
          isAlone
            ? "records are kept in memory, and another billing process runs on the same database; stop it first"
            : "another billing process on the same database keeps records in its memory; move them to Postgres first (orrery store)",
        );
      }
      await delay(Math.min(this.#options.retryMs ?? RETRY_MS, 250));
    }
  }

  /** False when other processes run. */
  async becomeAlone(): Promise<boolean> {
    if (this.#isAlone) return true;
    if (!(await this.#lock("pg_try_advisory_lock"))) return false;
    await this.#client?.query(`select pg_advisory_unlock_shared(${STORE_LOCK})`);
    this.#isAlone = true;
    return true;
  }

  /** Lets other processes run. */
  async share(): Promise<void> {
    if (!this.#isAlone) return;
    await this.#lock("pg_try_advisory_lock_shared");
    await this.#client?.query(`select pg_advisory_unlock(${STORE_LOCK})`);
    this.#isAlone = false;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#client?.end();
    this.#client = undefined;
  }

  async #open(isAlone: boolean): Promise<boolean> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      application_name: "orrery-billing-store",
      keepAlive: true,
    });
    client.on("error", (error) => this.#reopen(client, error));
    await client.connect();
    this.#client = client;
    if (await this.#lock(isAlone ? "pg_try_advisory_lock" : "pg_try_advisory_lock_shared")) {
      this.#isAlone = isAlone;
      return true;
    }
    this.#client = undefined;
    await client.end();
    return false;
  }

  async #lock(attempt: "pg_try_advisory_lock" | "pg_try_advisory_lock_shared"): Promise<boolean> {
    if (this.#client === undefined) return false;
    const { rows } = await this.#client.query<{ isHeld: boolean }>(
      `select ${attempt}(${STORE_LOCK}) as "isHeld"`,
    );
    return rows[0]?.isHeld === true;
  }

  /** The lock went with its session. */
  #reopen(lost: pg.Client, error: unknown): void {
    if (this.#client !== lost) return;
    this.#client = undefined;
    this.#options.onError(error);
    const attempt = async () => {
      if (this.#isStopped) return;
      const isHeld = await this.#open(this.#isAlone).catch(() => false);
      if (!isHeld) setTimeout(() => void attempt(), this.#options.retryMs ?? RETRY_MS).unref();
    };
    void attempt();
  }
}
