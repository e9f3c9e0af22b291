import { timingSafeEqual } from "node:crypto";
import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import { uuidv7 } from "@orrery/common/contracts/id";
import type {
  NewUsageEvent,
  UsageEvent,
} from "@orrery/common/repositories/usage-event/usage-event";
import type { UsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository";
import { deriveMarker } from "@orrery/soroban/intent/marker";
import type { IntentRecord } from "@orrery/soroban/journal/submission-journal";
import type { Admission, Backlog } from "../admission/backlog.ts";
import type { ReservationService } from "../settlements/reservation-service.ts";
import { type DeductionRequest, fingerprintOf } from "./deduction.ts";
import type { DeductionMetrics } from "./deduction-metrics.ts";
import { failureProblem } from "./failure-problem.ts";
import type { SettlementWaiter } from "./settlement-waiter.ts";

export interface DeductionServiceOptions {
  events: UsageEventRepository;
  /** Of APIs that settle aggregated; they come before charges by themselves. */
  reservations: Pick<ReservationService, "reserve" | "decide" | "modes">;
  waiter: Pick<SettlementWaiter<UsageEvent>, "wait">;
  backlog: Pick<Backlog, "admit">;
  /** Tells the engine that there is something to submit. */
  wake: () => void;
  networkPassphrase: string;
  clock: Clock;
  metrics: DeductionMetrics;
}

export type DeductionOutcome =
  | { readonly status: "charged"; readonly event: UsageEvent }
  | { readonly status: "already_charged"; readonly event: UsageEvent }
  | { readonly status: "pending"; readonly event: UsageEvent }
  | { readonly status: "reserved"; readonly event: UsageEvent };

/** `isOwn`: this call is the one that has the event charged, not a duplicate of it. */
interface Met {
  readonly event: UsageEvent;
  readonly isOwn: boolean;
}

/**
 * Charges paid calls, each at most once per (tenant, requestId): the request is durable before
 * anything is sent, and from then on the engine alone decides, whatever becomes of this process.
 * @see docs/adr/0003-exactly-once-submission.md
 */
export class DeductionService {
  readonly #options: DeductionServiceOptions;

  constructor(options: DeductionServiceOptions) {
    this.#options = options;
  }

  /**
   * Accepts a request, or finds it again, and waits up to `waitMs` for the chain. Safe to call again
   * after any failure.
   * @throws {ProblemError} vault_not_found, api_not_found, request_id_mismatch,
   *   insufficient_balance, deduction_rejected, backlog_full, billing_unavailable,
   *   soroban_unavailable (a vault that was never read cannot be reserved against)
   */
  async deduct(
    tenantId: string,
    request: DeductionRequest,
    waitMs: number,
  ): Promise<DeductionOutcome> {
    const { event, isOwn } = await this.#accept(tenantId, request);
    if (event.status === "reserved") return { status: "reserved", event };
    const settled =
      event.status === "pending"
        ? await this.#options.waiter.wait({ tenantId, id: request.requestId }, waitMs)
        : event;
    if (settled === undefined || settled.status === "pending") {
      return { status: "pending", event };
    }
    if (settled.status === "failed") throw failureProblem(settled.failure);
    return { status: isOwn ? "charged" : "already_charged", event: settled };
  }

  /** The state and history of one deduction. @throws {ProblemError} request_not_found */
  async get(
    tenantId: string,
    requestId: string,
  ): Promise<{ event: UsageEvent; history: IntentRecord | undefined }> {
    const found = await this.#options.events.findWithHistory(tenantId, requestId);
    if (found === undefined) {
      throw new ProblemError("request_not_found", "There is no request with this id.");
    }
    return found;
  }

  async #accept(tenantId: string, request: DeductionRequest): Promise<Met> {
    const now = new Date(this.#options.clock());
    const fingerprint = fingerprintOf(request);
    const event = { ...request, id: uuidv7(now.getTime()), fingerprint, createdAt: now };
    const { modes } = this.#options.reservations;
    if (modes.likely(tenantId, request.apiId) === "aggregated") {
      const met = await this.#reserve(tenantId, event);
      if (met !== undefined) return met;
    }
    const admission = this.#admit(tenantId);
    if (admission instanceof ProblemError) return this.#findKnown(tenantId, event, admission);
    // Between the two ways the API was set to settle the other way: from the start, then.
    return (
      (await this.#acceptSingly(tenantId, event, admission)) ?? this.#accept(tenantId, request)
    );
  }

  /** As a charge of its own; undefined when the API's way of settling changed meanwhile. */
  async #acceptSingly(
    tenantId: string,
    event: NewUsageEvent,
    admission: Admission,
  ): Promise<Met | undefined> {
    const { events, metrics, wake, networkPassphrase, reservations } = this.#options;
    const marker = deriveMarker(networkPassphrase, "deduct", tenantId, event.requestId);
    const acceptance = await reservations
      .decide(tenantId, () => events.accept(tenantId, event, marker))
      .catch((error: unknown) => {
        if (isRefusal(error)) admission.withdraw();
        return rethrowOutage(error);
      });
    switch (acceptance.outcome) {
      case "vault_not_found":
        admission.withdraw();
        throw new ProblemError("vault_not_found", `The user ${event.userId} has no vault.`);
      case "api_not_found":
        admission.withdraw();
        throw new ProblemError("api_not_found", `The API ${event.apiId} is not registered.`);
      case "aggregated":
        admission.withdraw();
        return this.#reserve(tenantId, event);
      case "accepted":
        reservations.modes.learn(tenantId, event.apiId, "per_request");
        metrics.accepted();
        wake();
        return { event: acceptance.event, isOwn: true };
      case "duplicate": {
        assertSame(acceptance.event, event.fingerprint, admission);
        metrics.duplicate(acceptance.event);
        const met = await this.#meetAgain(tenantId, acceptance.event, event.createdAt).catch(
          (error: unknown) => {
            if (isRefusal(error)) admission.withdraw();
            throw error;
          },
        );
        if (!met.isOwn || met.event.status === "reserved") admission.withdraw();
        return met;
      }
    }
  }

  #admit(tenantId: string): Admission | ProblemError {
    try {
      return this.#options.backlog.admit(tenantId);
    } catch (error) {
      if (error instanceof ProblemError) return error;
      throw error;
    }
  }

  /** In a settlement; undefined when the API settles per request. */
  async #reserve(tenantId: string, event: NewUsageEvent): Promise<Met | undefined> {
    const { reservations, metrics } = this.#options;
    const answer = await reservations.reserve(tenantId, event).catch(rethrowOutage);
    if (answer.outcome === "per_request") return undefined;
    if (answer.outcome === "reserved") {
      metrics.accepted();
      return { event: answer.event, isOwn: true };
    }
    assertSame(answer.event, event.fingerprint);
    metrics.duplicate(answer.event);
    return this.#meetAgain(tenantId, answer.event, event.createdAt);
  }

  /**
   * With the backlog full, what is known is answered still, and what is reserved adds nothing to it;
   * to charge a failed one again is new.
   */
  async #findKnown(tenantId: string, given: NewUsageEvent, refusal: ProblemError): Promise<Met> {
    const { events, metrics, reservations } = this.#options;
    const event = await events.find(tenantId, given.requestId).catch(rethrowOutage);
    if (event !== undefined) assertSame(event, given.fingerprint);
    if (event === undefined && !reservations.modes.isSurelySingle(tenantId, given.apiId)) {
      const met = await this.#reserve(tenantId, given);
      if (met !== undefined) return met;
    }
    const isNew = event?.status === "failed" && event.settlementId === undefined;
    if (event === undefined || isNew) {
      metrics.refused();
      throw refusal;
    }
    metrics.duplicate(event);
    return this.#meetAgain(tenantId, event, given.createdAt);
  }

  async #meetAgain(tenantId: string, event: UsageEvent, now: Date): Promise<Met> {
    if (event.status !== "failed") return { event, isOwn: false };
    const { events, reservations, wake } = this.#options;
    const { outcome } = await reservations
      .decide(tenantId, () => events.rearm(tenantId, event.requestId, now))
      .catch(rethrowOutage);
    const isOwn = outcome === "rearmed";
    if (isOwn) wake();
    const status = event.settlementId === undefined ? "pending" : "reserved";
    // Lost to another duplicate or not, the event is being charged again and this call waits for it.
    return { event: { ...event, status }, isOwn };
  }
}

/** @throws {ProblemError} request_id_mismatch */
function assertSame(event: UsageEvent, fingerprint: Uint8Array, admission?: Admission): void {
  if (timingSafeEqual(event.fingerprint, fingerprint)) return;
  admission?.withdraw();
  throw new ProblemError(
    "request_id_mismatch",
    "This requestId was used before with other fields; choose a new one for a new call.",
  );
}

/** Whether nothing was stored, for certain. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && error.code !== "service_unavailable";
}

/** With the database away nobody knows whether the request was accepted; the same id finds out. */
function rethrowOutage(error: unknown): never {
  if (error instanceof ProblemError && error.code === "service_unavailable") {
    throw new ProblemError(
      "billing_unavailable",
      "Whether this was accepted is unknown; send the same requestId again.",
      { headers: { "retry-after": "1" }, cause: error },
    );
  }
  throw error;
}
