import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DeductionRequest, fingerprintOf, waitPreferenceOf } from "./deduction.ts";

const id = fc.string({ minLength: 1, maxLength: 20 });
const request: fc.Arbitrary<DeductionRequest> = fc.record({
  requestId: id,
  userId: id,
  apiId: id,
  endpointId: id,
  apiKeyId: id,
  amountStroops: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
});

const fields = ({ userId, apiId, endpointId, apiKeyId, amountStroops }: DeductionRequest) =>
  JSON.stringify([userId, apiId, endpointId, apiKeyId, String(amountStroops)]);

describe("fingerprintOf", () => {
  it("is equal exactly when the fields are, whatever characters they hold", () => {
    fc.assert(
      fc.property(request, request, (a, b) => {
        const isEqual = Buffer.compare(fingerprintOf(a), fingerprintOf(b)) === 0;
        expect(isEqual).toBe(fields(a) === fields(b));
      }),
    );
    fc.assert(
      fc.property(request, (a) => {
        expect(fingerprintOf({ ...a })).toEqual(fingerprintOf(a));
      }),
    );
  });

  it("tells fields apart that would read the same when joined", () => {
    const base = { requestId: "r", endpointId: "e", apiKeyId: "k", amountStroops: 1n };
    expect(fingerprintOf({ ...base, userId: "ab", apiId: "c" })).not.toEqual(
      fingerprintOf({ ...base, userId: "a", apiId: "bc" }),
    );
  });
});

describe("waitPreferenceOf", () => {
  it.each([
    [undefined, 15_000, undefined],
    ["wait=3", 3_000, "wait=3"],
    ["wait=0", 0, "wait=0"],
    ["wait=1000", 30_000, "wait=30"],
    ["Wait = 4", 4_000, "wait=4"],
    ["respond-async", 0, "respond-async"],
    ["respond-async, wait=10", 0, "respond-async"],
    ["wait=-1", 15_000, undefined],
    ["wait=soon", 15_000, undefined],
    ["return=minimal", 15_000, undefined],
  ])("reads %j as %i ms", (prefer, waitMs, applied) => {
    expect(waitPreferenceOf(prefer)).toEqual({
      waitMs,
      ...(applied === undefined ? {} : { applied }),
    });
  });
});
