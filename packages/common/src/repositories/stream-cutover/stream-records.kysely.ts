import { type Selectable, sql } from "kysely";
import type { KeyedRecord, RecordKey, RecordSide } from "../cutover/record-side.ts";
import { compareKeys, keyText } from "../cutover/record-side.ts";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import type { ActivityEvent } from "../stream/activity-event.ts";
import type { Stream } from "../stream/stream.ts";
import {
  activityEventOf,
  activityRow,
  streamOf,
  streamRow,
  userOf,
} from "../stream/stream-rows.ts";
import type { ActivityEventsTable, StreamsTable, UsersTable } from "../stream/streams-tables.ts";
import type { User } from "../stream/user.ts";
import { withRole } from "../system-role.ts";
import {
  eventKey,
  eventPlace,
  isEvent,
  isStream,
  isUser,
  type StreamRecord,
  type StreamRecordKind,
  streamKey,
  userKey,
} from "./stream-records.ts";

const KINDS: readonly StreamRecordKind[] = ["event", "stream", "user"];

/** What a change of a stream never touches. */
const FIXED = new Set([
  "tenant_id",
  "id",
  "sender_user_id",
  "recipient",
  "token",
  "rate_per_second_stroops",
  "total_stroops",
  "created_at",
]);

/** The rows of streams, events and users in Postgres, as records. Nothing is ever deleted here. */
export class KyselyStreamRecords implements RecordSide<StreamRecord> {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async listKeys(after: RecordKey | undefined, limit: number): Promise<readonly RecordKey[]> {
    return this.#asMover(async (transaction) => {
      const keys: RecordKey[] = [];
      for (const kind of KINDS) {
        if (after !== undefined && kind < after.kind) continue;
        const within = after?.kind === kind ? after : undefined;
        keys.push(...(await LIST[kind](transaction, within, limit - keys.length)));
        if (keys.length === limit) break;
      }
      return keys;
    });
  }

  async read(keys: readonly RecordKey[]): Promise<readonly (StreamRecord | undefined)[]> {
    const found = new Map<string, StreamRecord>();
    await this.#asMover(async (transaction) => {
      for (const kind of KINDS) {
        const wanted = keys.filter((key) => key.kind === kind);
        if (wanted.length === 0) continue;
        for (const { key, record } of await READ[kind](transaction, wanted)) {
          if (record !== undefined) found.set(keyText(key), record);
        }
      }
    });
    return keys.map((key) => found.get(keyText(key)));
  }

  async write(records: readonly KeyedRecord<StreamRecord>[]): Promise<void> {
    const sorted = records.toSorted((a, b) => compareKeys(a.key, b.key));
    await this.#asMover(async (transaction) => {
      await writeStreams(transaction, recordsOf(sorted, isStream));
      await writeEvents(transaction, recordsOf(sorted, isEvent));
      await writeUsers(transaction, recordsOf(sorted, isUser));
    });
  }

  #asMover<Result>(work: (transaction: OrreryTransaction) => Promise<Result>) {
    return withRole(this.#database, "orrery_mover", work);
  }
}

interface OfTenant<Record> {
  readonly tenantId: string;
  readonly record: Record;
}

/** Those of one kind that there are. */
function recordsOf<Record extends StreamRecord>(
  records: readonly KeyedRecord<StreamRecord>[],
  isOfKind: (record: StreamRecord) => record is Record,
): OfTenant<Record>[] {
  return records.flatMap(({ key: { tenantId }, record }) =>
    record !== undefined && isOfKind(record) ? [{ tenantId, record }] : [],
  );
}

type List = (
  transaction: OrreryTransaction,
  after: RecordKey | undefined,
  limit: number,
) => Promise<RecordKey[]>;

const LIST: Readonly<Record<StreamRecordKind, List>> = {
  event: async (transaction, after, limit) => {
    const { rows } = await sql<Selectable<ActivityEventsTable>>`
      select tenant_id, happened_at, id from activity_events where ${behindEvent(after)}
      order by tenant_id, happened_at, id limit ${limit}
    `.execute(transaction);
    return rows.map((row) => eventKey(row.tenant_id, { happenedAt: row.happened_at, id: row.id }));
  },
  stream: async (transaction, after, limit) => {
    const { rows } = await sql<{ tenant_id: string; id: string }>`
      select tenant_id, id from streams where ${behind(after, "id")}
      order by tenant_id, id limit ${limit}
    `.execute(transaction);
    return rows.map((row) => streamKey(row.tenant_id, row.id));
  },
  user: async (transaction, after, limit) => {
    const { rows } = await sql<{ tenant_id: string; wallet_address: string }>`
      select tenant_id, wallet_address from users where ${behind(after, "wallet_address")}
      order by tenant_id, wallet_address limit ${limit}
    `.execute(transaction);
    return rows.map((row) => userKey(row.tenant_id, row.wallet_address));
  },
};

function behind(after: RecordKey | undefined, column: string) {
  if (after === undefined) return sql`true`;
  return sql`(tenant_id, ${sql.ref(column)}) > (${after.tenantId}, ${after.id})`;
}

function behindEvent(after: RecordKey | undefined) {
  if (after === undefined) return sql`true`;
  const { happenedAt, eventId } = eventPlace(after);
  return sql`(tenant_id, happened_at, id)
    > (${after.tenantId}, ${happenedAt}::timestamptz, ${eventId}::uuid)`;
}

type Read = (
  transaction: OrreryTransaction,
  keys: readonly RecordKey[],
) => Promise<KeyedRecord<StreamRecord>[]>;

const tenantsOf = (keys: readonly RecordKey[]) => keys.map(({ tenantId }) => tenantId);
const idsOf = (keys: readonly RecordKey[]) => keys.map(({ id }) => id);

const READ: Readonly<Record<StreamRecordKind, Read>> = {
  event: async (transaction, keys) => {
    const places = keys.map(eventPlace);
    const { rows } = await sql<Selectable<ActivityEventsTable>>`
      select events.* from unnest(
        ${tenantsOf(keys)}::text[], ${places.map(({ happenedAt }) => happenedAt)}::timestamptz[],
        ${places.map(({ eventId }) => eventId)}::uuid[]
      ) as given (tenant_id, happened_at, id)
      join activity_events events using (tenant_id, happened_at, id)
    `.execute(transaction);
    return rows.map((row) => {
      const record = activityEventOf(row);
      return { key: eventKey(row.tenant_id, record), record };
    });
  },
  stream: async (transaction, keys) => {
    const { rows } = await sql<Selectable<StreamsTable>>`
      select streams.* from unnest(${tenantsOf(keys)}::text[], ${idsOf(keys)}::text[])
        as given (tenant_id, id)
      join streams using (tenant_id, id)
    `.execute(transaction);
    return rows.map((row) => ({ key: streamKey(row.tenant_id, row.id), record: streamOf(row) }));
  },
  user: async (transaction, keys) => {
    const { rows } = await sql<Selectable<UsersTable>>`
      select users.* from unnest(${tenantsOf(keys)}::text[], ${idsOf(keys)}::text[])
        as given (tenant_id, wallet_address)
      join users using (tenant_id, wallet_address)
    `.execute(transaction);
    return rows.map((row) => ({
      key: userKey(row.tenant_id, row.wallet_address),
      record: userOf(row),
    }));
  },
};

async function writeStreams(
  transaction: OrreryTransaction,
  records: readonly OfTenant<Stream>[],
): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map(({ tenantId, record }) => streamRow(tenantId, record));
  await sql`
    insert into streams
    select * from jsonb_populate_recordset(null::streams, ${JSON.stringify(rows)}::jsonb)
    on conflict (tenant_id, id) do update set ${changedColumns(rows[0] ?? {}, "excluded")}
  `.execute(transaction);
}

async function writeEvents(
  transaction: OrreryTransaction,
  records: readonly OfTenant<ActivityEvent>[],
): Promise<void> {
  if (records.length === 0) return;
  await transaction
    .insertInto("activity_events")
    .values(records.map(({ tenantId, record }) => activityRow(tenantId, record)))
    // Without a target: who resolves charges may add events, and not read them.
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function writeUsers(
  transaction: OrreryTransaction,
  records: readonly OfTenant<User>[],
): Promise<void> {
  if (records.length === 0) return;
  await transaction
    .insertInto("users")
    .values(
      records.map(({ tenantId, record }) => ({
        tenant_id: tenantId,
        wallet_address: record.walletAddress,
        display_name: record.displayName ?? null,
        created_at: record.createdAt,
        updated_at: record.updatedAt,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "wallet_address"]).doUpdateSet((excluded) => ({
        display_name: excluded.ref("excluded.display_name"),
        created_at: excluded.ref("excluded.created_at"),
        updated_at: excluded.ref("excluded.updated_at"),
      })),
    )
    .execute();
}

/**
 * Copies a stream that is in Postgres already, with some of its events, in the transaction of whoever
 * resolves its charge.
 */
export async function copyResolvedStream(
  transaction: OrreryTransaction,
  tenantId: string,
  stream: Stream,
  events: readonly ActivityEvent[],
): Promise<void> {
  const row = streamRow(tenantId, stream);
  await sql`
    update streams set ${changedColumns(row, "given")}
    from jsonb_populate_record(null::streams, ${JSON.stringify(row)}::jsonb) as given
    where streams.tenant_id = given.tenant_id and streams.id = given.id
  `.execute(transaction);
  await writeEvents(
    transaction,
    events.map((record) => ({ tenantId, record })),
  );
}

function changedColumns(row: object, source: string) {
  const columns = Object.keys(row).filter((column) => !FIXED.has(column));
  return sql.join(
    columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`${source}.${column}`)}`),
  );
}
