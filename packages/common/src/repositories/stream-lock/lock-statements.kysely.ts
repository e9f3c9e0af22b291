import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { OrreryTransaction } from "../database.ts";

/**
 * The lock's number: 64 bits of a hash, signed as Postgres wants it. Two streams that share one wait
 * for each other, and that is all.
 */
function lockNumber(tenantId: string, streamId: string): bigint {
  const name = ["stream", tenantId, streamId].join("\n");
  return createHash("sha256").update(name, "utf8").digest().readBigInt64BE();
}

/**
 * Keeps every other process from working on the stream until the transaction ends, in order of
 * arrival. From now on no statement of the transaction waits longer than `maxWaitMs` for a lock; one
 * that has to fails as `isLockTimeout` tells.
 */
export async function lockStream(
  transaction: OrreryTransaction,
  tenantId: string,
  streamId: string,
  maxWaitMs: number,
): Promise<void> {
  const number = String(lockNumber(tenantId, streamId));
  await sql`
    select set_config('lock_timeout', ${`${maxWaitMs}ms`}, true),
      pg_advisory_xact_lock(${number}::bigint)
  `.execute(transaction);
}

export function isLockTimeout(error: unknown): boolean {
  return (error as { code?: string }).code === "55P03";
}
