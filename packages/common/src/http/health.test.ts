import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import type { HealthCheck, HealthState } from "../contracts/health.ts";
import { registerHealthMetrics } from "../observability/health-metrics.ts";
import { createRegistry } from "../observability/metrics.ts";
import { Health, registerHealthRoutes } from "./health.ts";

function check(name: string, probe: HealthCheck["probe"], isRequired = false): HealthCheck {
  return { name, probe, isRequired, timeoutMs: 20, degradedAboveMs: 10_000 };
}

const answers =
  (state: HealthState): HealthCheck["probe"] =>
  async () =>
    state;

const hangs: HealthCheck["probe"] = (signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")));
  });

describe("Health", () => {
  it("is down when a required check is, degraded when another is, else ok", async () => {
    const report = async (required: HealthState, other: HealthState) => {
      const checks = [check("database", answers(required), true), check("redis", answers(other))];
      return (await new Health(checks, "1").report()).status;
    };
    expect(await report("ok", "ok")).toBe("ok");
    expect(await report("ok", "down")).toBe("degraded");
    expect(await report("degraded", "ok")).toBe("degraded");
    expect(await report("down", "ok")).toBe("down");
  });

  it("calls a check down that hangs or throws, and aborts it", async () => {
    let isAborted = false;
    const hanging: HealthCheck["probe"] = (signal) => {
      signal.addEventListener("abort", () => {
        isAborted = true;
      });
      return hangs(signal);
    };
    const health = new Health(
      [
        check("slow", hanging),
        check("broken", () => Promise.reject(new Error("secret-host refused"))),
      ],
      "1",
    );
    const report = await health.report();
    expect(report.checks).toEqual({ api: "ok", slow: "down", broken: "down" });
    expect(isAborted).toBe(true);
    expect(JSON.stringify(report)).not.toContain("secret-host");
  });

  it("shares one run for a second, however many ask", async () => {
    let nowMs = 1_000_000;
    let runs = 0;
    const counting: HealthCheck["probe"] = async () => {
      runs += 1;
      return "ok";
    };
    const health = new Health([check("database", counting)], "1", () => nowMs);
    await Promise.all(Array.from({ length: 100 }, () => health.report()));
    nowMs += 999;
    await health.report();
    expect(runs).toBe(1);
    nowMs += 1;
    await health.report();
    expect(runs).toBe(2);
  });

  it("joins a run that takes longer than it is shared for, instead of asking again", async () => {
    let nowMs = 0;
    let runs = 0;
    const { promise, resolve } = Promise.withResolvers<HealthState>();
    const slow: HealthCheck = {
      ...check("database", () => {
        runs += 1;
        return promise;
      }),
      timeoutMs: 60_000,
    };
    const health = new Health([slow], "1", () => nowMs);
    const first = health.report();
    nowMs = 5_000;
    const second = health.report();
    resolve("ok");
    expect(await second).toBe(await first);
    expect(runs).toBe(1);
    await health.report();
    expect(runs).toBe(2);
  });

  it("tells of each check with its time, and of each answer", async () => {
    let nowMs = 0;
    const told: unknown[] = [];
    const checks = [
      check("database", answers("ok"), true),
      check("redis", () => Promise.reject(new Error("away"))),
    ];
    const health = new Health(checks, "1", () => (nowMs += 1));
    health.onChecked((component, seconds) => told.push([component, seconds > 0]));
    health.onAnswered((status) => told.push(status));
    const app = Fastify();
    registerHealthRoutes(app, health);
    await app.inject("/readyz");
    health.markStarted();
    await app.inject("/readyz");
    await app.inject("/health");
    expect(told).toEqual([["database", true], ["redis", true], "degraded"]);
  });

  it("shows its components as metrics, true at every scrape though nobody else asks", async () => {
    let nowMs = 0;
    let state: HealthState = "ok";
    const registry = createRegistry();
    const health = new Health(
      [check("database", async () => state, true)],
      "1",
      () => (nowMs += 2_000),
    );
    registerHealthMetrics(registry, health);
    const scraped = async () => (await registry.metrics()).split("\n");
    expect(await scraped()).toEqual(
      expect.arrayContaining([
        'health_check_status{component="api"} 1',
        'health_check_status{component="database"} 1',
        'health_responses_total{status="ok"} 0',
      ]),
    );
    state = "degraded";
    expect(await scraped()).toContain('health_check_status{component="database"} 0.5');
    state = "down";
    expect(await scraped()).toContain('health_check_status{component="database"} 0');
    const app = Fastify();
    registerHealthRoutes(app, health);
    await app.inject("/health");
    const lines = await scraped();
    expect(lines).toContain('health_responses_total{status="down"} 1');
    expect(lines.join("\n")).toMatch(
      /^health_check_duration_seconds_count\{component="database"\} [1-9]/m,
    );
  });

  it("is degraded while one of those that stand in for one another is away, down when all are", async () => {
    const statusOf = async (first: HealthState, second: HealthState) => {
      const group = "upstreams";
      const checks = [
        { ...check("billing", answers(first)), group },
        { ...check("catalog", answers(second)), group },
      ];
      return (await new Health(checks, "1").report()).status;
    };
    expect(await statusOf("ok", "ok")).toBe("ok");
    expect(await statusOf("down", "ok")).toBe("degraded");
    expect(await statusOf("down", "down")).toBe("down");
  });

  it("repeats what a dependency says of its own dependencies", async () => {
    const billing: HealthCheck = {
      ...check("billing", answers("ok")),
      repeated: () => ({ soroban_rpc: "degraded" }),
    };
    expect(await new Health([billing], "1").report()).toMatchObject({
      status: "degraded",
      checks: { api: "ok", billing: "ok", soroban_rpc: "degraded" },
    });
  });

  it("is ready after the start, while what it needs answers, until it drains", async () => {
    let nowMs = 0;
    let state: HealthState = "ok";
    const health = new Health(
      [check("database", async () => state, true), check("redis", answers("down"))],
      "1",
      () => (nowMs += 2_000),
    );
    expect(await health.isReady()).toBe(false);
    health.markStarted();
    expect(await health.isReady()).toBe(true);
    state = "down";
    expect(await health.isReady()).toBe(false);
    state = "ok";
    health.drain();
    expect(await health.isReady()).toBe(false);
  });

  it("calls a required check degraded when it is slow", async () => {
    let nowMs = 0;
    const slow: HealthCheck = {
      ...check("database", async () => "ok", true),
      degradedAboveMs: 1_000,
    };
    const report = await new Health([slow], "1", () => (nowMs += 1_500)).report();
    expect(report.checks["database"]).toBe("degraded");
    expect(report.status).toBe("degraded");
  });

  it("tells over HTTP whether it has started, is ready, drains, and how it is", async () => {
    let nowMs = 0;
    let state: HealthState = "ok";
    const health = new Health(
      [check("database", async () => state, true)],
      "1",
      () => (nowMs += 2_000),
    );
    const app = Fastify();
    registerHealthRoutes(app, health);
    const ask = async (url: string) => {
      const response = await app.inject(url);
      return [response.statusCode, response.json<{ status: string }>().status];
    };
    expect(await ask("/livez")).toEqual([200, "ok"]);
    expect(await ask("/startupz")).toEqual([503, "starting"]);
    expect(await ask("/readyz")).toEqual([503, "not_ready"]);
    health.markStarted();
    expect(await ask("/startupz")).toEqual([200, "ok"]);
    expect(await ask("/readyz")).toEqual([200, "ok"]);
    expect(await ask("/health")).toEqual([200, "ok"]);
    state = "down";
    expect(await ask("/health")).toEqual([503, "down"]);
    health.drain();
    expect(await ask("/readyz")).toEqual([503, "draining"]);
    expect(await ask("/livez")).toEqual([200, "ok"]);
  });
});
