import { describe, expect, it } from "vitest";
import { credentialOf } from "./credential.ts";

describe("credentialOf", () => {
  it("reads a bearer token, an API key, or nothing", () => {
    expect(credentialOf(["Authorization", "Bearer a.b.c"])).toEqual({
      kind: "bearer",
      token: "a.b.c",
    });
    expect(credentialOf(["authorization", "bearer  a.b.c"]).kind).toBe("bearer");
    expect(credentialOf(["X-API-Key", "ork_x"])).toEqual({ kind: "api_key", text: "ork_x" });
    expect(credentialOf(["accept", "*/*"])).toEqual({ kind: "none" });
  });

  it.each([
    ["a key twice", ["x-api-key", "a", "X-API-Key", "b"]],
    ["the same key twice", ["x-api-key", "a", "x-api-key", "a"]],
    ["a token twice", ["authorization", "Bearer a", "Authorization", "Bearer a"]],
    ["a token and a key", ["authorization", "Bearer a", "x-api-key", "b"]],
    ["another scheme", ["authorization", "Basic YTpi"]],
    ["no token", ["authorization", "Bearer "]],
    ["two tokens", ["authorization", "Bearer a, Bearer b"]],
    ["a token alone", ["authorization", "abc"]],
  ])("refuses %s", (_what, rawHeaders) => {
    expect(() => credentialOf(rawHeaders)).toThrow(
      expect.objectContaining({ code: "unauthenticated" }),
    );
  });
});
