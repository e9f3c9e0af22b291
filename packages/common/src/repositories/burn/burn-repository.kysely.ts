import { type Selectable, sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import { type OrreryDatabase, type OrreryTransaction, withTenantEffect } from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import type { Effect } from "../idempotency/effect.ts";
import { appendToOutbox } from "../outbox/outbox-append.ts";
import type { Announcement } from "../outbox/outbox-repository.ts";
import { violatedConstraint } from "../postgres-error.ts";
import { burnExceedsSupply, burnMismatch, tokenNotFound } from "./burn-problems.ts";
import {
  type Burn,
  type BurnRepository,
  isSameBurn,
  type NewBurn,
  type RecordedBurn,
} from "./burn-repository.ts";
import type { TokenBurnsTable } from "./burns-tables.ts";

export class KyselyBurnRepository implements BurnRepository {
  readonly #database: OrreryDatabase;
  readonly #clock: Clock | undefined;

  /** `clock` replaces the database's own, for tests that hold time still. */
  constructor(database: OrreryDatabase, clock?: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async record(
    tenantId: string,
    newBurn: NewBurn,
    announce: (tokenId: string) => Announcement,
    effect?: Effect<RecordedBurn>,
  ): Promise<RecordedBurn> {
    try {
      return await withTenantEffect(this.#database, tenantId, effect, async (transaction) => {
        const row = await this.#insert(transaction, tenantId, newBurn);
        if (row === undefined) {
          const burn = await getRecorded(transaction, tenantId, newBurn);
          if (!isSameBurn(burn, newBurn)) throw burnMismatch(newBurn);
          const isNews = newBurn.verified && !burn.verified;
          return {
            burn: isNews ? await verify(transaction, tenantId, newBurn) : burn,
            sequence: undefined,
          };
        }
        const token = await takeFromSupply(transaction, tenantId, newBurn);
        if (token === undefined) throw burnExceedsSupply();
        await queueForScores(transaction, row, token.listed);
        const sequence = await appendToOutbox(transaction, announce(token.id));
        return { burn: burnOf(row), sequence };
      });
    } catch (error) {
      if (violatedConstraint(error) !== "token_burns_token_fkey") throw error;
      throw tokenNotFound(newBurn.tokenAddress);
    }
  }

  #insert(transaction: OrreryTransaction, tenantId: string, burn: NewBurn) {
    return transaction
      .insertInto("token_burns")
      .values({
        tenant_id: tenantId,
        token_address: burn.tokenAddress,
        tx_hash: burn.txHash,
        event_index: burn.eventIndex,
        id: burn.id,
        from_address: burn.from,
        amount: burn.amount,
        burned_by: burn.burnedBy,
        is_admin_burn: burn.isAdminBurn,
        verified: burn.verified,
        // Cut, not rounded: half a millisecond ahead would be in the future.
        burned_at:
          burn.burnedAt ?? sql<Date>`date_trunc('milliseconds', ${databaseNow(this.#clock)})`,
        created_at: burn.createdAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
  }
}

async function getRecorded(
  transaction: OrreryTransaction,
  tenantId: string,
  burn: NewBurn,
): Promise<Burn> {
  const row = await transaction
    .selectFrom("token_burns")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("token_address", "=", burn.tokenAddress)
    .where("tx_hash", "=", burn.txHash)
    .where("event_index", "=", burn.eventIndex)
    .executeTakeFirstOrThrow();
  return burnOf(row);
}

async function verify(
  transaction: OrreryTransaction,
  tenantId: string,
  burn: NewBurn,
): Promise<Burn> {
  const row = await transaction
    .updateTable("token_burns")
    .set({ verified: true })
    .where("tenant_id", "=", tenantId)
    .where("token_address", "=", burn.tokenAddress)
    .where("tx_hash", "=", burn.txHash)
    .where("event_index", "=", burn.eventIndex)
    .returningAll()
    .executeTakeFirstOrThrow();
  return burnOf(row);
}

/** Undefined when the supply is less than the burn. */
function takeFromSupply(transaction: OrreryTransaction, tenantId: string, burn: NewBurn) {
  const amount = burn.amount.toString();
  return transaction
    .updateTable("tokens")
    .set({
      total_supply: sql<string>`total_supply - ${amount}::numeric`,
      total_burned: sql<string>`total_burned + ${amount}::numeric`,
      burn_count: sql<string>`burn_count + 1`,
    })
    .where("tenant_id", "=", tenantId)
    .where("address", "=", burn.tokenAddress)
    .where("total_supply", ">=", amount)
    .returning(["id", "listed"])
    .executeTakeFirst();
}

/** The scores take it from here once its time has come: no score is written with the burn. */
async function queueForScores(
  transaction: OrreryTransaction,
  row: Selectable<TokenBurnsTable>,
  listed: boolean,
): Promise<void> {
  await transaction
    .insertInto("burn_windows")
    .values({
      tenant_id: row.tenant_id,
      token_address: row.token_address,
      tx_hash: row.tx_hash,
      event_index: row.event_index,
      burned_by: row.burned_by,
      amount: row.amount,
      listed,
      burned_at: row.burned_at,
      due_at: row.burned_at,
    })
    .execute();
}

function burnOf(row: Selectable<TokenBurnsTable>): Burn {
  return {
    id: row.id,
    tokenAddress: row.token_address,
    txHash: row.tx_hash,
    eventIndex: row.event_index,
    from: row.from_address,
    amount: BigInt(row.amount),
    burnedBy: row.burned_by,
    isAdminBurn: row.is_admin_burn,
    verified: row.verified,
    burnedAt: row.burned_at,
    createdAt: row.created_at,
  };
}
