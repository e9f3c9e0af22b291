import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Clock, systemClock } from "../contracts/clock.ts";
import type { HealthCheck, HealthState } from "../contracts/health.ts";
import { outsideRequest } from "../observability/database/query-tally.ts";

export interface HealthReport {
  status: HealthState;
  version: string;
  timestamp: string;
  checks: Record<string, HealthState>;
}

/** Results are shared this long, so that probes cannot be used to load a dependency. */
const SHARED_MS = 1_000;

/**
 * Runs the checks side by side, each within its own bound, and shares one run among all who ask
 * within a second.
 */
export class Health {
  readonly #checks: readonly HealthCheck[];
  readonly #version: string;
  readonly #clock: Clock;
  readonly #onChecked: ((component: string, seconds: number) => void)[] = [];
  readonly #onAnswered: ((status: HealthState) => void)[] = [];
  #shared: { atMs: number; isRunning: boolean; report: Promise<HealthReport> } | undefined;
  #isDraining = false;
  #isStarted = false;

  constructor(checks: readonly HealthCheck[], version: string, clock: Clock = systemClock) {
    this.#checks = checks;
    this.#version = version;
    this.#clock = clock;
  }

  /** From now on `/readyz` is 503, so that load balancers send nothing new. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Migrations were checked: `/startupz` is 200 from now on. */
  markStarted(): void {
    this.#isStarted = true;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Told of each check that was run, and how long it took or was waited for. */
  onChecked(listener: (component: string, seconds: number) => void): void {
    this.#onChecked.push(listener);
  }

  /** Told of each answer that a health route gave. */
  onAnswered(listener: (status: HealthState) => void): void {
    this.#onAnswered.push(listener);
  }

  async report(): Promise<HealthReport> {
    const nowMs = this.#clock();
    const shared = this.#shared;
    // A run that takes longer than it is shared for is not joined by another on the same dependency.
    if (shared !== undefined && (shared.isRunning || nowMs - shared.atMs < SHARED_MS)) {
      return shared.report;
    }
    const run = { atMs: nowMs, isRunning: true, report: outsideRequest(() => this.#run()) };
    this.#shared = run;
    const end = () => {
      run.isRunning = false;
    };
    run.report.then(end, end);
    return run.report;
  }

  /** The handler of a health route: 503 when the service is down. */
  readonly answer = async (_request: FastifyRequest, reply: FastifyReply) => {
    const report = await this.report();
    for (const listener of this.#onAnswered) listener(report.status);
    return reply.code(report.status === "down" ? 503 : 200).send(report);
  };

  async isReady(): Promise<boolean> {
    if (this.#isDraining || !this.#isStarted) return false;
    const { checks } = await this.report();
    return this.#required.every((name) => checks[name] !== "down");
  }

  get #required(): string[] {
    return this.#checks.filter((check) => check.isRequired).map((check) => check.name);
  }

  get #groups(): string[][] {
    const groups = new Map<string, string[]>();
    for (const { name, group } of this.#checks) {
      if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), name]);
    }
    return [...groups.values()];
  }

  async #run(): Promise<HealthReport> {
    const states = await Promise.all(
      this.#checks.map(async (check) => ({ check, state: await this.#runOne(check) })),
    );
    const checks: Record<string, HealthState> = { api: "ok" };
    for (const { check, state } of states) {
      checks[check.name] = state;
      Object.assign(checks, check.repeated?.());
    }
    const isDown =
      this.#required.some((name) => checks[name] === "down") ||
      this.#groups.some((names) => names.every((name) => checks[name] === "down"));
    const isDegraded = Object.values(checks).some((state) => state !== "ok");
    return {
      status: isDown ? "down" : isDegraded ? "degraded" : "ok",
      version: this.#version,
      timestamp: new Date(this.#clock()).toISOString(),
      checks,
    };
  }

  async #runOne(check: HealthCheck): Promise<HealthState> {
    const startedMs = this.#clock();
    const aborted = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<HealthState>((resolve) => {
      timer = setTimeout(() => resolve("down"), check.timeoutMs);
    });
    try {
      const state = await Promise.race([check.probe(aborted.signal), bound]);
      const isSlow = this.#clock() - startedMs > check.degradedAboveMs;
      return state === "ok" && isSlow ? "degraded" : state;
    } catch {
      return "down";
    } finally {
      clearTimeout(timer);
      aborted.abort();
      const seconds = Math.max(0, this.#clock() - startedMs) / 1_000;
      for (const listener of this.#onChecked) listener(check.name, seconds);
    }
  }
}

/** Mounts the probes; none of them wants a credential. */
export function registerHealthRoutes(app: FastifyInstance, health: Health): void {
  const options = { logLevel: "warn" } as const;
  app.get("/livez", options, () => ({ status: "ok" }));
  app.get("/startupz", options, (_request, reply) =>
    reply.code(health.isStarted ? 200 : 503).send({ status: health.isStarted ? "ok" : "starting" }),
  );
  app.get("/readyz", options, async (_request, reply) => {
    const isReady = await health.isReady();
    return reply
      .code(isReady ? 200 : 503)
      .send({ status: isReady ? "ok" : health.isDraining ? "draining" : "not_ready" });
  });
  app.get("/health", options, health.answer);
}
