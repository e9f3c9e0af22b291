import { CompiledQuery, type Selectable } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import {
  type Database,
  type OrreryDatabase,
  type OrreryTransaction,
  withTenant,
  withTenantEffect,
} from "../database.ts";
import type { Effect } from "../idempotency/effect.ts";
import { MicroBatch } from "../micro-batch.ts";
import type { Announcement } from "../outbox/outbox-repository.ts";
import { burnMismatch, tokenNotFound } from "./burn-problems.ts";
import {
  type Burn,
  type BurnRepository,
  isSameBurn,
  type NewBurn,
  type RecordedBurn,
} from "./burn-repository.ts";
import type { TokenBurnsTable } from "./burns-tables.ts";
import {
  announced,
  type GivenBurn,
  type RecordedRow,
  type Recording,
  recordBurns,
  recordingOf,
  recordStatement,
} from "./record-burns.kysely.ts";
import { TokenIds } from "./token-ids.kysely.ts";

/** Burns that one transaction records at most. */
const MAX_BATCH = 128;
/** With so many waiting, another transaction at a time gains more than it costs. */
const MANY_BURNS = 8;

/** Concurrent burns share a transaction, so that a token which many burn is written once for all. */
export class KyselyBurnRepository implements BurnRepository {
  readonly #database: OrreryDatabase;
  readonly #now: () => Date | undefined;
  readonly #tokenIds: TokenIds;
  readonly #recording: MicroBatch<GivenBurn, Recording>;

  /** `clock` replaces the database's own, for tests that hold time still. */
  constructor({ kysely, pool }: Pick<Database, "kysely" | "pool">, clock?: Clock) {
    this.#database = kysely;
    this.#now = () => (clock === undefined ? undefined : new Date(clock()));
    this.#tokenIds = new TokenIds(kysely);
    this.#recording = new MicroBatch({
      maxItems: MAX_BATCH,
      maxRunning: 3,
      minItemsBeside: MANY_BURNS,
      keyOf: ({ tenantId, burn }) =>
        `${tokenKey(tenantId, burn)} ${burn.txHash} ${burn.eventIndex}`,
      groupOf: ({ tenantId, burn }) => tokenKey(tenantId, burn),
      process: recordBurns(pool, this.#tokenIds, this.#now),
      resultForTwin: () => ({ outcome: "known" }),
    });
  }

  async record(
    tenantId: string,
    burn: NewBurn,
    announce: (tokenId: string) => Announcement,
    effect?: Effect<RecordedBurn>,
  ): Promise<RecordedBurn> {
    const given = { tenantId, burn, announce };
    if (effect !== undefined) return this.#recordWithEffect(given, effect);
    const recording = await this.#recording.run(given);
    if (recording.outcome === "recorded") return recordedBurn(burn, recording);
    return withTenant(this.#database, tenantId, (transaction) =>
      meetKnown(transaction, tenantId, burn),
    );
  }

  /** In the transaction of the request's key, by itself. */
  async #recordWithEffect(given: GivenBurn, effect: Effect<RecordedBurn>): Promise<RecordedBurn> {
    const { tenantId, burn } = given;
    // Before the transaction: it may take a connection of its own.
    const [tokenId] = await this.#tokenIds.find([{ tenantId, address: burn.tokenAddress }]);
    return withTenantEffect(this.#database, tenantId, effect, async (transaction) => {
      if (tokenId === undefined) throw tokenNotFound(burn.tokenAddress);
      const { text, values } = recordStatement([announced(given, tokenId)], this.#now());
      const query = CompiledQuery.raw(text, values);
      const { rows } = await transaction.executeQuery<RecordedRow>(query);
      const recording = recordingOf(given, rows[0]);
      if (recording.outcome === "recorded") return recordedBurn(burn, recording);
      return meetKnown(transaction, tenantId, burn);
    });
  }
}

/** Neither a tenant nor an address holds a space. */
function tokenKey(tenantId: string, { tokenAddress }: NewBurn): string {
  return `${tenantId} ${tokenAddress}`;
}

function recordedBurn(
  burn: NewBurn,
  { recordedAt, sequence }: Extract<Recording, { outcome: "recorded" }>,
): RecordedBurn {
  return { burn: { ...burn, burnedAt: burn.burnedAt ?? recordedAt }, sequence };
}

/** @throws {ProblemError} burn_mismatch */
async function meetKnown(
  transaction: OrreryTransaction,
  tenantId: string,
  newBurn: NewBurn,
): Promise<RecordedBurn> {
  const burn = await getRecorded(transaction, tenantId, newBurn);
  if (!isSameBurn(burn, newBurn)) throw burnMismatch(newBurn);
  const isNews = newBurn.verified && !burn.verified;
  return {
    burn: isNews ? await verify(transaction, tenantId, newBurn) : burn,
    sequence: undefined,
  };
}

async function getRecorded(
  transaction: OrreryTransaction,
  tenantId: string,
  burn: NewBurn,
): Promise<Burn> {
  const row = await transaction
    .selectFrom("token_burns")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("token_address", "=", burn.tokenAddress)
    .where("tx_hash", "=", burn.txHash)
    .where("event_index", "=", burn.eventIndex)
    .executeTakeFirstOrThrow();
  return burnOf(row);
}

async function verify(
  transaction: OrreryTransaction,
  tenantId: string,
  burn: NewBurn,
): Promise<Burn> {
  const row = await transaction
    .updateTable("token_burns")
    .set({ verified: true })
    .where("tenant_id", "=", tenantId)
    .where("token_address", "=", burn.tokenAddress)
    .where("tx_hash", "=", burn.txHash)
    .where("event_index", "=", burn.eventIndex)
    .returningAll()
    .executeTakeFirstOrThrow();
  return burnOf(row);
}

function burnOf(row: Selectable<TokenBurnsTable>): Burn {
  return {
    id: row.id,
    tokenAddress: row.token_address,
    txHash: row.tx_hash,
    eventIndex: row.event_index,
    from: row.from_address,
    amount: BigInt(row.amount),
    burnedBy: row.burned_by,
    isAdminBurn: row.is_admin_burn,
    verified: row.verified,
    burnedAt: row.burned_at,
    createdAt: row.created_at,
  };
}
