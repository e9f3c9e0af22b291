import { KyselyAdminAuditRepository } from "@orrery/common/repositories/admin-audit/admin-audit-repository.kysely";
import { KyselyApiKeyRepository } from "@orrery/common/repositories/api-key/api-key-repository.kysely";
import { KyselyTenantRepository } from "@orrery/common/repositories/tenant/tenant-repository.kysely";
import { KyselyTenantLimitRepository } from "@orrery/common/repositories/tenant-limit/tenant-limit-repository.kysely";
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
      roll: {
        call: (keys, tenantId) => {
          const id = `successor-of-${tenantId}`;
          const secret = { id, environment: "test", secretHash: digestOf("other") };
          return keys.roll(tenantId, "key", { ...secret, overlapMs: 60_000 }, AT);
        },
      },
      noteUsed: {
        acrossTenants: "a key is used before its tenant is known",
        call: (keys) => keys.noteUsed([{ keyId: "key", at: AT }]),
      },
      listRevoked: {
        acrossTenants: "a revocation is in force for every gateway",
        call: (keys) => keys.listRevoked(),
      },
    },
  }),
  suiteOf<KyselyTenantLimitRepository>({
    name: "KyselyTenantLimitRepository",
    service: "gateway",
    open: ({ kysely }) => new KyselyTenantLimitRepository(kysely),
    cases: {
      find: { call: (limits, tenantId) => limits.find(tenantId) },
      put: { harmless: OWN_ROW, call: (limits, tenantId) => limits.put(tenantId, { exports: 2 }) },
      listChanged: {
        acrossTenants: "a limit is in force on every gateway",
        call: (limits) => limits.listChanged(),
      },
    },
  }),
  suiteOf<KyselyAdminAuditRepository>({
    name: "KyselyAdminAuditRepository",
    service: "gateway",
    open: ({ kysely }) => new KyselyAdminAuditRepository(kysely),
    cases: {
      list: {
        acrossTenants: "the audit is the platform's own",
        call: (audit) => audit.list({ limit: 10 }),
      },
    },
  }),
];
