import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  type BillingFixture,
  CONTRACTS,
  createBillingFixture,
} from "../../test/billing-fixture.ts";

let billing: BillingFixture;
const path = `/users/${ACCOUNTS[0]}`;

beforeEach(async () => {
  billing = await createBillingFixture();
});

afterEach(() => billing.close());

describe("PUT and GET /users/{walletAddress}", () => {
  it("sets a user, 201 the first time and 200 after, with or without a name", async () => {
    const first = await billing.call("PUT", path, { displayName: "Ada" });
    const at = new Date(billing.time.nowMs).toISOString();
    expect([first.statusCode, first.json()]).toEqual([
      201,
      { walletAddress: ACCOUNTS[0], displayName: "Ada", createdAt: at, updatedAt: at },
    ]);
    billing.time.nowMs += 1_000;
    const changed = await billing.call("PUT", path, {});
    expect(changed.statusCode).toBe(200);
    expect(changed.json()).toEqual({
      walletAddress: ACCOUNTS[0],
      displayName: null,
      createdAt: at,
      updatedAt: new Date(billing.time.nowMs).toISOString(),
    });
    expect((await billing.call("GET", path)).json()).toEqual(changed.json());
    expect((await billing.call("PUT", `/users/${CONTRACTS[0]}`, {})).statusCode).toBe(201);
  });

  it("shows no tenant the users of another", async () => {
    await billing.call("PUT", path, {});
    const answer = await billing.call("GET", path, undefined, { tenantId: "globex" });
    expect([answer.statusCode, answer.json().code]).toEqual([404, "user_not_found"]);
  });

  it.each([
    ["a wrong checksum", `/users/${ACCOUNTS[0].slice(0, -1)}A`, {}, "#/walletAddress"],
    ["what is no address", "/users/ada", {}, "#/walletAddress"],
    ["an empty name", path, { displayName: "" }, "#/displayName"],
    ["a name with a NUL", path, { displayName: "a\0" }, "#/displayName"],
    ["an unknown field", path, { email: "ada@example.com" }, "#/email"],
  ])("refuses %s and stores nothing", async (_what, url, body, pointer) => {
    const answer = await billing.call("PUT", url, body);
    expect([answer.statusCode, answer.json().code]).toEqual([400, "invalid_request"]);
    expect(answer.json().errors[0].pointer).toBe(pointer);
    const part = pointer === "#/walletAddress" ? "params" : undefined;
    expect(answer.json().errors[0].in).toBe(part);
    expect((await billing.call("GET", path)).statusCode).toBe(404);
  });
});
