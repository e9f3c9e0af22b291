import { CHARGED, REFUSED } from "@orrery/common/testing/settle-intent";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  type BillingFixture,
  CONTRACTS,
  createBillingFixture,
  DEDUCT,
} from "../../test/billing-fixture.ts";

let billing: BillingFixture;

beforeEach(async () => {
  billing = await createBillingFixture();
  await billing.call("PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
  const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
  await billing.call("PUT", "/billing/apis/weather", api);
});
afterEach(() => billing.close());

const entry = (requestId: string, changes: object = {}) => ({ ...DEDUCT, requestId, ...changes });
const headers = (key: string, prefer = "respond-async") => ({ prefer, "idempotency-key": key });
const deduct = (key: string, body: object, prefer?: string) =>
  billing.call("POST", "/billing/deduct", body, { headers: headers(key, prefer) });
const bulk = (key: string, entries: readonly object[], prefer?: string) =>
  billing.call("POST", "/billing/deduct/bulk", { entries }, { headers: headers(key, prefer) });

describe("Idempotency-Key on a deduction", () => {
  it("leaves it to the requestId what is a repeat, and replays nothing", async () => {
    expect((await deduct("k", entry("a"))).statusCode).toBe(202);
    await billing.settle("a", CHARGED);
    const again = await deduct("k", entry("a", { amountUsdc: "1.50" }));
    expect([again.statusCode, again.json().alreadyProcessed]).toEqual([200, true]);
    expect(again.headers).not.toHaveProperty("idempotent-replayed");
    expect((await deduct("another", entry("a"))).statusCode).toBe(200);
  });

  it("refuses the key of another deduction, and accepts nothing of it", async () => {
    await deduct("k", entry("a"));
    const reused = await deduct("k", entry("b"));
    expect([reused.statusCode, reused.json().code]).toEqual([422, "idempotency_key_reused"]);
    expect(await billing.events.find("acme", "b")).toBeUndefined();
    const changed = await deduct("k", entry("a", { amountUsdc: "2" }));
    expect(changed.json().code).toBe("idempotency_key_reused");
  });

  it("gives the key back when the deduction was refused", async () => {
    expect((await deduct("k", entry("a", { userId: "bob" }))).statusCode).toBe(404);
    expect((await deduct("k", entry("a"))).statusCode).toBe(202);
  });

  it("lets a twin wait for the chain beside the first", async () => {
    const twins = [deduct("k", entry("a"), "wait=20"), deduct("k", entry("a"), "wait=20")];
    await expect.poll(() => billing.events.find("acme", "a")).toBeDefined();
    await billing.settle("a", CHARGED);
    const codes = (await Promise.all(twins)).map(({ statusCode }) => statusCode);
    expect(new Set(codes)).toEqual(new Set([200, 201]));
  });
});

describe("Idempotency-Key on deductions in bulk", () => {
  it("replays an answer in which all is charged", async () => {
    const answer = bulk("k", [entry("a"), entry("b")], "wait=20");
    await expect.poll(() => billing.events.find("acme", "b")).toBeDefined();
    await billing.settle("a", CHARGED);
    await billing.settle("b", CHARGED);
    const first = await answer;
    const again = await bulk("k", [entry("a", { amountUsdc: "1.50" }), entry("b")]);
    expect(again.headers["idempotent-replayed"]).toBe("true");
    expect([again.statusCode, again.body]).toEqual([200, first.body]);
    expect(first.json().results[0].httpStatus).toBe(201);
  });

  it("answers what is pending from the current state, and still knows another request", async () => {
    const pending = await bulk("k", [entry("a")]);
    expect(pending.json().results[0].status).toBe("pending");
    await billing.settle("a", CHARGED);
    expect((await bulk("k", [entry("b")])).statusCode).toBe(422);
    const again = await bulk("k", [entry("a")]);
    expect(again.headers).not.toHaveProperty("idempotent-replayed");
    expect(again.json().results[0]).toMatchObject({ status: "confirmed", httpStatus: 200 });
  });

  it("tries again what was refused", async () => {
    const answer = bulk("k", [entry("a")], "wait=20");
    await expect.poll(() => billing.events.find("acme", "a")).toBeDefined();
    await billing.settle("a", REFUSED);
    expect((await answer).json().results[0].httpStatus).toBe(402);
    const again = await bulk("k", [entry("a")]);
    expect(again.json().results[0].status).toBe("pending");
  });
});
