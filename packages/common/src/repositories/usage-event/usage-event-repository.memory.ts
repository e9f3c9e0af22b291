import type { Resolution } from "@orrery/soroban/intent/resolution";
import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import type { RegisteredApiRepository } from "../registered-api/registered-api-repository.ts";
import { TenantMap } from "../tenant-map.memory.ts";
import type { VaultRepository } from "../vault/vault-repository.ts";
import type { Reservations, SingleCharge } from "./reservations.ts";
import { settledFields } from "./settled-fields.ts";
import type { NewUsageEvent, UsageEvent } from "./usage-event.ts";
import type {
  Acceptance,
  HeldBack,
  PendingCount,
  Rearming,
  UsageEventRepository,
} from "./usage-event-repository.ts";

type JournalPart = Pick<SubmissionJournal, "insertIntents" | "rearm" | "findIntent">;

export class MemoryUsageEventRepository implements UsageEventRepository {
  readonly #events = new TenantMap<UsageEvent>();
  readonly #vaults: VaultRepository;
  readonly #apis: RegisteredApiRepository;
  readonly #journal: JournalPart;
  #reservations: Reservations | undefined;

  constructor(vaults: VaultRepository, apis: RegisteredApiRepository, journal: JournalPart) {
    this.#vaults = vaults;
    this.#apis = apis;
    this.#journal = journal;
  }

  /** The adapter of settlements, which is made after this one. */
  leaveTo(reservations: Reservations): void {
    this.#reservations = reservations;
  }

  async accept(tenantId: string, event: NewUsageEvent, marker: string): Promise<Acceptance> {
    const vault = await this.#vaults.find(tenantId, event.userId);
    const api = await this.#apis.find(tenantId, event.apiId);
    const stored = this.#events.get(tenantId, event.requestId);
    if (stored !== undefined) return { outcome: "duplicate", event: stored };
    if (vault === undefined) return { outcome: "vault_not_found" };
    if (api === undefined) return { outcome: "api_not_found" };
    if (api.settlement.mode === "aggregated") return { outcome: "aggregated" };
    const { contractId } = vault;
    return this.#leaveAlone(
      tenantId,
      { vaultContractId: contractId, amountStroops: event.amountStroops },
      async (): Promise<Acceptance> => {
        const known = this.#events.get(tenantId, event.requestId);
        if (known !== undefined) return { outcome: "duplicate", event: known };
        const accepted: UsageEvent = { ...event, status: "pending" };
        this.#events.set(tenantId, event.requestId, accepted);
        await this.#journal.insertIntents([
          {
            intentId: event.id,
            tenantId,
            kind: "deduct",
            subjectId: event.requestId,
            vaultContractId: contractId,
            payee: api.payoutAddress,
            amountStroops: event.amountStroops,
            marker,
            createdAtMs: event.createdAt.getTime(),
          },
        ]);
        return { outcome: "accepted", event: accepted };
      },
    );
  }

  async #leaveAlone<Result>(
    tenantId: string,
    charge: SingleCharge,
    work: () => Promise<Result>,
  ): Promise<Result | HeldBack> {
    if (this.#reservations === undefined) return work();
    return this.#reservations.leaveAlone(tenantId, charge, work);
  }

  async find(tenantId: string, requestId: string): Promise<UsageEvent | undefined> {
    return this.#events.get(tenantId, requestId);
  }

  async findWithHistory(tenantId: string, requestId: string) {
    const event = this.#events.get(tenantId, requestId);
    if (event === undefined) return undefined;
    const history = await this.#journal.findIntent(tenantId, event.settlementId ?? event.id);
    if (history === undefined && event.settlementId === undefined) {
      throw new Error(`usage event ${event.id} has no intent`);
    }
    return { event, history };
  }

  async rearm(tenantId: string, requestId: string, now: Date): Promise<Rearming> {
    const failed = this.#failed(tenantId, requestId);
    if (failed === undefined) return { outcome: "not_failed" };
    if (failed.settlementId !== undefined) {
      const heldBack = await this.#reservations?.rearm(tenantId, failed.settlementId);
      return heldBack ?? this.#rearmFailed(tenantId, requestId, now);
    }
    const record = await this.#journal.findIntent(tenantId, failed.id);
    if (record === undefined) throw new Error(`usage event ${failed.id} has no intent`);
    return this.#leaveAlone(tenantId, record.intent, () =>
      this.#rearmFailed(tenantId, requestId, now),
    );
  }

  #failed(tenantId: string, requestId: string): UsageEvent | undefined {
    const stored = this.#events.get(tenantId, requestId);
    return stored?.status === "failed" ? stored : undefined;
  }

  async #rearmFailed(tenantId: string, requestId: string, now: Date): Promise<Rearming> {
    const failed = this.#failed(tenantId, requestId);
    if (failed === undefined) return { outcome: "not_failed" };
    const { failure: _failure, settledAt: _settledAt, ...rest } = failed;
    const status = failed.settlementId === undefined ? "pending" : "reserved";
    this.#events.set(tenantId, requestId, { ...rest, status });
    await this.#journal.rearm(tenantId, failed.settlementId ?? failed.id, now.getTime());
    return { outcome: "rearmed" };
  }

  async listSettled(keys: readonly { tenantId: string; requestId: string }[]) {
    return keys.flatMap(({ tenantId, requestId }) => {
      const event = this.#events.get(tenantId, requestId);
      return event === undefined || event.status === "pending" ? [] : [{ tenantId, event }];
    });
  }

  async countPending([first, second]: readonly [Date, Date]): Promise<readonly PendingCount[]> {
    return this.#events.tenantIds().flatMap((tenantId) => {
      const pending = this.values(tenantId).filter(({ status }) => status === "pending");
      const before = (time: Date) => pending.filter(({ createdAt }) => createdAt < time).length;
      if (pending.length === 0) return [];
      return [{ tenantId, pending: pending.length, before: [before(first), before(second)] }];
    });
  }

  /** Puts an event as it is: for the adapter of settlements, whose events have no intent of their own. */
  store(tenantId: string, event: UsageEvent): void {
    this.#events.set(tenantId, event.requestId, event);
  }

  /** Every event of a tenant. */
  values(tenantId: string): readonly UsageEvent[] {
    return this.#events.values(tenantId);
  }

  async sumPending(tenantId: string, userId: string): Promise<bigint> {
    return this.#events
      .values(tenantId)
      .filter((event) => event.userId === userId && event.status === "pending")
      .reduce((sum, event) => sum + event.amountStroops, 0n);
  }

  /** The journal's resolution hook: brings the events of resolved deductions up to date. */
  settle(resolutions: readonly Resolution[]): void {
    for (const resolution of resolutions) {
      const settled = settledFields(resolution);
      const event = this.#events.get(resolution.tenantId, resolution.subjectId);
      if (settled === undefined || event === undefined) continue;
      this.#events.set(resolution.tenantId, resolution.subjectId, { ...event, ...settled });
    }
  }
}
