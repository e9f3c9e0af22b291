import { present } from "../present.ts";
import {
  type ChannelJournal,
  type ChannelLease,
  type ChannelRecord,
  type ChannelRelease,
  channelKeyChanged,
} from "./channel-journal.ts";

interface ChannelRow {
  index: number;
  publicKey: string;
  state: ChannelRecord["state"];
  /** While leased: the lease's end. While quarantined: when it may be used again. */
  untilMs: number;
  epoch: bigint;
  nextSequence: bigint | undefined;
  lastResolvedLedger: number;
  /** Grows with every return: the smallest was used longest ago. */
  lastUsed: number;
  boundTo: string | null;
}

/** The memory journal's channels, with the two steps that belong to a submission's transitions. */
export interface MemoryChannels {
  readonly journal: ChannelJournal;
  /** False when the lease is another's by now. */
  bind(lease: ChannelLease, boundTo: string): boolean;
  give(release: ChannelRelease): void;
  counts(): Record<ChannelRecord["state"], number>;
}

export function createMemoryChannels(): MemoryChannels {
  const rows = new Map<number, ChannelRow>();
  let uses = 0;

  const give = (release: ChannelRelease) => {
    const row = present(rows.get(release.index), `no channel ${release.index}`);
    uses += 1;
    row.state = release.quarantine === undefined ? "ready" : "quarantined";
    row.untilMs = release.quarantine?.untilMs ?? 0;
    row.nextSequence = release.nextSequence;
    row.lastResolvedLedger = Math.max(row.lastResolvedLedger, release.resolvedLedger ?? 0);
    row.lastUsed = uses;
    row.boundTo = null;
  };

  return {
    give,
    bind(lease, boundTo) {
      const row = leasedRow(rows, lease);
      if (row === undefined) return false;
      row.state = "bound";
      row.boundTo = boundTo;
      return true;
    },
    counts() {
      const counts = { absent: 0, ready: 0, leased: 0, bound: 0, quarantined: 0 };
      for (const row of rows.values()) counts[row.state] += 1;
      return counts;
    },
    journal: channelJournal(rows, give),
  };
}

type ChannelRows = Map<number, ChannelRow>;

function leasedRow(rows: ChannelRows, lease: ChannelLease): ChannelRow | undefined {
  const row = rows.get(lease.index);
  return row?.state === "leased" && row.epoch === lease.epoch ? row : undefined;
}

function channelJournal(
  rows: ChannelRows,
  give: (release: ChannelRelease) => void,
): ChannelJournal {
  return {
    async ensureChannels(channels) {
      for (const { index, publicKey } of channels) {
        const known = rows.get(index);
        if (known === undefined) rows.set(index, newRow(index, publicKey));
        else if (known.publicKey !== publicKey) throw new Error(channelKeyChanged(index));
      }
    },
    async listChannels() {
      return [...rows.values()]
        .sort((a, b) => a.index - b.index)
        .map(({ index, publicKey, state }) => ({ index, publicKey, state }));
    },
    async markChannelsReady(indexes) {
      for (const index of indexes) {
        const row = rows.get(index);
        if (row?.state === "absent") row.state = "ready";
      }
    },
    async leaseChannel({ count, nowMs, leaseUntilMs }) {
      const [row] = [...rows.values()]
        .filter((candidate) => candidate.index < count && isFree(candidate, nowMs))
        .sort((a, b) => a.lastUsed - b.lastUsed || a.index - b.index);
      if (row === undefined) return undefined;
      row.state = "leased";
      row.untilMs = leaseUntilMs;
      row.epoch += 1n;
      const { index, publicKey, nextSequence, lastResolvedLedger, epoch } = row;
      const lease = { index, publicKey, lastResolvedLedger, epoch };
      return nextSequence === undefined ? lease : { ...lease, nextSequence };
    },
    async releaseChannel(lease, release) {
      const row = leasedRow(rows, lease);
      if (row !== undefined) give(release);
      return row !== undefined;
    },
    async quarantineChannel(index, { untilMs }) {
      const row = rows.get(index);
      if (row?.state !== "ready") return false;
      row.state = "quarantined";
      row.untilMs = untilMs;
      return true;
    },
    async markChannelAbsent(lease) {
      const row = leasedRow(rows, lease);
      if (row !== undefined) row.state = "absent";
      return row !== undefined;
    },
  };
}

function newRow(index: number, publicKey: string): ChannelRow {
  return {
    index,
    publicKey,
    state: "absent",
    untilMs: 0,
    epoch: 0n,
    nextSequence: undefined,
    lastResolvedLedger: 0,
    lastUsed: 0,
    boundTo: null,
  };
}

function isFree(row: ChannelRow, nowMs: number): boolean {
  if (row.state === "ready") return true;
  return (row.state === "leased" || row.state === "quarantined") && row.untilMs <= nowMs;
}
