import { type Selectable, sql } from "kysely";
import { ProblemError } from "../../contracts/errors.ts";
import { isScope } from "../../contracts/scope.ts";
import type { AdminWrite } from "../admin-audit/admin-act.ts";
import { appendAct } from "../admin-audit/append-act.ts";
import { type OrreryDatabase, type OrreryTransaction, withTenantEffect } from "../database.ts";
import type { Effect } from "../idempotency/effect.ts";
import { violatedConstraint } from "../postgres-error.ts";
import { withRole } from "../system-role.ts";
import {
  type ApiKey,
  type ApiKeyPage,
  type ApiKeyRepository,
  type KeyUse,
  LAST_USED_RESOLUTION_MS,
  type NewApiKey,
  REVOCATION_OVERLAP_MS,
  type Revocations,
  type Roll,
  type RolledKey,
} from "./api-key-repository.ts";
import type { ApiKeysTable } from "./api-keys-table.ts";
import { assertRollable, predecessorExpiry, successorExpiry } from "./rolled-key.ts";

/** Administers the keys of one tenant; looks a key up, before its tenant is known, as the authenticator. */
export class KyselyApiKeyRepository implements ApiKeyRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async create(
    tenantId: string,
    key: NewApiKey,
    now: Date,
    { act, effect }: AdminWrite<ApiKey> = {},
  ): Promise<ApiKey> {
    const insert = async (transaction: OrreryTransaction) => {
      const created = await insertKey(transaction, tenantId, key, now);
      await appendAct(transaction, act);
      return created;
    };
    try {
      return await this.#administering(tenantId, insert, effect);
    } catch (error) {
      if (violatedConstraint(error) !== "api_keys_tenant_id_fkey") throw error;
      throw new ProblemError("tenant_not_found", "There is no tenant with this id.", {
        cause: error,
      });
    }
  }

  async roll(
    tenantId: string,
    keyId: string,
    roll: Roll,
    now: Date,
    { act, effect }: AdminWrite<RolledKey> = {},
  ): Promise<RolledKey> {
    const work = async (transaction: OrreryTransaction) => {
      const key = await findKey(transaction, tenantId, keyId, "forUpdate");
      assertRollable(key, now);
      const successor = await insertKey(
        transaction,
        tenantId,
        { ...key, ...roll, expiresAt: successorExpiry(key, roll, now) },
        now,
      );
      const ended = await transaction
        .updateTable("api_keys")
        .set({
          successor_id: successor.id,
          rolled_at: sql<Date>`clock_timestamp()`,
          ...(roll.overlapMs === 0
            ? { revoked_at: sql<Date>`clock_timestamp()` }
            : { expires_at: predecessorExpiry(key, roll, now) }),
        })
        .where("tenant_id", "=", tenantId)
        .where("id", "=", keyId)
        .returningAll()
        .executeTakeFirstOrThrow();
      await appendAct(transaction, act);
      return { successor, predecessor: toApiKey(ended) };
    };
    return this.#administering(tenantId, work, effect);
  }

  async noteUsed(uses: readonly KeyUse[]): Promise<void> {
    const keyIds = uses.map(({ keyId }) => keyId);
    const times = uses.map(({ at }) => at.toISOString());
    await withRole(this.#database, "orrery_authenticator", (transaction) =>
      // A key that another instance is writing needs no second time: nobody waits for a lock.
      sql`
        with used as (
          select k.tenant_id, k.id, given.at
          from unnest(${keyIds}::text[], ${times}::timestamptz[]) as given (id, at)
          join api_keys k on k.id = given.id
          where coalesce(k.last_used_at, '-infinity')
            <= given.at - ${LAST_USED_RESOLUTION_MS} * interval '1 millisecond'
          for update of k skip locked
        )
        update api_keys k set last_used_at = used.at
        from used where k.tenant_id = used.tenant_id and k.id = used.id
      `.execute(transaction),
    );
  }

  async findById(keyId: string): Promise<ApiKey | undefined> {
    const row = await withRole(this.#database, "orrery_authenticator", (transaction) =>
      transaction.selectFrom("api_keys").selectAll().where("id", "=", keyId).executeTakeFirst(),
    );
    return row === undefined ? undefined : toApiKey(row);
  }

  async list(
    tenantId: string,
    { limit, afterId }: { limit: number; afterId?: string },
  ): Promise<ApiKeyPage> {
    return this.#administering(tenantId, async (transaction) => {
      const rows = await transaction
        .selectFrom("api_keys")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .$if(afterId !== undefined, (query) => query.where("id", ">", afterId ?? ""))
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      const { total } = await transaction
        .selectFrom("api_keys")
        .select((count) => count.fn.countAll<string>().as("total"))
        .where("tenant_id", "=", tenantId)
        .executeTakeFirstOrThrow();
      return {
        keys: rows.slice(0, limit).map(toApiKey),
        hasNext: rows.length > limit,
        total: Number(total),
      };
    });
  }

  async revoke(
    tenantId: string,
    keyId: string,
    { act }: AdminWrite<ApiKey> = {},
  ): Promise<ApiKey | undefined> {
    return this.#administering(tenantId, async (transaction) => {
      const revoked = await transaction
        .updateTable("api_keys")
        // The database's clock: every instance polls by it, whatever its own says.
        .set({ revoked_at: sql<Date>`clock_timestamp()` })
        .where("tenant_id", "=", tenantId)
        .where("id", "=", keyId)
        .where("revoked_at", "is", null)
        .returningAll()
        .executeTakeFirst();
      if (revoked === undefined) return findKey(transaction, tenantId, keyId);
      await appendAct(transaction, act);
      return toApiKey(revoked);
    });
  }

  async listRevoked(since?: Date): Promise<Revocations> {
    // One statement, so that `as_of` is never later than what the reading has seen.
    const { rows } = await withRole(this.#database, "orrery_authenticator", (transaction) =>
      sql<{ key_ids: string[]; rolled_ids: string[]; as_of: Date }>`
        with bound as (
          select coalesce(${since ?? null}::timestamptz, now())
            - ${REVOCATION_OVERLAP_MS} * interval '1 millisecond' as at
        )
        select
          array(select id from api_keys where revoked_at >= (select at from bound)) as key_ids,
          array(select id from api_keys where rolled_at >= (select at from bound)) as rolled_ids,
          now() as as_of
      `.execute(transaction),
    );
    const [row] = rows;
    if (row === undefined) throw new Error("a select without a table gives one row");
    return { keyIds: row.key_ids, rolledIds: row.rolled_ids, asOf: row.as_of };
  }

  #administering<Result>(
    tenantId: string,
    work: (transaction: OrreryTransaction) => Promise<Result>,
    effect?: Effect<Result>,
  ): Promise<Result> {
    const role = "orrery_administrator";
    return withTenantEffect(this.#database, tenantId, effect, work, role);
  }
}

async function findKey(
  transaction: OrreryTransaction,
  tenantId: string,
  keyId: string,
  lock?: "forUpdate",
): Promise<ApiKey | undefined> {
  const row = await transaction
    .selectFrom("api_keys")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("id", "=", keyId)
    .$if(lock === "forUpdate", (query) => query.forUpdate())
    .executeTakeFirst();
  return row && toApiKey(row);
}

async function insertKey(
  transaction: OrreryTransaction,
  tenantId: string,
  key: NewApiKey,
  now: Date,
): Promise<ApiKey> {
  const row = await transaction
    .insertInto("api_keys")
    .values({
      tenant_id: tenantId,
      id: key.id,
      name: key.name,
      environment: key.environment,
      secret_hash: Buffer.from(key.secretHash),
      scopes: [...key.scopes],
      created_at: now,
      expires_at: key.expiresAt ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toApiKey(row);
}

function toApiKey(row: Selectable<ApiKeysTable>): ApiKey {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    environment: row.environment,
    secretHash: new Uint8Array(row.secret_hash),
    // A scope of a newer release is not granted by an older one.
    scopes: row.scopes.filter(isScope),
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
    successorId: row.successor_id ?? undefined,
  };
}
