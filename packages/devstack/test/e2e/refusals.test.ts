import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consumerOf, startTestStack, type TestStack } from "./test-stack.ts";

/** A body that every route with a body refuses at its root: a field that none of them knows. */
const UNKNOWN_FIELD = { thisFieldIsUnknown: true };

const ROUTES_WITH_A_BODY: readonly [method: string, path: string][] = [
  ["POST", "/billing/deduct"],
  ["PUT", "/billing/vaults/alice"],
  ["PUT", "/billing/apis/weather-api"],
  ["POST", "/tokens"],
  ["POST", "/tokens/any/burns"],
  ["POST", "/pools"],
  ["POST", "/pools/any/predictions"],
];

describe("what the gateway refuses", () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack();
  });
  afterAll(() => stack?.stop());

  it.each(ROUTES_WITH_A_BODY)("%s %s answers bad input with pointers", async (method, path) => {
    const { client } = consumerOf(stack.demo());
    const { status, body } = await client.call(method, path, UNKNOWN_FIELD);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      status: 400,
      code: expect.stringMatching(/^[a-z_]+$/),
      requestId: expect.any(String),
      errors: expect.arrayContaining([
        { pointer: expect.stringMatching(/^#?(\/|$)/), detail: expect.any(String) },
      ]),
    });
  });

  it("stores nothing of a refused deduction", async () => {
    const acme = consumerOf(stack.demo());
    const before = await acme.balanceStroops();
    for (const amountUsdc of ["0", "-1", "1e3", "1.00000001", "922337203685.4775808"]) {
      expect((await acme.deduct("refused-1", amountUsdc)).status).toBe(400);
    }
    expect((await acme.client.call("GET", "/billing/request/refused-1")).status).toBe(404);
    expect(await acme.balanceStroops()).toBe(before);
  });

  it("is every call without a credential, or with a bad one", async () => {
    const { gatewayUrl, billingUrl, catalogUrl } = stack.demo();
    const path = "/api/v1/billing/balance/alice";
    for (const headers of [{}, { "x-api-key": "ork_local_00000000_nothing" }]) {
      const response = await fetch(gatewayUrl + path, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).not.toBeNull();
      expect(response.headers.get("content-type")).toContain("application/problem+json");
      expect(response.headers.get("x-api-version")).toBe("v1");
      await response.body?.cancel();
    }
    for (const url of [billingUrl + path, `${catalogUrl}/api/v1/tokens/search`]) {
      const response = await fetch(url, { headers: { "x-tenant-id": "acme" } });
      expect(response.status).toBe(401);
      await response.body?.cancel();
    }
  });
});
