import { sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import { callFunction } from "../calls/call-function.ts";
import type { Database } from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import { REQUEST_ROLE, type TenantRole } from "../database-roles.ts";
import { MicroBatch, type Settled } from "../micro-batch.ts";
import { isRowFault } from "../postgres-error.ts";
import { withRole } from "../system-role.ts";
import {
  type ClaimRow,
  claimOutcomeOf,
  claimStatement,
  type Statement,
  type StatementSettings,
  type Wanted,
} from "./claim-statements.kysely.ts";
import type { Effect } from "./effect.ts";
import { type EndOfClaim, endStatement } from "./end-statement.kysely.ts";
import { KyselyIdempotencyEffect } from "./idempotency-effect.kysely.ts";
import {
  type Claim,
  type ClaimEnd,
  type ClaimOutcome,
  type IdempotencyStore,
  type JoinOptions,
  KEPT_MS,
  type KeyedRequest,
  type StoredAnswer,
} from "./idempotency-store.ts";

export interface KyselyIdempotencyOptions {
  readonly database: Pick<Database, "kysely" | "pool">;
  /** Of whom the requests are. */
  readonly role?: TenantRole;
  /** Replaces the database's own clock, for tests that hold time still. */
  readonly clock?: Clock;
}

/** Keys that one statement claims at most. */
const MAX_CLAIM_BATCH = 128;
/** One is planned and sent while another commits. */
const MAX_RUNNING_BATCHES = 2;
/** Any number; the one who deletes holds this lock. */
const DELETE_LOCK = 0x6a61_6e69;

/** Every call is one round trip; claims of concurrent requests share theirs. */
export class KyselyIdempotencyStore implements IdempotencyStore {
  readonly #database: Pick<Database, "kysely" | "pool">;
  readonly #role: TenantRole;
  readonly #clock: Clock | undefined;
  readonly #claiming: MicroBatch<Wanted, ClaimOutcome>;

  constructor({ database, role = REQUEST_ROLE, clock }: KyselyIdempotencyOptions) {
    this.#database = database;
    this.#role = role;
    this.#clock = clock;
    this.#claiming = new MicroBatch<Wanted, ClaimOutcome>({
      maxItems: MAX_CLAIM_BATCH,
      maxRunning: MAX_RUNNING_BATCHES,
      keyOf: ({ request }) => `${request.tenantId}\n${request.token}`,
      process: (wanted) => this.#claimBatch(wanted),
      resultForTwin: () => undefined,
    });
  }

  async claim(request: KeyedRequest, leaseMs?: number): Promise<ClaimOutcome> {
    return this.#claiming.run({ request, leaseMs });
  }

  async prolong(claim: Claim, leaseMs: number): Promise<boolean> {
    return this.#end(claim, { end: "prolonged", leaseMs });
  }

  async answer(claim: Claim, answer: StoredAnswer): Promise<boolean> {
    return this.#end(claim, { end: "answered", answer });
  }

  async end(claim: Claim, end: ClaimEnd): Promise<boolean> {
    return this.#end(claim, { end });
  }

  join<Value>(options: JoinOptions<Value>): Effect<Value> {
    return new KyselyIdempotencyEffect(() => this.#settings(), options);
  }

  async countExpired(limit: number): Promise<number> {
    return withRole(this.#database.kysely, "orrery_janitor", async (transaction) => {
      const { rows } = await sql<{ count: string }>`
        select count(*) from (${this.#expired(limit)}) as expired
      `.execute(transaction);
      return Number(rows[0]?.count ?? 0);
    });
  }

  async deleteExpired(limit: number): Promise<number> {
    return withRole(this.#database.kysely, "orrery_janitor", async (transaction) => {
      const { numAffectedRows } = await sql`
        with lock as materialized (select pg_try_advisory_xact_lock(${DELETE_LOCK}) as is_mine),
        expired as (${this.#expired(limit)})
        delete from idempotency_keys k using lock, expired
        where is_mine and k.tenant_id = expired.tenant_id and k.token = expired.token
          and ${this.#isExpired()}
      `.execute(transaction);
      return Number(numAffectedRows ?? 0n);
    });
  }

  #expired(limit: number) {
    return sql`
      select tenant_id, token from idempotency_keys k
      where ${this.#isExpired()} order by expires_at limit ${limit}
    `;
  }

  /** Asked again of a row that was claimed anew meanwhile. */
  #isExpired() {
    const now = databaseNow(this.#clock);
    return sql`k.expires_at <= ${now} and coalesce(k.lease_until <= ${now}, true)`;
  }

  async #end(claim: Claim, end: EndOfClaim): Promise<boolean> {
    const statement = endStatement(this.#settings(), claim.tenantId, claim, end);
    const [row] = await this.#run<{ isDone: boolean }>(statement);
    return row?.isDone === true;
  }

  async #claimBatch(wanted: readonly Wanted[]): Promise<readonly Settled<ClaimOutcome>[]> {
    try {
      const outcomes = await this.#claimTogether(wanted);
      return outcomes.map((value) => ({ value }));
    } catch (error) {
      if (wanted.length === 1 || !isRowFault(error)) return wanted.map(() => ({ error }));
    }
    const settled: Settled<ClaimOutcome>[] = [];
    for (const one of wanted) settled.push(...(await this.#claimBatch([one])));
    return settled;
  }

  async #claimTogether(wanted: readonly Wanted[]): Promise<readonly ClaimOutcome[]> {
    const tenants = [...new Set(wanted.map(({ request }) => request.tenantId))].join(",");
    const rows = await this.#run<ClaimRow>(claimStatement(this.#settings(), tenants, wanted));
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return wanted.map(({ request }, index) => {
      const row = byPlace.get(index + 1);
      if (row === undefined) throw new Error("a batch of claims lost one");
      return claimOutcomeOf(request, row);
    });
  }

  #run<Row extends object>(statement: Statement): Promise<readonly Row[]> {
    return callFunction<Row>(this.#database.pool, statement);
  }

  #settings(): StatementSettings {
    const now = this.#clock === undefined ? undefined : new Date(this.#clock());
    return { role: this.#role, now, keptMs: KEPT_MS };
  }
}
