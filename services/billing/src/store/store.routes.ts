import { INTERNAL_PREFIX, internalPlugin } from "@orrery/common/http/internal/internal-plugin";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { StoreCommand, StoreReply } from "./store.schemas.ts";
import type { StoreService } from "./store-service.ts";

/** For operators: never behind the gateway. */
export async function registerStoreRoutes(
  app: ServiceApp,
  tokens: readonly string[],
  store: StoreService,
): Promise<void> {
  await app.register(internalPlugin, { tokens });

  app.route({
    method: "GET",
    url: `${INTERNAL_PREFIX}/store`,
    schema: { response: { 200: StoreReply } },
    handler: async () => store.overview,
  });

  app.route({
    method: "PUT",
    url: `${INTERNAL_PREFIX}/store`,
    schema: { body: StoreCommand, response: { 200: StoreReply } },
    handler: async ({ body }) => {
      const { repository, run } = body;
      if (body.switch !== undefined) await store.switch(repository, body.switch);
      else if (run === "backfill") store.startBackfill(repository);
      else store.startVerification(repository);
      return store.overview;
    },
  });
}
