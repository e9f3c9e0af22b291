import { Type } from "typebox";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProblemError } from "../contracts/errors.ts";
import { createRegistry } from "../observability/metrics.ts";
import { Health } from "./health.ts";
import { createServiceApp, type ServiceApp } from "./service-app.ts";

describe("createServiceApp", () => {
  let app: ServiceApp;
  let lines: string[];

  beforeEach(async () => {
    lines = [];
    const health = new Health([], "1.2.3");
    health.markStarted();
    app = createServiceApp({
      service: "test",
      logLevel: "info",
      health,
      registry: createRegistry(),
      logStream: { write: (line) => lines.push(line) },
    });
    app.register(async (routes: ServiceApp) => {
      routes.route({
        method: "POST",
        url: "/things/:id",
        schema: {
          params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
          querystring: Type.Object(
            { limit: Type.Integer({ default: 20, maximum: 100 }) },
            { additionalProperties: false },
          ),
          body: Type.Object({ name: Type.String() }, { additionalProperties: false }),
        },
        handler: async (request) => ({
          id: request.params.id,
          limit: request.query.limit,
          name: request.body.name,
        }),
      });
      routes.get("/broken", async () => {
        throw new Error("password=hunter22 at 10.0.0.7");
      });
      routes.get("/refused", async () => {
        throw new ProblemError("deduction_rejected", "No.", { extensions: { contractError: 4 } });
      });
    });
    await app.ready();
  });

  afterEach(() => app.close());

  const post = (url: string, payload: unknown, headers: Record<string, string> = {}) =>
    app.inject({ method: "POST", url, payload: payload as object, headers });

  it("hands typed path, query and body to the handler", async () => {
    const response = await post("/things/7?limit=5", { name: "x" });
    expect(response.json()).toEqual({ id: 7, limit: 5, name: "x" });
    expect((await post("/things/7", { name: "x" })).json().limit).toBe(20);
  });

  it.each([
    ["/things/7", { name: 1 }, "#/name", undefined],
    ["/things/7", { name: "x", more: 1 }, "#/more", undefined],
    ["/things/7", {}, "#/name", undefined],
    ["/things/7?limit=1.5", { name: "x" }, "#/limit", "query"],
    ["/things/7?limit=", { name: "x" }, "#/limit", "query"],
    ["/things/7?page=1", { name: "x" }, "#/page", "query"],
    ["/things/0", { name: "x" }, "#/id", "params"],
    ["/things/abc", { name: "x" }, "#/id", "params"],
  ])("answers %s %j with a pointer to the fault", async (url, body, pointer, part) => {
    const response = await post(url, body);
    expect(response.statusCode).toBe(400);
    expect(response.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    const problem = response.json();
    expect(problem).toMatchObject({
      type: "urn:orrery:problem:invalid_request",
      code: "invalid_request",
      status: 400,
      requestId: response.headers["x-request-id"],
    });
    expect(problem.instance).toBe(url.split("?")[0]);
    expect(problem.errors).toContainEqual(
      expect.objectContaining({ pointer, ...(part === undefined ? {} : { in: part }) }),
    );
  });

  it.each([
    ["no JSON", "{", "application/json", 400, "malformed_json"],
    ["no body", "", "application/json", 400, "malformed_json"],
    ["another type", "name=x", "text/plain", 415, "unsupported_media_type"],
    ["too much", `"${"x".repeat(300_000)}"`, "application/json", 413, "payload_too_large"],
    ["a poisoned prototype", '{"__proto__":{"a":1}}', "application/json", 400, "malformed_json"],
  ])("refuses %s", async (_name, payload, contentType, status, code) => {
    const response = await app.inject({
      method: "POST",
      url: "/things/7",
      payload,
      headers: { "content-type": contentType },
    });
    expect(response.statusCode).toBe(status);
    expect(response.json().code).toBe(code);
  });

  it("says nothing of its inside in a 500, and everything in the log", async () => {
    const response = await app.inject("/broken");
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain("hunter22");
    expect(response.json().code).toBe("internal_error");
    expect(lines.join("")).toContain("10.0.0.7");
  });

  it("keeps what an error adds to its document", async () => {
    expect((await app.inject("/refused")).json()).toMatchObject({
      status: 502,
      code: "deduction_rejected",
      contractError: 4,
    });
  });

  it("answers an unknown route with a problem", async () => {
    const response = await app.inject("/nowhere");
    expect(response.statusCode).toBe(404);
    expect(response.json().code).toBe("route_not_found");
  });

  it("keeps a harmless request id and replaces any other", async () => {
    const idOf = async (given: string) =>
      (await app.inject({ url: "/nowhere", headers: { "x-request-id": given } })).headers[
        "x-request-id"
      ];
    expect(await idOf("trace-1.2:3")).toBe("trace-1.2:3");
    expect(await idOf('"><script>')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf("x".repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("logs one line per request with the route's template, never its URL or secrets", async () => {
    await post("/things/7?limit=5", { name: "hunter22" }, { authorization: "Bearer hunter22" });
    const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "request");
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ route: "/things/:id", method: "POST", statusCode: 200 });
    expect(lines.join("")).not.toContain("hunter22");
  });

  it("serves probes, health and metrics without a credential", async () => {
    for (const url of ["/livez", "/readyz", "/startupz", "/health", "/metrics"]) {
      expect((await app.inject(url)).statusCode, url).toBe(200);
    }
    expect((await app.inject("/health")).json()).toMatchObject({
      status: "ok",
      version: "1.2.3",
      checks: { api: "ok" },
    });
  });

  it("counts requests by route template", async () => {
    await post("/things/7", { name: "x" });
    await post("/things/8", { name: "x" });
    const { body } = await app.inject("/metrics");
    expect(body).toMatch(
      /http_request_duration_seconds_count\{[^}]*route="\/things\/:id"[^}]*\} 2/,
    );
    expect(body).not.toContain("/things/7");
  });
});
