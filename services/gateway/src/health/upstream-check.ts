import type { HealthCheck, HealthState } from "@orrery/common/contracts/health";
import type { Audience } from "@orrery/common/contracts/request-context";

/** What billing knows of the chain is of interest to whoever asks the gateway. */
const REPEATED = ["soroban_rpc", "horizon"];
const STATES: readonly string[] = ["ok", "degraded", "down"] satisfies HealthState[];

const TIMEOUT_MS = 2_000;
const DEGRADED_MS = 1_500;

/**
 * Whether a service answers `/health`, and how. Without one of the services the gateway still serves
 * the other; without all of them it is down.
 */
export function upstreamCheck(service: Audience, origin: string): HealthCheck {
  let repeated: Record<string, HealthState> = {};
  return {
    name: service,
    isRequired: false,
    group: "upstreams",
    timeoutMs: TIMEOUT_MS,
    degradedAboveMs: DEGRADED_MS,
    async probe(signal) {
      repeated = {};
      const response = await fetch(`${origin}/health`, { signal, redirect: "error" });
      const report = (await response.json()) as HealthAnswer;
      if (service === "billing") repeated = readRepeated(report);
      if (!response.ok) return "down";
      return isState(report?.status) ? report.status : "degraded";
    },
    repeated: () => repeated,
  };
}

type HealthAnswer = { status?: unknown; checks?: Record<string, unknown> } | null;

function readRepeated(report: HealthAnswer): Record<string, HealthState> {
  const entries = REPEATED.map((name) => [name, report?.checks?.[name]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, HealthState] => isState(entry[1])),
  );
}

function isState(value: unknown): value is HealthState {
  return typeof value === "string" && STATES.includes(value);
}
