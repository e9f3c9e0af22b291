import { type Selectable, sql } from "kysely";
import { ProblemError } from "../../contracts/errors.ts";
import { isScope } from "../../contracts/scope.ts";
import { type OrreryDatabase, type OrreryTransaction, withTenantEffect } from "../database.ts";
import type { Effect } from "../idempotency/effect.ts";
import { violatedConstraint } from "../postgres-error.ts";
import { withRole } from "../system-role.ts";
import {
  type ApiKey,
  type ApiKeyPage,
  type ApiKeyRepository,
  type NewApiKey,
  REVOCATION_OVERLAP_MS,
  type Revocations,
} from "./api-key-repository.ts";
import type { ApiKeysTable } from "./api-keys-table.ts";

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
    effect?: Effect<ApiKey>,
  ): Promise<ApiKey> {
    const insert = async (transaction: OrreryTransaction) => {
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
          revoked_at: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return toApiKey(row);
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

  async revoke(tenantId: string, keyId: string): Promise<ApiKey | undefined> {
    const row = await this.#administering(tenantId, (transaction) =>
      transaction
        .updateTable("api_keys")
        // The database's clock: every instance polls by it, whatever its own says.
        .set({ revoked_at: sql<Date>`coalesce(revoked_at, clock_timestamp())` })
        .where("tenant_id", "=", tenantId)
        .where("id", "=", keyId)
        .returningAll()
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : toApiKey(row);
  }

  async listRevoked(since?: Date): Promise<Revocations> {
    // One statement, so that `as_of` is never later than what the reading has seen.
    const { rows } = await withRole(this.#database, "orrery_authenticator", (transaction) =>
      sql<{ key_ids: string[]; as_of: Date }>`
        select coalesce(array_agg(id), '{}') as key_ids, now() as as_of
        from api_keys
        where revoked_at >= coalesce(${since ?? null}::timestamptz, now())
          - ${REVOCATION_OVERLAP_MS} * interval '1 millisecond'
      `.execute(transaction),
    );
    const [row] = rows;
    if (row === undefined) throw new Error("an aggregate gives one row");
    return { keyIds: row.key_ids, asOf: row.as_of };
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
  };
}
