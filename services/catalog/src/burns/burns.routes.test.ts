import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CatalogClient } from "../../test/catalog-client.ts";

describe("the burn route", () => {
  let catalog: CatalogClient;
  beforeEach(async () => {
    catalog = await CatalogClient.start();
  });
  afterEach(() => catalog.close());

  it("records a burn once: 201, then 200 with the same burn", async () => {
    await catalog.createToken("A");
    const first = await catalog.burn("A");
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      tokenAddress: "A",
      txHash: "tx",
      eventIndex: 0,
      amount: "10",
      isAdminBurn: false,
      verified: false,
    });
    const again = await catalog.burn("A");
    expect([again.status, again.body]).toEqual([200, first.body]);
    const { body } = await catalog.get("/tokens/A");
    expect(body).toMatchObject({ totalSupply: "990", totalBurned: "10", burnCount: 1 });
  });

  it("refuses more than the supply, and another burn under a known place", async () => {
    await catalog.createToken("A");
    const tooMuch = await catalog.burn("A", { amount: "1001" });
    expect([tooMuch.status, tooMuch.body.code]).toEqual([422, "burn_exceeds_supply"]);
    await catalog.burn("A");
    const other = await catalog.burn("A", { amount: "11" });
    expect([other.status, other.body.code]).toEqual([409, "burn_mismatch"]);
    expect((await catalog.get("/tokens/A")).body).toMatchObject({ totalBurned: "10" });
  });

  it("answers 404 for another tenant's token", async () => {
    await catalog.createToken("A");
    const { status, body } = await catalog.burn("A", {}, { tenantId: "rival" });
    expect([status, body.code]).toEqual([404, "token_not_found"]);
  });
});
