import { ProblemError } from "@orrery/common/contracts/errors";
import type {
  Reservation,
  SettlementRepository,
} from "@orrery/common/repositories/settlement/settlement-repository";
import type {
  NewUsageEvent,
  UsageEvent,
} from "@orrery/common/repositories/usage-event/usage-event";
import type { HeldBack } from "@orrery/common/repositories/usage-event/usage-event-repository";
import type { ApiModes } from "./api-modes.ts";
import type { VaultReadings } from "./vault-readings.ts";

interface ReservationServiceOptions {
  settlements: Pick<SettlementRepository, "reserve">;
  readings: Pick<VaultReadings, "refresh" | "refreshSoon">;
  modes: ApiModes;
}

export type ReservationOutcome =
  | { readonly outcome: "reserved" | "duplicate"; readonly event: UsageEvent }
  | { readonly outcome: "per_request" };

/** A reading that is older is renewed in the background when it is used. */
const REFRESH_AFTER_MS = 30_000;
/** A user's vault may change between the reading and the reservation; not for ever. */
const MAX_TRIES = 3;

/** Reserves usage of APIs that settle aggregated. */
export class ReservationService {
  readonly #options: ReservationServiceOptions;
  readonly modes: ApiModes;

  constructor(options: ReservationServiceOptions) {
    this.#options = options;
    this.modes = options.modes;
  }

  /**
   * Reserves the amount, or finds the request again. `per_request`: the API settles so, and nothing was
   * stored.
   * @throws {ProblemError} vault_not_found, api_not_found, and as `decide`
   */
  async reserve(tenantId: string, event: NewUsageEvent): Promise<ReservationOutcome> {
    const { settlements, modes } = this.#options;
    const answer = await this.decide(tenantId, () => settlements.reserve(tenantId, event));
    switch (answer.outcome) {
      case "reserved":
        modes.learn(tenantId, event.apiId, "aggregated");
        this.#renew(tenantId, answer);
        return answer;
      case "duplicate":
        return answer;
      case "per_request":
        modes.learn(tenantId, event.apiId, "per_request");
        return answer;
      case "vault_not_found":
        throw new ProblemError("vault_not_found", `The user ${event.userId} has no vault.`);
      case "api_not_found":
        throw new ProblemError("api_not_found", `The API ${event.apiId} is not registered.`);
    }
  }

  /**
   * Attempts what takes of a vault's money, and refuses it only on a reading of the vault that began
   * after the call.
   * @throws {ProblemError} insufficient_balance, soroban_unavailable, vault_not_found when there is no
   *   such contract: nothing was stored, the same requestId may be tried again
   */
  async decide<Decided extends { readonly outcome: string }>(
    tenantId: string,
    attempt: () => Promise<Decided | HeldBack>,
  ): Promise<Decided> {
    let isRead = false;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const answer = await attempt();
      if (!isHeldBack(answer)) return answer;
      if (isRead && answer.outcome === "insufficient_balance") throw insufficientBalance();
      await this.#options.readings.refresh(tenantId, answer.vaultContractId);
      isRead = true;
    }
    throw new ProblemError("soroban_unavailable", "The vault cannot be read now; try again.", {
      headers: { "retry-after": "1" },
    });
  }

  #renew(tenantId: string, answer: Extract<Reservation, { outcome: "reserved" }>): void {
    if (answer.balanceAgeMs < REFRESH_AFTER_MS) return;
    this.#options.readings.refreshSoon(tenantId, answer.vaultContractId);
  }
}

function isHeldBack(answer: { readonly outcome: string }): answer is HeldBack {
  return answer.outcome === "insufficient_balance" || answer.outcome === "balance_unknown";
}

function insufficientBalance(): ProblemError {
  return new ProblemError(
    "insufficient_balance",
    "The vault's balance, less what is reserved and pending, is less than the amount; nothing was charged.",
  );
}
