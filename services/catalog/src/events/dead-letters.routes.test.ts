import type { DeadLetter } from "@orrery/common/repositories/dead-letter/dead-letter-repository";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CatalogClient } from "../../test/catalog-client.ts";

const TOKEN = "internal-token-".repeat(3);
const ID = "0197f9a2-0000-7000-8000-000000000001";
const NAME = `/rejected-retries/acme/${ID}`;
const LETTER: DeadLetter = {
  group: "rejected-retries",
  event: {
    id: ID,
    type: "pool.created",
    tenantId: "acme",
    occurredAt: new Date("2026-05-01T00:00:00.123Z"),
    payload: { poolId: "final" },
  },
  detail: "It broke.",
  deliveries: 5,
};

describe("the routes of dead letters", () => {
  let catalog: CatalogClient;
  beforeEach(async () => {
    catalog = await CatalogClient.start({ INTERNAL_TOKENS: TOKEN });
  });
  afterEach(() => catalog.close());

  async function call(method: "GET" | "POST" | "DELETE", path = "", token = TOKEN) {
    const response = await catalog.catalog.app.inject({
      method,
      url: `/internal/v1/events/dead-letters${path}`,
      headers: { authorization: `Bearer ${token}` },
    });
    const body = response.body === "" ? undefined : response.json();
    return { status: response.statusCode, body };
  }
  const bury = (letter = LETTER) => catalog.catalog.internal.letters.bury(letter);

  it("show what no consumer could apply, and why", async () => {
    expect((await call("GET")).body).toEqual({ data: [] });
    await bury();
    const { status, body } = await call("GET", "?limit=1");
    expect(status).toBe(200);
    expect(body.data).toEqual([
      {
        group: "rejected-retries",
        tenantId: "acme",
        eventId: ID,
        type: "pool.created",
        occurredAt: "2026-05-01T00:00:00.123Z",
        payload: { poolId: "final" },
        detail: "It broke.",
        deliveries: 5,
        buriedAt: expect.stringMatching(/Z$/),
      },
    ]);
  });

  it("apply one again, each event once", async () => {
    await bury();
    expect(await call("POST", `${NAME}/replay`)).toEqual({
      status: 200,
      body: { status: "applied" },
    });
    expect((await call("POST", `${NAME}/replay`)).body.code).toBe("event_not_found");
    await bury();
    expect((await call("POST", `${NAME}/replay`)).body).toEqual({ status: "duplicate" });
    expect((await call("GET")).body.data).toEqual([]);
  });

  it("keep one that fails again, and count it", async () => {
    await bury({ ...LETTER, event: { ...LETTER.event, type: "pool.closed" } });
    const { status, body } = await call("POST", `${NAME}/replay`);
    expect([status, body.status]).toEqual([200, "failed"]);
    expect((await call("GET")).body.data).toMatchObject([
      { detail: "the group does not consume pool.closed", deliveries: 6 },
    ]);
  });

  it("keep one that only another release knows", async () => {
    await bury({ ...LETTER, event: { ...LETTER.event, type: "pool.renamed", payload: [1] } });
    expect((await call("POST", `${NAME}/replay`)).body).toEqual({
      status: "failed",
      detail: "pool.renamed is not in the event catalogue",
    });
    expect((await call("GET")).body.data).toMatchObject([
      { type: "pool.renamed", payload: [1], deliveries: 6 },
    ]);
  });

  it("forget one for good", async () => {
    await bury();
    expect((await call("DELETE", NAME)).status).toBe(204);
    expect((await call("DELETE", NAME)).body.code).toBe("event_not_found");
  });

  it.each([
    ["GET", "?limit=0", 400],
    ["GET", "?limit=1001", 400],
    ["POST", `/others/acme/${ID}/replay`, 404],
    ["POST", `/rejected-retries/rival/${ID}/replay`, 404],
    ["POST", `/rejected-retries/a%20b/${ID}/replay`, 400],
    ["DELETE", "/rejected-retries/acme/none", 404],
  ] as const)("refuse %s %s with %i, and change nothing", async (method, path, status) => {
    await bury();
    expect((await call(method, path)).status).toBe(status);
    expect((await call("GET")).body.data).toHaveLength(1);
  });

  it("want the credential of an operator", async () => {
    await bury();
    expect((await call("GET", "", "another-token-".repeat(3))).status).toBe(401);
    expect((await call("DELETE", NAME, "another-token-".repeat(3))).status).toBe(401);
  });
});
