import { describe, expect, it } from "vitest";
import { EventIngest } from "./event-ingest.ts";

const EVENT = {
  eventId: "e1",
  tenantId: "acme",
  type: "burn.created",
  payload: { tokenAddress: "A", txHash: "t", from: "ada", amount: "5", burnedBy: "ada" },
};

/** Services whose every write fails with a code of the database's. */
function failingWith(code: string): EventIngest {
  const fail = async () => {
    throw Object.assign(new Error("value out of range"), { code });
  };
  return new EventIngest({
    tokens: { create: fail, get: fail },
    burns: { record: fail },
    pools: { create: fail, placePrediction: fail, close: fail, settle: fail },
  });
}

describe("an event that the database does not take", () => {
  it.each(["22003", "22P05", "23514", "44000"])(
    "is refused when its data is why: %s",
    async (code) => {
      expect(await failingWith(code).apply(EVENT, { isVerified: true })).toEqual({
        status: "rejected",
        code: "internal_error",
        detail: `The database refuses what the event says (${code}).`,
      });
    },
  );

  it.each(["57014", "40001", "42703", "25006", "ECONNRESET"])(
    "may be given again when it is not: %s",
    async (code) => {
      await expect(failingWith(code).apply(EVENT, { isVerified: true })).rejects.toThrow("range");
    },
  );
});
