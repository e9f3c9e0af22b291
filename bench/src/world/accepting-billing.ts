import type { BenchContext } from "../harness/bench.ts";
import { type BenchBilling, startBenchBilling } from "./billing.ts";
import { putApi, putVaults, type Settlement } from "./billing-call.ts";
import { startBenchLedger } from "./ledger.ts";

/** A billing process that takes deductions of the first `users` users. */
export interface AcceptingBilling {
  readonly billing: BenchBilling;
  readonly settlement: Settlement;
}

const LEDGER_CLOSE_MS = 5_000;
/** 10^9 USDC each: no reservation of a bench fails for lack of it. */
const FUNDS_STROOPS = 10_000_000_000_000_000n;

/**
 * Billing with an aggregated API and its engine running; a build that cannot settle so gets a
 * `per_request` API with the engine off, which would otherwise be what is measured.
 */
export async function startAcceptingBilling(
  context: BenchContext,
  databaseUrl: string,
  users: number,
): Promise<AcceptingBilling> {
  const ledger = await startBenchLedger(context, LEDGER_CLOSE_MS);
  const billing = await startBenchBilling(context, databaseUrl, ledger);
  if (await putApi(billing, "aggregated")) {
    await ledger.fund(users, FUNDS_STROOPS);
    await putVaults(billing, users);
    context.say("billing settles aggregated, its engine is running");
    return { billing, settlement: "aggregated" };
  }
  await billing.child.stop("SIGTERM", 10_000);
  const idle = await startBenchBilling(context, databaseUrl, undefined);
  await putApi(idle, "per_request");
  await putVaults(idle, users);
  context.say("billing settles per request only: its engine is off");
  return { billing: idle, settlement: "per_request" };
}
