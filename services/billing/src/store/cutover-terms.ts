import type { StoreCutoverOptions } from "@orrery/common/repositories/cutover/store-cutover";
import { isDatabaseUnavailable } from "@orrery/common/repositories/postgres-error";
import type { StoreMetrics } from "./store-metrics.ts";

/** What the cutovers of all repositories share. */
export type SharedTerms = Pick<StoreCutoverOptions<object>, "gate" | "modes" | "initial"> & {
  readonly metrics: StoreMetrics;
  readonly onRefused: (error: unknown) => void;
};

/** The terms of one repository's cutover, beside its sides and probes. */
export function termsOf<Name extends StoreCutoverOptions<object>["name"]>(
  name: Name,
  { gate, modes, initial, metrics, onRefused }: SharedTerms,
) {
  return {
    name,
    gate,
    modes,
    initial,
    onRefused,
    isAway: isDatabaseUnavailable,
    onMismatch: () => metrics.mismatch(name),
  };
}
