import { verifyContext } from "@orrery/common/http/signed-context";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CONTEXT_SECRET } from "../../src/testing/gateway-harness.ts";
import { type Attack, startTarget, statusesOf, type Target } from "./target.ts";

const KEYS = [{ keyId: "k1", secret: CONTEXT_SECRET }];
const WHO = "who is asking";

interface HeaderAttack extends Attack {
  readonly lines: readonly string[];
}

/** Each goes through, and leaves no trace. */
const STRIPPED: readonly HeaderAttack[] = [
  { attack: "a forged context", lines: ["x-orrery-context: forged"], defends: WHO },
  {
    attack: "a forged context twice",
    lines: ["x-orrery-context: forged", "X-Orrery-Context: forged"],
    defends: WHO,
  },
  { attack: "another word of ours", lines: ["X-Orrery-Scopes: forged"], defends: WHO },
  { attack: "an internal word", lines: ["X-Internal-Tenant: forged"], defends: WHO },
  {
    attack: "a context named as the connection's",
    lines: ["x-orrery-context: forged", "connection: close, x-orrery-context"],
    defends: "the gateway's own context being dropped",
  },
  {
    attack: "the gateway's words named as the connection's",
    lines: ["connection: close, x-request-id, x-forwarded-for, content-length"],
    defends: "the gateway's own headers being dropped",
  },
  {
    attack: "a header named as the connection's",
    lines: ["x-secret: forged", "connection: close, X-Secret"],
    defends: "what is meant for this connection only",
  },
  {
    attack: "an address that is not the caller's",
    lines: [
      "x-forwarded-for: forged",
      "x-forwarded-host: forged",
      "x-forwarded-proto: forged",
      "forwarded: for=forged",
    ],
    defends: "limits by address, and links",
  },
  { attack: "an id that breaks a log", lines: ['x-request-id: forged"}'], defends: "the log" },
  {
    attack: "an id that is endless",
    lines: [`x-request-id: forged${"x".repeat(500)}`],
    defends: "the log",
  },
  {
    attack: "a credential for a proxy",
    lines: ["proxy-authorization: Basic forged"],
    defends: "credentials of other hops",
  },
  {
    attack: "trailers that are asked for",
    lines: ["te: trailers, forged"],
    defends: "what is meant for this connection only",
  },
];

describe("attacks on who is asking", () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  });
  afterAll(() => target.close());
  beforeEach(() => {
    target.upstream.requests.length = 0;
  });

  it.each(STRIPPED)("$attack: defends $defends", async ({ lines }) => {
    const own = lines.some((text) => text.startsWith("connection:")) ? [] : ["connection: close"];
    const answer = await target.send(target.head("GET /api/v1/stats HTTP/1.1", ...lines, ...own));
    expect(statusesOf(answer)).toEqual([200]);
    const [request] = target.upstream.requests;
    expect(request?.rawHeaders.join("\n")).not.toContain("forged");
    expect(request?.rawHeaders.join("\n")).not.toContain(target.key);
    const context = String(request?.headers["x-orrery-context"]);
    expect(verifyContext(context, "catalog", KEYS)).toMatchObject({ tenantId: "acme" });
    expect(request?.headers).toMatchObject({
      "x-forwarded-for": "127.0.0.1",
      "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it.each<HeaderAttack>([
    { attack: "a bare tenant", lines: ["x-tenant-id: acme"], defends: WHO },
    { attack: "a forged context and nothing else", lines: ["x-orrery-context: a.b"], defends: WHO },
    { attack: "an empty key", lines: ["x-api-key:"], defends: WHO },
    { attack: "a key with a line of another", lines: ["x-api-key: ork_test_\x01"], defends: WHO },
    {
      attack: "a token that nobody signed",
      lines: [
        "authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwidGVuYW50X2lkIjoiYWNtZSJ9.",
      ],
      defends: WHO,
    },
    {
      attack: "a token of a megabyte's kind",
      lines: [`authorization: Bearer ${"a".repeat(9_000)}.b.c`],
      defends: "time spent on refusing",
    },
  ])("$attack, without a credential: defends $defends", async ({ lines }) => {
    const head = ["GET /api/v1/stats HTTP/1.1", "host: a", "connection: close", ...lines, "", ""];
    const [status] = statusesOf(await target.send(head.join("\r\n")));
    expect([400, 401]).toContain(status);
    expect(target.upstream.requests).toEqual([]);
  });

  it.each<HeaderAttack>([
    { attack: "another tenant", lines: ["x-tenant-id: globex"], defends: "another tenant's data" },
    {
      attack: "two tenants",
      lines: ["x-tenant-id: acme", "x-tenant-id: globex"],
      defends: "another tenant's data",
    },
    { attack: "a second key", lines: ["x-api-key: ork_test_x"], defends: WHO },
    { attack: "a token beside the key", lines: ["authorization: Bearer a.b.c"], defends: WHO },
  ])("$attack, beside a good key: defends $defends", async ({ lines }) => {
    const head = target.head("GET /api/v1/stats HTTP/1.1", ...lines, "connection: close");
    const [status] = statusesOf(await target.send(head));
    expect([400, 401, 403]).toContain(status);
    expect(target.upstream.requests).toEqual([]);
  });
});
