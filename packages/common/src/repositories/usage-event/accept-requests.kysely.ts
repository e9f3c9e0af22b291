import type pg from "pg";
import { textArray } from "../calls/binary-array.ts";
import { callFunction } from "../calls/call-function.ts";
import type { Settled } from "../micro-batch.ts";
import { type Met, RequestTaker, type TakenRow } from "../request-taker.ts";
import type { Acceptance } from "./usage-event-repository.ts";
import { requestParameters, type UsageRequest } from "./usage-request.ts";

interface AcceptedRow extends TakenRow {
  readonly outcome: Acceptance["outcome"] | null;
}

const ACCEPT = `
  select place, outcome, outcome is not distinct from 'accepted' as "isStored",
    vault_contract_id as "vaultContractId"
  from accept_usage_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
`;

/** Accepts batches of requests as charges of their own. See `RequestTaker`. */
export function acceptRequests(
  pool: pg.Pool,
): (requests: readonly UsageRequest[]) => Promise<readonly Settled<Acceptance>[]> {
  const taker = new RequestTaker<AcceptedRow>({
    pool,
    take: (requests) =>
      callFunction(pool, {
        name: "accept-usage-events",
        text: ACCEPT,
        values: [
          ...requestParameters(requests, null),
          textArray(requests.map(({ marker }) => marker ?? "")),
        ],
      }),
  });
  return async (requests) => {
    const ends = await taker.take(requests);
    return ends.map((end, index) => {
      const request = requests[index];
      if ("error" in end || request === undefined) return end as { error: unknown };
      return { value: acceptanceOf(request, end.value) };
    });
  };
}

function acceptanceOf({ event }: UsageRequest, met: Met<AcceptedRow>): Acceptance {
  if ("known" in met) return { outcome: "duplicate", event: met.known };
  const { outcome, vaultContractId } = met.row;
  switch (outcome) {
    case "accepted":
      return { outcome, event: { ...event, status: "pending" } };
    case "vault_not_found":
    case "api_not_found":
    case "aggregated":
      return { outcome };
    case "insufficient_balance":
    case "balance_unknown":
      return { outcome, vaultContractId: vaultContractId ?? "" };
    default:
      throw new Error(`a request was taken as ${outcome}`);
  }
}
