import { type Selectable, sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import {
  compareKeys,
  type KeyedRecord,
  keyText,
  type RecordKey,
  type RecordSide,
} from "../cutover/record-side.ts";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import type { IdempotencyKeysTable } from "../idempotency/idempotency-keys-table.ts";
import { withRole } from "../system-role.ts";
import { type IdempotencyRecord, idempotencyKey, MOVED_ROUTES } from "./idempotency-records.ts";

type Row = Selectable<IdempotencyKeysTable>;

/** Billing's idempotency keys in Postgres, as records; those past their time are none. */
export class KyselyIdempotencyRecords implements RecordSide<IdempotencyRecord> {
  readonly #database: OrreryDatabase;
  readonly #clock: Clock;

  constructor(database: OrreryDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async listKeys(after: RecordKey | undefined, limit: number): Promise<readonly RecordKey[]> {
    const behind =
      after === undefined ? sql`true` : sql`(tenant_id, token) > (${after.tenantId}, ${after.id})`;
    const { rows } = await this.#asMover((transaction) =>
      sql<Pick<Row, "tenant_id" | "token">>`
        select tenant_id, token from idempotency_keys
        where split_part(token, ':', 2) = any (${[...MOVED_ROUTES].map(encodeRoute)}::text[])
          and ${behind}
        order by tenant_id, token limit ${limit}
      `.execute(transaction),
    );
    return rows.map((row) => idempotencyKey({ tenantId: row.tenant_id, token: row.token }));
  }

  async read(keys: readonly RecordKey[]): Promise<readonly (IdempotencyRecord | undefined)[]> {
    const { rows } = await this.#asMover((transaction) =>
      sql<Row>`
        select kept.* from unnest(
          ${keys.map(({ tenantId }) => tenantId)}::text[], ${keys.map(({ id }) => id)}::text[]
        ) as given (tenant_id, token)
        join idempotency_keys kept using (tenant_id, token)
      `.execute(transaction),
    );
    const nowMs = this.#clock();
    const found = new Map(
      rows.map((row) => [
        keyText(idempotencyKey({ tenantId: row.tenant_id, token: row.token })),
        recordOf(row),
      ]),
    );
    return keys.map((key) => {
      const record = found.get(keyText(key));
      return record === undefined || record.expiresAtMs <= nowMs ? undefined : record;
    });
  }

  async write(records: readonly KeyedRecord<IdempotencyRecord>[]): Promise<void> {
    const sorted = records.toSorted((a, b) => compareKeys(a.key, b.key));
    const gone = sorted.filter(({ record }) => record === undefined).map(({ key }) => key);
    const rows = sorted.flatMap(({ key, record }) =>
      record === undefined ? [] : [rowOf(key, record)],
    );
    await this.#asMover(async (transaction) => {
      if (gone.length > 0) {
        await sql`
          delete from idempotency_keys using unnest(
            ${gone.map(({ tenantId }) => tenantId)}::text[], ${gone.map(({ id }) => id)}::text[]
          ) as given (tenant_id, token)
          where idempotency_keys.tenant_id = given.tenant_id
            and idempotency_keys.token = given.token
        `.execute(transaction);
      }
      if (rows.length > 0) {
        await sql`
          insert into idempotency_keys
          select * from jsonb_populate_recordset(
            null::idempotency_keys, ${JSON.stringify(rows)}::jsonb
          )
          on conflict (tenant_id, token) do update set ${CHANGED}
        `.execute(transaction);
      }
    });
  }

  #asMover<Result>(work: (transaction: OrreryTransaction) => Promise<Result>) {
    return withRole(this.#database, "orrery_mover", work);
  }
}

/** As it stands in a token. */
const encodeRoute = (route: string) => encodeURIComponent(route).replaceAll("%2F", "/");

const CHANGED = sql.join(
  [
    "fingerprint",
    "epoch",
    "lease_until",
    "claimed_at",
    "expires_at",
    "status",
    "headers",
    "body",
    "is_secret",
  ].map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`),
);

function recordOf(row: Row): IdempotencyRecord {
  const { status, headers, body, is_secret: isSecret, lease_until: leaseUntil } = row;
  const isAnswered = status !== null && headers !== null && body !== null;
  return {
    fingerprint: row.fingerprint,
    epoch: BigInt(row.epoch),
    claimedAtMs: row.claimed_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    ...(leaseUntil !== null && { leaseUntilMs: leaseUntil.getTime() }),
    ...(isAnswered && { answer: { status, headers, body, isSecret } }),
  };
}

/** As JSON, in the columns of the table. */
function rowOf({ tenantId, id }: RecordKey, record: IdempotencyRecord): object {
  const { answer, leaseUntilMs } = record;
  return {
    tenant_id: tenantId,
    token: id,
    fingerprint: `\\x${Buffer.from(record.fingerprint).toString("hex")}`,
    epoch: String(record.epoch),
    lease_until: leaseUntilMs === undefined ? null : new Date(leaseUntilMs),
    claimed_at: new Date(record.claimedAtMs),
    expires_at: new Date(record.expiresAtMs),
    status: answer?.status ?? null,
    headers: answer?.headers ?? null,
    body: answer?.body ?? null,
    is_secret: answer?.isSecret ?? false,
  };
}
