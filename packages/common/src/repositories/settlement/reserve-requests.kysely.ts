import type pg from "pg";
import { callFunction } from "../calls/call-function.ts";
import type { Settled } from "../micro-batch.ts";
import { type Met, RequestTaker, type TakenRow } from "../request-taker.ts";
import { requestParameters, type UsageRequest } from "../usage-event/usage-request.ts";
import { MAX_SETTLEMENT_EVENTS } from "./settlement.ts";
import { MAX_BALANCE_AGE_MS, type Reservation } from "./settlement-repository.ts";

/** What a batch needs beside its requests. */
interface ReserveContext {
  readonly pool: pg.Pool;
  /** RFC 3339; null: the database's own clock. */
  readonly now: () => string | null;
  /** Closes settlements that have all that they shall have. */
  readonly closeFull: (full: readonly FullSettlement[]) => Promise<void>;
}

export interface FullSettlement {
  readonly tenantId: string;
  readonly id: string;
  readonly vaultContractId: string;
}

interface ReservedRow extends TakenRow {
  readonly outcome: Reservation["outcome"] | null;
  readonly balanceAgeMs: number | null;
  readonly settlementId: string | null;
  readonly isFull: boolean | null;
}

const RESERVE = `
  select place, outcome, outcome is not distinct from 'reserved' as "isStored",
    vault_contract_id as "vaultContractId", balance_age_ms as "balanceAgeMs",
    settlement_id as "settlementId", is_full as "isFull"
  from reserve_usage_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
`;

/** Reserves batches of requests in settlements. See `RequestTaker`. */
export function reserveRequests(
  context: ReserveContext,
): (requests: readonly UsageRequest[]) => Promise<readonly Settled<Reservation>[]> {
  const { pool, now, closeFull } = context;
  const taker = new RequestTaker<ReservedRow>({
    pool,
    take: async (requests) => {
      const rows = await callFunction<ReservedRow>(pool, {
        name: "reserve-usage-events",
        text: RESERVE,
        values: [...requestParameters(requests, now()), MAX_BALANCE_AGE_MS, MAX_SETTLEMENT_EVENTS],
      });
      const full = fullOf(requests, rows);
      if (full.length > 0) await closeFull(full);
      return rows;
    },
  });
  return async (requests) => {
    const ends = await taker.take(requests);
    return ends.map((end, index) => {
      const request = requests[index];
      if ("error" in end || request === undefined) return end as { error: unknown };
      return { value: reservationOf(request, end.value) };
    });
  };
}

function fullOf(
  requests: readonly UsageRequest[],
  rows: readonly ReservedRow[],
): readonly FullSettlement[] {
  const full = new Map<string, FullSettlement>();
  for (const { place, isFull, settlementId, vaultContractId } of rows) {
    const tenantId = requests[place - 1]?.tenantId;
    if (isFull !== true || tenantId === undefined) continue;
    if (settlementId === null || vaultContractId === null) continue;
    full.set(`${tenantId} ${settlementId}`, { tenantId, id: settlementId, vaultContractId });
  }
  return [...full.values()];
}

function reservationOf({ event }: UsageRequest, met: Met<ReservedRow>): Reservation {
  if ("known" in met) return { outcome: "duplicate", event: met.known };
  const { outcome, settlementId, balanceAgeMs } = met.row;
  const vaultContractId = met.row.vaultContractId ?? "";
  switch (outcome) {
    case "reserved":
      return {
        outcome,
        event: { ...event, status: "reserved", settlementId: settlementId ?? "" },
        vaultContractId,
        balanceAgeMs: balanceAgeMs ?? 0,
      };
    case "vault_not_found":
    case "api_not_found":
    case "per_request":
      return { outcome };
    case "insufficient_balance":
    case "balance_unknown":
      return { outcome, vaultContractId };
    default:
      throw new Error(`a request was taken as ${outcome}`);
  }
}
