import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { RequestContext } from "../contracts/request-context.ts";
import { CONTEXT_TTL_SECONDS, signContext } from "./signed-context.ts";
import { VerifiedContexts } from "./verified-contexts.ts";

const key = { keyId: "a", secret: randomBytes(32) };
const context: RequestContext = { tenantId: "acme", principal: "key:1", scopes: ["billing:read"] };

let nowMs: number;
let verified: VerifiedContexts;

beforeEach(() => {
  nowMs = 1_750_000_000_000;
  verified = new VerifiedContexts("billing", [key], () => nowMs);
});

const sign = (changes: Partial<RequestContext> = {}, signer = key) =>
  signContext({ ...context, ...changes }, "billing", signer, () => nowMs);

describe("VerifiedContexts", () => {
  it("gives the same context for the same header, verified once", () => {
    const header = sign();
    const first = verified.verify(header);
    expect(first).toEqual(context);
    expect(verified.verify(header)).toBe(first);
  });

  it("never believes a header past its expiry, however often it was believed", () => {
    const header = sign();
    nowMs += CONTEXT_TTL_SECONDS * 1_000 - 1;
    expect(verified.verify(header)).toEqual(context);
    nowMs += 1;
    expect(verified.verify(header)).toBeUndefined();
    expect(verified.verify(header)).toBeUndefined();
  });

  it("refuses what is not ours, and remembers no refusal as a yes", () => {
    const stranger = { keyId: "a", secret: randomBytes(32) };
    const forged = sign({}, stranger);
    expect(verified.verify(forged)).toBeUndefined();
    expect(verified.verify(forged)).toBeUndefined();
    expect(verified.verify(sign())).toEqual(context);
    expect(verified.verify(`${sign()}A`)).toBeUndefined();
  });

  it("tells contexts apart, also more of them than it remembers", () => {
    const headers = Array.from({ length: 1_500 }, (_, n) => sign({ principal: `key:${n}` }));
    const principals = () => headers.map((header) => verified.verify(header)?.principal);
    const expected = headers.map((_, n) => `key:${n}`);
    expect(principals()).toEqual(expected);
    expect(principals()).toEqual(expected);
  });
});
