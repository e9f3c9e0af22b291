import { uuidv7 } from "@orrery/common/contracts/id";
import { REVOCATION_OVERLAP_MS } from "@orrery/common/repositories/api-key/api-key-repository";
import { MemoryApiKeyRepository } from "@orrery/common/repositories/api-key/api-key-repository.memory";
import { MemoryTenantRepository } from "@orrery/common/repositories/tenant/tenant-repository.memory";
import { beforeEach, describe, expect, it } from "vitest";
import { generateApiKey, hashSecret } from "./api-key.ts";
import { ApiKeyAuthenticator } from "./api-key-authenticator.ts";
import { RevocationWatch } from "./revocation-watch.ts";

const START_MS = Date.parse("2026-01-01T00:00:00.000Z");

describe("ApiKeyAuthenticator", () => {
  let nowMs: number;
  let lookUps: number;
  let used: string[];
  let keys: MemoryApiKeyRepository;
  let watch: RevocationWatch;
  let authenticator: ApiKeyAuthenticator;
  const clock = () => nowMs;

  beforeEach(async () => {
    nowMs = START_MS;
    lookUps = 0;
    used = [];
    const tenants = new MemoryTenantRepository();
    await tenants.create({ id: "acme", name: "Acme" }, new Date(nowMs));
    keys = new MemoryApiKeyRepository(tenants, clock);
    watch = new RevocationWatch({
      keys,
      monotonicClock: clock,
      onRevoked: (keyId) => authenticator.forget(keyId),
      onRolled: (keyId) => authenticator.forget(keyId),
      onError: () => undefined,
      intervalMs: 5,
    });
    const counting = {
      findById: (keyId: string) => {
        lookUps += 1;
        return keys.findById(keyId);
      },
    };
    authenticator = new ApiKeyAuthenticator({
      keys: counting,
      revocations: watch,
      clock,
      onUsed: (keyId) => used.push(keyId),
      capacity: 2,
    });
    await watch.start();
    return () => watch.stop();
  });

  async function makeKey(expiresAt?: Date) {
    const made = generateApiKey("test", uuidv7());
    const { id, environment, secret, text } = made;
    const scopes = ["billing:read" as const];
    const stored = {
      id,
      name: "k",
      environment,
      secretHash: hashSecret(secret),
      scopes,
      expiresAt,
    };
    await keys.create("acme", stored, new Date(nowMs));
    return { id, text };
  }
  const outcome = (text: string) =>
    authenticator.authenticate(text).then(
      (grant) => grant.principal,
      (error: unknown) => (error as { code?: string }).code,
    );

  it("says what a key allows, and looks it up once", async () => {
    const { id, text } = await makeKey();
    const expected = {
      principal: `key:${id}`,
      tenantIds: ["acme"],
      defaultTenantId: "acme",
      scopes: ["billing:read"],
    };
    expect(await authenticator.authenticate(text)).toEqual(expected);
    expect(await authenticator.authenticate(text)).toEqual(expected);
    expect(lookUps).toBe(1);
  });

  it("refuses a known id with another secret or environment, remembered or not", async () => {
    const { text } = await makeKey();
    const wrong = text.slice(0, -43) + generateApiKey("test", uuidv7()).secret;
    expect(await outcome(wrong)).toBe("unauthenticated");
    await authenticator.authenticate(text);
    expect(await outcome(wrong)).toBe("unauthenticated");
    expect(await outcome(text.replace("_test_", "_live_"))).toBe("unauthenticated");
  });

  it("refuses what is no key without a look-up", async () => {
    expect(await outcome("ork_nonsense")).toBe("unauthenticated");
    expect(lookUps).toBe(0);
  });

  it("refuses a key from the moment it expires, also when it is remembered", async () => {
    const { id, text } = await makeKey(new Date(START_MS + 1_000));
    nowMs = START_MS + 999;
    expect(await outcome(text)).toBe(`key:${id}`);
    nowMs = START_MS + 1_000;
    expect(await outcome(text)).toBe("unauthenticated");
  });

  it("refuses a remembered key once the watch has read that it was revoked", async () => {
    const { id, text } = await makeKey();
    await authenticator.authenticate(text);
    await keys.revoke("acme", id);
    await expect.poll(() => outcome(text)).toBe("unauthenticated");
  });

  it("goes on refusing it when the revocation is no longer news", async () => {
    const { id, text } = await makeKey();
    await authenticator.authenticate(text);
    await keys.revoke("acme", id);
    await expect.poll(() => watch.isRevoked(id)).toBe(true);
    nowMs += REVOCATION_OVERLAP_MS + 1_000;
    // The second reading after the jump asks from then on.
    await expect.poll(() => watch.isRevoked(id)).toBe(false);
    expect(await outcome(text)).toBe("unauthenticated");
  });

  it("refuses at once a key that this instance revoked", async () => {
    const { id, text } = await makeKey();
    await authenticator.authenticate(text);
    watch.note(id);
    expect(await outcome(text)).toBe("unauthenticated");
  });

  it("does not believe a remembered key for ever", async () => {
    const { text } = await makeKey();
    await authenticator.authenticate(text);
    nowMs += 60_000;
    await expect.poll(() => outcome(text)).not.toBe("service_unavailable");
    expect(lookUps).toBe(2);
  });

  it("learns within a reading that a key was rolled, and refuses it from its new end on", async () => {
    const { id, text } = await makeKey();
    await authenticator.authenticate(text);
    const made = generateApiKey("test", uuidv7());
    const roll = { id: made.id, environment: "test", secretHash: hashSecret(made.secret) };
    await keys.roll("acme", id, { ...roll, overlapMs: 2_000 }, new Date(nowMs));
    await expect
      .poll(async () => (await authenticator.authenticate(text)).expiresAtMs)
      .toBe(START_MS + 2_000);
    expect(await outcome(made.text)).toBe(`key:${made.id}`);
    nowMs += 2_000;
    expect(await outcome(text)).toBe("unauthenticated");
    expect(await outcome(made.text)).toBe(`key:${made.id}`);
  });

  it("tells of a key's use when it looks the key up, and never of a refused one", async () => {
    const { id, text } = await makeKey();
    await outcome(text.slice(0, -43) + generateApiKey("test", uuidv7()).secret);
    expect(used).toEqual([]);
    for (let call = 0; call < 3; call += 1) await authenticator.authenticate(text);
    expect(used).toEqual([id]);
  });

  it("keeps no more keys than its capacity, and guesses push out none", async () => {
    const [first, second, third] = [await makeKey(), await makeKey(), await makeKey()];
    await authenticator.authenticate(first.text);
    await authenticator.authenticate(second.text);
    for (let guess = 0; guess < 5; guess += 1) {
      await outcome(third.text.slice(0, -43) + generateApiKey("test", uuidv7()).secret);
    }
    lookUps = 0;
    await authenticator.authenticate(first.text);
    await authenticator.authenticate(second.text);
    expect(lookUps).toBe(0);
    await authenticator.authenticate(third.text);
    await authenticator.authenticate(first.text);
    expect(lookUps).toBe(2);
  });

  it("believes no key when revocations could not be read for 5 s, and all again afterwards", async () => {
    const { id, text } = await makeKey();
    await authenticator.authenticate(text);
    const { listRevoked } = keys;
    keys.listRevoked = () => Promise.reject(new Error("away"));
    await expect.poll(() => ((nowMs += 1_000), outcome(text))).toBe("service_unavailable");
    expect(nowMs - START_MS).toBeGreaterThan(5_000);
    keys.listRevoked = listRevoked;
    await expect.poll(() => outcome(text)).toBe(`key:${id}`);
  });

  it("does not start when revocations cannot be read", async () => {
    const away = { listRevoked: () => Promise.reject(new Error("away")) };
    const blind = new RevocationWatch({
      keys: away,
      monotonicClock: clock,
      onRevoked: () => undefined,
      onRolled: () => undefined,
      onError: () => undefined,
    });
    await expect(blind.start()).rejects.toThrow("away");
    expect(() => blind.assertFresh()).toThrow(
      expect.objectContaining({ code: "service_unavailable" }),
    );
  });
});
