import type { Resolution } from "@orrery/soroban/intent/resolution";
import type { UsageEvent } from "./usage-event.ts";

type SettledFields = Pick<UsageEvent, "failure" | "txHash" | "ledger" | "settledAt"> & {
  readonly status: "confirmed" | "failed";
};

/**
 * What a resolution makes of a usage event; undefined when it is not a deduction's, or nobody can
 * tell whether it was charged (`unknown`), which stays pending until an operator decides.
 */
export function settledFields(resolution: Resolution): SettledFields | undefined {
  if (resolution.kind !== "deduct" || resolution.state === "unknown") return undefined;
  const settledAt = new Date(resolution.resolvedAtMs);
  if (resolution.state === "confirmed") {
    return {
      status: "confirmed",
      settledAt,
      ...(resolution.txHash === undefined ? {} : { txHash: resolution.txHash }),
      ...(resolution.ledger === undefined ? {} : { ledger: resolution.ledger }),
    };
  }
  const { reason = "contract_error", contractError } = resolution.failure ?? {};
  return {
    status: "failed",
    settledAt,
    failure: { reason, ...(contractError === undefined ? {} : { contractError }) },
  };
}
