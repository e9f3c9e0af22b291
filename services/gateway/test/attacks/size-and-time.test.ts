import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Attack, startTarget, statusesOf, type Target } from "./target.ts";

const MIB = 1_024 * 1_024;

interface LargeAttack extends Attack {
  readonly lines: readonly string[];
  readonly body?: string;
  readonly status: number;
}

const LARGE: readonly LargeAttack[] = [
  {
    attack: "one header of 17 KiB",
    lines: [`x-large: ${"x".repeat(17_000)}`],
    status: 431,
    defends: "memory",
  },
  {
    attack: "101 headers",
    lines: Array.from({ length: 101 }, (_, index) => `x-${index}: y`),
    status: 431,
    defends: "time spent on each header",
  },
  {
    attack: "more headers than the parser keeps",
    lines: [...Array.from({ length: 2_100 }, () => "x:"), "x-orrery-context: forged"],
    status: 431,
    defends: "headers that nobody looks at",
  },
  {
    attack: "a body that announces more than its route takes",
    lines: [`content-length: ${256 * 1_024 + 1}`],
    status: 413,
    defends: "memory, and the services",
  },
  {
    attack: "a body that announces a terabyte",
    lines: ["content-length: 1099511627776"],
    status: 413,
    defends: "connections held for a body that nobody wants",
  },
  {
    attack: "a body in chunks that grows past what its route takes",
    lines: ["transfer-encoding: chunked"],
    body: `${(256 * 1_024 + 1).toString(16)}\r\n${"x".repeat(256 * 1_024 + 1)}\r\n0\r\n\r\n`,
    status: 413,
    defends: "memory, and the services",
  },
  {
    attack: "a chunk extension of 64 KiB",
    lines: ["transfer-encoding: chunked"],
    body: `1;${"x".repeat(64 * 1_024)}\r\nx\r\n0\r\n\r\n`,
    status: 400,
    defends: "bytes that no limit counts",
  },
];

describe("attacks by size", () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  });
  afterAll(() => target.close());
  beforeEach(() => {
    target.upstream.requests.length = 0;
  });

  it.each(LARGE)("$attack: defends $defends", async ({ lines, body = "", status }) => {
    const head = target.head("POST /api/v1/tokens HTTP/1.1", ...lines, "connection: close");
    const answer = await target.send(head + body);
    expect(statusesOf(answer)).toEqual([status]);
    expect(answer).toContain("application/problem+json");
    expect(target.upstream.requests.filter(({ complete }) => complete)).toEqual([]);
  });

  it("entries in chunks past their limit: defends the connection, which goes on", async () => {
    const size = 300 * 1_024;
    const answer = await target.send(
      [
        target.head(
          "POST /api/v1/billing/deduct/bulk HTTP/1.1",
          "content-type: application/json",
          "transfer-encoding: chunked",
        ),
        `${size.toString(16)}\r\n${"x".repeat(size)}\r\n0\r\n\r\n`,
        target.head("GET /api/v1/stats HTTP/1.1", "connection: close"),
      ].join(""),
    );
    expect(statusesOf(answer)).toEqual([413, 200]);
  });

  it.each(["/tokens", "/billing/deduct/bulk"])(
    "a body that never ends, after its refusal by %s: defends the connection being held",
    async (path) => {
      const socket = connect(target.gateway.port, "127.0.0.1");
      socket.on("error", () => undefined);
      const head = target.head(
        `POST /api/v1${path} HTTP/1.1`,
        "content-type: application/json",
        "transfer-encoding: chunked",
      );
      const chunk = `${(64 * 1_024).toString(16)}\r\n${"x".repeat(64 * 1_024)}\r\n`;
      let sentBytes = 0;
      socket.write(head);
      await new Promise<void>((resolve) => {
        socket.on("close", () => resolve());
        const more = () => {
          if (!socket.writable) return;
          sentBytes += chunk.length;
          // In a turn of its own: a write that fails or succeeds at once must not starve the gateway.
          socket.write(chunk, () => setImmediate(more));
        };
        more();
        socket.resume();
      });
      expect(sentBytes).toBeLessThan(64 * MIB);
    },
  );
});

describe("attacks by time", () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
    // What takes seconds in earnest; read anew at each look.
    const { server } = target.gateway.gateway.app;
    server.headersTimeout = 100;
    server.requestTimeout = 200;
  });
  afterAll(() => target.close());

  // Side by side: each waits for the same look at the clock.
  it.concurrent.each([
    {
      attack: "headers that never end (slow loris)",
      bytes: "GET /api/v1/stats HTTP/1.1\r\nhost: a\r\nx-a",
      status: [408],
      defends: "connections",
    },
    { attack: "a connection that says nothing", bytes: "", status: [408], defends: "connections" },
    {
      attack: "a body that never comes",
      bytes:
        "POST /api/v1/tokens HTTP/1.1\r\nhost: a\r\nx-api-key: KEY\r\ncontent-length: 10\r\n\r\nx",
      status: [408],
      defends: "connections, and the services, who hear nothing of it",
    },
  ])("$attack: defends $defends", async ({ bytes, status }) => {
    const answer = await target.send(bytes.replace("KEY", target.key));
    expect(statusesOf(answer)).toEqual(status);
    expect(target.upstream.requests).toEqual([]);
  });
});
