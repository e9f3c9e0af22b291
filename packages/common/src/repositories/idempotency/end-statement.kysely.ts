import type { Statement, StatementSettings } from "./claim-statements.kysely.ts";
import type { Claim, ClaimEnd, StoredAnswer } from "./idempotency-store.ts";

/** What becomes of a claim. */
export type EndOfClaim =
  | { readonly end: ClaimEnd }
  | { readonly end: "prolonged"; readonly leaseMs: number }
  | { readonly end: "answered"; readonly answer: StoredAnswer };

/** Gives one row, `{isDone}`. `tenants`: whose rows the transaction has, comma-separated. */
export function endStatement(
  { role, now, keptMs }: StatementSettings,
  tenants: string,
  claim: Claim,
  given: EndOfClaim,
): Statement {
  const answer = given.end === "answered" ? given.answer : undefined;
  return {
    name: "end-idempotency-claim",
    text: `select end_idempotency_claim(
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
      ) as "isDone"`,
    values: [
      role,
      tenants,
      now?.toISOString() ?? null,
      claim.tenantId,
      claim.token,
      String(claim.epoch),
      given.end,
      given.end === "prolonged" ? given.leaseMs : null,
      keptMs,
      answer?.status ?? null,
      answer === undefined ? null : JSON.stringify(answer.headers),
      answer?.body ?? null,
      answer?.isSecret ?? false,
    ],
  };
}
