import { type Database, openDatabase } from "@orrery/common/repositories/database";
import type { IdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store";
import { KyselyIdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store.kysely";
import { assertMigrated } from "@orrery/common/repositories/migrations/migrate";
import type { ChargeRecordRepository } from "@orrery/common/repositories/reconciliation/charge-record-repository";
import { KyselyChargeRecordRepository } from "@orrery/common/repositories/reconciliation/charge-record-repository.kysely";
import type { OperatorRepository } from "@orrery/common/repositories/reconciliation/operator-repository";
import { KyselyOperatorRepository } from "@orrery/common/repositories/reconciliation/operator-repository.kysely";
import type { ReconciliationStateRepository } from "@orrery/common/repositories/reconciliation/reconciliation-state-repository";
import { KyselyReconciliationStateRepository } from "@orrery/common/repositories/reconciliation/reconciliation-state-repository.kysely";
import { applyResolutions } from "@orrery/common/repositories/settlement/settle-settlements.kysely";
import type { Environment } from "./command.ts";
import { readDatabaseUrl } from "./config.ts";

/** What the commands work on. */
export interface Stores {
  readonly records: ChargeRecordRepository;
  readonly state: ReconciliationStateRepository;
  readonly operator: OperatorRepository;
  readonly idempotency: IdempotencyStore;
}

/** Lends the stores of `DATABASE_URL` to `work`. @throws {Error} when the schema is not this release's */
export async function withStores<Result>(
  env: Environment,
  work: (stores: Stores) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase({
    url: readDatabaseUrl(env),
    poolSize: 2,
    applicationName: "orrery-cli",
  });
  try {
    await assertMigrated(database);
    return await work(storesOf(database));
  } finally {
    await database.close();
  }
}

function storesOf(database: Database): Stores {
  const { kysely } = database;
  return {
    records: new KyselyChargeRecordRepository(kysely),
    state: new KyselyReconciliationStateRepository(kysely),
    operator: new KyselyOperatorRepository({ database: kysely, onResolved: applyResolutions }),
    idempotency: new KyselyIdempotencyStore({ database }),
  };
}
