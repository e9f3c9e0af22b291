import type { Resolution } from "@orrery/soroban/intent/resolution";
import { sql } from "kysely";
import type { OrreryTransaction } from "../database.ts";
import { streamOf } from "./stream-rows.ts";
import { resolvedStream, streamIdOf } from "./stream-settlement.ts";
import { type TenantChange, writeChanges } from "./write-streams.kysely.ts";

/**
 * The journal's resolution hook: brings the streams whose charges have ended up to date, and tells of
 * it, in the transaction that resolves them.
 */
export async function settleStreams(
  transaction: OrreryTransaction,
  resolutions: readonly Resolution[],
): Promise<void> {
  const ofStreams = resolutions.filter(({ kind }) => kind === "stream");
  if (ofStreams.length === 0) return;
  const rows = await transaction
    .selectFrom("streams")
    .selectAll()
    .where(
      sql<boolean>`(tenant_id, id) in (select * from unnest(
        ${ofStreams.map(({ tenantId }) => tenantId)}::text[],
        ${ofStreams.map(({ subjectId }) => streamIdOf(subjectId))}::text[]
      ))`,
    )
    .orderBy("tenant_id")
    .orderBy("id")
    .forNoKeyUpdate()
    .execute();
  const changes = rows.flatMap((row): TenantChange[] => {
    const stream = streamOf(row);
    return ofStreams.flatMap((resolution) => {
      if (resolution.tenantId !== row.tenant_id) return [];
      const change = resolvedStream(stream, resolution);
      return change === undefined ? [] : [{ tenantId: row.tenant_id, ...change }];
    });
  });
  await writeChanges(transaction, changes);
}
