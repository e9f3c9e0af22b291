export type HealthState = "ok" | "degraded" | "down";

/** One dependency: resolves when it answers, rejects when it does not; `signal` ends it at the bound. */
export interface HealthCheck {
  readonly name: string;
  /** Slower than this is `degraded`. */
  readonly degradedAboveMs: number;
  /** Slower than this is `down`. */
  readonly timeoutMs: number;
  /** Without it the service cannot serve: it counts for `/readyz` and turns `/health` to 503. */
  readonly isRequired: boolean;
  /** Checks that stand in for one another: the service is down when all of a group are. */
  readonly group?: string;
  probe(signal: AbortSignal): Promise<HealthState>;
  /** What the dependency said of its own dependencies when it was last probed. */
  repeated?(): Readonly<Record<string, HealthState>>;
}
