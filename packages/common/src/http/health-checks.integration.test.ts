import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { HealthCheck } from "../contracts/health.ts";
import { Health } from "./health.ts";
import { httpCheck, sorobanRpcCheck } from "./health-checks.ts";

/** Far above what a busy machine takes to answer. */
const PATIENT_MS = 20_000;
/** For what never answers. */
const IMPATIENT_MS = 100;

let server: Server | undefined;

/** The address of a server that answers as told, for one test. */
async function serve(answer: RequestListener): Promise<string> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => {
    listening.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => {
    if (server === undefined) resolve(undefined);
    else server.close(resolve);
  });
  server = undefined;
});

async function stateOf(check: HealthCheck): Promise<string | undefined> {
  // Its clock stands still: how long a busy machine takes says nothing here.
  return (await new Health([check], "1", () => 0).report()).checks[check.name];
}

const json =
  (body: string, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  };

describe("sorobanRpcCheck", () => {
  it.each([
    ["ok", "says that it is healthy", json('{"result":{"status":"healthy"}}')],
    ["degraded", "says something else", json('{"result":{"status":"syncing"}}')],
    ["degraded", "answers with a JSON-RPC error", json('{"error":{"code":-32603,"message":"x"}}')],
    ["degraded", "answers 500", json('{"result":{"status":"healthy"}}', 500)],
    ["degraded", "answers no JSON", json("<html>")],
    ["degraded", "answers null", json("null")],
    ["degraded", "answers nothing", (_request, response) => response.writeHead(204).end()],
    ["degraded", "answers nothing", (_request, response) => response.writeHead(204).end()],
    ["degraded", "answers far too much", json(JSON.stringify({ pad: "x".repeat(70_000) }))],
  ])("is %s when the RPC %s", async (state, _case, answer) => {
    expect(await stateOf(sorobanRpcCheck(await serve(answer), PATIENT_MS))).toBe(state);
  });

  it("is down when the RPC does not answer in time", async () => {
    expect(await stateOf(sorobanRpcCheck(await serve(() => {}), IMPATIENT_MS))).toBe("down");
  });

  it("is down when nothing listens", async () => {
    expect(await stateOf(sorobanRpcCheck("http://127.0.0.1:1", PATIENT_MS))).toBe("down");
  });

  it("asks for the health, once per report", async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      request.on("data", (chunk: Buffer) => asked.push(chunk.toString()));
      request.on("end", () => response.end('{"result":{"status":"healthy"}}'));
    });
    const health = new Health([sorobanRpcCheck(url, PATIENT_MS)], "1");
    await Promise.all([health.report(), health.report()]);
    expect(asked.map((body) => JSON.parse(body) as unknown)).toEqual([
      { jsonrpc: "2.0", id: 1, method: "getHealth" },
    ]);
  });
});

describe("httpCheck", () => {
  it.each([
    ["ok", 200],
    ["ok", 204],
    ["degraded", 404],
    ["degraded", 503],
  ])("is %s on a %i", async (state, status) => {
    const url = await serve((_request, response) => response.writeHead(status).end());
    expect(await stateOf(httpCheck("horizon", url, PATIENT_MS))).toBe(state);
  });

  it("is down when it does not answer in time", async () => {
    expect(await stateOf(httpCheck("horizon", await serve(() => {}), IMPATIENT_MS))).toBe("down");
  });
});
