import { systemClock } from "../../contracts/clock.ts";
import { PeriodicTask } from "../../events/periodic-task.ts";
import type { Database } from "../database.ts";
import type { TenantRole } from "../database-roles.ts";
import { IdempotencyCleanupJob } from "./idempotency-cleanup-job.ts";
import { KyselyIdempotencyStore } from "./idempotency-store.kysely.ts";
import { MemoryIdempotencyStore } from "./idempotency-store.memory.ts";
import type { IdempotencyStore } from "./idempotency-store.ts";

export interface Idempotency {
  readonly store: IdempotencyStore;
  /** Begins to delete what is kept no longer. */
  start(): void;
  /** Before the database is closed. */
  close(): Promise<void>;
}

interface IdempotencyOptions {
  /** The one that the effects are in; absent where state lives in memory. */
  readonly database: Pick<Database, "kysely" | "pool"> | undefined;
  /** Of whom the requests are, unless they are tenants'. */
  readonly role?: TenantRole;
  /** The store itself, where a service has one of its own. */
  readonly store?: IdempotencyStore | undefined;
  readonly onError: (error: unknown) => void;
}

const CLEANUP_INTERVAL_MS = 60_000;

/** The idempotency keys of a service, in the store that its effects are in. */
export function composeIdempotency(options: IdempotencyOptions): Idempotency {
  const { database, role, onError } = options;
  const store = options.store ?? openStore(database, role);
  const job = new IdempotencyCleanupJob(store);
  const cleanup = new PeriodicTask({
    intervalMs: CLEANUP_INTERVAL_MS,
    run: async () => void (await job.run()),
    onError,
  });
  return {
    store,
    start: () => cleanup.start(),
    close: async () => {
      job.stop();
      await cleanup.close();
    },
  };
}

function openStore(
  database: IdempotencyOptions["database"],
  role: TenantRole | undefined,
): IdempotencyStore {
  if (database === undefined) return new MemoryIdempotencyStore(systemClock);
  return new KyselyIdempotencyStore({ database, ...(role && { role }) });
}
