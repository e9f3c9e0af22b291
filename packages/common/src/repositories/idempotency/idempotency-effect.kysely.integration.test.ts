import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { type OrreryTransaction, withTenant, withTenantEffect } from "../database.ts";
import { ClaimRefused } from "./claim-refused.ts";
import type { Effect } from "./effect.ts";
import { CREATED, keyed, LEASE_MS, START_MS } from "./idempotency-store.contract.ts";
import { KyselyIdempotencyStore } from "./idempotency-store.kysely.ts";
import type { Claim, KeyedRequest } from "./idempotency-store.ts";
import { PLATFORM_TENANT } from "./idempotency-token.ts";

const test = useTestDatabase();

describe("the effect of a keyed request", () => {
  const time = { nowMs: START_MS };
  let store: KyselyIdempotencyStore;

  beforeEach(async () => {
    time.nowMs = START_MS;
    await test.database().pool.query("truncate idempotency_keys, vaults");
    store = new KyselyIdempotencyStore({ database: test.database(), clock: () => time.nowMs });
  });

  const effectOf = (request: KeyedRequest = keyed(), claim?: Claim): Effect<string> =>
    store.join({
      request,
      claim,
      answerOf: (id) => ({ ...CREATED, body: JSON.stringify({ id }) }),
    });

  const run = (effect: Effect<string> | undefined, work = putUser("ada")) =>
    withTenantEffect(test.database().kysely, "acme", effect, work);

  const putUser = (id: string) => async (transaction: OrreryTransaction) => {
    await sql`
      insert into vaults (tenant_id, user_id, contract_id, created_at, updated_at)
      values ('acme', ${id}, 'C', now(), now())
    `.execute(transaction);
    return id;
  };

  const count = async (table: "vaults" | "idempotency_keys") => {
    const { rows } = await test.database().pool.query(`select count(*)::int as n from ${table}`);
    return rows[0].n as number;
  };

  async function leased(request = keyed()): Promise<Claim> {
    const outcome = await store.claim(request, LEASE_MS);
    if (outcome.outcome !== "claimed") throw new Error(outcome.outcome);
    return outcome.claim;
  }

  it("commits with its answer, which every repeat gets, and does no work again", async () => {
    const effect = effectOf();
    expect(await run(effect)).toBe("ada");
    expect(effect.isEnded).toBe(true);
    const again = run(effectOf(), putUser("bob"));
    await expect(again).rejects.toThrow(ClaimRefused);
    await expect(again).rejects.toMatchObject({
      refusal: { outcome: "answered", answer: { ...CREATED, body: '{"id":"ada"}' } },
    });
    expect(await count("vaults")).toBe(1);
    expect(await store.claim(keyed(), LEASE_MS)).toMatchObject({ outcome: "answered" });
  });

  it("leaves no claim behind when its work fails", async () => {
    const failing = run(effectOf(), async (transaction) => {
      await putUser("ada")(transaction);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect([await count("vaults"), await count("idempotency_keys")]).toEqual([0, 0]);
    expect(await run(effectOf())).toBe("ada");
  });

  it("leaves no claim behind when its session dies, without any lease to wait for", async () => {
    const dying = run(effectOf(), async (transaction) => {
      await putUser("ada")(transaction);
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(
        transaction,
      );
      await test.database().pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
      await sql`select 1`.execute(transaction);
      return "ada";
    });
    await expect(dying).rejects.toBeInstanceOf(Error);
    expect(await run(effectOf())).toBe("ada");
    expect(await count("vaults")).toBe(1);
  });

  it("holds nobody up while it is open: a twin is told at once that it is worked on", async () => {
    const { promise: opened, resolve: tell } = Promise.withResolvers<void>();
    const { promise: going, resolve: go } = Promise.withResolvers<void>();
    const first = run(effectOf(), async (transaction) => {
      tell();
      await going;
      return putUser("ada")(transaction);
    });
    await opened;
    const inProgress = { outcome: "in_progress", freeInMs: 0 };
    expect(await store.claim(keyed(), LEASE_MS)).toEqual(inProgress);
    await expect(run(effectOf())).rejects.toMatchObject({ refusal: inProgress });
    expect((await store.claim(keyed({ token: "other" }), LEASE_MS)).outcome).toBe("claimed");
    go();
    expect(await first).toBe("ada");
    expect((await store.claim(keyed(), LEASE_MS)).outcome).toBe("answered");
  });

  it("ends a claim that was made before it, with the last of its steps", async () => {
    const claim = await leased();
    const effect = effectOf(keyed(), claim);
    await run(effect);
    expect(effect.isEnded).toBe(true);
    expect(await store.answer(claim, CREATED)).toBe(false);
    expect(await store.claim(keyed(), LEASE_MS)).toMatchObject({
      answer: { body: '{"id":"ada"}' },
    });
  });

  it("is undone when its claim was taken over meanwhile", async () => {
    const lost = await leased();
    time.nowMs += LEASE_MS;
    await leased();
    const effect = effectOf(keyed(), lost);
    await expect(run(effect)).rejects.toMatchObject({ code: "idempotency_in_progress" });
    expect([effect.isEnded, await count("vaults")]).toEqual([false, 0]);
  });

  it("binds the key where its answer is not to be stored", async () => {
    await run(
      store.join<string>({ request: keyed(), claim: undefined, answerOf: () => undefined }),
    );
    expect((await store.claim(keyed(), LEASE_MS)).outcome).toBe("claimed");
    const other = keyed({ fingerprint: new Uint8Array(32).fill(9) });
    expect((await store.claim(other, LEASE_MS)).outcome).toBe("reused");
  });

  it("keeps the platform's keys beside a tenant's rows, each to their own", async () => {
    const platform = keyed({ tenantId: PLATFORM_TENANT });
    await run(effectOf(platform));
    expect((await store.claim(platform, LEASE_MS)).outcome).toBe("answered");
    const seen = await withTenant(test.database().kysely, "acme", (transaction) =>
      transaction.selectFrom("idempotency_keys").selectAll().execute(),
    );
    expect(seen).toEqual([]);
  });

  it("lets a tenant see, change and delete no other tenant's keys, with every filter gone", async () => {
    await store.answer(await leased(keyed({ tenantId: "globex" })), CREATED);
    await withTenant(test.database().kysely, "acme", async (transaction) => {
      const { rows } = await sql`select * from idempotency_keys`.execute(transaction);
      const changed = await sql`update idempotency_keys set body = ''`.execute(transaction);
      const deleted = await sql`delete from idempotency_keys`.execute(transaction);
      expect([rows, changed.numAffectedRows, deleted.numAffectedRows]).toEqual([[], 0n, 0n]);
    });
    const foreign = withTenant(test.database().kysely, "acme", (transaction) =>
      sql`insert into idempotency_keys (tenant_id, token, fingerprint, epoch, claimed_at, expires_at)
        values ('globex', 't', '', 1, now(), now())`.execute(transaction),
    );
    await expect(foreign).rejects.toMatchObject({ code: "42501" });
  });

  it("costs one statement more than its work, and a claim or its end one statement each", async () => {
    const { pool } = test.database();
    let statements = 0;
    const counted = async (work: () => Promise<unknown>) => {
      const client = await pool.connect();
      const prototype = Object.getPrototypeOf(client) as { query: (...args: never[]) => unknown };
      const { query } = prototype;
      client.release();
      statements = 0;
      prototype.query = function counting(...args: never[]) {
        statements += 1;
        return query.apply(this, args);
      };
      try {
        await work();
      } finally {
        prototype.query = query;
      }
      return statements;
    };
    const bare = await counted(() => run(undefined));
    expect(await counted(() => run(effectOf(), putUser("bob")))).toBe(bare + 1);
    const request = keyed({ token: "steps" });
    let claim: Claim | undefined;
    const claiming = async () => {
      claim = await leased(request);
    };
    expect(await counted(claiming)).toBe(1);
    expect(await counted(() => store.answer(claim as Claim, CREATED))).toBe(1);
  });
});
