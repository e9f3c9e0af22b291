import { sql } from "kysely";
import type { DomainEvent } from "../../contracts/events.ts";
import { CONSUMED_TYPES } from "../../events/bus/consumer-groups.ts";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import { withRole } from "../system-role.ts";
import type {
  GenerationNews,
  OutboxRepository,
  RaisedTopic,
  RelayedBatch,
} from "./outbox-repository.ts";

/** Held by the one relay at work until its transaction ends, however it ends. */
const RELAY_LOCK = 7_340_001;

interface QueuedRow {
  tenant_id: string;
  sequence: string;
  event_id: string;
  type: string;
  payload: unknown;
  topics: string[];
  occurred_at: Date;
}

export class KyselyOutboxRepository implements OutboxRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async relay(limit: number): Promise<RelayedBatch | undefined> {
    const first = await this.#database
      .selectFrom("outbox")
      .select("sequence")
      .limit(1)
      .executeTakeFirst();
    if (first === undefined) return undefined;
    return withRole(this.#database, "orrery_relay", async (transaction) => {
      const { rows } = await sql<{ is_ours: boolean }>`
        select pg_try_advisory_xact_lock(${RELAY_LOCK}) as is_ours
      `.execute(transaction);
      if (rows[0]?.is_ours !== true) return undefined;
      // A statement of its own: its snapshot is younger than the lock, so that it sees what the
      // relay before this one has taken.
      const queued = await takeQueued(transaction, limit);
      if (queued.length === 0) return undefined;
      const topics = [...new Set(queued.flatMap((row) => row.topics))];
      const raised = await raise(transaction, topics);
      await log(transaction, queued);
      return { events: queued.map(eventOf), raised };
    });
  }

  async readGeneration(topic: string): Promise<bigint> {
    const row = await this.#database
      .selectFrom("cache_generations")
      .select("generation")
      .where("topic", "=", topic)
      .executeTakeFirst();
    return BigInt(row?.generation ?? 0);
  }

  async readLatestGeneration(): Promise<bigint> {
    const row = await this.#database
      .selectFrom("cache_generations")
      .select("generation")
      .orderBy("generation", "desc")
      .limit(1)
      .executeTakeFirst();
    return BigInt(row?.generation ?? 0);
  }

  async readNews(since: bigint): Promise<GenerationNews> {
    const { rows } = await sql<{
      changes: [string, string][];
      oldest_queued: string | null;
      queued_for_ms: number | null;
    }>`
      select
        (select coalesce(json_agg(json_build_array(topic, generation::text)), '[]'::json)
         from cache_generations where generation > ${since}) as changes,
        oldest.sequence as oldest_queued,
        (extract(epoch from clock_timestamp() - oldest.queued_at) * 1000)::float8 as queued_for_ms
      from (select) as one
      left join (select sequence, queued_at from outbox order by sequence limit 1) as oldest on true
    `.execute(this.#database);
    const [news] = rows;
    return {
      changes: (news?.changes ?? []).map(([topic, generation]) => ({
        topic,
        generation: BigInt(generation),
      })),
      oldestQueued: news?.oldest_queued == null ? undefined : BigInt(news.oldest_queued),
      queuedForMs: Math.max(0, news?.queued_for_ms ?? 0),
    };
  }
}

async function takeQueued(transaction: OrreryTransaction, limit: number): Promise<QueuedRow[]> {
  const { rows } = await sql<QueuedRow>`
    with batch as (select tenant_id, sequence from outbox order by sequence limit ${limit}),
    taken as (
      delete from outbox using batch
      where outbox.tenant_id = batch.tenant_id and outbox.sequence = batch.sequence
      returning outbox.*
    )
    select tenant_id, sequence, event_id, type, payload, topics, occurred_at
    from taken order by sequence
  `.execute(transaction);
  return rows;
}

/** Only the holder of the relay's lock raises, so that generations commit in their order. */
async function raise(
  transaction: OrreryTransaction,
  topics: readonly string[],
): Promise<RaisedTopic[]> {
  const { rows } = await sql<{ topic: string; generation: string }>`
    insert into cache_generations (topic, generation)
    select topic, nextval('cache_generation_sequence') from unnest(${[...topics]}::text[]) as topic
    on conflict (topic) do update set generation = excluded.generation
    returning topic, generation
  `.execute(transaction);
  return rows.map((row) => ({ topic: row.topic, generation: BigInt(row.generation) }));
}

/** Only the holder of the relay's lock logs, so that positions commit in their order. */
async function log(transaction: OrreryTransaction, queued: readonly QueuedRow[]): Promise<void> {
  const consumed = queued.filter(({ type }) => CONSUMED_TYPES.some((known) => known === type));
  if (consumed.length === 0) return;
  const column = (name: keyof QueuedRow) => consumed.map((row) => row[name]);
  const payloads = consumed.map(({ payload }) => JSON.stringify(payload));
  await sql`
    with batch as (
      select *,
        row_number() over (partition by topic order by place) as step,
        count(*) over (partition by topic) as steps
      from unnest(
        ${column("tenant_id")}::text[], ${column("type")}::text[], ${column("event_id")}::uuid[],
        ${payloads}::text[], ${column("occurred_at")}::timestamptz[]
      ) with ordinality as given (tenant_id, topic, event_id, payload, occurred_at, place)
    ),
    heads as (
      insert into event_topics (topic, position) select topic, count(*) from batch group by topic
      on conflict (topic) do update set position = event_topics.position + excluded.position
      returning topic, position
    )
    insert into event_log (tenant_id, topic, position, event_id, payload, occurred_at)
    select tenant_id, topic, position - steps + step, event_id, payload::jsonb, occurred_at
    from batch join heads using (topic)
  `.execute(transaction);
}

function eventOf(row: QueuedRow): DomainEvent {
  return {
    id: row.event_id,
    type: row.type,
    tenantId: row.tenant_id,
    occurredAt: row.occurred_at,
    payload: row.payload,
  } as DomainEvent;
}
