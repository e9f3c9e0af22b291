import { namedUuid } from "../../contracts/id.ts";
import type { TenantRole } from "../database-roles.ts";
import type { ClaimOutcome, KeyedRequest, StoredAnswer } from "./idempotency-store.ts";

/** A statement for `pg` and for a Kysely transaction alike. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** What every statement is told. */
export interface StatementSettings {
  readonly role: TenantRole;
  /** A clock that a test holds still; undefined: the database's own. */
  readonly now: Date | undefined;
  readonly keptMs: number;
}

/** One key to claim; no lease: it is bound at once. */
export interface Wanted {
  readonly request: KeyedRequest;
  readonly leaseMs: number | undefined;
}

/** No two of the same key. `tenants`: whose rows the transaction has, comma-separated. */
export function claimStatement(
  { role, now, keptMs }: StatementSettings,
  tenants: string,
  wanted: readonly Wanted[],
): Statement {
  return {
    name: "claim-idempotency-keys",
    text: `select place, outcome, epoch, claimed_at as "claimedAt", is_repeat as "isRepeat",
        free_in_ms as "freeInMs",
        status, headers, body, is_secret as "isSecret"
      from claim_idempotency_keys($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      role,
      tenants,
      now?.toISOString() ?? null,
      keptMs,
      wanted.map(({ request }) => request.tenantId),
      wanted.map(({ request }) => request.token),
      wanted.map(({ request }) => Buffer.from(request.fingerprint)),
      wanted.map(({ leaseMs }) => leaseMs ?? null),
    ],
  };
}

/** What the claim statement says of each key, in any order. */
export interface ClaimRow {
  /** From 1. */
  place: number;
  outcome: ClaimOutcome["outcome"];
  epoch: string | null;
  claimedAt: Date | null;
  isRepeat: boolean;
  freeInMs: string | null;
  status: number | null;
  headers: Record<string, string> | null;
  body: string | null;
  isSecret: boolean | null;
}

export function claimOutcomeOf({ tenantId, token }: KeyedRequest, row: ClaimRow): ClaimOutcome {
  switch (row.outcome) {
    case "claimed": {
      if (row.epoch === null || row.claimedAt === null) throw new Error("a claim has an epoch");
      const effectId = namedUuid(`${tenantId}\n${token}\n${row.claimedAt.toISOString()}`);
      return {
        outcome: "claimed",
        claim: { tenantId, token, epoch: BigInt(row.epoch), effectId, isRepeat: row.isRepeat },
      };
    }
    case "answered":
      return { outcome: "answered", answer: answerOf(row) };
    case "in_progress":
      return { outcome: "in_progress", freeInMs: Number(row.freeInMs ?? 0) };
    case "reused":
      return { outcome: "reused" };
  }
}

function answerOf({ status, headers, body, isSecret }: ClaimRow): StoredAnswer {
  if (status === null || headers === null || body === null) throw new Error("an answer is whole");
  return { status, headers, body, isSecret: isSecret === true };
}
