import type { Clock } from "../../contracts/clock.ts";
import { namedUuid } from "../../contracts/id.ts";
import {
  type Claim,
  type ClaimEnd,
  type ClaimOutcome,
  type IdempotencyStore,
  KEPT_MS,
  type KeyedRequest,
  type StoredAnswer,
} from "./idempotency-store.ts";

export interface MemoryIdempotencyRow {
  readonly tenantId: string;
  readonly token: string;
  readonly fingerprint: Buffer;
  readonly epoch: bigint;
  /** Undefined: nobody works on it. */
  readonly leaseUntilMs: number | undefined;
  readonly claimedAtMs: number;
  readonly expiresAtMs: number;
  readonly answer: StoredAnswer | undefined;
}

/** Lost with the process, as are the effects that it tells of: there is no transaction to join. */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #clock: Clock;
  readonly #rows = new Map<string, MemoryIdempotencyRow>();
  #epoch: bigint;

  /** `epoch`: after which its own epochs come. */
  constructor(clock: Clock, epoch = 0n) {
    this.#clock = clock;
    this.#epoch = epoch;
  }

  /** The rows themselves, by tenant and token as JSON, for whoever copies them to another store. */
  get rows() {
    return this.#rows;
  }

  async claim(request: KeyedRequest, leaseMs?: number): Promise<ClaimOutcome> {
    const { tenantId, token } = request;
    const nowMs = this.#clock();
    const fingerprint = Buffer.from(request.fingerprint);
    const row = this.#rows.get(keyOf(request));
    const isKept = row !== undefined && row.expiresAtMs > nowMs;
    const isSame = row?.fingerprint.equals(fingerprint) === true;
    if (isKept && !isSame) return { outcome: "reused" };
    if (isKept && row.answer !== undefined) return { outcome: "answered", answer: row.answer };
    const freeInMs = freeIn(row, nowMs);
    if (freeInMs > 0 && !(isSame && leaseMs === undefined)) {
      return { outcome: "in_progress", freeInMs };
    }
    const claimedAtMs = isKept ? row.claimedAtMs : nowMs;
    this.#epoch += 1n;
    const epoch = this.#epoch;
    this.#rows.set(keyOf(request), {
      tenantId,
      token,
      fingerprint,
      epoch,
      leaseUntilMs: leaseMs === undefined ? undefined : nowMs + leaseMs,
      claimedAtMs,
      expiresAtMs: nowMs + KEPT_MS,
      answer: undefined,
    });
    const effectId = namedUuid(`${tenantId}\n${token}\n${new Date(claimedAtMs).toISOString()}`);
    const claim = { tenantId, token, epoch, effectId, isRepeat: isKept };
    return { outcome: "claimed", claim };
  }

  async prolong(claim: Claim, leaseMs: number): Promise<boolean> {
    if (this.#find(claim)?.leaseUntilMs === undefined) return false;
    return this.#change(claim, { leaseUntilMs: this.#clock() + leaseMs });
  }

  async answer(claim: Claim, answer: StoredAnswer): Promise<boolean> {
    const expiresAtMs = this.#clock() + KEPT_MS;
    return this.#change(claim, { answer, leaseUntilMs: undefined, expiresAtMs });
  }

  async end(claim: Claim, end: ClaimEnd): Promise<boolean> {
    if (end === "bound") return this.#change(claim, { leaseUntilMs: undefined });
    return this.#find(claim) !== undefined && this.#rows.delete(keyOf(claim));
  }

  async countExpired(limit: number): Promise<number> {
    return this.#expired(limit).length;
  }

  async deleteExpired(limit: number): Promise<number> {
    const expired = this.#expired(limit);
    for (const row of expired) this.#rows.delete(keyOf(row));
    return expired.length;
  }

  /** The claim's row, while the claim is the latest and has no answer. */
  #find(claim: Claim): MemoryIdempotencyRow | undefined {
    const row = this.#rows.get(keyOf(claim));
    return row?.epoch === claim.epoch && row.answer === undefined ? row : undefined;
  }

  #change(claim: Claim, changes: Partial<MemoryIdempotencyRow>): boolean {
    const row = this.#find(claim);
    if (row === undefined) return false;
    this.#rows.set(keyOf(claim), { ...row, ...changes });
    return true;
  }

  #expired(limit: number): MemoryIdempotencyRow[] {
    const nowMs = this.#clock();
    return [...this.#rows.values()]
      .filter((row) => row.expiresAtMs <= nowMs && freeIn(row, nowMs) === 0)
      .toSorted((left, right) => left.expiresAtMs - right.expiresAtMs)
      .slice(0, limit);
  }
}

/** How long the row is still leased, in milliseconds. */
function freeIn(row: MemoryIdempotencyRow | undefined, nowMs: number): number {
  return Math.max(0, (row?.leaseUntilMs ?? nowMs) - nowMs);
}

function keyOf({ tenantId, token }: { tenantId: string; token: string }): string {
  return JSON.stringify([tenantId, token]);
}
