import type {
  ChannelJournal,
  ChannelLease,
  ChannelRelease,
} from "@orrery/soroban/journal/channel-journal";
import { channelKeyChanged } from "@orrery/soroban/journal/channel-journal";
import { sql } from "kysely";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";

type ChannelLeaseRequest = Parameters<ChannelJournal["leaseChannel"]>[0];

/** The channel accounts on Postgres. Leases skip rows that another worker is taking right now. */
export function createKyselyChannels(db: OrreryDatabase): ChannelJournal {
  return {
    async ensureChannels(channels) {
      if (channels.length === 0) return;
      await db
        .insertInto("submission_channels")
        .values(
          channels.map(({ index, publicKey }) => ({ channel_index: index, public_key: publicKey })),
        )
        .onConflict((conflict) => conflict.column("channel_index").doNothing())
        .execute();
      const stored = new Map((await this.listChannels()).map((row) => [row.index, row.publicKey]));
      const changed = channels.find(({ index, publicKey }) => stored.get(index) !== publicKey);
      if (changed !== undefined) throw new Error(channelKeyChanged(changed.index));
    },

    async listChannels() {
      const rows = await db
        .selectFrom("submission_channels")
        .select(["channel_index", "public_key", "state"])
        .orderBy("channel_index")
        .execute();
      return rows.map(({ channel_index, public_key, state }) => ({
        index: channel_index,
        publicKey: public_key,
        state,
      }));
    },

    async markChannelsReady(indexes) {
      if (indexes.length === 0) return;
      await db
        .updateTable("submission_channels")
        .set({ state: "ready" })
        .where("channel_index", "in", indexes)
        .where("state", "=", "absent")
        .execute();
    },

    leaseChannel: (request) => leaseChannel(db, request),

    async releaseChannel(lease, release) {
      const result = await giveChannel(db, release)
        .where("state", "=", "leased")
        .where("lease_epoch", "=", String(lease.epoch))
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    async quarantineChannel(index, { untilMs, reason }) {
      const result = await db
        .updateTable("submission_channels")
        .set({ state: "quarantined", until_ms: untilMs, quarantine_reason: reason })
        .where("channel_index", "=", index)
        .where("state", "=", "ready")
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    async markChannelAbsent(lease) {
      const result = await leasedChannel(db, lease).set({ state: "absent" }).executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

/** The least recently used free channel, see `ChannelJournal.leaseChannel`. */
async function leaseChannel(
  db: OrreryDatabase,
  { count, nowMs, leaseUntilMs }: ChannelLeaseRequest,
): Promise<ChannelLease | undefined> {
  const free = db
    .selectFrom("submission_channels")
    .select("channel_index")
    .where("channel_index", "<", count)
    .where((eb) =>
      eb.or([
        eb("state", "=", "ready"),
        eb.and([eb("state", "in", ["leased", "quarantined"]), eb("until_ms", "<=", String(nowMs))]),
      ]),
    )
    .orderBy("last_used")
    .orderBy("channel_index")
    .limit(1)
    .forUpdate()
    .skipLocked();
  const row = await db
    .updateTable("submission_channels")
    .set({
      state: "leased",
      until_ms: leaseUntilMs,
      lease_epoch: sql<bigint>`nextval('submission_lease_epochs')`,
      quarantine_reason: null,
    })
    .where("channel_index", "=", free)
    .returningAll()
    .executeTakeFirst();
  return (
    row && {
      index: row.channel_index,
      publicKey: row.public_key,
      lastResolvedLedger: row.last_resolved_ledger,
      epoch: BigInt(row.lease_epoch),
      ...(row.next_sequence !== null && { nextSequence: BigInt(row.next_sequence) }),
    }
  );
}

/** The statement that gives a channel back; whoever runs it holds the channel by lease or by bond. */
export function giveChannel(db: OrreryDatabase | OrreryTransaction, release: ChannelRelease) {
  const { quarantine } = release;
  return db
    .updateTable("submission_channels")
    .set({
      state: quarantine === undefined ? "ready" : "quarantined",
      until_ms: quarantine?.untilMs ?? 0,
      quarantine_reason: quarantine?.reason ?? null,
      next_sequence: release.nextSequence ?? null,
      last_resolved_ledger: sql<number>`greatest(last_resolved_ledger, ${release.resolvedLedger ?? 0}::integer)`,
      last_used: sql<number>`nextval('submission_lease_epochs')`,
      bound_tenant_id: null,
      bound_attempt_id: null,
    })
    .where("channel_index", "=", release.index);
}

function leasedChannel(db: OrreryDatabase | OrreryTransaction, lease: ChannelLease) {
  return db
    .updateTable("submission_channels")
    .where("channel_index", "=", lease.index)
    .where("state", "=", "leased")
    .where("lease_epoch", "=", String(lease.epoch));
}
