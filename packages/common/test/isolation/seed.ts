import { createHash } from "node:crypto";
import type { DomainEvent } from "@orrery/common/contracts/events";
import { uuidv7 } from "@orrery/common/contracts/id";
import { KyselyApiKeyRepository } from "@orrery/common/repositories/api-key/api-key-repository.kysely";
import { KyselyBurnRepository } from "@orrery/common/repositories/burn/burn-repository.kysely";
import type { Database } from "@orrery/common/repositories/database";
import { KyselyIdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store.kysely";
import { KyselyLeaderboardRepository } from "@orrery/common/repositories/leaderboard/leaderboard-repository.kysely";
import { KyselyMediaFileRepository } from "@orrery/common/repositories/media-file/media-file-repository.kysely";
import type { Announcement } from "@orrery/common/repositories/outbox/outbox-repository";
import { KyselyPoolRepository } from "@orrery/common/repositories/pool/pool-repository.kysely";
import { KyselyReconciliationStateRepository } from "@orrery/common/repositories/reconciliation/reconciliation-state-repository.kysely";
import { KyselyRegisteredApiRepository } from "@orrery/common/repositories/registered-api/registered-api-repository.kysely";
import { applyResolutions } from "@orrery/common/repositories/settlement/settle-settlements.kysely";
import { KyselySettlementRepository } from "@orrery/common/repositories/settlement/settlement-repository.kysely";
import { type Stream, told } from "@orrery/common/repositories/stream/stream";
import { KyselyStreamRepository } from "@orrery/common/repositories/stream/stream-repository.kysely";
import { createKyselyJournal } from "@orrery/common/repositories/submission-journal/submission-journal.kysely";
import { KyselyTenantRepository } from "@orrery/common/repositories/tenant/tenant-repository.kysely";
import { KyselyTenantLimitRepository } from "@orrery/common/repositories/tenant-limit/tenant-limit-repository.kysely";
import { KyselyTokenRepository } from "@orrery/common/repositories/token/token-repository.kysely";
import type { NewUsageEvent } from "@orrery/common/repositories/usage-event/usage-event";
import { KyselyUsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository.kysely";
import { KyselyVaultRepository } from "@orrery/common/repositories/vault/vault-repository.kysely";
import { CHARGED, REFUSED, settleIntent } from "@orrery/common/testing/settle-intent";
import type { Outcome } from "@orrery/soroban/journal/submission-journal";
import { sql } from "kysely";
import { seedExports } from "./seed-exports.ts";

/** The tenant whose rows nobody else may see or change. */
export const VICTIM = "victim";

/** When the seed was made: before anything that a call makes. */
export const AT = new Date("2019-03-01T12:00:00.000Z");
const LATER_MS = AT.getTime() + 60_000;

/** Ids of the seed, the same in every run. */
export const IDS = {
  keyed: idOf(1),
  charged: idOf(2),
  refused: idOf(3),
  unknown: idOf(4),
  streamCharge: idOf(5),
  reserved: idOf(6),
  token: idOf(7),
  settlement: idOf(8),
  difference: idOf(9),
  export: idOf(10),
  pendingExport: idOf(11),
  act: idOf(12),
} as const;
/** The epoch of the idempotency key `open`, which is claimed. */
export const CLAIMED_EPOCH = 1n;

function idOf(place: number): string {
  return `${uuidv7(AT.getTime()).slice(0, 14)}7000-8000-${String(place).padStart(12, "0")}`;
}

export const markerOf = (tenantId: string, id: string) => `${tenantId}/${id}`;
export const digestOf = (text: string) => createHash("sha256").update(text).digest();

export function usageEvent(changes: Partial<NewUsageEvent> = {}): NewUsageEvent {
  return {
    id: uuidv7(),
    requestId: "pending",
    userId: "ada",
    apiId: "weather",
    endpointId: "forecast",
    apiKeyId: "key",
    amountStroops: 7n,
    fingerprint: new Uint8Array(32),
    createdAt: AT,
    ...changes,
  };
}

export function announcementOf(
  tenantId: string,
  event: Pick<DomainEvent, "type" | "payload">,
): Announcement {
  const announced = { ...event, id: uuidv7(), tenantId, occurredAt: AT };
  return { event: announced as DomainEvent, topics: [`${tenantId}:topic`] };
}

/** Fills every table with rows of the victim, through the adapters themselves. */
export async function seedVictim(database: Database): Promise<void> {
  await seedGateway(database);
  await seedBilling(database);
  await seedCatalog(database);
  await nameGeneratedIds(database);
}

/** What the adapters numbered themselves. */
async function nameGeneratedIds({ kysely }: Database): Promise<void> {
  await sql`update settlements set id = ${IDS.settlement}`.execute(kysely);
  await sql`
    update usage_events set settlement_id = ${IDS.settlement} where settlement_id is not null
  `.execute(kysely);
  await sql`update idempotency_keys set epoch = ${CLAIMED_EPOCH}`.execute(kysely);
  await sql`update reconciliation_differences set id = ${IDS.difference}`.execute(kysely);
}

async function seedGateway(database: Database): Promise<void> {
  await new KyselyTenantRepository(database.kysely).create({ id: VICTIM, name: "Victim" }, AT);
  const key = {
    id: "key",
    name: "Key",
    environment: "test",
    secretHash: digestOf("secret"),
    scopes: [],
    expiresAt: undefined,
  };
  await new KyselyApiKeyRepository(database.kysely).create(VICTIM, key, AT);
  const about = { tenantId: VICTIM, subject: VICTIM, principal: "jwt:grace", details: {} };
  const act = { ...about, id: IDS.act, action: "put", requestId: "request", recordedAt: AT };
  await new KyselyTenantLimitRepository(database.kysely).put(VICTIM, { exports: 1 }, { act });
}

async function seedBilling(database: Database): Promise<void> {
  const { kysely } = database;
  const apis = new KyselyRegisteredApiRepository(kysely);
  await new KyselyVaultRepository(kysely).put(VICTIM, { userId: "ada", contractId: "CVAULT" }, AT);
  await apis.put(VICTIM, { apiId: "weather", name: "Weather", payoutAddress: "GPAYEE" }, AT);
  const settlement = { mode: "aggregated", everySeconds: 60 } as const;
  const metered = { apiId: "metered", name: "Metered", payoutAddress: "GPAYEE", settlement };
  await apis.put(VICTIM, metered, AT);
  await seedCharges(database);
  await seedStream(database);
  const exports = { readyId: IDS.export, pendingId: IDS.pendingExport, at: AT };
  await seedExports(database, VICTIM, exports);
  const settlements = new KyselySettlementRepository({ database, markerOf, clock: () => LATER_MS });
  const reading = { balanceStroops: 1_000n, ledger: 1 };
  await settlements.storeBalance(VICTIM, "CVAULT", reading);
  const reserved = { id: IDS.reserved, requestId: "reserved", apiId: "metered" };
  await settlements.reserve(VICTIM, usageEvent(reserved));
  const idempotency = new KyselyIdempotencyStore({ database });
  const request = { tenantId: VICTIM, token: "open", fingerprint: digestOf("open") };
  await idempotency.claim(request, 3_600_000);
  const difference = { kind: "duplicate_charge", vaultContractId: "CVAULT", ledger: 3 } as const;
  await new KyselyReconciliationStateRepository(kysely).note(
    [{ ...difference, tenantId: VICTIM, detail: "twice" }],
    AT,
  );
}

/** One request in each state that a call can find it in. */
async function seedCharges(database: Database): Promise<void> {
  const events = new KyselyUsageEventRepository(database);
  const journal = createKyselyJournal({ database: database.kysely, onResolved: applyResolutions });
  const unknown: Outcome = { state: "unknown", failure: { reason: "expired" } };
  const charges = [
    [IDS.charged, "charged", CHARGED],
    [IDS.refused, "refused", REFUSED],
    [IDS.unknown, "unknown", unknown],
    [IDS.keyed, "pending", undefined],
  ] as const;
  for (const [id, requestId, outcome] of charges) {
    await events.accept(VICTIM, usageEvent({ id, requestId }), markerOf(VICTIM, requestId));
    if (outcome !== undefined) await settleIntent(journal, id, outcome, LATER_MS);
  }
}

/** A stream with a settlement under way, and a charge of a stream that has ended. */
async function seedStream({ kysely }: Database): Promise<void> {
  const streams = new KyselyStreamRepository({ database: kysely, clock: () => AT.getTime() });
  await streams.create(VICTIM, newStream("stream"));
  await streams.withLock(VICTIM, "stream", ({ stream, save }) => {
    if (stream === undefined) throw new Error("the stream was just created");
    save(settling(stream));
  });
  await streams.putUser(VICTIM, { walletAddress: "GWALLET", displayName: "Ada" });
  const journal = createKyselyJournal({ database: kysely });
  const charge = { intentId: IDS.streamCharge, tenantId: VICTIM, kind: "stream" } as const;
  const parties = { subjectId: "paid/1", vaultContractId: "CVAULT", payee: "GPAYEE" };
  const terms = { amountStroops: 1n, marker: "paid", createdAtMs: AT.getTime() };
  await journal.insertIntents([{ ...charge, ...parties, ...terms }]);
  await settleIntent(journal, IDS.streamCharge, CHARGED, LATER_MS);
}

export function newStream(id: string) {
  return {
    id,
    senderUserId: "ada",
    recipient: "GPAYEE",
    token: "USDC",
    ratePerSecondStroops: 1n,
    totalStroops: 100n,
  } as const;
}

/** The stream with a payment of it under way. */
export function settling(stream: Stream) {
  const settlement = {
    intentId: uuidv7(),
    action: "settle",
    state: "pending",
    amountStroops: 9n,
    activeMs: 9_000,
    vaultContractId: "CVAULT",
    requestedAt: AT,
  } as const;
  return told({ ...stream, settlement }, "stream.settlement_requested", AT);
}

async function seedCatalog(database: Database): Promise<void> {
  const { kysely } = database;
  const token = { type: "token.created", payload: { tokenId: IDS.token } } as const;
  await new KyselyTokenRepository(kysely).create(
    VICTIM,
    {
      id: IDS.token,
      address: "TOKEN",
      name: "Nova",
      symbol: "NOV",
      decimals: 7,
      totalSupply: 1_000n,
      metadataUri: undefined,
      listed: false,
      createdAt: AT,
    },
    announcementOf(VICTIM, token),
  );
  await new KyselyMediaFileRepository(kysely).put(VICTIM, {
    tokenAddress: "TOKEN",
    path: "kept.png",
    contentType: "image/png",
    bytes: 1,
    sha256: "ab",
    updatedAt: AT,
  });
  await new KyselyBurnRepository(database).record(VICTIM, burnOf("TX"), (tokenId) =>
    announcementOf(VICTIM, { type: "burn.created", payload: { tokenId } }),
  );
  await new KyselyLeaderboardRepository(kysely).advance();
  const pools = new KyselyPoolRepository(kysely);
  const pool = {
    poolId: "pool",
    name: "Final",
    category: "sports",
    token: "USDC",
    endTime: AT,
    stakedStroops: 5n,
    createdAt: AT,
  };
  await pools.create(VICTIM, pool, poolEvent(VICTIM, "created"));
  const prediction = { poolId: "pool", userAddress: "G1", outcome: "yes", amountStroops: 3n };
  await pools.placePrediction(VICTIM, prediction, poolEvent(VICTIM, "placed"));
}

export function burnOf(txHash: string) {
  return {
    id: uuidv7(),
    tokenAddress: "TOKEN",
    txHash,
    eventIndex: 0,
    from: "GHOLDER",
    amount: 5n,
    burnedBy: "GHOLDER",
    isAdminBurn: false,
    verified: false,
    burnedAt: AT,
    createdAt: AT,
  };
}

export function poolEvent(tenantId: string, eventId: string) {
  const announcement = announcementOf(tenantId, {
    type: "pool.created",
    payload: { poolId: "pool" },
  });
  return { eventId, fingerprint: digestOf(eventId), at: AT, announcement };
}
