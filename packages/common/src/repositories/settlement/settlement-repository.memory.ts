import type { Resolution } from "@orrery/soroban/intent/resolution";
import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { type Clock, systemClock } from "../../contracts/clock.ts";
import { uuidv7 } from "../../contracts/id.ts";
import type { RegisteredApiRepository } from "../registered-api/registered-api-repository.ts";
import { TenantMap } from "../tenant-map.memory.ts";
import type { Reservations, SingleCharge } from "../usage-event/reservations.ts";
import type { NewUsageEvent, UsageEvent } from "../usage-event/usage-event.ts";
import type { HeldBack, UsageEventRepository } from "../usage-event/usage-event-repository.ts";
import type { VaultRepository } from "../vault/vault-repository.ts";
import {
  HELD_STATES,
  isFull,
  isTooLarge,
  type Settlement,
  type SettlementState,
  type SettlementTerms,
  settlementRetryMs,
} from "./settlement.ts";
import {
  type BalanceReading,
  MAX_BALANCE_AGE_MS,
  type Reservation,
  type SettlementFilter,
  type SettlementPosition,
  type SettlementRepository,
} from "./settlement-repository.ts";
import { singleCharges, sumOf } from "./single-charges.memory.ts";

/** What the adapter of usage events lets this one do with them. */
interface StoredEvents extends Pick<UsageEventRepository, "find"> {
  values(tenantId: string): readonly UsageEvent[];
  store(tenantId: string, event: UsageEvent): void;
  leaveTo(reservations: Reservations): void;
}

interface MemorySettlementOptions {
  vaults: VaultRepository;
  apis: RegisteredApiRepository;
  events: StoredEvents;
  journal: Pick<SubmissionJournal, "insertIntents" | "rearm" | "findIntent">;
  markerOf: (tenantId: string, settlementId: string) => string;
  clock?: Clock;
}

interface StoredReading extends BalanceReading {
  readonly readAtMs: number;
}

type Aggregated = Extract<SettlementTerms, { mode: "aggregated" }>;

export class MemorySettlementRepository implements SettlementRepository, Reservations {
  readonly #options: MemorySettlementOptions;
  readonly #clock: Clock;
  readonly #settlements = new TenantMap<Settlement>();
  readonly #readings = new TenantMap<StoredReading>();
  /** The end of the last reservation or reading: they take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: MemorySettlementOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    options.events.leaveTo(this);
  }

  async leaveAlone<Result>(
    tenantId: string,
    { vaultContractId, amountStroops }: SingleCharge,
    work: () => Promise<Result>,
  ): Promise<Result | HeldBack> {
    return this.#inTurn(async () => {
      const isFree = this.#held(tenantId, vaultContractId) === 0n;
      const heldBack = isFree
        ? undefined
        : await this.#mustFit(tenantId, vaultContractId, amountStroops);
      return heldBack ?? work();
    });
  }

  async rearm(tenantId: string, settlementId: string): Promise<HeldBack | undefined> {
    return this.#inTurn(async () => {
      const row = this.#settlements.get(tenantId, settlementId);
      if (row?.state !== "rejected") return undefined;
      const heldBack = await this.#mustFit(tenantId, row.vaultContractId, row.amountStroops);
      if (heldBack !== undefined) return heldBack;
      const { settledAt: _settledAt, ...rest } = row;
      this.#settlements.set(tenantId, settlementId, { ...rest, state: "settling" });
      return undefined;
    });
  }

  async #mustFit(
    tenantId: string,
    vaultContractId: string,
    amountStroops: bigint,
  ): Promise<HeldBack | undefined> {
    const reading = this.#readings.get(tenantId, vaultContractId);
    if (reading === undefined || reading.readAtMs === 0) {
      return { outcome: "balance_unknown", vaultContractId };
    }
    const left = await this.#left(tenantId, vaultContractId, reading);
    return amountStroops > left ? { outcome: "insufficient_balance", vaultContractId } : undefined;
  }

  async #left(tenantId: string, vaultContractId: string, reading: StoredReading): Promise<bigint> {
    const singles = await singleCharges(this.#options, {
      tenantId,
      vaultContractId,
      fromLedger: reading.ledger,
    });
    return (
      reading.balanceStroops -
      singles.charged(Infinity) -
      singles.pending -
      this.#charged(tenantId, vaultContractId, reading.ledger, Infinity) -
      this.#held(tenantId, vaultContractId)
    );
  }

  async reserve(tenantId: string, event: NewUsageEvent): Promise<Reservation> {
    return this.#inTurn(() => this.#reserve(tenantId, event));
  }

  async #reserve(tenantId: string, event: NewUsageEvent): Promise<Reservation> {
    const { vaults, apis, events } = this.#options;
    const known = await events.find(tenantId, event.requestId);
    if (known !== undefined) return { outcome: "duplicate", event: known };
    const vault = await vaults.find(tenantId, event.userId);
    const api = await apis.find(tenantId, event.apiId);
    if (vault === undefined) return { outcome: "vault_not_found" };
    if (api === undefined) return { outcome: "api_not_found" };
    const { settlement: terms, payoutAddress } = api;
    if (terms.mode === "per_request") return { outcome: "per_request" };
    const vaultContractId = vault.contractId;
    const reading = this.#readings.get(tenantId, vaultContractId);
    const balanceAgeMs = reading === undefined ? Infinity : this.#clock() - reading.readAtMs;
    if (reading === undefined || balanceAgeMs > MAX_BALANCE_AGE_MS) {
      return { outcome: "balance_unknown", vaultContractId };
    }
    if (event.amountStroops > (await this.#left(tenantId, vaultContractId, reading))) {
      return { outcome: "insufficient_balance", vaultContractId };
    }
    const settlement = this.#add(tenantId, { event, payee: payoutAddress, vaultContractId, terms });
    const stored: UsageEvent = { ...event, status: "reserved", settlementId: settlement.id };
    events.store(tenantId, stored);
    return { outcome: "reserved", event: stored, vaultContractId, balanceAgeMs };
  }

  #add(
    tenantId: string,
    given: { event: NewUsageEvent; payee: string; vaultContractId: string; terms: Aggregated },
  ): Settlement {
    const { event, payee, vaultContractId, terms } = given;
    const nowMs = this.#clock();
    const closesAt = new Date(nowMs + terms.everySeconds * 1_000);
    const open = this.#ofVault(tenantId, vaultContractId).find(
      (one) => one.state === "open" && one.apiId === event.apiId && one.payee === payee,
    );
    const settlement: Settlement = {
      id: open?.id ?? uuidv7(nowMs),
      apiId: event.apiId,
      payee,
      vaultContractId,
      state: "open",
      eventCount: (open?.eventCount ?? 0) + 1,
      amountStroops: (open?.amountStroops ?? 0n) + event.amountStroops,
      openedAt: open?.openedAt ?? new Date(nowMs),
      closesAt: open !== undefined && open.closesAt < closesAt ? open.closesAt : closesAt,
      failureCount: 0,
    };
    this.#settlements.set(tenantId, settlement.id, settlement);
    if (isFull(settlement, terms.atStroops)) this.#close(tenantId, settlement);
    return settlement;
  }

  async storeBalance(tenantId: string, vaultContractId: string, reading: BalanceReading) {
    await this.#inTurn(async () => {
      const stored = this.#readings.get(tenantId, vaultContractId);
      const { balanceStroops, ledger } = reading;
      const readAtMs = this.#clock();
      if (stored === undefined) {
        this.#readings.set(tenantId, vaultContractId, { ...reading, readAtMs });
        return;
      }
      if (ledger < stored.ledger) return;
      const singles = await singleCharges(this.#options, {
        tenantId,
        vaultContractId,
        fromLedger: stored.ledger,
      });
      const expected =
        stored.balanceStroops -
        singles.charged(ledger) -
        this.#charged(tenantId, vaultContractId, stored.ledger, ledger);
      const underWay = singles.underWay + this.#settling(tenantId, vaultContractId);
      const isExplained = balanceStroops >= expected - underWay && balanceStroops < expected;
      this.#readings.set(tenantId, vaultContractId, {
        ...(isExplained ? stored : reading),
        readAtMs,
      });
    });
  }

  async closeDue(limit: number): Promise<number> {
    const due = this.#all()
      .filter(({ row }) => row.state === "open" && row.closesAt.getTime() <= this.#clock())
      .slice(0, limit);
    for (const { tenantId, row } of due) this.#close(tenantId, row);
    return due.length;
  }

  #close(tenantId: string, open: Settlement): void {
    const closedAt = new Date(this.#clock());
    this.#settlements.set(tenantId, open.id, { ...open, state: "settling", closedAt });
    void this.#options.journal.insertIntents([
      {
        intentId: open.id,
        tenantId,
        kind: "settlement",
        subjectId: open.id,
        vaultContractId: open.vaultContractId,
        payee: open.payee,
        amountStroops: open.amountStroops,
        marker: this.#options.markerOf(tenantId, open.id),
        createdAtMs: closedAt.getTime(),
      },
    ]);
  }

  async retryDue(limit: number): Promise<number> {
    const nowMs = this.#clock();
    const due = this.#all()
      .filter(({ row }) => row.state === "failed" && (row.retryAt?.getTime() ?? 0) <= nowMs)
      .slice(0, limit);
    for (const { tenantId, row } of due) {
      const { retryAt: _retryAt, ...rest } = row;
      if (isTooLarge(row.failure)) {
        this.#split(tenantId, rest);
        continue;
      }
      this.#settlements.set(tenantId, row.id, { ...rest, state: "settling" });
      await this.#options.journal.rearm(tenantId, row.id, nowMs);
    }
    return due.length;
  }

  /** The halves are opened as it was, and closed at once. */
  #split(tenantId: string, row: Settlement): void {
    const { events } = this.#options;
    const all = events
      .values(tenantId)
      .filter(({ settlementId }) => settlementId === row.id)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const middle = Math.floor(all.length / 2);
    this.#settlements.set(tenantId, row.id, { ...row, state: "split" });
    const { failure: _failure, closedAt: _closedAt, ...rest } = row;
    for (const half of [all.slice(0, middle), all.slice(middle)]) {
      const id = uuidv7(this.#clock());
      for (const event of half) events.store(tenantId, { ...event, settlementId: id });
      this.#close(tenantId, {
        ...rest,
        id,
        eventCount: half.length,
        amountStroops: sumOf(half),
        failureCount: 0,
        splitFrom: row.id,
      });
    }
  }

  async find(tenantId: string, id: string): Promise<Settlement | undefined> {
    return this.#settlements.get(tenantId, id);
  }

  async list(
    tenantId: string,
    { apiId, state }: SettlementFilter,
    { limit, after }: { limit: number; after?: SettlementPosition },
  ) {
    const all = this.#settlements
      .values(tenantId)
      .filter((row) => apiId === undefined || row.apiId === apiId)
      .filter((row) => state === undefined || row.state === state)
      .toSorted((a, b) => -inTime(a.openedAt, a.id, b.openedAt, b.id));
    const rest = all.filter(
      (row) => after === undefined || inTime(row.openedAt, row.id, after.at, after.id) < 0,
    );
    const settlements = rest.slice(0, limit);
    return { settlements, hasNext: rest.length > limit, total: all.length };
  }

  async sumReserved(tenantId: string, vaultContractId: string): Promise<bigint> {
    return this.#held(tenantId, vaultContractId);
  }

  /** The journal's resolution hook: brings settlements and their events up to date. */
  settle(resolutions: readonly Resolution[]): void {
    for (const resolution of resolutions) {
      const row = this.#settlements.get(resolution.tenantId, resolution.subjectId);
      if (resolution.kind !== "settlement" || row === undefined) continue;
      if (resolution.state === "confirmed") this.#confirm(row, resolution);
      else if (resolution.state !== "unknown") this.#fail(row, resolution);
    }
  }

  #confirm(row: Settlement, { tenantId, txHash, ledger, resolvedAtMs }: Resolution): void {
    const { failure: _failure, retryAt: _retryAt, ...rest } = row;
    const settled = {
      settledAt: new Date(resolvedAtMs),
      ...(txHash === undefined ? {} : { txHash }),
      ...(ledger === undefined ? {} : { ledger }),
    };
    this.#settlements.set(tenantId, row.id, { ...rest, ...settled, state: "confirmed" });
    const { events } = this.#options;
    for (const event of events.values(tenantId)) {
      if (event.settlementId === row.id && event.status === "reserved") {
        events.store(tenantId, { ...event, ...settled, status: "confirmed" });
      }
    }
  }

  #fail(row: Settlement, { tenantId, failure, resolvedAtMs }: Resolution): void {
    const { reason = "contract_error", contractError } = failure ?? {};
    const reading = this.#readings.get(tenantId, row.vaultContractId);
    if (reason === "insufficient_balance" && reading !== undefined) {
      this.#readings.set(tenantId, row.vaultContractId, { ...reading, readAtMs: 0 });
    }
    const failureCount = row.failureCount + 1;
    const kept = { reason, ...(contractError === undefined ? {} : { contractError }) };
    const failed: Settlement = { ...row, state: "failed", failure: kept, failureCount };
    if (row.eventCount > 1 || !isTooLarge(kept)) {
      const retryAt = new Date(resolvedAtMs + settlementRetryMs(failureCount));
      this.#settlements.set(tenantId, row.id, { ...failed, retryAt });
      return;
    }
    const settledAt = new Date(resolvedAtMs);
    this.#settlements.set(tenantId, row.id, { ...failed, state: "rejected", settledAt });
    const { events } = this.#options;
    for (const event of events.values(tenantId)) {
      if (event.settlementId !== row.id || event.status !== "reserved") continue;
      events.store(tenantId, { ...event, status: "failed", failure: kept, settledAt });
    }
  }

  #ofVault(tenantId: string, vaultContractId: string): Settlement[] {
    return this.#settlements
      .values(tenantId)
      .filter((row) => row.vaultContractId === vaultContractId);
  }

  #held(tenantId: string, vaultContractId: string): bigint {
    const held: readonly SettlementState[] = HELD_STATES;
    return sumOf(
      this.#ofVault(tenantId, vaultContractId).filter(({ state }) => held.includes(state)),
    );
  }

  #settling(tenantId: string, vaultContractId: string): bigint {
    return sumOf(
      this.#ofVault(tenantId, vaultContractId).filter(({ state }) => state === "settling"),
    );
  }

  #charged(tenantId: string, vaultContractId: string, after: number, upTo: number): bigint {
    return sumOf(
      this.#ofVault(tenantId, vaultContractId).filter(
        ({ state, ledger = 0 }) => state === "confirmed" && ledger > after && ledger <= upTo,
      ),
    );
  }

  #all() {
    return this.#settlements
      .tenantIds()
      .flatMap((tenantId) => this.#settlements.values(tenantId).map((row) => ({ tenantId, row })));
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

/** Earlier first; ids break ties. */
function inTime(a: Date, aId: string, b: Date, bId: string): number {
  return a.getTime() - b.getTime() || (aId < bId ? -1 : aId > bId ? 1 : 0);
}
