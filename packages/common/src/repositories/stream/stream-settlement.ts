import type { SubmissionFailure } from "@orrery/soroban/intent/failure";
import type { Resolution } from "@orrery/soroban/intent/resolution";
import { formatUsdc } from "../../contracts/money.ts";
import { type Stream, type StreamChange, type StreamSettlement, told } from "./stream.ts";

/**
 * What the end of a settlement's charge makes of its stream: paid, it has ended or is cancelled as of
 * the freeze; not paid, it is as it was, and accrued on. Undefined when the resolution is not of the
 * settlement under way, or nobody can tell how it ended (`unknown`): then an operator decides.
 */
export function resolvedStream(stream: Stream, resolution: Resolution): StreamChange | undefined {
  const { settlement } = stream;
  if (settlement?.state !== "pending" || settlement.intentId !== resolution.intentId) {
    return undefined;
  }
  // By the clock of whoever resolved it, which may be behind the database's.
  const at = new Date(Math.max(resolution.resolvedAtMs, stream.updatedAt.getTime()));
  switch (resolution.state) {
    case "confirmed":
      return paidStream(stream, settlement, resolution, at);
    case "failed":
    case "refused":
      return unpaidStream(stream, settlement, resolution.failure, at);
    case "unknown":
      return undefined;
  }
}

function paidStream(
  { activeSince: _accrues, ...stream }: Stream,
  settlement: StreamSettlement,
  { txHash, ledger }: Resolution,
  at: Date,
): StreamChange {
  const isCancelled = settlement.action === "cancel";
  const paid: Stream = {
    ...stream,
    status: isCancelled ? "cancelled" : "ended",
    activeMs: settlement.activeMs,
    settledStroops: stream.settledStroops + settlement.amountStroops,
    settlement: {
      ...settlement,
      state: "confirmed",
      ...(txHash !== undefined && { txHash }),
      ...(ledger !== undefined && { ledger }),
    },
    endedAt: settlement.requestedAt,
    updatedAt: at,
  };
  return told(paid, isCancelled ? "stream.cancelled" : "stream.ended", at, {
    action: settlement.action,
    amountUsdc: formatUsdc(settlement.amountStroops),
    stellarTxHash: txHash ?? null,
    ledger: ledger ?? null,
  });
}

function unpaidStream(
  { settlement: _tried, ...stream }: Stream,
  { action, amountStroops }: StreamSettlement,
  failure: SubmissionFailure | undefined,
  at: Date,
): StreamChange {
  return told(stream, "stream.settlement_failed", at, {
    action,
    amountUsdc: formatUsdc(amountStroops),
    reason: failure?.reason ?? "contract_error",
    contractError: failure?.contractError ?? null,
  });
}

/** What the journal calls a stream's settlement of this number. */
export function settlementSubject(streamId: string, number: number): string {
  return `${streamId}/${number}`;
}

/** The stream that a settlement's subject names; ids may hold slashes, numbers do not. */
export function streamIdOf(subjectId: string): string {
  return subjectId.slice(0, subjectId.lastIndexOf("/"));
}
