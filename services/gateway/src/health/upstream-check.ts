import type { HealthCheck, HealthState } from "@orrery/common/contracts/health";
import type { Upstream } from "../proxy/upstream/upstream.ts";

/** What billing knows of the chain is of interest to whoever asks the gateway. */
const REPEATED = ["soroban_rpc", "horizon"];
const STATES: readonly string[] = ["ok", "degraded", "down"] satisfies HealthState[];

const TIMEOUT_MS = 2_000;
const DEGRADED_MS = 1_500;

/**
 * Whether a service answers `/health`, and how. Without one of the services the gateway still serves
 * the other; without all of them it is down.
 */
export function upstreamCheck(upstream: Upstream): HealthCheck {
  const { audience: service } = upstream;
  let repeated: Record<string, HealthState> = {};
  return {
    name: service,
    isRequired: false,
    group: "upstreams",
    timeoutMs: TIMEOUT_MS,
    degradedAboveMs: DEGRADED_MS,
    async probe(signal) {
      repeated = {};
      // Of whichever instance the next call would go to.
      const lane = upstream.pick("calls");
      if (lane === undefined) return "down";
      const { statusCode, body } = await lane.dispatcher.request({
        path: "/health",
        method: "GET",
        signal,
      });
      const report = (await body.json()) as HealthAnswer;
      if (service === "billing") repeated = readRepeated(report);
      if (statusCode !== 200) return "down";
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
