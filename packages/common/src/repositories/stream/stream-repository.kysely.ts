import type { FailureReason } from "@orrery/soroban/intent/failure";
import { type RawBuilder, sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import {
  type OrreryDatabase,
  type OrreryTransaction,
  withTenant,
  withTenantEffect,
} from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import type { Effect } from "../idempotency/effect.ts";
import { isLockTimeout, lockStream } from "../stream-lock/lock-statements.kysely.ts";
import { streamBusy } from "../stream-lock/stream-problems.ts";
import { StreamQueue } from "../stream-lock/stream-queue.ts";
import { insertIntents } from "../submission-journal/request-statements.kysely.ts";
import { withRole } from "../system-role.ts";
import type { PendingCount } from "../usage-event/usage-event-repository.ts";
import type { ActivityType } from "./activity-event.ts";
import { readLocked, readNow } from "./locked-stream.kysely.ts";
import { draftStream, type NewStream, type Stream, type StreamStatus } from "./stream.ts";
import { listActivityEvents, listStreams } from "./stream-lists.kysely.ts";
import { streamExists } from "./stream-problems.ts";
import type {
  ActivityPage,
  LockedStream,
  PendingWithdrawal,
  StreamCharge,
  StreamPage,
  StreamPageRequest,
  StreamReading,
  StreamRepository,
  StreamWrite,
} from "./stream-repository.ts";
import { streamOf, streamRow, userOf } from "./stream-rows.ts";
import type { User } from "./user.ts";
import { tellOf, writeChanges } from "./write-streams.kysely.ts";

export interface KyselyStreamOptions {
  database: OrreryDatabase;
  /** Left out: the database's own clock, which all instances share. */
  clock?: Clock;
  /** The longest wait for a turn within this process. */
  maxQueueMs?: number;
  /** The longest wait for another process, by which a connection is held. */
  maxLockMs?: number;
}

const MAX_QUEUE_MS = 5_000;
const MAX_LOCK_MS = 3_000;
const MAX_WAITING = 10_000;

/** Callers of a process wait in memory: one connection per stream at most waits for the lock itself. */
export class KyselyStreamRepository implements StreamRepository {
  readonly #database: OrreryDatabase;
  readonly #clock: Clock | undefined;
  readonly #queue: StreamQueue;
  readonly #maxLockMs: number;

  constructor(options: KyselyStreamOptions) {
    const { database, clock, maxQueueMs = MAX_QUEUE_MS, maxLockMs = MAX_LOCK_MS } = options;
    this.#database = database;
    this.#clock = clock;
    this.#maxLockMs = maxLockMs;
    this.#queue = new StreamQueue({ maxWaitMs: maxQueueMs, maxWaiting: MAX_WAITING });
  }

  async create(
    tenantId: string,
    wanted: NewStream,
    effect?: Effect<StreamReading>,
  ): Promise<StreamReading> {
    return withTenantEffect(this.#database, tenantId, effect, async (transaction) => {
      const asOf = await readNow(transaction, this.#now());
      const draft = draftStream(wanted, asOf);
      const stored = await transaction
        .insertInto("streams")
        .values(streamRow(tenantId, draft.stream))
        .onConflict((conflict) => conflict.columns(["tenant_id", "id"]).doNothing())
        .returning("id")
        .executeTakeFirst();
      if (stored === undefined) throw streamExists();
      await tellOf(transaction, [{ tenantId, ...draft }]);
      return { stream: draft.stream, asOf };
    });
  }

  async find(tenantId: string, id: string): Promise<StreamReading | undefined> {
    const row = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("streams")
        .selectAll()
        .select(this.#now().as("as_of"))
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : { stream: streamOf(row), asOf: row.as_of };
  }

  async list(
    tenantId: string,
    filter: { readonly status?: StreamStatus },
    page: StreamPageRequest,
  ): Promise<StreamPage> {
    return withTenant(this.#database, tenantId, (transaction) =>
      listStreams(transaction, tenantId, filter, page, this.#now()),
    );
  }

  async withLock<Result>(
    tenantId: string,
    id: string,
    work: (locked: LockedStream) => Promise<Result> | Result,
    effect?: Effect<Result>,
  ): Promise<Result> {
    return this.#queue.run(`${tenantId}\n${id}`, async () => {
      try {
        return await this.#withDatabaseLock(tenantId, id, work, effect);
      } catch (error) {
        throw isLockTimeout(error) ? streamBusy(error) : error;
      }
    });
  }

  async #withDatabaseLock<Result>(
    tenantId: string,
    id: string,
    work: (locked: LockedStream) => Promise<Result> | Result,
    effect: Effect<Result> | undefined,
  ): Promise<Result> {
    return withTenantEffect(this.#database, tenantId, effect, async (transaction) => {
      await lockStream(transaction, tenantId, id, this.#maxLockMs);
      const { stream, now } = await readLocked(transaction, tenantId, id, this.#now());
      let write: StreamWrite | undefined;
      const result = await work({
        stream,
        now,
        findVault: () => findVault(transaction, tenantId, stream),
        save: (given) => {
          if (write !== undefined) throw new Error("a locked stream is saved once");
          write = given;
        },
      });
      if (write !== undefined) await storeWrite(transaction, tenantId, write);
      return result;
    });
  }

  async listActivity(
    tenantId: string,
    filter: { readonly streamId?: string; readonly type?: ActivityType },
    page: StreamPageRequest,
  ): Promise<ActivityPage> {
    return withTenant(this.#database, tenantId, (transaction) =>
      listActivityEvents(transaction, tenantId, filter, page, this.#now()),
    );
  }

  async listEndedCharges(
    keys: readonly { readonly tenantId: string; readonly intentId: string }[],
  ): Promise<readonly StreamCharge[]> {
    if (keys.length === 0) return [];
    const tenantIds = [...new Set(keys.map(({ tenantId }) => tenantId))];
    const { rows } = await withTenant(this.#database, tenantIds, (transaction) =>
      sql<EndedIntent>`
        select ended.* from unnest(
          ${keys.map(({ tenantId }) => tenantId)}::text[],
          ${keys.map(({ intentId }) => intentId)}::uuid[]
        ) as given (tenant_id, intent_id)
        cross join lateral (
          select intents.tenant_id, intents.intent_id, intents.state, intents.failure
          from submission_intents as intents
          where intents.tenant_id = given.tenant_id and intents.intent_id = given.intent_id
            and intents.state in ('confirmed', 'failed', 'refused')
          limit 1
        ) as ended
      `.execute(transaction),
    );
    return rows.map(chargeOf);
  }

  async sumSettling(tenantId: string, vaultContractId: string): Promise<bigint> {
    const { total } = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("streams")
        .select(sql<string>`coalesce(sum(settlement_stroops), 0)`.as("total"))
        .where("tenant_id", "=", tenantId)
        .where("settlement_vault_contract_id", "=", vaultContractId)
        .where("settlement_state", "=", sql.lit("pending"))
        .executeTakeFirstOrThrow(),
    );
    return BigInt(total);
  }

  async countSettling([first, second]: readonly [Date, Date]): Promise<readonly PendingCount[]> {
    const before = (time: Date) =>
      sql<string>`count(*) filter (where settlement_requested_at < ${time})`;
    const rows = await withRole(this.#database, "orrery_admission", (transaction) =>
      transaction
        .selectFrom("streams")
        .select(["tenant_id", sql<string>`count(*)`.as("pending")])
        .select([before(first).as("before_first"), before(second).as("before_second")])
        .where("settlement_state", "=", sql.lit("pending"))
        .groupBy("tenant_id")
        .execute(),
    );
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      pending: Number(row.pending),
      before: [Number(row.before_first), Number(row.before_second)],
    }));
  }

  async listWithdrawing(
    limit: number,
    after?: PendingWithdrawal,
  ): Promise<readonly PendingWithdrawal[]> {
    const rows = await withRole(this.#database, "orrery_settler", (transaction) =>
      transaction
        .selectFrom("streams")
        .select(["withdrawal_requested_at", "tenant_id", "id"])
        .where("withdrawal_state", "=", sql.lit("pending"))
        .$if(after !== undefined, (query) =>
          query.where(
            sql<boolean>`(withdrawal_requested_at, tenant_id, id)
              > (${after?.requestedAt}::timestamptz, ${after?.tenantId}::text, ${after?.id}::text)`,
          ),
        )
        .orderBy("withdrawal_requested_at")
        .orderBy("tenant_id")
        .orderBy("id")
        .limit(limit)
        .execute(),
    );
    return rows.flatMap(({ withdrawal_requested_at: requestedAt, tenant_id: tenantId, id }) =>
      requestedAt === null ? [] : [{ requestedAt, tenantId, id }],
    );
  }

  async putUser(tenantId: string, user: Pick<User, "walletAddress" | "displayName">) {
    return withTenant(this.#database, tenantId, async (transaction) => {
      const named = { display_name: user.displayName ?? null, updated_at: this.#now() };
      const row = await transaction
        .insertInto("users")
        .values({
          tenant_id: tenantId,
          wallet_address: user.walletAddress,
          created_at: this.#now(),
          ...named,
        })
        .onConflict((conflict) =>
          conflict.columns(["tenant_id", "wallet_address"]).doUpdateSet(named),
        )
        .returningAll()
        // A row that this statement inserted has no deleting or locking transaction yet.
        .returning(sql<boolean>`xmax = 0`.as("is_new"))
        .executeTakeFirstOrThrow();
      return { user: userOf(row), isNew: row.is_new };
    });
  }

  async findUser(tenantId: string, walletAddress: string): Promise<User | undefined> {
    const row = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("users")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("wallet_address", "=", walletAddress)
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : userOf(row);
  }

  #now(): RawBuilder<Date> {
    return databaseNow(this.#clock);
  }
}

async function findVault(
  transaction: OrreryTransaction,
  tenantId: string,
  stream: Stream | undefined,
): Promise<string | undefined> {
  if (stream === undefined) return undefined;
  const row = await transaction
    .selectFrom("vaults")
    .select("contract_id")
    .where("tenant_id", "=", tenantId)
    .where("user_id", "=", stream.senderUserId)
    .executeTakeFirst();
  return row?.contract_id;
}

async function storeWrite(
  transaction: OrreryTransaction,
  tenantId: string,
  { charge, ...change }: StreamWrite,
): Promise<void> {
  await writeChanges(transaction, [{ tenantId, ...change }]);
  if (charge !== undefined) await insertIntents(transaction, [charge]);
}

interface EndedIntent {
  readonly tenant_id: string;
  readonly intent_id: string;
  readonly state: "confirmed" | "failed" | "refused";
  readonly failure: { readonly reason: FailureReason; readonly contractError?: number } | null;
}

function chargeOf({ tenant_id, intent_id, state, failure }: EndedIntent): StreamCharge {
  const { reason, contractError } = failure ?? {};
  return {
    tenantId: tenant_id,
    intentId: intent_id,
    isPaid: state === "confirmed",
    ...(reason !== undefined && {
      failure: { reason, ...(contractError !== undefined && { contractError }) },
    }),
  };
}
