import { sql } from "kysely";
import { expect, it } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { KyselyApiKeyRepository } from "../api-key/api-key-repository.kysely.ts";
import { KyselyTenantRepository } from "../tenant/tenant-repository.kysely.ts";
import { KyselyTenantLimitRepository } from "../tenant-limit/tenant-limit-repository.kysely.ts";
import { describeAdminAudit } from "./admin-audit-repository.contract.ts";
import { KyselyAdminAuditRepository } from "./admin-audit-repository.kysely.ts";

const test = useTestDatabase();

describeAdminAudit("kysely", async () => {
  await test.empty();
  const { kysely } = test.database();
  return {
    audit: new KyselyAdminAuditRepository(kysely),
    tenants: new KyselyTenantRepository(kysely),
    keys: new KyselyApiKeyRepository(kysely),
    limits: new KyselyTenantLimitRepository(kysely),
  };
});

it.each(["update admin_audit set action = 'other'", "delete from admin_audit"])(
  "lets nobody %s, whoever they are",
  async (statement) => {
    const change = sql.raw(statement).execute(test.database().kysely);
    await expect(change).rejects.toMatchObject({ code: "42501" });
  },
);
