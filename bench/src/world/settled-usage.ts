import type { BenchContext } from "../harness/bench.ts";
import { TENANT_ID } from "./billing-call.ts";
import { runSql } from "./postgres.ts";

const ROWS_AT_ONCE = 500_000;

interface SettledUsage {
  readonly rows: number;
  /** Rows that are there already. */
  readonly after?: number;
  readonly users: number;
}

/** Confirmed events of the past months, of the benches' tenant and the users of the load. */
export async function fillSettledUsage(
  { say }: Pick<BenchContext, "say">,
  url: string,
  { rows, after = 0, users }: SettledUsage,
): Promise<void> {
  for (let first = after; first < rows; first += ROWS_AT_ONCE) {
    const last = Math.min(rows, first + ROWS_AT_ONCE) - 1;
    await runSql(url, FILL, [TENANT_ID, first, last, users]);
    say(`usage      ${(last + 1).toLocaleString("en-US")} rows`);
  }
  await runSql(url, "vacuum analyze usage_events");
}

const FILL = `
  insert into usage_events (
    tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id, amount_usdc,
    status, stellar_tx_hash, ledger, created_at, settled_at
  )
  select $1, 'past-' || n, uuidv7(), decode(md5(n::text) || md5('x' || n), 'hex'), 'user-' || n % $4,
    'metered', 'endpoint-1', 'key-1', 0.0001, 'confirmed', md5(n::text) || md5('t' || n), n / 100,
    made_at, made_at + interval '5 seconds'
  from generate_series($2::int, $3::int) as n,
  lateral (select now() - interval '90 days' + n * interval '0.7 seconds' as made_at) as times
`;
