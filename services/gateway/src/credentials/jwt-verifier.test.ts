import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, importSPKI, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { JwtVerifier } from "./jwt-verifier.ts";

const SECRET = "a-secret-of-more-than-32-characters-long";
const NOW_S = 1_800_000_000;
const clock = () => NOW_S * 1_000;
const secretKey = new TextEncoder().encode(SECRET);
const claims = { sub: "ada", tenant_id: "acme", scope: "billing:read", exp: NOW_S + 60 };

function sign(
  payload: JWTPayload,
  alg = "HS256",
  key: Uint8Array | KeyObject = secretKey,
  kid = "k1",
) {
  return new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(key);
}

describe("a JWT verified with a secret", () => {
  const verifier = new JwtVerifier({
    source: { kind: "secret", secret: SECRET },
    issuer: "https://issuer.example",
    audience: "orrery",
    clock,
  });
  const good = { ...claims, iss: "https://issuer.example", aud: "orrery" };

  it("says who asks, for which tenants, and what they may do", async () => {
    expect(await verifier.verify(await sign(good))).toEqual({
      principal: "jwt:ada",
      tenantIds: ["acme"],
      defaultTenantId: "acme",
      scopes: ["billing:read"],
      // The skew is part of how long it is believed.
      expiresAtMs: (NOW_S + 90) * 1_000,
    });
  });

  it.each([
    ["tenantId", { tenantId: "acme" }, ["acme"], "acme"],
    ["tenants, when it is one", { tenants: ["acme"] }, ["acme"], "acme"],
    ["tenants, none chosen among several", { tenants: ["a", "b"] }, ["a", "b"], undefined],
    ["both, the single one chosen", { tenant_id: "b", tenants: ["a"] }, ["b", "a"], "b"],
    ["neither", {}, [], undefined],
    ["claims of another type", { tenant_id: 7, tenants: [1, {}] }, [], undefined],
  ] as const)("reads tenants from %s", async (_what, tenants, tenantIds, defaultTenantId) => {
    const { tenant_id: _none, ...rest } = good;
    const token = await sign({ ...rest, ...tenants });
    expect(await verifier.verify(token)).toMatchObject({ tenantIds, defaultTenantId });
  });

  it.each([
    ["a text", { scope: "billing:read  admin unknown" }, ["billing:read", "admin"]],
    ["a list", { scopes: ["catalog:read", 7, "catalog:read"] }, ["catalog:read"]],
    ["nothing", {}, []],
  ])("reads scopes from %s, unknown ones left out", async (_what, given, scopes) => {
    const { scope: _none, ...rest } = good;
    expect((await verifier.verify(await sign({ ...rest, ...given }))).scopes).toEqual(scopes);
  });

  it.each([
    ["has just expired, within the skew", { exp: NOW_S - 29 }],
    ["begins soon, within the skew", { nbf: NOW_S + 29 }],
  ])("accepts a token that %s", async (_what, change) => {
    await expect(verifier.verify(await sign({ ...good, ...change }))).resolves.toBeDefined();
  });

  it.each([
    ["has expired", { exp: NOW_S - 31 }],
    ["never expires", { exp: undefined }],
    ["begins later", { nbf: NOW_S + 31 }],
    ["is by another issuer", { iss: "https://evil.example" }],
    ["has no issuer", { iss: undefined }],
    ["is for another audience", { aud: "others" }],
    ["has no audience", { aud: undefined }],
    ["has a subject that is too long", { sub: "s".repeat(256) }],
  ])("refuses a token that %s", async (_what, change) => {
    const entries = Object.entries({ ...good, ...change });
    const payload = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    await expect(verifier.verify(await sign(payload))).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });

  it.each([
    ["no signature", async () => new UnsecuredJWT(good).encode()],
    ["another algorithm of the same secret", () => sign(good, "HS512")],
    ["another secret", () => sign(good, "HS256", new TextEncoder().encode(SECRET.toUpperCase()))],
    ["a changed payload", async () => tampered(await sign(good))],
    ["its signature cut off", async () => (await sign(good)).replace(/[^.]+$/, "")],
    ["more than 8,192 characters", () => sign({ ...good, pad: "x".repeat(8_192) })],
    ["no shape of a token", async () => "abc"],
  ])("refuses a token with %s", async (_what, make) => {
    await expect(verifier.verify(await make())).rejects.toMatchObject({
      code: "unauthenticated",
      headers: { "www-authenticate": expect.stringContaining("Bearer") },
    });
  });
});

describe("a JWT verified with a key set", () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const next = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let isAway = false;
  let fetches = 0;
  let keys: { kid: string; key: KeyObject }[];
  const setOf = async () =>
    Promise.all(
      keys.map(async ({ kid, key }) => ({ ...(await exportJWK(key)), kid, alg: "RS256" })),
    );
  let answer: () => Promise<unknown>;
  beforeEach(() => {
    fetches = 0;
    keys = [{ kid: "k1", key: pair.publicKey }];
    answer = async () => ({ keys: await setOf() });
  });
  const server = createServer((_request, response) => {
    fetches += 1;
    if (isAway) return void response.writeHead(500).end();
    void answer().then((set) => response.end(JSON.stringify(set)));
  });
  const verifier = (jwksCooldownMs?: number) =>
    new JwtVerifier({
      ...(jwksCooldownMs === undefined ? {} : { jwksCooldownMs }),
      source: {
        kind: "jwks",
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
        algorithm: "RS256",
      },
      clock,
    });
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("is accepted when a key of the set signed it", async () => {
    const token = await sign(claims, "RS256", pair.privateKey);
    expect((await verifier().verify(token)).principal).toBe("jwt:ada");
  });

  it("is refused when the public key was used as a secret", async () => {
    const publicText = await exportSPKI(
      await importSPKI(spki(pair.publicKey), "RS256", { extractable: true }),
    );
    const token = await sign(claims, "HS256", new TextEncoder().encode(publicText));
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("is refused when another key signed it", async () => {
    const token = await sign(claims, "RS256", next.privateKey);
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("is not called bad when the key set is away", async () => {
    const token = await sign(claims, "RS256", pair.privateKey);
    isAway = true;
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: "service_unavailable" });
    isAway = false;
  });

  it("is not called bad when the key set is none", async () => {
    const token = await sign(claims, "RS256", pair.privateKey);
    answer = async () => ({ error: "maintenance" });
    await expect(verifier().verify(token)).rejects.toMatchObject({ code: "service_unavailable" });
  });

  it("is accepted by a key that is new in the set, and refused by one that is gone", async () => {
    const rotating = verifier(0);
    const old = await sign(claims, "RS256", pair.privateKey);
    const young = await sign(claims, "RS256", next.privateKey, "k2");
    await rotating.verify(old);
    keys = [{ kid: "k1", key: pair.publicKey }];
    await expect(rotating.verify(young)).rejects.toMatchObject({ code: "unauthenticated" });
    keys = [{ kid: "k2", key: next.publicKey }];
    expect((await rotating.verify(young)).principal).toBe("jwt:ada");
    await expect(rotating.verify(old)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("causes one fetch of the set, whatever keys it names", async () => {
    const busy = verifier();
    await busy.verify(await sign(claims, "RS256", pair.privateKey));
    for (let guess = 0; guess < 5; guess += 1) {
      const made = await sign(claims, "RS256", next.privateKey, `made-up-${guess}`);
      await expect(busy.verify(made)).rejects.toMatchObject({ code: "unauthenticated" });
    }
    expect(fetches).toBe(1);
  });

  it("is refused with a key of its own in its header", async () => {
    const jwk = await exportJWK(next.publicKey);
    const jku = "https://evil.example/jwks";
    for (const brought of [{ jwk }, { jku }, { x5u: jku }]) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", kid: "k1", ...brought })
        .sign(next.privateKey);
      await expect(verifier().verify(token)).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });
});

function tampered(token: string): string {
  const [header, payload = "", signature] = token.split(".");
  const changed = JSON.parse(Buffer.from(payload, "base64url").toString()) as JWTPayload;
  changed["tenant_id"] = "globex";
  return [header, Buffer.from(JSON.stringify(changed)).toString("base64url"), signature].join(".");
}

function spki(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}
