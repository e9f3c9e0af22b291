import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { useTestDatabase } from "../testing/contract-database.ts";

const test = useTestDatabase();

async function names(query: ReturnType<typeof sql<{ name: string }>>): Promise<string[]> {
  const { rows } = await query.execute(test.database().kysely);
  return rows.map((row) => row.name);
}

describe("the schema", () => {
  it("enables and forces row-level security on every table with a tenant", async () => {
    const tenantTables = await names(sql`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'tenant_id' order by 1
    `);
    expect(tenantTables).toContain("usage_events");
    const isolated = await names(sql`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace
        and relrowsecurity and relforcerowsecurity order by relname collate "C"
    `);
    expect(isolated).toEqual(tenantTables.toSorted());
  });

  it("has no function that works with its owner's rights, and no view over tenants' tables", async () => {
    const definers = names(sql`
      select proname as name from pg_proc
      where pronamespace = 'public'::regnamespace and prosecdef
    `);
    expect(await definers).toEqual([]);
    const views = names(sql`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
    `);
    expect(await views).toEqual([]);
  });

  it("grants each role what the checked-in list says, and nothing else", async () => {
    const lines = [...(await listRoles()), "", ...(await listGrants()), "", ...(await listRows())];
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("./database-rights.txt");
  });
});

/** `orrery_billing: login, noinherit; becomes orrery_request, …` */
function listRoles(): Promise<string[]> {
  return names(sql`
    select role.rolname || ': ' || concat_ws(', ',
      case when rolcanlogin then 'login' else 'no login' end,
      case when not rolinherit then 'noinherit' end, case when rolsuper then 'superuser' end,
      case when rolbypassrls then 'bypasses' end, case when rolcreaterole then 'createrole' end,
      case when rolcreatedb then 'createdb' end, case when rolreplication then 'replication' end
    ) || coalesce('; becomes ' || (
      select string_agg(granted.rolname || case when member.inherit_option
        then ' (inherited)' else '' end, ', ' order by granted.rolname)
      from pg_auth_members member join pg_roles granted on granted.oid = member.roleid
      where member.member = role.oid
    ), '') as name
    from pg_roles role where rolname like 'orrery%' order by rolname
  `);
}

/** `orrery_admission usage_events: SELECT (created_at, status, tenant_id)` */
function listGrants(): Promise<string[]> {
  return names(sql`
    with granted as (
      select relname, relowner, acl.grantee, acl.privilege_type, null as attname
      from pg_class, aclexplode(relacl) as acl where relnamespace = 'public'::regnamespace
      union all
      select relname, relowner, acl.grantee, acl.privilege_type, attname
      from pg_attribute join pg_class on pg_class.oid = attrelid, aclexplode(attacl) as acl
      where relnamespace = 'public'::regnamespace
    ),
    by_privilege as (
      select grantee, relname, privilege_type || coalesce(
        ' (' || string_agg(attname, ', ' order by attname) || ')', ''
      ) as privilege
      from granted where grantee <> relowner group by grantee, relname, privilege_type,
        attname is null
    )
    select coalesce(rolname, 'public') || ' ' || relname || ': '
      || string_agg(privilege, ', ' order by privilege collate "C") as name
    from by_privilege left join pg_roles on pg_roles.oid = grantee
    group by rolname, relname order by 1
  `);
}

const OF_TENANTS =
  "(tenant_id = ANY (string_to_array(current_setting('orrery.tenants'::text, true), ','::text)))";

/** `orrery_admission usage_events rows: (status = 'pending'::text)` */
async function listRows(): Promise<string[]> {
  const lines = await names(sql`
    select role || ' ' || tablename || ' rows: ' || qual ||
      case when cmd <> 'ALL' or permissive <> 'PERMISSIVE' then ' ' || cmd || ' ' || permissive
        else '' end ||
      case when with_check is distinct from qual then ' writes ' || coalesce(with_check, 'as read')
        else '' end as name
    from pg_policies, unnest(roles) as role where schemaname = 'public' order by 1
  `);
  return lines.map((line) => line.replaceAll(OF_TENANTS, "of the transaction's tenants"));
}
