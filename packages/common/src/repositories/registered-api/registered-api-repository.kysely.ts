import { type Selectable, sql } from "kysely";
import { formatUsdc } from "../../contracts/money.ts";
import { type OrreryDatabase, withTenant } from "../database.ts";
import type { SettlementTerms } from "../settlement/settlement.ts";
import { stroopsOf } from "../usage-event/usage-event-rows.ts";
import type {
  NewRegisteredApi,
  RegisteredApi,
  RegisteredApiRepository,
} from "./registered-api-repository.ts";
import type { RegisteredApisTable } from "./registered-apis-table.ts";

export class KyselyRegisteredApiRepository implements RegisteredApiRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async put(tenantId: string, api: NewRegisteredApi, now: Date) {
    const settings = {
      name: api.name,
      payout_address: api.payoutAddress,
      ...termsColumns(api.settlement ?? { mode: "per_request" }),
      updated_at: now,
    };
    return withTenant(this.#database, tenantId, async (transaction) => {
      const row = await transaction
        .insertInto("registered_apis")
        .values({ tenant_id: tenantId, api_id: api.apiId, created_at: now, ...settings })
        .onConflict((conflict) => conflict.columns(["tenant_id", "api_id"]).doUpdateSet(settings))
        .returningAll()
        // A row that this statement inserted has no deleting or locking transaction yet.
        .returning(sql<boolean>`xmax = 0`.as("is_new"))
        .executeTakeFirstOrThrow();
      return { api: toApi(row), isNew: row.is_new };
    });
  }

  async find(tenantId: string, apiId: string): Promise<RegisteredApi | undefined> {
    const row = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("registered_apis")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("api_id", "=", apiId)
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : toApi(row);
  }
}

const DEFAULT_EVERY_SECONDS = 60;

function termsColumns(terms: SettlementTerms) {
  if (terms.mode === "per_request") {
    return {
      settlement: terms.mode,
      settle_every_seconds: DEFAULT_EVERY_SECONDS,
      settle_at_usdc: null,
    };
  }
  return {
    settlement: terms.mode,
    settle_every_seconds: terms.everySeconds,
    settle_at_usdc: terms.atStroops === undefined ? null : formatUsdc(terms.atStroops),
  };
}

function termsOf(row: Selectable<RegisteredApisTable>): SettlementTerms {
  if (row.settlement === "per_request") return { mode: "per_request" };
  return {
    mode: "aggregated",
    everySeconds: row.settle_every_seconds,
    ...(row.settle_at_usdc === null ? {} : { atStroops: stroopsOf(row.settle_at_usdc) }),
  };
}

function toApi(row: Selectable<RegisteredApisTable>): RegisteredApi {
  return {
    apiId: row.api_id,
    name: row.name,
    payoutAddress: row.payout_address,
    settlement: termsOf(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
