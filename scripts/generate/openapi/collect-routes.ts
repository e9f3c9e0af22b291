import {
  OPERATIONS,
  type Operation,
  type OperationId,
} from "../../../packages/common/src/contracts/operations.ts";
import type { IdempotencyRule } from "../../../packages/common/src/http/idempotency/idempotency-rule.ts";
import type { ServiceApp } from "../../../packages/common/src/http/service-app.ts";
import { compose as composeBilling } from "../../../services/billing/src/compose.ts";
import { readConfig as readBillingConfig } from "../../../services/billing/src/config.ts";
import { composeCatalog } from "../../../services/catalog/src/compose.ts";
import { readConfig as readCatalogConfig } from "../../../services/catalog/src/config.ts";
import { composeGateway } from "../../../services/gateway/src/compose.ts";
import { readConfig as readGatewayConfig } from "../../../services/gateway/src/config.ts";
import type { Schema } from "./schema-components.ts";

/** What a route says of itself when its service mounts it. */
export interface CollectedRoute {
  readonly body?: Schema;
  readonly params?: Schema;
  readonly querystring?: Schema;
  readonly response?: Readonly<Record<string, Schema>>;
  readonly idempotency: IdempotencyRule;
}

export interface CollectedRoutes {
  readonly operations: ReadonlyMap<OperationId, CollectedRoute>;
  /** Paths of the gateway's routes that are no operations. */
  readonly servicePaths: readonly string[];
}

const KEY_BYTES = 32;
const keys = (fill: number) => `k1:${Buffer.alloc(KEY_BYTES, fill).toString("base64")}`;

/** Enough to be composed; nothing is opened or listened on. */
const ENVIRONMENT = {
  PERSISTENCE: "memory",
  LOG_LEVEL: "silent",
  CONTEXT_SIGNING_KEYS: keys(1),
  EXPORT_URL_KEYS: keys(2),
  MEDIA_URL_KEYS: keys(3),
  SOROBAN_RPC_ENABLED: "false",
  JWT_SECRET: "x".repeat(KEY_BYTES),
};

const idOf = new Map<Operation, OperationId>(
  (Object.keys(OPERATIONS) as OperationId[]).map((id) => [OPERATIONS[id], id]),
);

/** The routes that the services mount, as they mount them: composed as in production, in memory. */
export async function collectRoutes(): Promise<CollectedRoutes> {
  const gateway = composeGateway(readGatewayConfig(ENVIRONMENT));
  const billing = composeBilling(readBillingConfig(ENVIRONMENT));
  const catalog = composeCatalog(readCatalogConfig(ENVIRONMENT));
  const operations = new Map<OperationId, CollectedRoute>();
  const servicePaths = new Set<string>();
  for (const [service, app] of [
    ["gateway", gateway.app],
    ["billing", billing.app],
    ["catalog", catalog.app],
  ] as const) {
    listen(service, app, operations, servicePaths);
    await app.ready();
  }
  for (const app of [gateway.app, billing.app, catalog.app]) await app.close();
  billing.release();
  await billing.stop();
  catalog.onDrain();
  for (const close of [...gateway.closers, ...catalog.closers]) await close();
  return { operations, servicePaths: [...servicePaths] };
}

/** Plugins load when the app gets ready: a hook that is added before then sees every route. */
function listen(
  service: Operation["service"],
  app: ServiceApp,
  operations: Map<OperationId, CollectedRoute>,
  servicePaths: Set<string>,
): void {
  app.addHook("onRoute", ({ method, url, schema, config }) => {
    if (method === "HEAD") return;
    const operation = config?.operation;
    if (operation === undefined) {
      if (service === "gateway") servicePaths.add(url);
      return;
    }
    const id = idOf.get(operation);
    if (id === undefined || operation.service !== service) return;
    const { body, params, querystring, response } = (schema ?? {}) as Omit<
      CollectedRoute,
      "idempotency"
    >;
    operations.set(id, {
      ...(body && { body }),
      ...(params && { params }),
      ...(querystring && { querystring }),
      ...(response && { response }),
      idempotency: config?.idempotency ?? {},
    });
  });
}
