import { describe, expect, it } from "vitest";
import { assertEvent, EVENTS } from "./events.ts";

describe("the event catalogue", () => {
  it("has a closed schema for every event", () => {
    for (const [type, schema] of Object.entries(EVENTS)) {
      expect(type).toMatch(/^[a-z]+\.[a-z]+$/);
      expect(schema).toMatchObject({ type: "object", additionalProperties: false });
    }
  });

  it("refuses an event without a schema, and a payload that the schema refuses", () => {
    const payload = { tokenId: "0190d2a0-0000-7000-8000-000000000000" };
    expect(() => assertEvent({ type: "burn.created", payload })).not.toThrow();
    expect(() => assertEvent({ type: "burn.deleted", payload })).toThrow("catalogue");
    expect(() => assertEvent({ type: "burn.created", payload: {} })).toThrow("tokenId");
    const more = { ...payload, amount: "1" };
    expect(() => assertEvent({ type: "burn.created", payload: more })).toThrow("amount");
  });
});
