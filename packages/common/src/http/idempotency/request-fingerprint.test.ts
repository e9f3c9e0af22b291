import fc from "fast-check";
import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { formatUsdc, MAX_AMOUNT_STROOPS, USDC_PATTERN } from "../../contracts/money.ts";
import { type FingerprintedRequest, fingerprintOf } from "./request-fingerprint.ts";

const Amount = Type.Refine(Type.String({ pattern: USDC_PATTERN }), () => true);
const Entry = Type.Object({ amountUsdc: Amount, note: Type.Optional(Type.String()) });
const Body = Type.Object({
  entries: Type.Array(Entry),
  initialStake: Type.Optional(Amount),
});

const request = (body: unknown, changes: Partial<FingerprintedRequest> = {}) => ({
  method: "POST",
  route: "/streams/:id/settle",
  params: { id: "s-1" },
  query: {},
  body,
  ...changes,
});
const hex = (given: FingerprintedRequest) =>
  Buffer.from(fingerprintOf(given, Body)).toString("hex");

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).toReversed();
  return Object.fromEntries(members.map(([name, member]) => [name, reversed(member)]));
}

describe("fingerprintOf", () => {
  it("is the same whatever the order of members", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(hex(request(reversed(body)))).toBe(hex(request(body)));
      }),
    );
  });

  it("differs for bodies that are not the same JSON", () => {
    const canonical = (value: unknown) =>
      JSON.stringify(value, (_name, member: unknown) =>
        typeof member === "object" && member !== null && !Array.isArray(member)
          ? Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1))
          : member,
      );
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        fc.pre(canonical(left) !== canonical(right));
        expect(hex(request(left))).not.toBe(hex(request(right)));
      }),
    );
  });

  it("takes an amount of money for the same however it is written", () => {
    const amounts = fc.bigInt({ min: 0n, max: MAX_AMOUNT_STROOPS });
    fc.assert(
      fc.property(amounts, fc.nat(3), (stroops, leadingZeros) => {
        const short = formatUsdc(stroops);
        const [whole = "", decimals = ""] = short.split(".");
        const long = `${"0".repeat(leadingZeros)}${whole}.${decimals.padEnd(7, "0")}`;
        const body = (amount: string) => ({
          entries: [{ amountUsdc: amount }],
          initialStake: amount,
        });
        expect(hex(request(body(long)))).toBe(hex(request(body(short))));
      }),
    );
  });

  it("leaves text alone that only looks like an amount", () => {
    const body = (note: string) => ({ entries: [{ amountUsdc: "1", note }] });
    expect(hex(request(body("1.50")))).not.toBe(hex(request(body("1.5"))));
    const other = (amount: string) => ({ entries: [{ amountUsdc: amount }] });
    expect(hex(request(other("1.50")))).not.toBe(hex(request(other("1.51"))));
  });

  it.each([
    ["method", { method: "PUT" }],
    ["route", { route: "/streams/:id/stop" }],
    ["parameters", { params: { id: "s-2" } }],
    ["query", { query: { dryRun: "true" } }],
  ])("differs by %s", (_what, changes) => {
    expect(hex(request({}, changes))).not.toBe(hex(request({})));
  });

  it("tells no body from an empty one", () => {
    expect(hex(request(undefined))).not.toBe(hex(request({})));
    expect(hex(request(undefined))).toBe(hex(request(null)));
  });
});
