import type { FastifyInstance, FastifyReply } from "fastify";
import { Type } from "typebox";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProblemError } from "../../contracts/errors.ts";
import { OPERATIONS } from "../../contracts/operations.ts";
import { MemoryIdempotencyStore } from "../../repositories/idempotency/idempotency-store.memory.ts";
import type { IdempotencyStore } from "../../repositories/idempotency/idempotency-store.ts";
import { Health } from "../health.ts";
import { createServiceApp, type ServiceApp } from "../service-app.ts";
import { answerFromState, effectIdOf, effectOf, sendAnswer } from "./effect-of.ts";
import { idempotencyPlugin } from "./idempotency-plugin.ts";
import type { IdempotencyRule } from "./idempotency-rule.ts";

type Handler = (body: { name: string }, reply: FastifyReply) => Promise<FastifyReply>;

/** Counts the calls of a store, so that what costs nothing can be seen to. */
class CountedStore extends MemoryIdempotencyStore {
  readonly calls: string[] = [];
  override async claim(...args: Parameters<IdempotencyStore["claim"]>) {
    this.calls.push("claim");
    return super.claim(...args);
  }
  override async answer(...args: Parameters<IdempotencyStore["answer"]>) {
    this.calls.push("answer");
    return super.answer(...args);
  }
  override async end(...args: Parameters<IdempotencyStore["end"]>) {
    this.calls.push(args[1]);
    return super.end(...args);
  }
}

describe("idempotencyPlugin", () => {
  let app: ServiceApp;
  let store: CountedStore;
  let nowMs: number;
  let runs: string[];
  let handler: Handler;

  async function start(rule: IdempotencyRule = {}): Promise<void> {
    const health = new Health([], "test");
    health.markStarted();
    app = createServiceApp({ service: "test", logLevel: "silent", health, registry: undefined });
    app.register(async (api: FastifyInstance) => {
      api.addHook("onRequest", async (request) => {
        const tenantId = String(request.headers["x-tenant"] ?? "acme");
        request.context = { tenantId, principal: "key:1", scopes: [] };
      });
      await api.register(idempotencyPlugin, { store });
      const config = { operation: OPERATIONS.recordBurn, idempotency: rule };
      const body = Type.Object({ name: Type.String() }, { additionalProperties: false });
      const response = { 201: Type.Object({ run: Type.Integer(), name: Type.String() }) };
      api.route({
        method: "POST",
        url: "/tokens/:address/burns",
        config,
        schema: { body, response },
        handler: async (request, reply) => {
          const given = request.body as { name: string };
          runs.push(given.name);
          return handler(given, reply);
        },
      });
      api.route({
        method: "PUT",
        url: "/put",
        config,
        handler: async () => ({ run: runs.length }),
      });
    });
    await app.ready();
  }

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 1);
    store = new CountedStore(() => nowMs);
    runs = [];
    handler = async ({ name }, reply) =>
      reply.code(201).header("location", `/things/${name}`).send({ run: runs.length, name });
    await start();
  });
  afterEach(() => app.close());

  const post = (
    key: string | undefined,
    { name = "x", address = "A", tenant = "acme" }: Record<string, string> = {},
  ) =>
    app.inject({
      method: "POST",
      url: `/tokens/${address}/burns`,
      payload: { name },
      headers: { "x-tenant": tenant, ...(key === undefined ? {} : { "idempotency-key": key }) },
    });

  it("answers a repeat with the same status, body and headers, and says so", async () => {
    const first = await post("k");
    expect(first.statusCode).toBe(201);
    expect(first.headers).not.toHaveProperty("idempotent-replayed");
    const again = await post("k");
    expect(again.statusCode).toBe(201);
    expect(again.body).toBe(first.body);
    for (const name of ["location", "content-type", "content-length"]) {
      expect(again.headers[name]).toBe(first.headers[name]);
    }
    expect(again.headers["idempotent-replayed"]).toBe("true");
    expect(again.headers["x-request-id"]).not.toBe(first.headers["x-request-id"]);
    expect(runs).toEqual(["x"]);
  });

  it("asks the store for nothing without the header, nor on a route that is no POST", async () => {
    await post(undefined);
    await app.inject({ method: "PUT", url: "/put", headers: { "idempotency-key": "k" } });
    expect(store.calls).toEqual([]);
    await post("k");
    expect(store.calls).toEqual(["claim", "answer"]);
  });

  it("refuses another request under the key, and lets it through under another scope", async () => {
    await post("k");
    const other = await post("k", { name: "y" });
    expect([other.statusCode, other.json().code]).toEqual([422, "idempotency_key_reused"]);
    expect((await post("k", { name: "y", tenant: "globex" })).statusCode).toBe(201);
    expect((await post("k", { name: "y", address: "B" })).statusCode).toBe(201);
    expect((await post("K", { name: "y" })).statusCode).toBe(201);
    expect(runs).toEqual(["x", "y", "y", "y"]);
  });

  it("stores no refusal: the key may be tried again, with another body too", async () => {
    handler = async () => {
      throw new ProblemError("insufficient_balance", "No.");
    };
    expect((await post("k")).statusCode).toBe(402);
    handler = async ({ name }, reply) => reply.code(201).send({ run: runs.length, name });
    expect((await post("k", { name: "y" })).statusCode).toBe(201);
    expect(runs).toEqual(["x", "y"]);
  });

  it("keeps the key for its request when the outcome is in doubt, with the same effect id", async () => {
    const ids: (string | undefined)[] = [];
    handler = async (_body, reply) => {
      ids.push(effectIdOf(reply.request));
      throw new Error("the database went away");
    };
    expect((await post("k")).statusCode).toBe(500);
    expect((await post("k", { name: "y" })).statusCode).toBe(422);
    expect((await post("k")).statusCode).toBe(500);
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(effectIdOf({ idempotency: undefined })).toBeUndefined();
  });

  it("keeps the key of a request in doubt when its repeat is refused", async () => {
    handler = async () => {
      throw new Error("the database went away");
    };
    expect((await post("k")).statusCode).toBe(500);
    handler = async () => {
      throw new ProblemError("insufficient_balance", "No.");
    };
    expect((await post("k")).statusCode).toBe(402);
    expect((await post("k", { name: "y" })).statusCode).toBe(422);
    expect((await post("k")).statusCode).toBe(402);
  });

  it("answers a request that was only accepted anew, and still knows another", async () => {
    handler = async ({ name }, reply) => reply.code(202).send({ run: runs.length, name });
    expect((await post("k")).json().run).toBe(1);
    const again = await post("k");
    expect([again.json().run, again.headers["idempotent-replayed"]]).toEqual([2, undefined]);
    expect((await post("k", { name: "y" })).statusCode).toBe(422);
    handler = async ({ name }, reply) => reply.code(201).send({ run: runs.length, name });
    expect((await post("k")).json().run).toBe(3);
    expect((await post("k")).json().run).toBe(3);
  });

  it("answers anew what was told from the current state", async () => {
    handler = async ({ name }, reply) => {
      answerFromState(reply.request);
      return reply.code(201).send({ run: runs.length, name });
    };
    expect((await post("k")).json().run).toBe(1);
    expect((await post("k")).json().run).toBe(2);
    expect((await post("k", { name: "y" })).statusCode).toBe(422);
  });

  it("shows a secret once, and stores none of it", async () => {
    handler = async ({ name }, reply) =>
      sendAnswer(reply, { status: 201, body: { run: 1, name }, secret: { apiKeyId: "7" } });
    expect((await post("k")).statusCode).toBe(201);
    const again = await post("k");
    expect(again.statusCode).toBe(409);
    expect(again.json()).toMatchObject({ code: "secret_already_shown", apiKeyId: "7" });
    expect(runs).toEqual(["x"]);
  });

  it("answers twenty twins with the one effect of the first", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    handler = async ({ name }, reply) => {
      await promise;
      return reply.code(201).send({ run: runs.length, name });
    };
    const twins = Array.from({ length: 20 }, () => post("k"));
    await expect.poll(() => runs.length).toBe(1);
    resolve();
    const answers = await Promise.all(twins);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    const replayed = answers.filter(({ headers }) => headers["idempotent-replayed"] === "true");
    expect(replayed).toHaveLength(19);
    expect(runs).toEqual(["x"]);
    // None of them asked while the first was at it.
    expect(store.calls.filter((call) => call === "claim")).toHaveLength(20);
  });

  it("tells a twin to come again when the first takes longer than it may wait", async () => {
    await app.close();
    await start({ waitMs: 50 });
    const { promise, resolve } = Promise.withResolvers<void>();
    handler = async ({ name }, reply) => {
      await promise;
      return reply.code(201).send({ run: runs.length, name });
    };
    const first = post("k");
    await expect.poll(() => runs.length).toBe(1);
    const twin = await post("k");
    expect([twin.statusCode, twin.json().code]).toEqual([409, "idempotency_in_progress"]);
    expect(twin.headers["retry-after"]).toBe("1");
    resolve();
    expect((await first).statusCode).toBe(201);
    expect((await post("k")).headers["idempotent-replayed"]).toBe("true");
  });

  it("lets a twin have its own try when the first was refused", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    handler = async ({ name }, reply) => {
      const run = runs.length;
      if (run > 1) return reply.code(201).send({ run, name });
      await promise;
      throw new ProblemError("insufficient_balance", "No.");
    };
    const first = post("k");
    await expect.poll(() => runs.length).toBe(1);
    const twin = post("k");
    resolve();
    expect((await first).statusCode).toBe(402);
    expect((await twin).json()).toEqual({ run: 2, name: "x" });
  });

  it("lets nobody wait for a service that ends", async () => {
    await app.close();
    await start({ waitMs: 600_000 });
    const { promise, resolve } = Promise.withResolvers<void>();
    handler = async ({ name }, reply) => {
      await promise;
      return reply.code(201).send({ run: runs.length, name });
    };
    const first = post("k");
    await expect.poll(() => runs.length).toBe(1);
    const twin = post("k");
    await expect.poll(() => store.calls.length).toBe(1);
    const closing = app.close();
    expect((await twin).statusCode).toBe(409);
    resolve();
    expect((await first).statusCode).toBe(201);
    await closing;
  });

  it("takes over from a process that is gone, once its lease is over", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    handler = async ({ name }, reply) => {
      const run = runs.length;
      if (run === 1) await promise;
      return reply.code(201).send({ run, name });
    };
    // A process that is gone prolongs nothing.
    store.prolong = async () => false;
    const gone = post("k");
    await expect.poll(() => runs.length).toBe(1);
    const dead = app;
    await start();
    nowMs += 60_000;
    expect((await post("k")).json().run).toBe(2);
    resolve();
    expect((await gone).json().run).toBe(1);
    expect((await post("k")).json().run).toBe(2);
    await dead.close();
  });

  it("stores the answer after the effect where the store has no transaction", async () => {
    await app.close();
    await start({ effect: "transaction" });
    handler = async ({ name }, reply) => {
      const answer = { status: 201, body: { run: runs.length, name } };
      expect(effectOf(reply, () => answer)).toBeUndefined();
      return sendAnswer(reply, answer);
    };
    const first = await post("k");
    expect((await post("k")).body).toBe(first.body);
    expect(runs).toEqual(["x"]);
  });

  it("wants a key where the route does", async () => {
    await app.close();
    await start({ isRequired: true });
    const without = await post(undefined);
    expect([without.statusCode, without.json().code]).toEqual([400, "idempotency_key_required"]);
    expect((await post("k")).statusCode).toBe(201);
    expect(runs).toEqual(["x"]);
  });

  it("only notices reuse where another id decides", async () => {
    await app.close();
    await start({ effect: "detect" });
    expect((await post("k")).json().run).toBe(1);
    expect((await post("k")).json().run).toBe(2);
    expect((await post("k", { name: "y" })).statusCode).toBe(422);
    expect(store.calls).toEqual(["claim", "claim", "claim"]);
    handler = async () => {
      throw new ProblemError("insufficient_balance", "No.");
    };
    expect((await post("k")).statusCode).toBe(402);
    expect((await post("fresh")).statusCode).toBe(402);
    handler = async ({ name }, reply) => reply.code(201).send({ run: runs.length, name });
    expect((await post("fresh", { name: "y" })).statusCode).toBe(201);
    expect((await post("k", { name: "y" })).statusCode).toBe(422);
  });

  it.each(["", "é", "k".repeat(256)])("refuses the key %j before anything is done", async (key) => {
    const response = await post(key);
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toMatchObject([{ in: "headers" }]);
    expect([runs, store.calls]).toEqual([[], []]);
  });

  it("refuses to start with a POST of the service that it does not guard", async () => {
    const health = new Health([], "test");
    const careless = createServiceApp({
      service: "catalog",
      logLevel: "silent",
      health,
      registry: undefined,
    });
    careless.register(async (api: FastifyInstance) => {
      const config = { operation: OPERATIONS.createPool };
      api.route({ method: "POST", url: "/pools", config, handler: async () => "done" });
      await api.register(idempotencyPlugin, { store });
    });
    await expect(careless.ready()).rejects.toThrow(
      "POST /pools would not honour an Idempotency-Key",
    );
    await careless.close();
  });

  it("answers truly when the end cannot be stored", async () => {
    store.answer = async () => {
      throw new Error("the store went away");
    };
    expect((await post("k")).statusCode).toBe(201);
    nowMs += 60_000;
    expect((await post("k")).json().run).toBe(2);
  });
});
