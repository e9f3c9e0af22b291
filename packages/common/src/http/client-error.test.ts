import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Health } from "./health.ts";
import { createServiceApp, type ServiceApp } from "./service-app.ts";

describe("what is not HTTP enough to be a request", () => {
  let app: ServiceApp;
  let port: number;
  beforeEach(async () => {
    const health = new Health([], "1");
    app = createServiceApp({ service: "test", logLevel: "silent", health, registry: undefined });
    app.get("/begun", (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200);
      reply.raw.write("first part");
    });
    port = Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
  });
  afterEach(() => app.close());

  it.each([
    ["broken framing", "NONSENSE\r\n\r\n", 400, "invalid_request"],
    [
      "headers that are too large",
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(20_000)}\r\n\r\n`,
      431,
      "headers_too_large",
    ],
  ])("is answered as a problem: %s", async (_what, bytes, status, code) => {
    const [head = "", body = ""] = (await send(port, bytes)).split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain("application/problem+json");
    expect(head).toContain("connection: close");
    const problem = JSON.parse(body) as { requestId: string };
    expect(problem).toMatchObject({ status, code });
    expect(head).toContain(`x-request-id: ${problem.requestId}`);
  });

  it("is never answered within an answer that has begun", async () => {
    const received = await send(port, "GET /begun HTTP/1.1\r\nhost: a\r\n\r\n", "NONSENSE\r\n\r\n");
    expect(received).toContain("first part");
    expect(received).not.toContain("problem");
  });
});

/** Sends `bytes`, then `more` once an answer has begun; gives all that came until the end. */
function send(port: number, bytes: string, more?: string): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setEncoding("utf8");
    socket.once("data", () => {
      if (more !== undefined) socket.write(more);
    });
    socket.on("data", (chunk: string) => {
      received += chunk;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(received));
  });
}
