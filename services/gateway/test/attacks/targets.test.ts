import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Attack, startTarget, statusesOf, type Target } from "./target.ts";

interface TargetAttack extends Attack {
  readonly line: string;
  readonly lines?: readonly string[];
  readonly status: number;
}

const NO_WAY_ROUND = "routes that are not the API's";
const ONE_TARGET = "what is authorised is what is called";

const ATTACKS: readonly TargetAttack[] = [
  {
    attack: "a target in absolute form, of another host",
    line: "GET http://169.254.169.254/api/v1/stats HTTP/1.1",
    status: 400,
    defends: "an open proxy to the network behind",
  },
  {
    attack: "a target in absolute form, of an internal route",
    line: "GET http://api.example/internal/v1/store HTTP/1.1",
    status: 400,
    defends: NO_WAY_ROUND,
  },
  {
    attack: "TRACE",
    line: "TRACE /api/v1/stats HTTP/1.1",
    status: 404,
    defends: "credentials and contexts being sent back",
  },
  {
    attack: "a target that is a star",
    line: "OPTIONS * HTTP/1.1",
    status: 400,
    defends: NO_WAY_ROUND,
  },
  {
    attack: "a method in lower case",
    line: "get /api/v1/stats HTTP/1.1",
    status: 400,
    defends: ONE_TARGET,
  },
  {
    attack: "a method that is none",
    line: "STEAL /api/v1/stats HTTP/1.1",
    status: 400,
    defends: ONE_TARGET,
  },
  {
    attack: "another method by override",
    line: "GET /api/v1/tokens HTTP/1.1",
    lines: ["x-http-method-override: POST"],
    status: 404,
    defends: "a scope for reading that writes",
  },
  {
    attack: "dots out of the version",
    line: "GET /api/v1/../../internal/v1/store HTTP/1.1",
    status: 404,
    defends: NO_WAY_ROUND,
  },
  {
    attack: "dots in percent",
    line: "GET /api/v1/%2e%2e/%2e%2e/internal/v1/store HTTP/1.1",
    status: 404,
    defends: NO_WAY_ROUND,
  },
  {
    attack: "slashes in percent",
    line: "GET /api/v1%2finternal%2fv1%2fstore HTTP/1.1",
    status: 404,
    defends: NO_WAY_ROUND,
  },
  {
    attack: "backslashes",
    line: "GET /api/v1\\..\\internal\\v1\\store HTTP/1.1",
    status: 404,
    defends: NO_WAY_ROUND,
  },
  {
    attack: "two slashes",
    line: "GET //internal/v1/store HTTP/1.1",
    status: 404,
    defends: NO_WAY_ROUND,
  },
  {
    attack: "a parameter of a path",
    line: "GET /api/v1/stats;/../internal HTTP/1.1",
    status: 404,
    defends: NO_WAY_ROUND,
  },
  {
    attack: "an internal route",
    line: "POST /internal/v1/events HTTP/1.1",
    status: 404,
    defends: NO_WAY_ROUND,
  },
  {
    attack: "an internal route within the version",
    line: "GET /api/v1/internal/v1/store HTTP/1.1",
    status: 404,
    defends: NO_WAY_ROUND,
  },
  {
    attack: "a route in capitals",
    line: "GET /API/V1/STATS HTTP/1.1",
    status: 404,
    defends: ONE_TARGET,
  },
  {
    attack: "a NUL in the target",
    line: "GET /api/v1/stats\0 HTTP/1.1",
    status: 400,
    defends: ONE_TARGET,
  },
  {
    attack: "a carriage return in the target",
    line: "GET /api/v1/stats\rX: y HTTP/1.1",
    status: 400,
    defends: ONE_TARGET,
  },
  {
    attack: "a blank in the target",
    line: "GET /api/v1/stats x HTTP/1.1",
    status: 400,
    defends: ONE_TARGET,
  },
  {
    attack: "HTTP/0.9",
    line: "GET /api/v1/stats",
    status: 400,
    defends: "an answer without headers",
  },
  {
    attack: "a version of HTTP that is none",
    line: "GET /api/v1/stats HTTP/1.9",
    status: 400,
    defends: ONE_TARGET,
  },
  {
    attack: "two hosts",
    line: "GET /api/v1/stats HTTP/1.1",
    lines: ["host: evil.example"],
    status: 400,
    defends: "links that lead to somebody else",
  },
  {
    attack: "leaving HTTP for a WebSocket",
    line: "GET /api/v1/leaderboard/newest/live HTTP/1.1",
    lines: ["connection: upgrade", "upgrade: websocket", "sec-websocket-key: dGhlIHNhbXBsZQ=="],
    status: 400,
    defends: "bytes that nobody looks at any more",
  },
];

describe("attacks on the target of a request", () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  });
  afterAll(() => target.close());
  beforeEach(() => {
    target.upstream.requests.length = 0;
  });

  it.each(ATTACKS)("$attack: defends $defends", async ({ line, lines = [], status }) => {
    const own = lines.some((text) => text.startsWith("connection:")) ? [] : ["connection: close"];
    const answer = await target.send(target.head(line, ...lines, ...own));
    expect(statusesOf(answer)).toEqual([status]);
    expect(answer).toContain("application/problem+json");
    expect(target.upstream.requests).toEqual([]);
  });

  it("CONNECT to the network behind: defends a tunnel to it", async () => {
    expect(await target.send(target.head("CONNECT 10.0.0.1:5432 HTTP/1.1"))).toBe("");
    expect(target.upstream.requests).toEqual([]);
  });

  it("no host: defends that every request says whom it is for", async () => {
    const answer = await target.send(
      `GET /api/v1/stats HTTP/1.1\r\nx-api-key: ${target.key}\r\n\r\n`,
    );
    expect(statusesOf(answer)).toEqual([400]);
    expect(target.upstream.requests).toEqual([]);
  });

  it("the beginning of HTTP/2: defends a protocol that nobody here speaks", async () => {
    const answer = await target.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    expect(statusesOf(answer)).toEqual([400]);
  });

  it("an upgrade to HTTP/2: defends a tunnel through the gateway", async () => {
    const head = target.head(
      "GET /api/v1/stats HTTP/1.1",
      "connection: upgrade, http2-settings, close",
      "upgrade: h2c",
      "http2-settings: AAMAAABkAAQAAP__",
    );
    expect(statusesOf(await target.send(head))).toEqual([200]);
    const [request] = target.upstream.requests;
    for (const name of ["upgrade", "http2-settings"])
      expect(request?.headers).not.toHaveProperty(name);
  });
});
