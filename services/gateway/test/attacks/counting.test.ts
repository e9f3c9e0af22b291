import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Attack, startTarget, type Target } from "./target.ts";

const ENTRIES = JSON.stringify({ entries: Array.from({ length: 100 }, () => ({})) });

const HIDDEN: readonly (Attack & { readonly body: string })[] = [
  {
    attack: "entries behind a byte order mark, which services take off",
    body: `\ufeff${ENTRIES}`,
    defends: "the limit of deductions",
  },
];

describe("attacks by counting", () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget({ LIMIT_BILLING_WRITE_PER_MINUTE: "150" });
  });
  afterAll(() => target.close());

  it.each(HIDDEN)("$attack: defends $defends", async ({ body }) => {
    const response = await target.gateway.fetch("/api/v1/billing/deduct/bulk", {
      method: "POST",
      headers: { "x-api-key": target.key, "content-type": "application/json" },
      body: Buffer.from(body),
    });
    expect(response.headers.get("ratelimit")).toMatch(/;r=50;/);
    const passed = (await response.json()) as { body: string };
    expect(passed.body.endsWith(ENTRIES)).toBe(true);
  });
});
