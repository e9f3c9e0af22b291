import type { RequestContext } from "@orrery/common/contracts/request-context";
import { verifyContext } from "@orrery/common/http/signed-context";
import { describe, expect, it } from "vitest";
import { SignedContexts } from "./signed-contexts.ts";

const key = { keyId: "k1", secret: new Uint8Array(32).fill(1) };
const ada: RequestContext = {
  tenantId: "acme",
  principal: "key:ada",
  scopes: ["billing:read", "billing:write"],
};

describe("SignedContexts", () => {
  let nowMs = 1_800_000_000_000;
  const clock = () => nowMs;

  it("signs once for a while, and anew long before a context ends", () => {
    const contexts = new SignedContexts(key, clock);
    const first = contexts.headerFor(ada, "billing");
    nowMs += 14_999;
    expect(contexts.headerFor(ada, "billing")).toBe(first);
    expect(verifyContext(first, "billing", [key], clock)).toEqual(ada);
    nowMs += 1;
    const second = contexts.headerFor(ada, "billing");
    expect(second).not.toBe(first);
    nowMs += 14_999;
    expect(verifyContext(second, "billing", [key], clock)).toEqual(ada);
  });

  it("never gives one caller's context to another audience, tenant, principal or scope", () => {
    const contexts = new SignedContexts(key, clock);
    contexts.headerFor(ada, "billing");
    const others: [RequestContext, "billing" | "catalog"][] = [
      [ada, "catalog"],
      [{ ...ada, tenantId: "globex" }, "billing"],
      [{ ...ada, principal: "key:eve" }, "billing"],
      [{ ...ada, scopes: ["billing:read"] }, "billing"],
      [{ ...ada, principal: "jwt:a|b" }, "billing"],
    ];
    for (const [context, audience] of others) {
      const header = contexts.headerFor(context, audience);
      expect(verifyContext(header, audience, [key], clock)).toEqual(context);
    }
  });

  it("signs with the first key, so that services can know the next one beforehand", () => {
    const [next, last] = [key, { keyId: "k0", secret: new Uint8Array(32).fill(9) }];
    const header = new SignedContexts(next, clock).headerFor(ada, "billing");
    expect(verifyContext(header, "billing", [last, next], clock)).toEqual(ada);
    expect(verifyContext(header, "billing", [last], clock)).toBeUndefined();
  });

  it("sends nothing again that was signed before a revocation, and forgets nobody else", () => {
    const contexts = new SignedContexts(key, clock);
    const eve = { ...ada, principal: "key:eve" };
    const [adas, eves] = [contexts.headerFor(ada, "billing"), contexts.headerFor(eve, "billing")];
    // Signed at the same second they would be equal.
    nowMs += 1_000;
    contexts.forget(ada.principal);
    expect(contexts.headerFor(ada, "billing")).not.toBe(adas);
    expect(contexts.headerFor(eve, "billing")).toBe(eves);
  });

  it("remembers so many tenants of a principal, and is right for all of them", () => {
    const contexts = new SignedContexts(key, clock);
    for (let tenant = 0; tenant < 100; tenant += 1) {
      const context = { ...ada, tenantId: `t${tenant}` };
      const header = contexts.headerFor(context, "billing");
      expect(verifyContext(header, "billing", [key], clock)).toEqual(context);
    }
  });

  it("signs anew when the clock was set back", () => {
    const contexts = new SignedContexts(key, clock);
    contexts.headerFor(ada, "billing");
    nowMs -= 60_000;
    const header = contexts.headerFor(ada, "billing");
    expect(verifyContext(header, "billing", [key], clock)).toEqual(ada);
  });
});
