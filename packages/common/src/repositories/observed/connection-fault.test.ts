import { describe, expect, it } from "vitest";
import { isDatabaseUnavailable } from "../postgres-error.ts";
import { connectionFaultOf } from "./connection-fault.ts";

const failed = (code: string) => Object.assign(new Error("failed"), { code });

describe("a database that is away", () => {
  it.each([
    ["EHOSTUNREACH", "refused"],
    ["ENETUNREACH", "refused"],
    ["EAI_AGAIN", "refused"],
    ["3D000", "refused"],
    ["25006", "broken"],
    ["53300", "too_many"],
    ["57P01", "broken"],
    ["08006", "broken"],
  ] as const)("is told by the code %s: %s", (code, fault) => {
    expect(isDatabaseUnavailable(failed(code))).toBe(true);
    expect(connectionFaultOf(failed(code))).toBe(fault);
  });

  it.each([
    "timeout exceeded when trying to connect",
    "Connection terminated due to connection timeout",
    "Connection terminated unexpectedly",
    "Client has encountered a connection error and is not queryable",
  ])("is told by what the driver says without a code: %s", (message) => {
    expect(isDatabaseUnavailable(new Error(message))).toBe(true);
    expect(connectionFaultOf(new Error(message))).not.toBe("other");
  });

  it.each(["23505", "22P05", "57014", "40001", "28P01", "service_unavailable"])(
    "is not what %s tells of",
    (code) => {
      expect(isDatabaseUnavailable(failed(code))).toBe(false);
    },
  );

  it("is not what something else says that is no error", () => {
    expect(isDatabaseUnavailable("ECONNREFUSED")).toBe(false);
    expect(isDatabaseUnavailable(new Error("poison"))).toBe(false);
  });
});
