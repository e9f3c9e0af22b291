import { KyselyApiKeyRepository } from "@orrery/common/repositories/api-key/api-key-repository.kysely";
import { KyselyTenantRepository } from "@orrery/common/repositories/tenant/tenant-repository.kysely";
import { OWN_ROW, suiteOf } from "./isolation-case.ts";
import { AT, digestOf, VICTIM } from "./seed.ts";

const PLATFORM = "the list of tenants is the platform's own";

export const GATEWAY_SUITES = [
  suiteOf<KyselyTenantRepository>({
    name: "KyselyTenantRepository",
    service: "gateway",
    open: ({ kysely }) => new KyselyTenantRepository(kysely),
    cases: {
      create: {
        acrossTenants: PLATFORM,
        call: (tenants, id) => tenants.create({ id: `${id}-new`, name: "New" }, AT),
      },
      find: { acrossTenants: PLATFORM, call: (tenants) => tenants.find(VICTIM) },
      list: { acrossTenants: PLATFORM, call: (tenants) => tenants.list({ limit: 10 }) },
    },
  }),
  suiteOf<KyselyApiKeyRepository>({
    name: "KyselyApiKeyRepository",
    service: "gateway",
    open: ({ kysely }) => new KyselyApiKeyRepository(kysely),
    cases: {
      create: {
        harmless: OWN_ROW,
        call: (keys, tenantId) =>
          keys.create(
            tenantId,
            {
              id: `key-of-${tenantId}`,
              name: "Key",
              environment: "test",
              secretHash: digestOf("secret"),
              scopes: [],
              expiresAt: undefined,
            },
            AT,
          ),
      },
      findById: {
        acrossTenants: "a key is looked up before its tenant is known",
        call: (keys) => keys.findById("key"),
      },
      list: { call: (keys, tenantId) => keys.list(tenantId, { limit: 10 }) },
      revoke: { call: (keys, tenantId) => keys.revoke(tenantId, "key") },
      listRevoked: {
        acrossTenants: "a revocation is in force for every gateway",
        call: (keys) => keys.listRevoked(),
      },
    },
  }),
];
