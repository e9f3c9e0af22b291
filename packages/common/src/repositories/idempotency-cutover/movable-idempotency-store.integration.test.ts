import { useTestDatabase } from "../../testing/contract-database.ts";
import { dualCutover, expectEqualSides } from "../cutover/in-dual-mode.contract.ts";
import type { StoreSide } from "../cutover/store-mode.ts";
import {
  describeIdempotencyStore,
  type MakeStores,
} from "../idempotency/idempotency-store.contract.ts";
import { KyselyIdempotencyStore } from "../idempotency/idempotency-store.kysely.ts";
import { MemoryIdempotencyStore } from "../idempotency/idempotency-store.memory.ts";
import { KyselyIdempotencyRecords } from "./idempotency-records.kysely.ts";
import { MemoryIdempotencyRecords } from "./idempotency-records.memory.ts";
import type { IdempotencyRecord } from "./idempotency-records.ts";
import { MovableIdempotencyStore } from "./movable-idempotency-store.ts";

const test = useTestDatabase();
let dual: ReturnType<typeof dualCutover<IdempotencyRecord>> | undefined;
expectEqualSides(() => dual);

const makeReading =
  (reads: StoreSide): MakeStores =>
  async (time) => {
    await test.empty();
    const database = test.login("billing");
    const clock = () => time.nowMs;
    const memory = new MemoryIdempotencyStore(clock, 2n ** 62n);
    dual = dualCutover<IdempotencyRecord>("idempotency", reads, {
      memory: new MemoryIdempotencyRecords(memory.rows, clock),
      postgres: new KyselyIdempotencyRecords(database.kysely, clock),
    });
    const { gate, cutover } = dual;
    const stores = { memory, postgres: new KyselyIdempotencyStore({ database, clock }) };
    const store = new MovableIdempotencyStore({ stores, cutover, gate });
    return [store, store];
  };

for (const reads of ["memory", "postgres"] as const) {
  describeIdempotencyStore(`both, reading ${reads}`, makeReading(reads));
}
