import { formatUsdc } from "@orrery/common/contracts/money";
import { API_PREFIX } from "@orrery/common/contracts/operations";
import type { UsageEvent } from "@orrery/common/repositories/usage-event/usage-event";
import type { AttemptRecord } from "@orrery/soroban/intent/attempt";
import type { SubmissionFailure } from "@orrery/soroban/intent/failure";
import type { IntentRecord } from "@orrery/soroban/journal/submission-journal";
import type { Static } from "typebox";
import type {
  ChargedReply,
  PendingReply,
  RequestReply,
  UsageEventReply,
} from "./deductions.schemas.ts";

function identityOf(event: UsageEvent) {
  return {
    usageEventId: event.id,
    requestId: event.requestId,
    amountUsdc: formatUsdc(event.amountStroops),
  };
}

export function chargedReply(
  event: UsageEvent,
  alreadyProcessed: boolean,
): Static<typeof ChargedReply> {
  return {
    ...identityOf(event),
    status: "confirmed",
    stellarTxHash: event.txHash ?? null,
    ledger: event.ledger ?? null,
    alreadyProcessed,
  };
}

export function pendingReply(event: UsageEvent): Static<typeof PendingReply> {
  const status = event.status === "reserved" ? "reserved" : "pending";
  return { ...identityOf(event), status };
}

/** Where the state of a request can be read. */
export function requestLocation(requestId: string): string {
  return `${API_PREFIX}/billing/request/${encodeURIComponent(requestId)}`;
}

export function usageEventReply(event: UsageEvent): Static<typeof UsageEventReply> {
  return {
    ...identityOf(event),
    userId: event.userId,
    apiId: event.apiId,
    endpointId: event.endpointId,
    apiKeyId: event.apiKeyId,
    status: event.status,
    ...(event.settlementId === undefined ? {} : { settlementId: event.settlementId }),
    stellarTxHash: event.txHash ?? null,
    ledger: event.ledger ?? null,
    ...(event.failure === undefined ? {} : { failure: publicFailure(event.failure) }),
    createdAt: event.createdAt.toISOString(),
    ...(event.settledAt === undefined ? {} : { settledAt: event.settledAt.toISOString() }),
  };
}

export function requestReply(
  event: UsageEvent,
  history: IntentRecord | undefined,
): Static<typeof RequestReply> {
  return { ...usageEventReply(event), attempts: (history?.attempts ?? []).map(attemptReply) };
}

function attemptReply(attempt: AttemptRecord): Static<typeof RequestReply>["attempts"][number] {
  return {
    state: attempt.state,
    stellarTxHashes: (attempt.hashes ?? []).map(({ hash }) => hash),
    ...timeOf("preparedAt", attempt.preparedAtMs),
    ...timeOf("sentAt", attempt.sentAtMs),
    ...timeOf("endedAt", attempt.endedAtMs),
    ...(attempt.ledger === undefined ? {} : { ledger: attempt.ledger }),
    ...(attempt.failure === undefined ? {} : { failure: publicFailure(attempt.failure) }),
  };
}

function timeOf<Name extends string>(name: Name, atMs: number | undefined) {
  return (atMs === undefined ? {} : { [name]: new Date(atMs).toISOString() }) as {
    [key in Name]?: string;
  };
}

/** Without the detail, which is for operators. */
function publicFailure({ reason, contractError }: SubmissionFailure) {
  return { reason, ...(contractError === undefined ? {} : { contractError }) };
}
