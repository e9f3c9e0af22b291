import { sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import { withRole } from "../system-role.ts";
import type {
  IndexerGap,
  IndexerPosition,
  IndexerPositionRepository,
  IndexerStatus,
} from "./indexer-position-repository.ts";

export class KyselyIndexerPositionRepository implements IndexerPositionRepository {
  readonly #database: OrreryDatabase;
  readonly #clock: Clock | undefined;

  /** `clock` replaces the database's own, for tests that hold time still. */
  constructor(database: OrreryDatabase, clock?: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  lease(
    contractId: string,
    holder: string,
    { leaseMs, firstLedger }: { leaseMs: number; firstLedger: number },
  ): Promise<IndexerPosition | undefined> {
    return this.#transact(async (transaction) => {
      await transaction
        .insertInto("indexer_positions")
        .values({ contract_id: contractId, ledger: firstLedger })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const now = databaseNow(this.#clock);
      const row = await transaction
        .updateTable("indexer_positions")
        .set({
          lease_holder: holder,
          lease_ends_at: sql<Date>`${now} + make_interval(secs => ${leaseMs / 1_000})`,
        })
        .where("contract_id", "=", contractId)
        .where((where) =>
          where.or([where("lease_holder", "=", holder), where("lease_ends_at", "<=", now)]),
        )
        .returning(["cursor", "ledger"])
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return { cursor: row.cursor ?? undefined, ledger: Number(row.ledger) };
    });
  }

  advance(
    contractId: string,
    holder: string,
    from: IndexerPosition,
    to: IndexerPosition,
  ): Promise<boolean> {
    return this.#transact((transaction) => this.#move(transaction, contractId, holder, from, to));
  }

  skip(gap: IndexerGap, holder: string, from: IndexerPosition): Promise<boolean> {
    const { contractId, fromLedger, toLedger } = gap;
    const to = { cursor: undefined, ledger: toLedger + 1 };
    return this.#transact(async (transaction) => {
      if (!(await this.#move(transaction, contractId, holder, from, to))) return false;
      await transaction
        .deleteFrom("indexer_gaps")
        .where("contract_id", "=", contractId)
        .where("from_ledger", "=", sql<string>`${fromLedger}`)
        .execute();
      await transaction
        .insertInto("indexer_gaps")
        .values({ contract_id: contractId, from_ledger: fromLedger, to_ledger: toLedger })
        .execute();
      return true;
    });
  }

  async release(contractId: string, holder: string): Promise<void> {
    await this.#transact((transaction) =>
      transaction
        .updateTable("indexer_positions")
        .set({ lease_ends_at: sql<Date>`'-infinity'` })
        .where("contract_id", "=", contractId)
        .where("lease_holder", "=", holder)
        .execute(),
    );
  }

  list(): Promise<readonly IndexerStatus[]> {
    return this.#transact(async (transaction) => {
      const gaps = await transaction
        .selectFrom("indexer_gaps")
        .selectAll()
        .orderBy("contract_id")
        .orderBy("from_ledger")
        .execute();
      const rows = await transaction
        .selectFrom("indexer_positions")
        .select(["contract_id", "cursor", "ledger", "updated_at"])
        .orderBy("contract_id")
        .execute();
      return rows.map((row) => ({
        contractId: row.contract_id,
        cursor: row.cursor ?? undefined,
        ledger: Number(row.ledger),
        updatedAt: row.updated_at,
        gaps: gaps
          .filter((gap) => gap.contract_id === row.contract_id)
          .map((gap) => ({
            contractId: gap.contract_id,
            fromLedger: Number(gap.from_ledger),
            toLedger: Number(gap.to_ledger),
          })),
      }));
    });
  }

  rewind(contractId: string, ledger: number): Promise<"rewound" | "ahead" | "not_followed"> {
    return this.#transact(async (transaction) => {
      const position = await transaction
        .selectFrom("indexer_positions")
        .select("ledger")
        .where("contract_id", "=", contractId)
        .forUpdate()
        .executeTakeFirst();
      if (position === undefined) return "not_followed";
      if (ledger > Number(position.ledger)) return "ahead";
      await transaction
        .deleteFrom("indexer_gaps")
        .where("contract_id", "=", contractId)
        .where("from_ledger", ">=", sql<string>`${ledger}`)
        .execute();
      await transaction
        .updateTable("indexer_positions")
        .set({ cursor: null, ledger })
        .where("contract_id", "=", contractId)
        .execute();
      return "rewound";
    });
  }

  async #move(
    transaction: OrreryTransaction,
    contractId: string,
    holder: string,
    from: IndexerPosition,
    to: IndexerPosition,
  ): Promise<boolean> {
    const now = databaseNow(this.#clock);
    const { numUpdatedRows } = await transaction
      .updateTable("indexer_positions")
      .set({ cursor: to.cursor ?? null, ledger: to.ledger, updated_at: now })
      .where("contract_id", "=", contractId)
      .where("lease_holder", "=", holder)
      .where("lease_ends_at", ">", now)
      .where("ledger", "=", sql<string>`${from.ledger}`)
      .where(sql<boolean>`cursor is not distinct from ${from.cursor ?? null}`)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  #transact<Result>(work: (transaction: OrreryTransaction) => Promise<Result>): Promise<Result> {
    return withRole(this.#database, "orrery_indexer", work);
  }
}
