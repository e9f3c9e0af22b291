import { formatUsdc } from "@orrery/common/contracts/money";
import { activeMsAt } from "@orrery/common/contracts/streams/accrual";
import {
  accruedAt,
  type SettlingAction,
  type Stream,
  type StreamChange,
  type StreamSettlement,
  told,
  type Withdrawal,
  type WithdrawalFailure,
} from "@orrery/common/repositories/stream/stream";

/** Accrues from now on. */
export function startedStream({ pausedAt: _paused, ...stream }: Stream, at: Date): StreamChange {
  const started: Stream = {
    ...stream,
    status: "active",
    activeSince: at,
    startedAt: stream.startedAt ?? at,
    updatedAt: at,
  };
  return told(started, "stream.started", at);
}

export function pausedStream(stream: Stream, at: Date): StreamChange {
  const paused: Stream = { ...halted(stream, at), status: "paused", pausedAt: at, updatedAt: at };
  return told(paused, "stream.paused", at, accrual(stream, at));
}

/** What has accrued by now and was not paid. */
export function owedAt(stream: Stream, at: Date): bigint {
  return accruedAt(stream, at) - stream.settledStroops;
}

/** Over, with nothing owed: no charge, no transaction. */
export function endedStream(stream: Stream, action: SettlingAction, at: Date): StreamChange {
  const isCancelled = action === "cancel";
  const ended: Stream = {
    ...halted(stream, at),
    status: isCancelled ? "cancelled" : "ended",
    endedAt: at,
    updatedAt: at,
  };
  return told(ended, isCancelled ? "stream.cancelled" : "stream.ended", at, {
    action,
    amountUsdc: "0",
    stellarTxHash: null,
    ledger: null,
  });
}

/** With what it owes frozen; it is still what it was until that is paid. */
export function settlingStream(
  stream: Stream,
  frozen: Pick<StreamSettlement, "intentId" | "action" | "amountStroops" | "vaultContractId">,
  at: Date,
): StreamChange {
  const settling: Stream = {
    ...stream,
    settlementCount: stream.settlementCount + 1,
    settlement: { ...frozen, state: "pending", activeMs: activeMsAt(stream, at), requestedAt: at },
  };
  return told(settling, "stream.settlement_requested", at, {
    action: frozen.action,
    amountUsdc: formatUsdc(frozen.amountStroops),
  });
}

/** Waits until its settlement is final. `effectId`: see `Withdrawal`. */
export function withdrawingStream(
  stream: Stream,
  at: Date,
  effectId: string | undefined,
): StreamChange {
  const withdrawal: Withdrawal = {
    state: "pending",
    requestedAt: at,
    ...(effectId !== undefined && { effectId }),
  };
  return told({ ...stream, withdrawal, updatedAt: at }, "stream.withdrawal_requested", at);
}

export function withdrawnStream(stream: Stream, at: Date): StreamChange {
  const { missingAtLedger: _missing, ...requested }: Partial<Withdrawal> = stream.withdrawal ?? {};
  const withdrawal: Withdrawal = {
    requestedAt: at,
    ...requested,
    state: "succeeded",
    resolvedAt: at,
  };
  const withdrawn: Stream = { ...stream, status: "withdrawn", withdrawal, updatedAt: at };
  return told(withdrawn, "stream.withdrawn", at, {
    amountUsdc: formatUsdc(stream.settledStroops),
    stellarTxHash: stream.settlement?.txHash ?? null,
  });
}

/** May be tried again. */
export function unwithdrawnStream(
  stream: Stream,
  failureCode: WithdrawalFailure,
  at: Date,
): StreamChange {
  const requested = stream.withdrawal ?? { requestedAt: at };
  const withdrawal: Withdrawal = { ...requested, state: "failed", resolvedAt: at, failureCode };
  const failed: Stream = { ...stream, withdrawal, updatedAt: at };
  return told(failed, "stream.withdrawal_failed", at, { failureCode });
}

/** Accrues no more. */
function halted({ activeSince, ...stream }: Stream, at: Date): Stream {
  if (activeSince === undefined) return stream;
  return { ...stream, activeMs: activeMsAt({ activeMs: stream.activeMs, activeSince }, at) };
}

function accrual(stream: Stream, at: Date) {
  return { accruedUsdc: formatUsdc(accruedAt(stream, at)) };
}
