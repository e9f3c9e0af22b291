import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IdempotencyScope, idempotencyScope, idempotencyToken } from "./idempotency-token.ts";

const part = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a-c:%=&/*]{0,4}$/));
const scopes: fc.Arbitrary<IdempotencyScope> = fc.record({
  tenantId: part,
  route: part,
  params: fc.dictionary(part, part, { maxKeys: 2 }),
});

describe("idempotencyToken", () => {
  it("names tenant, route, path parameters and key", () => {
    const scope = idempotencyScope({
      tenantId: "acme",
      route: "/streams/:id/settle",
      params: { id: "stream:ada" },
    });
    expect(scope).toBe("acme:/streams/%3Aid/settle:id=stream%3Aada");
    expect(idempotencyToken(scope, "k:1")).toBe(`${scope}:k:1`);
    expect(idempotencyToken("scope", "key")).toBe("scope:key");
  });

  it("is the same for nobody else", () => {
    const calls = fc.record({ scope: scopes, key: part });
    const meaning = ({ scope, key }: { scope: IdempotencyScope; key: string }) =>
      JSON.stringify([
        scope.tenantId,
        scope.route,
        Object.entries(scope.params).toSorted(([a], [b]) => (a < b ? -1 : 1)),
        key,
      ]);
    fc.assert(
      fc.property(calls, calls, (left, right) => {
        const tokens = [left, right].map(({ scope, key }) =>
          idempotencyToken(idempotencyScope(scope), key),
        );
        expect(tokens[0] === tokens[1]).toBe(meaning(left) === meaning(right));
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not depend on the order of parameters", () => {
    const scope = { tenantId: "acme", route: "/r" };
    expect(idempotencyScope({ ...scope, params: { a: "1", b: "2" } })).toBe(
      idempotencyScope({ ...scope, params: { b: "2", a: "1" } }),
    );
  });
});
