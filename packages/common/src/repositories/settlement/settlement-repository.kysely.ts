import { sql } from "kysely";
import type pg from "pg";
import type { Clock } from "../../contracts/clock.ts";
import { systemClock } from "../../contracts/clock.ts";
import { uuidv7 } from "../../contracts/id.ts";
import { type Database, type OrreryDatabase, withTenant, withTenantClient } from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import { MicroBatch } from "../micro-batch.ts";
import { rearmIntent } from "../submission-journal/request-statements.kysely.ts";
import { withRole } from "../system-role.ts";
import type { NewUsageEvent } from "../usage-event/usage-event.ts";
import { payerKey, requestKey, type UsageRequest } from "../usage-event/usage-request.ts";
import { type FullSettlement, reserveRequests } from "./reserve-requests.kysely.ts";
import { HELD_STATES, isTooLarge, type Settlement } from "./settlement.ts";
import type {
  BalanceReading,
  Reservation,
  SettlementFilter,
  SettlementPage,
  SettlementPosition,
  SettlementRepository,
} from "./settlement-repository.ts";
import { settlementOf } from "./settlement-rows.ts";
import { CLOSE, SPLIT } from "./settlement-statements.kysely.ts";
import { STORE_BALANCE } from "./vault-statements.kysely.ts";

/** Requests that one transaction reserves at most. */
const MAX_RESERVE_BATCH = 256;
/** With so many waiting, a second transaction at a time gains more than it costs. */
const MANY_REQUESTS = 8;
/** Settlements that one transaction closes at most: it holds the lock of each one's vault. */
const MAX_CLOSE_BATCH = 20;
const MAX_BALANCE_STROOPS = 2n ** 63n - 1n;

export interface KyselySettlementOptions {
  database: Pick<Database, "kysely" | "pool">;
  /** The contract's request id of a settlement, see `deriveMarker`. */
  markerOf: (tenantId: string, settlementId: string) => string;
  /** Left out: the database's own clock decides when settlements open, close and are retried. */
  clock?: Clock;
}

export class KyselySettlementRepository implements SettlementRepository {
  readonly #database: OrreryDatabase;
  readonly #pool: pg.Pool;
  readonly #clock: Clock | undefined;
  readonly #markerOf: KyselySettlementOptions["markerOf"];
  readonly #reserving: MicroBatch<UsageRequest, Reservation>;

  constructor({ database, markerOf, clock }: KyselySettlementOptions) {
    this.#database = database.kysely;
    this.#pool = database.pool;
    this.#clock = clock;
    this.#markerOf = markerOf;
    this.#reserving = new MicroBatch({
      maxItems: MAX_RESERVE_BATCH,
      maxRunning: 3,
      minItemsBeside: MANY_REQUESTS,
      keyOf: requestKey,
      groupOf: payerKey,
      process: reserveRequests({
        pool: database.pool,
        now: () => this.#now(),
        closeFull: (full) => this.#close(full),
      }),
      resultForTwin: (first) =>
        "event" in first ? { outcome: "duplicate", event: first.event } : undefined,
    });
  }

  async reserve(tenantId: string, event: NewUsageEvent): Promise<Reservation> {
    return this.#reserving.run({ tenantId, event });
  }

  async storeBalance(
    tenantId: string,
    vaultContractId: string,
    { balanceStroops, ledger }: BalanceReading,
  ): Promise<void> {
    // Contracts count in i128; what is past 2^63−1 cannot be reserved in one settlement anyway.
    const stroops = balanceStroops > MAX_BALANCE_STROOPS ? MAX_BALANCE_STROOPS : balanceStroops;
    const reading = [String(stroops), ledger, this.#now()];
    await withTenantClient(this.#pool, [tenantId], async (client) => {
      const inserted = await client.query(
        `insert into vault_balances (tenant_id, vault_contract_id, balance_stroops, ledger, read_at)
        values ($1, $2, $3, $4, coalesce($5::timestamptz, clock_timestamp()))
        on conflict do nothing`,
        [tenantId, vaultContractId, ...reading],
      );
      if (inserted.rowCount === 1) return;
      await lockVault(client, [tenantId], [vaultContractId]);
      await client.query(STORE_BALANCE, [tenantId, vaultContractId, ...reading]);
    });
  }

  async closeDue(limit: number): Promise<number> {
    const due = await this.#listDue("open", "closes_at", limit);
    for (let start = 0; start < due.length; start += MAX_CLOSE_BATCH) {
      await this.#close(due.slice(start, start + MAX_CLOSE_BATCH));
    }
    return due.length;
  }

  async #close(settlements: readonly FullSettlement[]): Promise<void> {
    const tenantIds = settlements.map(({ tenantId }) => tenantId);
    await withTenantClient(this.#pool, [...new Set(tenantIds)], async (client) => {
      const vaults = settlements.map(({ vaultContractId }) => vaultContractId);
      await lockVault(client, tenantIds, vaults);
      const ids = settlements.map(({ id }) => id);
      const markers = settlements.map(({ tenantId, id }) => this.#markerOf(tenantId, id));
      await client.query(CLOSE, [tenantIds, ids, markers, this.#now()]);
    });
  }

  async retryDue(limit: number): Promise<number> {
    const due = await this.#listDue("failed", "retry_at", limit);
    let retried = 0;
    for (const row of due) {
      const isRetried = row.isTooLarge ? await this.#split(row) : await this.#retry(row);
      if (isRetried) retried += 1;
    }
    return retried;
  }

  async #retry({ tenantId, id }: FullSettlement): Promise<boolean> {
    return withTenant(this.#database, tenantId, async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable("settlements")
        .set({ state: "settling", retry_at: null })
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .where("state", "=", "failed")
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      const nowMs = (this.#clock ?? systemClock)();
      if (await rearmIntent(transaction, tenantId, id, nowMs)) return true;
      throw new Error(`settlement ${id} is failed, its intent is not`);
    });
  }

  async #split({ tenantId, id, vaultContractId }: FullSettlement): Promise<boolean> {
    const halves = [uuidv7(), uuidv7()];
    const markers = halves.map((half) => this.#markerOf(tenantId, half));
    return withTenantClient(this.#pool, [tenantId], async (client) => {
      await lockVault(client, [tenantId], [vaultContractId]);
      const values = [tenantId, id, ...halves, ...markers, this.#now()];
      const { rowCount } = await client.query(SPLIT, values);
      return rowCount === halves.length;
    });
  }

  /** Across tenants, oldest first. Who works on them finds out whether they are due still. */
  async #listDue(state: "open" | "failed", column: "closes_at" | "retry_at", limit: number) {
    const rows = await withRole(this.#database, "orrery_settler", (transaction) =>
      transaction
        .selectFrom("settlements")
        .selectAll()
        .where("state", "=", sql.lit(state))
        .where(column, "<=", databaseNow(this.#clock))
        .orderBy(column)
        .limit(limit)
        .execute(),
    );
    return rows.map((row) => {
      const { id, vaultContractId, failure } = settlementOf(row);
      return { tenantId: row.tenant_id, id, vaultContractId, isTooLarge: isTooLarge(failure) };
    });
  }

  async find(tenantId: string, id: string): Promise<Settlement | undefined> {
    const row = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("settlements")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : settlementOf(row);
  }

  async list(
    tenantId: string,
    { apiId, state }: SettlementFilter,
    { limit, after }: { limit: number; after?: SettlementPosition },
  ): Promise<SettlementPage> {
    return withTenant(this.#database, tenantId, async (transaction) => {
      let matching = transaction.selectFrom("settlements").where("tenant_id", "=", tenantId);
      if (apiId !== undefined) matching = matching.where("api_id", "=", apiId);
      if (state !== undefined) matching = matching.where("state", "=", state);
      let page = matching;
      if (after !== undefined) {
        page = page.where(
          sql<boolean>`(opened_at, id) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`,
        );
      }
      const rows = await page
        .selectAll()
        .orderBy("opened_at", "desc")
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      const { total } = await matching
        .select((eb) => eb.fn.countAll<string>().as("total"))
        .executeTakeFirstOrThrow();
      return {
        settlements: rows.slice(0, limit).map(settlementOf),
        hasNext: rows.length > limit,
        total: Number(total),
      };
    });
  }

  async sumReserved(tenantId: string, vaultContractId: string): Promise<bigint> {
    const { total } = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("settlements")
        .select(sql<string>`coalesce(sum(amount_stroops), 0)`.as("total"))
        .where("tenant_id", "=", tenantId)
        .where("vault_contract_id", "=", vaultContractId)
        .where(
          "state",
          "in",
          HELD_STATES.map((state) => sql.lit(state)),
        )
        .executeTakeFirstOrThrow(),
    );
    return BigInt(total);
  }

  #now(): string | null {
    return this.#clock === undefined ? null : new Date(this.#clock()).toISOString();
  }
}

/** Locks vaults in key order, see LOCK_VAULTS. */
async function lockVault(
  client: pg.PoolClient,
  tenantIds: readonly string[],
  vaultContractIds: readonly string[],
): Promise<void> {
  await client.query(
    `select from vault_balances as balances
    where (tenant_id, vault_contract_id) in (select * from unnest($1::text[], $2::text[]))
    order by tenant_id, vault_contract_id for no key update`,
    [tenantIds, vaultContractIds],
  );
}
