import { Health } from "@orrery/common/http/health";
import { createServiceApp, type ServiceApp } from "@orrery/common/http/service-app";
import { MapSide } from "@orrery/common/repositories/cutover/map-side.contract";
import { StoreCutover } from "@orrery/common/repositories/cutover/store-cutover";
import { StoreGate } from "@orrery/common/repositories/cutover/store-gate";
import type { StoredRepository } from "@orrery/common/repositories/cutover/store-mode";
import { MemoryStoreModeRepository } from "@orrery/common/repositories/store-mode/store-mode-repository.memory";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { registerStoreRoutes } from "./store.routes.ts";
import { StoreService } from "./store-service.ts";

const TOKEN = "operator-".repeat(5);

const cutoverOf = (name: StoredRepository): StoreCutover =>
  new StoreCutover<object>({
    name,
    sides: { memory: new MapSide(), postgres: new MapSide() },
    probes: [],
    gate: new StoreGate(),
    modes: new MemoryStoreModeRepository(),
    initial: { mode: "postgres", reads: "postgres" },
    isAway: () => false,
    onRefused: () => undefined,
    onMismatch: () => undefined,
    settleMs: 1,
  });

describe("/internal/v1/store", () => {
  let app: ServiceApp;
  let others: number;
  let guard: { isAlone: boolean };

  const start = async (store: StoreService) => {
    const health = new Health([], "test");
    app = createServiceApp({ service: "test", logLevel: "silent", health, registry: undefined });
    app.register(async (internal) => registerStoreRoutes(internal, [TOKEN], store));
    await app.ready();
  };
  const call = async (payload?: object, token = TOKEN) => {
    const response = await app.inject({
      method: payload === undefined ? "GET" : "PUT",
      url: "/internal/v1/store",
      headers: { authorization: `Bearer ${token}` },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: response.statusCode, body: response.json() };
  };

  beforeEach(async () => {
    others = 0;
    const solitude = {
      isAlone: false,
      becomeAlone: async () => {
        solitude.isAlone = others === 0;
        return solitude.isAlone;
      },
      share: async () => {
        solitude.isAlone = false;
      },
    };
    guard = solitude;
    await start(
      new StoreService({
        cutovers: {
          stream: cutoverOf("stream"),
          idempotency: cutoverOf("idempotency"),
          export: cutoverOf("export"),
        },
        guard: solitude,
        onSwitched: () => undefined,
      }),
    );
  });
  afterEach(() => app.close());

  it("wants a service credential", async () => {
    expect((await call(undefined, "guess-".repeat(8))).status).toBe(401);
    expect((await call(undefined)).body).toMatchObject({
      hasDatabase: true,
      isAlone: false,
      repositories: { stream: { mode: "postgres", reads: "postgres", repairs: 0 } },
    });
  });

  it("switches one repository, runs its backfill and verification, and lets others run again", async () => {
    const dual = { mode: "dual", reads: "postgres" };
    const switched = await call({ repository: "stream", switch: dual });
    expect(switched.body.repositories).toMatchObject({
      stream: dual,
      export: { mode: "postgres" },
    });
    expect(guard.isAlone).toBe(true);
    await call({ repository: "stream", run: "backfill" });
    const stateOf = async () => (await call()).body.repositories.stream;
    await expect.poll(async () => (await stateOf()).backfill.state).toBe("done");
    await call({ repository: "stream", run: "verify" });
    await expect.poll(async () => (await stateOf()).verification.state).toBe("passed");
    await call({ repository: "stream", switch: { mode: "postgres", reads: "postgres" } });
    expect(guard.isAlone).toBe(false);
  });

  it("keeps records in memory only while no other process runs", async () => {
    others = 1;
    const dual = { mode: "dual", reads: "postgres" };
    const refused = await call({ repository: "stream", switch: dual });
    expect([refused.status, refused.body.code]).toEqual([409, "invalid_store_switch"]);
    expect((await call()).body.repositories.stream.mode).toBe("postgres");
  });

  it.each([
    {},
    { repository: "stream" },
    { repository: "tokens", run: "verify" },
    { repository: "stream", run: "delete" },
    { repository: "stream", run: "verify", switch: { mode: "dual", reads: "memory" } },
    { repository: "stream", switch: { mode: "dual" } },
    { repository: "stream", switch: { mode: "both", reads: "memory" } },
  ])("refuses %j", async (payload) => {
    expect((await call(payload)).status).toBe(400);
  });

  it("says so when there is nowhere to move to", async () => {
    await app.close();
    await start(new StoreService());
    expect((await call()).body).toMatchObject({
      hasDatabase: false,
      repositories: { stream: { mode: "memory", reads: "memory" } },
    });
    const refused = await call({ repository: "stream", run: "backfill" });
    expect([refused.status, refused.body.code]).toEqual([409, "invalid_store_switch"]);
  });
});
