import { systemClock } from "@orrery/common/contracts/clock";
import { StoreCutover } from "@orrery/common/repositories/cutover/store-cutover";
import type { Database } from "@orrery/common/repositories/database";
import { KyselyIdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store.kysely";
import { MemoryIdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store.memory";
import { createIdempotencyProbes } from "@orrery/common/repositories/idempotency-cutover/idempotency-probes";
import type { IdempotencyRecord } from "@orrery/common/repositories/idempotency-cutover/idempotency-records";
import { KyselyIdempotencyRecords } from "@orrery/common/repositories/idempotency-cutover/idempotency-records.kysely";
import { MemoryIdempotencyRecords } from "@orrery/common/repositories/idempotency-cutover/idempotency-records.memory";
import { MovableIdempotencyStore } from "@orrery/common/repositories/idempotency-cutover/movable-idempotency-store";
import { type SharedTerms, termsOf } from "../cutover-terms.ts";

/** Far from those that Postgres gives: a claim of one store is never one of the other. */
const FIRST_MEMORY_EPOCH = 2n ** 62n;

/** Idempotency keys that can be moved. */
export function composeMovableIdempotency(database: Database, terms: SharedTerms) {
  const memory = new MemoryIdempotencyStore(systemClock, FIRST_MEMORY_EPOCH);
  const postgres = new KyselyIdempotencyStore({ database });
  const records = {
    memory: new MemoryIdempotencyRecords(memory.rows, systemClock),
    postgres: new KyselyIdempotencyRecords(database.kysely, systemClock),
  };
  const stores = { memory, postgres };
  const { gate } = terms;
  const cutover = new StoreCutover<IdempotencyRecord>({
    ...termsOf("idempotency", terms),
    sides: records,
    probes: createIdempotencyProbes({ stores, records: records.memory, gate }),
  });
  return { store: new MovableIdempotencyStore({ stores, cutover, gate }), cutover };
}
