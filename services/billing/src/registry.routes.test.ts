import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  type BillingFixture,
  CONTRACTS,
  createBillingFixture,
  DEDUCT,
} from "../test/billing-fixture.ts";

let billing: BillingFixture;

beforeEach(async () => {
  billing = await createBillingFixture();
});

afterEach(() => billing.close());

const vault = { contractId: CONTRACTS[0] };
const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };

describe("PUT and GET /billing/vaults/{userId}", () => {
  it("sets a user's vault, 201 the first time and 200 after", async () => {
    const first = await billing.call("PUT", "/billing/vaults/ada", vault);
    expect([first.statusCode, first.json()]).toMatchObject([201, { userId: "ada", ...vault }]);
    const changed = await billing.call("PUT", "/billing/vaults/ada", { contractId: CONTRACTS[1] });
    expect(changed.statusCode).toBe(200);
    expect((await billing.call("GET", "/billing/vaults/ada")).json()).toEqual(changed.json());
  });

  it("shows no tenant another's vault", async () => {
    await billing.call("PUT", "/billing/vaults/ada", vault);
    const response = await billing.call("GET", "/billing/vaults/ada", undefined, {
      tenantId: "globex",
    });
    expect([response.statusCode, response.json().code]).toEqual([404, "vault_not_found"]);
  });

  it("lets nobody pay from a vault that is another tenant's", async () => {
    await billing.call("PUT", "/billing/vaults/ada", vault);
    const taken = await billing.call("PUT", "/billing/vaults/eve", vault, { tenantId: "globex" });
    expect([taken.statusCode, taken.json().code]).toEqual([409, "vault_taken"]);
    const none = await billing.call("GET", "/billing/vaults/eve", undefined, {
      tenantId: "globex",
    });
    expect(none.statusCode).toBe(404);
  });

  it.each([
    ["no contract", {}, "#/contractId"],
    ["an account", { contractId: ACCOUNTS[0] }, "#/contractId"],
    ["a wrong checksum", { contractId: `${CONTRACTS[0].slice(0, -1)}A` }, "#/contractId"],
    ["lower case", { contractId: CONTRACTS[0].toLowerCase() }, "#/contractId"],
    ["an unknown field", { ...vault, owner: "x" }, "#/owner"],
    ["no object", [vault], "#"],
  ])("refuses %s and stores nothing", async (_name, body, pointer) => {
    const response = await billing.call("PUT", "/billing/vaults/ada", body);
    expect([response.statusCode, response.json().code]).toEqual([400, "invalid_request"]);
    expect(response.json().errors[0].pointer).toBe(pointer);
    expect((await billing.call("GET", "/billing/vaults/ada")).statusCode).toBe(404);
  });

  it("refuses a user id that no id may be", async () => {
    for (const userId of ["with%20space", "%C3%BC", "x".repeat(256)]) {
      const response = await billing.call("PUT", `/billing/vaults/${userId}`, vault);
      expect(response.statusCode, userId).toBe(400);
      expect(response.json().errors[0]).toMatchObject({ in: "params", pointer: "#/userId" });
    }
  });
});

describe("PUT and GET /billing/apis/{apiId}", () => {
  it("sets an API, 201 the first time and 200 after", async () => {
    const first = await billing.call("PUT", "/billing/apis/weather", api);
    expect([first.statusCode, first.json()]).toMatchObject([
      201,
      { apiId: "weather", ...api, settlement: "per_request" },
    ]);
    const changed = await billing.call("PUT", "/billing/apis/weather", {
      name: "Forecast",
      payoutAddress: CONTRACTS[1],
    });
    expect(changed.statusCode).toBe(200);
    expect((await billing.call("GET", "/billing/apis/weather")).json()).toEqual(changed.json());
  });

  it.each([
    ["no name", { payoutAddress: ACCOUNTS[0] }, "#/name"],
    ["an empty name", { ...api, name: "" }, "#/name"],
    ["a secret key as address", { ...api, payoutAddress: `S${"A".repeat(55)}` }, "#/payoutAddress"],
    [
      "a wrong checksum",
      { ...api, payoutAddress: `${ACCOUNTS[0].slice(0, -1)}A` },
      "#/payoutAddress",
    ],
    ["another settlement", { ...api, settlement: "monthly" }, "#/settlement"],
    ["an unknown field", { ...api, price: "1" }, "#/price"],
  ])("refuses %s and stores nothing", async (_name, body, pointer) => {
    const response = await billing.call("PUT", "/billing/apis/weather", body);
    expect([response.statusCode, response.json().code]).toEqual([400, "invalid_request"]);
    expect(response.json().errors[0].pointer).toBe(pointer);
    const found = await billing.call("GET", "/billing/apis/weather");
    expect([found.statusCode, found.json().code]).toEqual([404, "api_not_found"]);
  });
});

describe("GET /billing/balance/{userId}", () => {
  it("tells what the chain holds, as of its ledger, and what is pending", async () => {
    await billing.call("PUT", "/billing/vaults/ada", vault);
    await billing.call("PUT", "/billing/apis/weather", api);
    billing.onChain.set(CONTRACTS[0], 100_000_001n);
    await billing.call("POST", "/billing/deduct", DEDUCT, { headers: { prefer: "respond-async" } });
    expect((await billing.call("GET", "/billing/balance/ada")).json()).toEqual({
      userId: "ada",
      contractId: CONTRACTS[0],
      balanceUsdc: "10.0000001",
      ledger: 7,
      pendingUsdc: "1.5",
    });
  });

  it("is 404 without a vault and 503 when the chain cannot be read", async () => {
    const unknown = await billing.call("GET", "/billing/balance/ada");
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, "vault_not_found"]);
    await billing.call("PUT", "/billing/vaults/ada", vault);
    const away = await billing.call("GET", "/billing/balance/ada");
    expect([away.statusCode, away.json().code]).toEqual([503, "soroban_unavailable"]);
  });
});
