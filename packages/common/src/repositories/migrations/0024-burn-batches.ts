import type { Kysely } from "kysely";
import { createAdvanceFunction } from "./advance-scores.ts";
import { createRecordFunction } from "./record-burns.ts";

/**
 * Burns are recorded in batches, so that a token which many burn is locked and written once for all of
 * them; and scores advance in one round trip, by plans that are made once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createRecordFunction(db);
  await createAdvanceFunction(db);
}
